/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Prediction cache of a network: exact keys, so a hit is never wrong.
 *
 * Two tiers, both bounded when made: one per CPU behind a spinlock, one shared
 * behind an rwlock.  Predictions only ever try locks, so any context may look and
 * insert; where a lock is taken the cache is simply passed by.  Where memory gets short
 * a shrinker takes parts of the tiers, which come back later.
 */
#ifndef _NEURAL_CACHE_H
#define _NEURAL_CACHE_H

#include <linux/numa.h>
#include <linux/types.h>
#include "cache_gauge.h"

struct neural_cache;
struct neural_network;

/* Most entries a network's cache may be given. */
#define NEURAL_CACHE_MAX_ENTRIES	65536

/**
 * struct neural_cache_probe - a lookup, for the insertion that may follow
 * @serial: cache that was looked into, 0 for none
 * @time: when that was over, if @timed
 * @hash: of the input there
 * @timed: what follows is to be timed
 */
struct neural_cache_probe {
	u64 serial;
	u64 time;
	u32 hash;
	bool timed;
};

/**
 * struct neural_cache_facts - how a cache is doing
 * @entries: it was made for
 * @held: there is memory for now
 * @used: in use.  An answer in both tiers is in two; entries that are too old are in use
 *	until something takes them
 * @cpus: whose predictions pass it by now
 * @costs: mean of the CPUs that know
 */
struct neural_cache_facts {
	u32 entries;
	u32 held;
	u32 used;
	unsigned int cpus;
	struct neural_gauge_costs costs;
};

int neural_caches_init(void);
void neural_caches_exit(void);

/*
 * Room for @entries predictions of @nn, charged to it; NULL without memory.  Process
 * context, under the lock of @nn.
 */
struct neural_cache *neural_cache_create(struct neural_network *nn, u32 entries);

/*
 * Free it, at once: whoever made it visible to predictions hides it and waits for a
 * grace period first.  NULL is fine.  Process context.
 */
void neural_cache_free(struct neural_cache *cache);

/*
 * Is the next prediction on parameters @generation to pass it by, because it does not
 * pay on this CPU?  Any context but NMI, under RCU, as are the next two.
 */
bool neural_cache_aside(struct neural_cache *cache, u64 generation);

/*
 * Copy the cached answer to @in to @out: true if there is one of parameters
 * @generation, not older than @timeout_ms; with a timeout of 0 there never is.  Otherwise
 * @probe is for neural_cache_insert().
 */
bool neural_cache_lookup(struct neural_cache *cache, u64 generation,
			 unsigned int timeout_ms, const void *in, void *out,
			 struct neural_cache_probe *probe);

/* Remember @out as the answer of parameters @generation to @in, looked up before. */
void neural_cache_insert(struct neural_cache *cache, u64 generation,
			 const struct neural_cache_probe *probe, const void *in,
			 const void *out);

/*
 * Memory for all entries again; 0, or -ENOMEM or -EDQUOT with some of it.  Process context,
 * under the lock of @nn.
 */
int neural_cache_restore(struct neural_network *nn, struct neural_cache *cache);

/*
 * Give up the memory of up to @nr entries that were of no use lately, of all caches in
 * turn.  Returns how many it were, and in *@scanned how many were looked at.  Process
 * context, and for whoever is short of memory.
 */
unsigned long neural_caches_shrink(unsigned long nr, unsigned long *scanned);

/* As neural_cache_restore(), of all networks.  Process context. */
void neural_caches_restore(void);

/* Process context, under the lock of its network; as is the next. */
void neural_cache_look(struct neural_cache *cache, struct neural_cache_facts *facts);

/* Add its pages by node, as neural_mem_nodes() does. */
void neural_cache_nodes(struct neural_cache *cache, u64 pages[MAX_NUMNODES]);

#endif /* _NEURAL_CACHE_H */
