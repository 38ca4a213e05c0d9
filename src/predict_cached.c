// SPDX-License-Identifier: GPL-2.0-only
/* Predictions that may come from the cache. */
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <trace/events/neural.h>
#include "cache.h"
#include "instance.h"
#include "predict.h"
#include "ranges.h"
#include "stats.h"
#include "watch.h"

static bool neural_predict_find(struct neural_network *nn, struct neural_cache *cache,
				u64 generation, const void *in, void *out,
				struct neural_cache_probe *probe)
{
	bool hit;

	if (READ_ONCE(nn->cache_bypass) && neural_cache_aside(cache, generation)) {
		this_cpu_inc(nn->counters->cache_bypassed);
		return false;
	}
	hit = neural_cache_lookup(cache, generation, READ_ONCE(nn->cache_timeout_ms), in,
				  out, probe);
	if (hit) {
		this_cpu_inc(nn->counters->cache_hits);
		trace_neural_cache_hit(nn->id, nn->name, generation);
	} else {
		this_cpu_inc(nn->counters->cache_misses);
		trace_neural_cache_miss(nn->id, nn->name, generation);
	}
	return hit;
}

static bool neural_predict_lookup(struct neural_network *nn, const void *in, void *out,
				  struct neural_cache_probe *probe)
{
	struct neural_instance *instance;
	struct neural_cache *cache;
	bool hit = false;

	probe->serial = 0;
	rcu_read_lock();
	cache = rcu_dereference(nn->cache);
	instance = rcu_dereference(nn->instance);
	if (cache && instance)
		hit = neural_predict_find(nn, cache, READ_ONCE(instance->generation), in,
					  out, probe);
	rcu_read_unlock();
	return hit;
}

static void neural_predict_remember(struct neural_network *nn, u64 generation,
				    const struct neural_cache_probe *probe,
				    const void *in, const void *out)
{
	struct neural_cache *cache;

	rcu_read_lock();
	cache = rcu_dereference(nn->cache);
	if (cache)
		neural_cache_insert(cache, generation, probe, in, out);
	rcu_read_unlock();
}

static int neural_predict_cached(struct neural_network *nn, const void *in, void *out)
{
	struct neural_cache_probe probe;
	u64 generation;
	int ret;

	if (neural_predict_lookup(nn, in, out, &probe)) {
		/* Bounds may have been set since. */
		if (unlikely(test_bit(NEURAL_WATCH_RANGES, &nn->watch)))
			return neural_ranges_check_cached(nn, out);
		return 0;
	}
	ret = neural_predict_rows(nn, in, out, 1, &generation);
	/* What a candidate has answered is not what the parameters in force would have. */
	if (!ret && generation && probe.serial)
		neural_predict_remember(nn, generation, &probe, in, out);
	return ret;
}

/**
 * neural_network_predict_cached() - as neural_network_predict(), from the cache
 * @nn: network
 * @in: as there
 * @out: as there
 *
 * Answers from the network's prediction cache where it has seen this very input
 * with these very parameters not longer ago than cache_timeout.  The cache has no
 * entries until it is given some, see neural_network_set_cache() (debugfs:
 * "cache_entries N"); then this is neural_network_predict().  A hit counts in cache_hits,
 * not in predictions.  It is not watched either: it takes no time to speak of and is what
 * the parameters in force have given before, so an open breaker does not refuse it.
 *
 * Context: task, softirq and hardirq context.
 * Return: as neural_network_predict().
 */
int neural_network_predict_cached(struct neural_network *nn, const s32 *in, s32 *out)
{
	int ret = neural_predict_check(nn, in, out);

	return ret ?: neural_predict_cached(nn, in, out);
}
EXPORT_SYMBOL_GPL(neural_network_predict_cached);

/**
 * neural_network_predict_row_cached() - the same for a row of the network's own types
 * @nn: network
 * @in: one row, as neural_network_predict_rows() has it
 * @in_bytes: neural_network_input_bytes()
 * @out: room for a row of its outputs; does not overlap @in
 * @out_bytes: neural_network_output_bytes()
 *
 * All of the input row is what an answer is found by, bytes between its tensors
 * included: they are the same where the row is to be.  Those of the output row are left
 * alone, by hits as well.
 *
 * Context: task, softirq and hardirq context.
 * Return: as neural_network_predict_rows().
 */
int neural_network_predict_row_cached(struct neural_network *nn, const void *in,
				      size_t in_bytes, void *out, size_t out_bytes)
{
	int ret = neural_predict_check_rows(nn, in, in_bytes, out, out_bytes, 1);

	return ret ?: neural_predict_cached(nn, in, out);
}
EXPORT_SYMBOL_GPL(neural_network_predict_row_cached);
