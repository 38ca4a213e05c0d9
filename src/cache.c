// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two tiers and their locks.
 *
 * Half of the entries are shared by all CPUs, the other half is dealt out to the
 * possible CPUs in equal parts; what cannot be dealt out is shared as well, so few
 * entries on many CPUs are all shared.  An answer is put into both tiers, and one
 * found in the shared tier is put into that of the CPU.
 */
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/topology.h>
#include "alloc.h"
#include "cache.h"
#include "cache_tier.h"
#include "env.h"

/**
 * struct neural_cache_cpu - tier of one CPU
 * @lock: taken by this CPU, by interrupts that come in between, and by a task
 *	that has just left it
 * @tier: the entries
 */
struct neural_cache_cpu {
	raw_spinlock_t lock;
	struct neural_cache_tier tier;
};

/**
 * struct neural_cache - see cache.h
 * @key: of the hash, so that nobody can aim at a set
 * @entries: in all tiers
 * @in_bytes: size of an input row
 * @lock: of @shared
 * @shared: tier of all CPUs
 * @cpu: by CPU number, NULL where there are too few entries
 */
struct neural_cache {
	hsiphash_key_t key;
	u32 entries;
	size_t in_bytes;
	rwlock_t lock ____cacheline_aligned;
	struct neural_cache_tier shared;
	struct neural_cache_cpu *cpu[];
};

static int neural_cache_init_cpu(struct neural_cache *cache, unsigned int cpu,
				 struct neural_account *account, u32 entries,
				 size_t in_bytes, size_t out_bytes)
{
	struct neural_cache_cpu *c = neural_mem_alloc(account, sizeof(*c));

	if (!c)
		return -ENOMEM;
	raw_spin_lock_init(&c->lock);
	cache->cpu[cpu] = c;
	return neural_cache_tier_init(&c->tier, account, entries, in_bytes, out_bytes);
}

static int neural_cache_init_cpus(struct neural_cache *cache,
				  struct neural_account *account, u32 entries,
				  size_t in_bytes, size_t out_bytes)
{
	/* Beside the CPU it is for, wherever the weights go. */
	const int policy = account->policy, node = account->node;
	unsigned int cpu;
	int ret = 0;

	account->policy = NEURAL_NUMA_NODE;
	for_each_possible_cpu(cpu) {
		account->node = cpu_to_mem(cpu);
		ret = neural_cache_init_cpu(cache, cpu, account, entries, in_bytes, out_bytes);
		if (ret)
			break;
	}
	account->policy = policy;
	account->node = node;
	return ret;
}

struct neural_cache *neural_cache_create(struct neural_account *account, u32 entries,
					 size_t in_bytes, size_t out_bytes)
{
	const u32 nr_cpus = num_possible_cpus(), each = entries / 2 / nr_cpus;
	struct neural_cache *cache;
	int ret;

	if (!entries || entries > NEURAL_CACHE_MAX_ENTRIES)
		return NULL;
	cache = neural_mem_alloc(account, struct_size(cache, cpu, nr_cpu_ids));
	if (!cache)
		return NULL;
	cache->entries = entries;
	cache->in_bytes = in_bytes;
	get_random_bytes(&cache->key, sizeof(cache->key));
	rwlock_init(&cache->lock);
	ret = neural_cache_tier_init(&cache->shared, account, entries - each * nr_cpus,
				     in_bytes, out_bytes);
	if (!ret && each)
		ret = neural_cache_init_cpus(cache, account, each, in_bytes, out_bytes);
	if (!ret)
		return cache;
	neural_cache_free(cache);
	return NULL;
}

void neural_cache_free(struct neural_cache *cache)
{
	unsigned int cpu;

	if (!cache)
		return;
	for_each_possible_cpu(cpu) {
		if (cache->cpu[cpu])
			neural_cache_tier_free(&cache->cpu[cpu]->tier);
		neural_mem_free(cache->cpu[cpu]);
	}
	neural_cache_tier_free(&cache->shared);
	neural_mem_free(cache);
}

static u32 neural_cache_hash(const struct neural_cache *cache, const void *in)
{
	return hsiphash(in, cache->in_bytes, &cache->key);
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

	if (!c || !raw_spin_trylock(&c->lock))
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

static void neural_cache_put_cpu(struct neural_cache *cache,
				 const struct neural_cache_key *key, u64 stamp,
				 const void *out)
{
	struct neural_cache_cpu *c = neural_cache_this_cpu(cache);

	if (!c || !raw_spin_trylock(&c->lock))
		return;
	neural_cache_tier_put(&c->tier, key, stamp, out);
	raw_spin_unlock(&c->lock);
}

bool neural_cache_lookup(struct neural_cache *cache, u64 generation,
			 unsigned int timeout_ms, const void *in, void *out)
{
	const u64 now = ktime_get_mono_fast_ns();
	const u64 age = (u64)timeout_ms * NSEC_PER_MSEC;
	const u64 oldest = now > age ? now - age : 1;
	struct neural_cache_key key;
	u64 stamp;

	if (!timeout_ms)
		return false;
	key = (struct neural_cache_key){
		.in = in,
		.generation = generation,
		.hash = neural_cache_hash(cache, in),
	};
	if (neural_cache_find_cpu(cache, &key, oldest, out))
		return true;
	stamp = neural_cache_find_shared(cache, &key, oldest, out);
	if (!stamp)
		return false;
	/* With the stamp it has: looking at an answer does not make it younger. */
	neural_cache_put_cpu(cache, &key, stamp, out);
	return true;
}

void neural_cache_insert(struct neural_cache *cache, u64 generation,
			 const void *in, const void *out)
{
	const u64 stamp = ktime_get_mono_fast_ns();
	const struct neural_cache_key key = {
		.in = in,
		.generation = generation,
		.hash = neural_cache_hash(cache, in),
	};

	neural_cache_put_cpu(cache, &key, stamp, out);
	if (!neural_cache_may_share() || !write_trylock(&cache->lock))
		return;
	neural_cache_tier_put(&cache->shared, &key, stamp, out);
	write_unlock(&cache->lock);
}

u32 neural_cache_entries(const struct neural_cache *cache)
{
	return cache->entries;
}

u32 neural_cache_used(struct neural_cache *cache)
{
	u32 used = READ_ONCE(cache->shared.used);
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (cache->cpu[cpu])
			used += READ_ONCE(cache->cpu[cpu]->tier.used);
	return used;
}

void neural_cache_nodes(const struct neural_cache *cache, u64 pages[MAX_NUMNODES])
{
	unsigned int cpu;

	neural_cache_tier_nodes(&cache->shared, pages);
	for_each_possible_cpu(cpu)
		if (cache->cpu[cpu])
			neural_cache_tier_nodes(&cache->cpu[cpu]->tier, pages);
}
