/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Prediction cache of a network: exact keys, so a hit is never wrong.
 *
 * Two tiers, both bounded when made: one per CPU behind a spinlock, one shared
 * behind an rwlock.  All locks are only ever tried, so any context may look and
 * insert; where a lock is taken the cache is simply passed by.
 */
#ifndef _NEURAL_CACHE_H
#define _NEURAL_CACHE_H

#include <linux/numa.h>
#include <linux/types.h>

struct neural_account;
struct neural_cache;

/* Most entries a network's cache may be given. */
#define NEURAL_CACHE_MAX_ENTRIES	65536

/*
 * Room for @entries predictions of @in_bytes to @out_bytes bytes, charged to @account;
 * NULL without memory.  Process context.
 */
struct neural_cache *neural_cache_create(struct neural_account *account, u32 entries,
					 size_t in_bytes, size_t out_bytes);

/*
 * Free it, at once: whoever made it visible to predictions hides it and waits for a
 * grace period first.  NULL is fine.
 */
void neural_cache_free(struct neural_cache *cache);

/*
 * Copy the cached answer to @in to @out: true if there is one of parameters
 * @generation, not older than @timeout_ms; with a timeout of 0 there never is.
 * Any context but NMI, under RCU.
 */
bool neural_cache_lookup(struct neural_cache *cache, u64 generation,
			 unsigned int timeout_ms, const void *in, void *out);

/* Remember @out as the answer of parameters @generation to @in. */
void neural_cache_insert(struct neural_cache *cache, u64 generation,
			 const void *in, const void *out);

/*
 * Entries it was made for, and entries in use now.  An answer in both tiers is in
 * two entries; entries that are too old are in use until something takes them.
 */
u32 neural_cache_entries(const struct neural_cache *cache);
u32 neural_cache_used(struct neural_cache *cache);

/* Add its pages by node, as neural_mem_nodes() does. */
void neural_cache_nodes(const struct neural_cache *cache, u64 pages[MAX_NUMNODES]);

#endif /* _NEURAL_CACHE_H */
