/* SPDX-License-Identifier: GPL-2.0-only */
/* What a prediction cache is made of, for the files that make it up. */
#ifndef _NEURAL_CACHE_BODY_H
#define _NEURAL_CACHE_BODY_H

#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include "cache.h"
#include "cache_gauge.h"
#include "cache_shape.h"
#include "cache_tier.h"

struct neural_counters;

/**
 * struct neural_cache_cpu - tier of one CPU
 * @lock: taken by this CPU, by interrupts that come in between, by a task that has just
 *	left it, and for a moment by the shrinker
 * @tier: the entries; none where there are too few for all CPUs
 * @gauge: whether they pay
 */
struct neural_cache_cpu {
	raw_spinlock_t lock;
	struct neural_cache_tier tier;
	struct neural_gauge gauge;
};

/**
 * struct neural_cache - see cache.h
 * @list: of all caches
 * @key: of the hash, so that nobody can aim at a set
 * @serial: of all caches there ever were, this one's number
 * @entries: in all tiers
 * @counters: of the network
 * @shape: of its rows
 * @hand: tier the shrinker looks at next: a CPU, or nr_cpu_ids for @shared
 * @part: and the part of it
 * @lock: of @shared
 * @shared: tier of all CPUs
 * @cpu: by CPU number
 */
struct neural_cache {
	struct list_head list;
	hsiphash_key_t key;
	u64 serial;
	u32 entries;
	struct neural_counters __percpu *counters;
	struct neural_cache_shape shape;
	unsigned int hand;
	u32 part;
	rwlock_t lock ____cacheline_aligned;
	struct neural_cache_tier shared;
	struct neural_cache_cpu *cpu[];
};

/* All caches, and the parts of each: who holds it sees none go. */
extern struct mutex neural_caches_lock;

/* One more, one less.  Process context, and no lock that memory is waited for under. */
void neural_caches_add(struct neural_cache *cache);
void neural_caches_remove(struct neural_cache *cache);

/* So many more entries there is memory for; fewer, where negative. */
void neural_caches_hold(long entries);

/*
 * Exchange part @i of the tier of @cpu, nr_cpu_ids for the shared one, for @part: what
 * was there, for the caller to free.  Process context.
 */
struct neural_cache_part *neural_cache_exchange_part(struct neural_cache *cache,
						     unsigned int cpu, u32 i,
						     struct neural_cache_part *part);

/* The tier of @cpu, as there. */
struct neural_cache_tier *neural_cache_tier_of(struct neural_cache *cache, unsigned int cpu);

#endif /* _NEURAL_CACHE_BODY_H */
