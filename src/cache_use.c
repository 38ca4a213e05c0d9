// SPDX-License-Identifier: GPL-2.0-only
/*
 * What predictions do with a cache.  An answer is put into both tiers, and one found in
 * the shared tier is put into that of the CPU.
 */
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include "cache_body.h"
#include "cache_clock.h"
#include "env.h"
#include "stats.h"

#if IS_ENABLED(CONFIG_KUNIT)
u64 (*neural_cache_test_clock)(enum neural_cache_mark mark);
#endif

static u32 neural_cache_hash(const struct neural_cache *cache, const void *in)
{
	return hsiphash(in, cache->shape.in_bytes, &cache->key);
}

/* With PREEMPT_RT an rwlock has an owner, which an interrupt cannot be. */
static bool neural_cache_may_share(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) || !in_hardirq();
}

/*
 * A task may have moved by the time it has the lock; then it looks into the tier of
 * another CPU, which is as good.
 */
static struct neural_cache_cpu *neural_cache_this_cpu(struct neural_cache *cache)
{
	return cache->cpu[raw_smp_processor_id()];
}

static u64 neural_cache_find_cpu(struct neural_cache *cache,
				 const struct neural_cache_key *key, u64 oldest, void *out)
{
	struct neural_cache_cpu *c = neural_cache_this_cpu(cache);
	u64 stamp;

	if (!c->tier.entries || !raw_spin_trylock(&c->lock))
		return 0;
	stamp = neural_cache_tier_find(&c->tier, key, oldest, out);
	raw_spin_unlock(&c->lock);
	return stamp;
}

static u64 neural_cache_find_shared(struct neural_cache *cache,
				    const struct neural_cache_key *key, u64 oldest,
				    void *out)
{
	u64 stamp;

	if (!neural_cache_may_share() || !read_trylock(&cache->lock))
		return 0;
	stamp = neural_cache_tier_find(&cache->shared, key, oldest, out);
	read_unlock(&cache->lock);
	return stamp;
}

static void neural_cache_count_put(struct neural_cache *cache, enum neural_cache_put put)
{
	if (put == NEURAL_CACHE_PUT_EVICTED)
		this_cpu_inc(cache->counters->cache_evictions);
	else if (put == NEURAL_CACHE_PUT_NOWHERE)
		this_cpu_inc(cache->counters->cache_failures);
}

static enum neural_cache_put neural_cache_try_cpu(struct neural_cache_cpu *c,
						  const struct neural_cache_key *key,
						  u64 stamp, const void *out)
{
	enum neural_cache_put put;

	if (!raw_spin_trylock(&c->lock))
		return NEURAL_CACHE_PUT_NOWHERE;
	put = neural_cache_tier_put(&c->tier, key, stamp, out);
	raw_spin_unlock(&c->lock);
	return put;
}

static void neural_cache_put_cpu(struct neural_cache *cache,
				 const struct neural_cache_key *key, u64 stamp,
				 const void *out)
{
	struct neural_cache_cpu *c = neural_cache_this_cpu(cache);

	if (c->tier.entries)
		neural_cache_count_put(cache, neural_cache_try_cpu(c, key, stamp, out));
}

static enum neural_cache_put neural_cache_try_shared(struct neural_cache *cache,
						     const struct neural_cache_key *key,
						     u64 stamp, const void *out)
{
	enum neural_cache_put put;

	if (!neural_cache_may_share() || !write_trylock(&cache->lock))
		return NEURAL_CACHE_PUT_NOWHERE;
	put = neural_cache_tier_put(&cache->shared, key, stamp, out);
	write_unlock(&cache->lock);
	return put;
}

static void neural_cache_put_shared(struct neural_cache *cache,
				    const struct neural_cache_key *key, u64 stamp,
				    const void *out)
{
	neural_cache_count_put(cache, neural_cache_try_shared(cache, key, stamp, out));
}

static bool neural_cache_find(struct neural_cache *cache, const struct neural_cache_key *key,
			      u64 oldest, void *out)
{
	u64 stamp;

	if (neural_cache_find_cpu(cache, key, oldest, out))
		return true;
	stamp = neural_cache_find_shared(cache, key, oldest, out);
	/* With the stamp it has: looking at an answer does not make it younger. */
	if (stamp)
		neural_cache_put_cpu(cache, key, stamp, out);
	return stamp;
}

bool neural_cache_aside(struct neural_cache *cache, u64 generation)
{
	bool aside;

	preempt_disable();
	aside = neural_gauge_aside(&neural_cache_this_cpu(cache)->gauge, generation);
	preempt_enable();
	return aside;
}

/* @begin: when; whether the answer was found goes into @probe's times. */
static void neural_cache_looked(struct neural_cache *cache, u64 generation, bool hit,
				u64 begin, struct neural_cache_probe *probe)
{
	struct neural_gauge *gauge;

	preempt_disable();
	gauge = &neural_cache_this_cpu(cache)->gauge;
	probe->timed = neural_gauge_looked(gauge, generation, hit);
	if (probe->timed) {
		probe->time = neural_cache_now(NEURAL_CACHE_LOOKED);
		neural_gauge_cost(hit ? &gauge->costs.hit : &gauge->costs.miss,
				  max(probe->time, begin) - begin);
	}
	preempt_enable();
}

bool neural_cache_lookup(struct neural_cache *cache, u64 generation,
			 unsigned int timeout_ms, const void *in, void *out,
			 struct neural_cache_probe *probe)
{
	const u64 now = neural_cache_now(NEURAL_CACHE_BEGINS);
	const u64 age = (u64)timeout_ms * NSEC_PER_MSEC;
	const u64 oldest = now > age ? now - age : 1;
	const struct neural_cache_key key = {
		.in = in,
		.generation = generation,
		.hash = neural_cache_hash(cache, in),
	};
	const bool hit = timeout_ms && neural_cache_find(cache, &key, oldest, out);

	probe->serial = cache->serial;
	probe->hash = key.hash;
	neural_cache_looked(cache, generation, hit, now, probe);
	return hit;
}

static void neural_cache_inserted(struct neural_cache *cache, u64 begin,
				  const struct neural_cache_probe *probe)
{
	const u64 end = neural_cache_now(NEURAL_CACHE_INSERTED);
	struct neural_gauge *gauge;

	preempt_disable();
	gauge = &neural_cache_this_cpu(cache)->gauge;
	neural_gauge_cost(&gauge->costs.predict, max(begin, probe->time) - probe->time);
	neural_gauge_cost(&gauge->costs.insert, max(end, begin) - begin);
	preempt_enable();
}

void neural_cache_insert(struct neural_cache *cache, u64 generation,
			 const struct neural_cache_probe *probe, const void *in,
			 const void *out)
{
	const u64 stamp = neural_cache_now(NEURAL_CACHE_PREDICTED);
	const struct neural_cache_key key = {
		.in = in,
		.generation = generation,
		.hash = probe->hash,
	};

	/* The hash is of another cache's key where that one has gone meanwhile. */
	if (probe->serial != cache->serial || !generation)
		return;
	neural_cache_put_cpu(cache, &key, stamp, out);
	neural_cache_put_shared(cache, &key, stamp, out);
	if (probe->timed)
		neural_cache_inserted(cache, stamp, probe);
}
