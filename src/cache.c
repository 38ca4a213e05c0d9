// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two tiers, their locks, and their memory.
 *
 * Half of the entries are shared by all CPUs, the other half is dealt out to the
 * possible CPUs in equal parts; what cannot be dealt out is shared as well, so few
 * entries on many CPUs are all shared.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/random.h>
#include <linux/topology.h>
#include "alloc.h"
#include "cache_body.h"
#include "env.h"
#include "network.h"
#include "plan/storage.h"

struct neural_cache_tier *neural_cache_tier_of(struct neural_cache *cache, unsigned int cpu)
{
	return cpu == nr_cpu_ids ? &cache->shared : &cache->cpu[cpu]->tier;
}

/*
 * Not against interrupts: those that come in between only try the lock, as does everybody
 * else who cannot wait.
 */
struct neural_cache_part *neural_cache_exchange_part(struct neural_cache *cache,
						     unsigned int cpu, u32 i,
						     struct neural_cache_part *part)
{
	struct neural_cache_part *old;

	if (cpu == nr_cpu_ids) {
		write_lock(&cache->lock);
		old = cache->shared.parts[i];
		WRITE_ONCE(cache->shared.parts[i], part);
		write_unlock(&cache->lock);
	} else {
		raw_spin_lock(&cache->cpu[cpu]->lock);
		old = cache->cpu[cpu]->tier.parts[i];
		WRITE_ONCE(cache->cpu[cpu]->tier.parts[i], part);
		raw_spin_unlock(&cache->cpu[cpu]->lock);
	}
	neural_caches_hold((part ? part->entries : 0) - (long)(old ? old->entries : 0));
	return old;
}

/* Every part of a tier that is not there. */
static int neural_cache_fill(struct neural_cache *cache, unsigned int cpu,
			     struct neural_account *account)
{
	struct neural_cache_tier *tier = neural_cache_tier_of(cache, cpu);
	struct neural_cache_part *part;
	u32 i;

	for (i = 0; i < tier->nr_parts; i++) {
		/* Nobody else puts parts where there are none. */
		if (READ_ONCE(tier->parts[i]))
			continue;
		part = neural_cache_part_new(tier, account, i);
		if (!part)
			return -ENOMEM;
		neural_cache_exchange_part(cache, cpu, i, part);
	}
	return 0;
}

static int neural_cache_init_cpu(struct neural_cache *cache, unsigned int cpu,
				 struct neural_account *account, u32 entries)
{
	struct neural_cache_cpu *c = neural_mem_alloc(account, sizeof(*c));

	if (!c)
		return -ENOMEM;
	raw_spin_lock_init(&c->lock);
	neural_gauge_init(&c->gauge, cache->entries);
	cache->cpu[cpu] = c;
	return neural_cache_tier_init(&c->tier, account, entries, &cache->shape);
}

/* @each entries for each CPU, or what is missing where they have theirs. */
static int neural_cache_fill_cpus(struct neural_cache *cache,
				  struct neural_account *account, u32 each)
{
	/* Beside the CPU it is for, wherever the weights go. */
	const int policy = account->policy, node = account->node;
	unsigned int cpu;
	int ret = 0;

	account->policy = NEURAL_NUMA_NODE;
	for_each_possible_cpu(cpu) {
		account->node = cpu_to_mem(cpu);
		if (!cache->cpu[cpu])
			ret = neural_cache_init_cpu(cache, cpu, account, each);
		if (!ret)
			ret = neural_cache_fill(cache, cpu, account);
		if (ret)
			break;
	}
	account->policy = policy;
	account->node = node;
	return ret;
}

static void neural_cache_span(struct neural_cache_shape *shape, u32 offset, u32 bytes)
{
	struct neural_cache_span *last;

	if (shape->nr_spans) {
		last = &shape->spans[shape->nr_spans - 1];
		if (last->offset + last->bytes == offset) {
			last->bytes += bytes;
			return;
		}
	}
	shape->spans[shape->nr_spans++] = (struct neural_cache_span){ offset, bytes };
}

static void neural_cache_measure(struct neural_cache_shape *shape,
				 const struct neural_network *nn)
{
	const struct neural_model *model = nn->model;
	u32 i, at = 0;

	shape->in_bytes = nn->in_bytes;
	shape->out_bytes = nn->out_bytes;
	if (!model)
		neural_cache_span(shape, 0, nn->out_bytes);
	for (i = 0; model && i < model->nr_outputs; i++) {
		const struct neural_tensor *t = model->outputs[i];

		at = neural_storage_in_row(t, at);
		neural_cache_span(shape, at, t->bytes);
		at += t->bytes;
	}
}

struct neural_cache *neural_cache_create(struct neural_network *nn, u32 entries)
{
	const u32 nr_cpus = num_possible_cpus(), each = entries / 2 / nr_cpus;
	static atomic64_t serial;
	struct neural_cache *cache;
	int ret;

	if (!entries || entries > NEURAL_CACHE_MAX_ENTRIES)
		return NULL;
	cache = neural_mem_alloc(&nn->account, struct_size(cache, cpu, nr_cpu_ids));
	if (!cache)
		return NULL;
	cache->entries = entries;
	cache->counters = nn->counters;
	cache->serial = atomic64_inc_return(&serial);
	neural_cache_measure(&cache->shape, nn);
	get_random_bytes(&cache->key, sizeof(cache->key));
	rwlock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->list);
	ret = neural_cache_tier_init(&cache->shared, &nn->account, entries - each * nr_cpus,
				     &cache->shape);
	if (!ret)
		ret = neural_cache_fill(cache, nr_cpu_ids, &nn->account);
	if (!ret)
		ret = neural_cache_fill_cpus(cache, &nn->account, each);
	if (ret) {
		neural_cache_free(cache);
		return NULL;
	}
	neural_caches_add(cache);
	return cache;
}

void neural_cache_free(struct neural_cache *cache)
{
	unsigned int cpu;

	if (!cache)
		return;
	neural_caches_remove(cache);
	for_each_possible_cpu(cpu) {
		if (!cache->cpu[cpu])
			continue;
		neural_caches_hold(-(long)neural_cache_tier_held(&cache->cpu[cpu]->tier));
		neural_cache_tier_free(&cache->cpu[cpu]->tier);
		neural_mem_free(cache->cpu[cpu]);
	}
	neural_caches_hold(-(long)neural_cache_tier_held(&cache->shared));
	neural_cache_tier_free(&cache->shared);
	neural_mem_free(cache);
}

int neural_cache_restore(struct neural_network *nn, struct neural_cache *cache)
{
	struct neural_reason why = { };
	int ret = neural_cache_fill(cache, nr_cpu_ids, &nn->account);

	ret = ret ?: neural_cache_fill_cpus(cache, &nn->account, 0);
	return neural_account_error(&nn->account, ret, &why);
}

static u32 neural_cache_mean(u64 sum, u32 nr)
{
	return nr ? div_u64(sum, nr) : 0;
}

static void neural_cache_look_cpus(struct neural_cache *cache,
				   struct neural_cache_facts *facts)
{
	u64 hit = 0, miss = 0, insert = 0, predict = 0;
	u32 nr_hit = 0, nr_miss = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct neural_gauge *g = &cache->cpu[cpu]->gauge;

		facts->cpus += !!READ_ONCE(g->aside);
		hit += READ_ONCE(g->costs.hit);
		miss += READ_ONCE(g->costs.miss);
		insert += READ_ONCE(g->costs.insert);
		predict += READ_ONCE(g->costs.predict);
		nr_hit += !!READ_ONCE(g->costs.hit);
		/* All three at once. */
		nr_miss += !!READ_ONCE(g->costs.insert);
	}
	facts->costs = (struct neural_gauge_costs){
		.hit = neural_cache_mean(hit, nr_hit),
		.miss = neural_cache_mean(miss, nr_miss),
		.insert = neural_cache_mean(insert, nr_miss),
		.predict = neural_cache_mean(predict, nr_miss),
	};
}

void neural_cache_look(struct neural_cache *cache, struct neural_cache_facts *facts)
{
	unsigned int cpu;

	*facts = (struct neural_cache_facts){ .entries = cache->entries };
	neural_cache_look_cpus(cache, facts);
	mutex_lock(&neural_caches_lock);
	facts->used = neural_cache_tier_used(&cache->shared);
	facts->held = neural_cache_tier_held(&cache->shared);
	for_each_possible_cpu(cpu) {
		facts->used += neural_cache_tier_used(&cache->cpu[cpu]->tier);
		facts->held += neural_cache_tier_held(&cache->cpu[cpu]->tier);
	}
	mutex_unlock(&neural_caches_lock);
}

void neural_cache_nodes(struct neural_cache *cache, u64 pages[MAX_NUMNODES])
{
	unsigned int cpu;

	mutex_lock(&neural_caches_lock);
	neural_cache_tier_nodes(&cache->shared, pages);
	for_each_possible_cpu(cpu)
		neural_cache_tier_nodes(&cache->cpu[cpu]->tier, pages);
	mutex_unlock(&neural_caches_lock);
}
