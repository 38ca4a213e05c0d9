// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a prediction: find the instance, take scratch memory, run the plan,
 * count.  Nothing here allocates, sleeps, or writes a cache line that another CPU
 * writes.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include "cache.h"
#include "instance.h"
#include "params.h"
#include "predict.h"
#include "stats.h"
#include "../simd/dispatch.h"

/*
 * Multiply-adds of a group of rows: those that take long each leave the CPU to others in
 * between, where preemption is to be had; short ones do not.
 */
#define NEURAL_PREDICT_GROUP_LONG	(1U << 27)
#define NEURAL_PREDICT_GROUP_SHORT	(1U << 21)

static void neural_predict_section(const struct neural_network *nn,
				   struct neural_section *section)
{
	int level = READ_ONCE(nn->level);

	*section = (struct neural_section){
		.wanted = neural_param_enable_simd() && READ_ONCE(nn->simd),
	};
	if (level >= 0)
		section->set = neural_simd_set(level);
	else
		level = neural_simd_get_level();
	if (level == NEURAL_SIMD_generic)
		section->wanted = false;
}

static void neural_predict_run(struct neural_network *nn,
			       const struct neural_instance *instance, void *arena,
			       const void *in, void *out, u32 rows)
{
	const struct neural_plan *plan = instance->plan;
	const bool timed = neural_stats_timed(nn->counters, plan->macs * rows);
	struct neural_exec x = { .arena = arena };
	u64 start = timed ? neural_clock() : 0, end;

	neural_predict_section(nn, &x.section);
	if (unlikely(READ_ONCE(nn->profiling)))
		x.profile = instance->profile;
	neural_plan_run(plan, &x, in, out, rows);
	neural_stats_count(nn->counters, rows, x.section.simd_calls,
			   x.section.fallback_calls);
	if (!timed)
		return;
	end = neural_clock();
	/* The clock may step back a little while it is being updated. */
	neural_stats_time(nn->counters, end > start ? end - start : 0);
}

/*
 * Too long to keep preemption off: in memory of its own, holding the instance by
 * its reference count.  False where there is none left.
 */
static bool neural_predict_long(struct neural_network *nn,
				struct neural_instance *instance,
				const void *in, void *out, u32 rows)
{
	int arena = neural_context_claim(&instance->contexts);

	if (arena < 0)
		return false;
	if (!percpu_ref_tryget_live(&instance->ref)) {
		neural_context_release(&instance->contexts, arena);
		return false;
	}
	rcu_read_unlock();
	neural_predict_run(nn, instance, neural_context_spare(&instance->contexts, arena),
			   in, out, rows);
	neural_context_release(&instance->contexts, arena);
	percpu_ref_put(&instance->ref);
	rcu_read_lock();
	return true;
}

static void neural_predict_short(struct neural_network *nn,
				 struct neural_instance *instance,
				 const void *in, void *out, u32 rows)
{
	preempt_disable();
	neural_predict_run(nn, instance, neural_context_local(&instance->contexts),
			   in, out, rows);
	preempt_enable();
}

int neural_predict_rows(struct neural_network *nn, const void *in, void *out,
			u32 rows, u64 *generation)
{
	/* Before rcu_read_lock(), which hides the answer on some kernels. */
	const bool relaxed = preemptible();
	struct neural_instance *instance;
	int ret = 0;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	if (unlikely(!instance)) {
		this_cpu_inc(nn->counters->errors);
		ret = -ENODATA;
		goto out_unlock;
	}
	if (generation)
		*generation = instance->generation;
	if (!relaxed || instance->plan->macs * rows <= NEURAL_SECTION_MACS ||
	    !neural_predict_long(nn, instance, in, out, rows))
		neural_predict_short(nn, instance, in, out, rows);
out_unlock:
	rcu_read_unlock();
	return ret;
}

u32 neural_predict_group(struct neural_network *nn, u32 rows)
{
	const struct neural_instance *instance;
	u64 macs = 1, most;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	if (instance)
		macs = max_t(u64, instance->plan->macs, 1);
	rcu_read_unlock();
	most = macs > NEURAL_SECTION_MACS ? NEURAL_PREDICT_GROUP_LONG :
					    NEURAL_PREDICT_GROUP_SHORT;
	return clamp_t(u64, div64_u64(most, macs), 1, rows);
}

/* Callers that come with rows of s32. */
static int neural_predict_check(const struct neural_network *nn, const s32 *in,
				const s32 *out)
{
	if (unlikely(!nn || !in || !out))
		return -EINVAL;
	if (unlikely(!nn->words))
		return -EPROTOTYPE;
	return unlikely(in_nmi()) ? -EOPNOTSUPP : 0;
}

/**
 * neural_network_predict() - run a network on one input
 * @nn: network
 * @in: neural_network_input_size() elements, Q16.16, any alignment of s32
 * @out: neural_network_output_size() elements, Q16.16; does not overlap @in
 *
 * Never allocates and never sleeps.  Where vector kernels are enabled and the FPU
 * may be used they are, otherwise the generic ones; the result is the same.  A
 * prediction of more than NEURAL_SECTION_MACS multiply-adds made in preemptible
 * context stays preemptible between sections; in any other it keeps preemption off
 * throughout.
 *
 * A network from a model file reads and writes s32 of the fraction bits its file
 * says, if they are s32 at all.
 *
 * Context: task, softirq and hardirq context.
 * Return: 0; -EINVAL for a NULL pointer, -EPROTOTYPE where a row of @nn is not made
 * of s32, see neural_network_predict_rows(), -ENODATA before all layers have their
 * parameters, -EOPNOTSUPP in NMI context.  On error @out is not written.
 */
int neural_network_predict(struct neural_network *nn, const s32 *in, s32 *out)
{
	int ret = neural_predict_check(nn, in, out);

	return ret ?: neural_predict_rows(nn, in, out, 1, NULL);
}
EXPORT_SYMBOL_GPL(neural_network_predict);

/* @rows rows of @bytes bytes each are @total, and sit where they may. */
static bool neural_predict_fits(const struct neural_network *nn, const void *at,
				size_t total, size_t bytes, u32 rows)
{
	size_t needed;

	return at && !check_mul_overflow(bytes, (size_t)rows, &needed) &&
	       needed == total && IS_ALIGNED((unsigned long)at, nn->align);
}

/**
 * neural_network_predict_rows() - run a network on rows of its own types
 * @nn: network
 * @in: @rows rows, one after the other; a row is the network's inputs, one after the
 *	other, as its file says
 * @in_bytes: @rows times neural_network_input_bytes()
 * @out: room for as many rows of its outputs; does not overlap @in
 * @out_bytes: @rows times neural_network_output_bytes()
 * @rows: how many, not 0
 *
 * For networks from model files, whatever their types.  Both buffers are aligned to
 * the largest element in a row, which 8 bytes always are.  Bytes between the tensors
 * of an output row are left alone.  Otherwise as neural_network_predict(), and as
 * neural_batch_predict() where there are many rows.
 *
 * Context: task, softirq and hardirq context.
 * Return: 0; -EINVAL for a NULL pointer, no rows, other sizes than these or a buffer
 * that is not aligned, -ENODATA and -EOPNOTSUPP as neural_network_predict().  On error
 * @out is not written.
 */
int neural_network_predict_rows(struct neural_network *nn, const void *in,
				size_t in_bytes, void *out, size_t out_bytes, u32 rows)
{
	if (unlikely(!nn || !rows ||
		     !neural_predict_fits(nn, in, in_bytes, nn->in_bytes, rows) ||
		     !neural_predict_fits(nn, out, out_bytes, nn->out_bytes, rows)))
		return -EINVAL;
	if (unlikely(in_nmi()))
		return -EOPNOTSUPP;
	return neural_predict_rows(nn, in, out, rows, NULL);
}
EXPORT_SYMBOL_GPL(neural_network_predict_rows);

static bool neural_predict_lookup(struct neural_network *nn, const void *in, void *out)
{
	struct neural_instance *instance;
	struct neural_cache *cache;
	bool hit = false;

	rcu_read_lock();
	cache = rcu_dereference(nn->cache);
	instance = rcu_dereference(nn->instance);
	if (cache && instance) {
		hit = neural_cache_lookup(cache, instance->generation,
					  READ_ONCE(nn->cache_timeout_ms), in, out);
		if (hit)
			this_cpu_inc(nn->counters->cache_hits);
		else
			this_cpu_inc(nn->counters->cache_misses);
	}
	rcu_read_unlock();
	return hit;
}

static void neural_predict_remember(struct neural_network *nn, u64 generation,
				    const void *in, const void *out)
{
	struct neural_cache *cache;

	rcu_read_lock();
	cache = rcu_dereference(nn->cache);
	if (cache)
		neural_cache_insert(cache, generation, in, out);
	rcu_read_unlock();
}

/**
 * neural_network_predict_cached() - as neural_network_predict(), from the cache
 * @nn: network
 * @in: as there
 * @out: as there
 *
 * Answers from the network's prediction cache where it has seen this very input
 * with these very parameters not longer ago than cache_timeout.  The cache has no
 * entries until it is given some (debugfs: "cache_entries N"); then this is
 * neural_network_predict().  A hit counts in cache_hits, not in predictions.
 *
 * Context: task, softirq and hardirq context.
 * Return: as neural_network_predict().
 */
int neural_network_predict_cached(struct neural_network *nn, const s32 *in, s32 *out)
{
	int ret = neural_predict_check(nn, in, out);
	u64 generation;

	if (unlikely(ret))
		return ret;
	if (neural_predict_lookup(nn, in, out))
		return 0;
	ret = neural_predict_rows(nn, in, out, 1, &generation);
	if (!ret)
		neural_predict_remember(nn, generation, in, out);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_network_predict_cached);
