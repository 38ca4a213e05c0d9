/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One tier of a prediction cache: a set-associative table without a lock.
 *
 * Whoever owns the tier locks it: exclusively to put and to exchange parts, shared to
 * find.  The table is cut into parts, each a piece of memory that may be given up by
 * itself; what would be in a part that is not there is not found, and not put.
 */
#ifndef _NEURAL_CACHE_TIER_H
#define _NEURAL_CACHE_TIER_H

#include <linux/numa.h>
#include <linux/types.h>
#include "cache_shape.h"

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
 * @stamp: when it was predicted, neural_cache_now()
 * @hash: as in the key
 */
struct neural_cache_tag {
	u64 generation;
	u64 stamp;
	u32 hash;
};

/**
 * struct neural_cache_part - some of the sets
 * @entries: in all of them
 * @used: not empty
 * @recent: of use since somebody looked whether it is
 * @tags: one per entry; behind them input and output row of each
 */
struct neural_cache_part {
	u32 entries;
	u32 used;
	bool recent;
	struct neural_cache_tag tags[];
};

/**
 * struct neural_cache_tier - the table
 * @shape: of the rows
 * @entries: how many there are with all parts
 * @sets: groups of NEURAL_CACHE_WAYS of them, the last one perhaps smaller
 * @shift: a part has 2^@shift sets, the last one perhaps fewer
 * @nr_parts: parts
 * @parts: NULL where it was given up
 */
struct neural_cache_tier {
	const struct neural_cache_shape *shape;
	u32 entries;
	u32 sets;
	u32 shift;
	u32 nr_parts;
	struct neural_cache_part **parts;
};

/* What became of an answer that was to be put. */
enum neural_cache_put {
	NEURAL_CACHE_PUT,
	NEURAL_CACHE_PUT_EVICTED,	/* in the place of another one */
	NEURAL_CACHE_PUT_NOWHERE,	/* there is no memory for it */
};

/* Without any part; @entries may be 0.  0 or -ENOMEM. */
int neural_cache_tier_init(struct neural_cache_tier *tier, struct neural_account *account,
			   u32 entries, const struct neural_cache_shape *shape);
void neural_cache_tier_free(struct neural_cache_tier *tier);

/* An empty part number @i, not yet in @tier; NULL without memory. */
struct neural_cache_part *neural_cache_part_new(const struct neural_cache_tier *tier,
						struct neural_account *account, u32 i);

/*
 * Copy the answer stamped @oldest or later to @out; its stamp, or 0 if there is
 * none.
 */
u64 neural_cache_tier_find(const struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 oldest, void *out);
enum neural_cache_put neural_cache_tier_put(struct neural_cache_tier *tier,
					    const struct neural_cache_key *key, u64 stamp,
					    const void *out);

/* Entries in use, and entries there is memory for now. */
u32 neural_cache_tier_used(const struct neural_cache_tier *tier);
u32 neural_cache_tier_held(const struct neural_cache_tier *tier);

void neural_cache_tier_nodes(const struct neural_cache_tier *tier,
			     u64 pages[MAX_NUMNODES]);

#endif /* _NEURAL_CACHE_TIER_H */
