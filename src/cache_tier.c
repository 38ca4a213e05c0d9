// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include "alloc.h"
#include "cache_tier.h"
#include "env.h"

static size_t neural_cache_stride(const struct neural_cache_tier *tier)
{
	return tier->in_bytes + tier->out_bytes;
}

static u8 *neural_cache_row(const struct neural_cache_tier *tier, u32 entry)
{
	return tier->rows + entry * neural_cache_stride(tier);
}

int neural_cache_tier_init(struct neural_cache_tier *tier, struct neural_account *account,
			   u32 entries, size_t in_bytes, size_t out_bytes)
{
	*tier = (struct neural_cache_tier){
		.entries = entries,
		.sets = DIV_ROUND_UP(entries, NEURAL_CACHE_WAYS),
		.in_bytes = in_bytes,
		.out_bytes = out_bytes,
	};
	tier->tags = neural_mem_alloc(account, array_size(entries, sizeof(*tier->tags)));
	tier->rows = neural_mem_alloc(account,
				      array_size(entries, neural_cache_stride(tier)));
	if (tier->tags && tier->rows)
		return 0;
	neural_cache_tier_free(tier);
	return -ENOMEM;
}

void neural_cache_tier_free(struct neural_cache_tier *tier)
{
	neural_mem_free(tier->tags);
	neural_mem_free(tier->rows);
	*tier = (struct neural_cache_tier){ };
}

/* Entries [*first, end) are where @hash may be; returns the end. */
static u32 neural_cache_set(const struct neural_cache_tier *tier, u32 hash, u32 *first)
{
	*first = reciprocal_scale(hash, tier->sets) * NEURAL_CACHE_WAYS;
	return min(*first + NEURAL_CACHE_WAYS, tier->entries);
}

u64 neural_cache_tier_find(const struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 oldest, void *out)
{
	u32 i, end = neural_cache_set(tier, key->hash, &i);

	for (; i < end; i++) {
		const struct neural_cache_tag *tag = &tier->tags[i];
		const u8 *row = neural_cache_row(tier, i);

		if (tag->hash != key->hash || tag->generation != key->generation ||
		    tag->stamp < oldest || memcmp(row, key->in, tier->in_bytes))
			continue;
		memcpy(out, row + tier->in_bytes, tier->out_bytes);
		return tag->stamp;
	}
	return 0;
}

/*
 * The entry of this very input if there is one, so that a set never holds an
 * input twice; else an empty one, else one of other parameters, else the oldest.
 */
static u32 neural_cache_victim(const struct neural_cache_tier *tier,
			       const struct neural_cache_key *key)
{
	u32 i, end = neural_cache_set(tier, key->hash, &i), victim = i;
	u64 least = U64_MAX;

	for (; i < end; i++) {
		const struct neural_cache_tag *tag = &tier->tags[i];
		u64 worth = 0;

		if (tag->generation && tag->hash == key->hash &&
		    !memcmp(neural_cache_row(tier, i), key->in, tier->in_bytes))
			return i;
		if (tag->generation)
			worth = tag->generation == key->generation ? tag->stamp : 1;
		if (worth < least) {
			least = worth;
			victim = i;
		}
	}
	return victim;
}

void neural_cache_tier_put(struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 stamp, const void *out)
{
	u32 i = neural_cache_victim(tier, key);
	u8 *row = neural_cache_row(tier, i);

	if (!tier->tags[i].generation)
		WRITE_ONCE(tier->used, tier->used + 1);
	tier->tags[i] = (struct neural_cache_tag){
		.generation = key->generation,
		.stamp = stamp,
		.hash = key->hash,
	};
	memcpy(row, key->in, tier->in_bytes);
	memcpy(row + tier->in_bytes, out, tier->out_bytes);
}

void neural_cache_tier_nodes(const struct neural_cache_tier *tier, u64 pages[MAX_NUMNODES])
{
	neural_mem_nodes(tier->tags, pages);
	neural_mem_nodes(tier->rows, pages);
}
