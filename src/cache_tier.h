/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One tier of a prediction cache: a set-associative table without a lock.
 *
 * Whoever owns the tier locks it: exclusively to put, shared to find.
 */
#ifndef _NEURAL_CACHE_TIER_H
#define _NEURAL_CACHE_TIER_H

#include <linux/numa.h>
#include <linux/types.h>

struct neural_account;

/* Entries a key may be in. */
#define NEURAL_CACHE_WAYS	4

/**
 * struct neural_cache_key - what an answer is found by
 * @in: input row
 * @generation: parameters it was or is to be predicted with, not 0
 * @hash: of @in; only chooses where to look
 */
struct neural_cache_key {
	const void *in;
	u64 generation;
	u32 hash;
};

/**
 * struct neural_cache_tag - what is known of an entry without its row
 * @generation: as in the key; 0 while the entry is empty
 * @stamp: when it was predicted, ktime_get_mono_fast_ns()
 * @hash: as in the key
 */
struct neural_cache_tag {
	u64 generation;
	u64 stamp;
	u32 hash;
};

/**
 * struct neural_cache_tier - the table
 * @entries: how many there are
 * @sets: groups of NEURAL_CACHE_WAYS of them, the last one perhaps smaller
 * @used: entries not empty
 * @in_bytes: size of an input row
 * @out_bytes: size of an output row
 * @tags: one per entry
 * @rows: input and output row of each entry
 */
struct neural_cache_tier {
	u32 entries;
	u32 sets;
	u32 used;
	size_t in_bytes;
	size_t out_bytes;
	struct neural_cache_tag *tags;
	u8 *rows;
};

/* 0 or -ENOMEM, and then it is as if it had not been. */
int neural_cache_tier_init(struct neural_cache_tier *tier, struct neural_account *account,
			   u32 entries, size_t in_bytes, size_t out_bytes);
void neural_cache_tier_free(struct neural_cache_tier *tier);

/*
 * Copy the answer stamped @oldest or later to @out; its stamp, or 0 if there is
 * none.
 */
u64 neural_cache_tier_find(const struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 oldest, void *out);
void neural_cache_tier_put(struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 stamp, const void *out);

void neural_cache_tier_nodes(const struct neural_cache_tier *tier,
			     u64 pages[MAX_NUMNODES]);

#endif /* _NEURAL_CACHE_TIER_H */
