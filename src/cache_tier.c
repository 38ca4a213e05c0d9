// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include "alloc.h"
#include "cache_tier.h"
#include "env.h"

/* A part is about as large as this, or one set; and a tier has no more of them. */
#define NEURAL_CACHE_PART	SZ_64K
#define NEURAL_CACHE_PARTS	64

static size_t neural_cache_stride(const struct neural_cache_tier *tier)
{
	return tier->shape->in_bytes + tier->shape->out_bytes;
}

static u8 *neural_cache_row(const struct neural_cache_tier *tier,
			    struct neural_cache_part *part, u32 entry)
{
	return (u8 *)&part->tags[part->entries] + entry * neural_cache_stride(tier);
}

/* Sets of a part, as a power of two. */
static u32 neural_cache_part_shift(const struct neural_cache_tier *tier)
{
	const size_t set = NEURAL_CACHE_WAYS *
			   (neural_cache_stride(tier) + sizeof(struct neural_cache_tag));
	const size_t sets = max_t(size_t, NEURAL_CACHE_PART / set,
				  DIV_ROUND_UP(tier->sets, NEURAL_CACHE_PARTS));

	return ilog2(roundup_pow_of_two(max_t(size_t, sets, 1)));
}

int neural_cache_tier_init(struct neural_cache_tier *tier, struct neural_account *account,
			   u32 entries, const struct neural_cache_shape *shape)
{
	*tier = (struct neural_cache_tier){
		.shape = shape,
		.entries = entries,
		.sets = DIV_ROUND_UP(entries, NEURAL_CACHE_WAYS),
	};
	if (!entries)
		return 0;
	tier->shift = neural_cache_part_shift(tier);
	tier->nr_parts = DIV_ROUND_UP(tier->sets, 1U << tier->shift);
	tier->parts = neural_mem_alloc(account, array_size(tier->nr_parts,
							   sizeof(*tier->parts)));
	if (tier->parts)
		return 0;
	*tier = (struct neural_cache_tier){ };
	return -ENOMEM;
}

void neural_cache_tier_free(struct neural_cache_tier *tier)
{
	u32 i;

	if (tier->parts)
		for (i = 0; i < tier->nr_parts; i++)
			neural_mem_free(tier->parts[i]);
	neural_mem_free(tier->parts);
	*tier = (struct neural_cache_tier){ };
}

struct neural_cache_part *neural_cache_part_new(const struct neural_cache_tier *tier,
						struct neural_account *account, u32 i)
{
	const u32 most = NEURAL_CACHE_WAYS << tier->shift;
	const u32 entries = min(most, tier->entries - i * most);
	struct neural_cache_part *part;
	size_t bytes = array_size(entries, neural_cache_stride(tier));

	bytes = size_add(bytes, struct_size(part, tags, entries));
	part = neural_mem_alloc(account, bytes);
	if (part)
		part->entries = entries;
	return part;
}

/* Entries [*first, *end) of the part are where @hash may be; NULL if it is not there. */
static struct neural_cache_part *neural_cache_set(const struct neural_cache_tier *tier,
						  u32 hash, u32 *first, u32 *end)
{
	const u32 set = reciprocal_scale(hash, tier->sets);
	struct neural_cache_part *part;

	if (!tier->sets)
		return NULL;
	part = tier->parts[set >> tier->shift];
	if (!part)
		return NULL;
	*first = (set & ((1U << tier->shift) - 1)) * NEURAL_CACHE_WAYS;
	*end = min(*first + NEURAL_CACHE_WAYS, part->entries);
	return part;
}

/* The shrinker asks; one line that is written once in a while is all it costs. */
static void neural_cache_part_touch(struct neural_cache_part *part)
{
	if (!READ_ONCE(part->recent))
		WRITE_ONCE(part->recent, true);
}

static void neural_cache_copy(const struct neural_cache_shape *shape, void *to,
			      const void *from)
{
	u32 i;

	for (i = 0; i < shape->nr_spans; i++)
		memcpy(to + shape->spans[i].offset, from + shape->spans[i].offset,
		       shape->spans[i].bytes);
}

u64 neural_cache_tier_find(const struct neural_cache_tier *tier,
			   const struct neural_cache_key *key, u64 oldest, void *out)
{
	struct neural_cache_part *part;
	u32 i, end;

	part = neural_cache_set(tier, key->hash, &i, &end);
	for (; part && i < end; i++) {
		const struct neural_cache_tag *tag = &part->tags[i];
		const u8 *row = neural_cache_row(tier, part, i);

		if (tag->hash != key->hash || tag->generation != key->generation ||
		    tag->stamp < oldest || memcmp(row, key->in, tier->shape->in_bytes))
			continue;
		neural_cache_copy(tier->shape, out, row + tier->shape->in_bytes);
		neural_cache_part_touch(part);
		return tag->stamp;
	}
	return 0;
}

/*
 * The entry of this very input if there is one, so that a set never holds an
 * input twice; else an empty one, else one of other parameters, else the oldest.
 */
static u32 neural_cache_victim(const struct neural_cache_tier *tier,
			       struct neural_cache_part *part, u32 i, u32 end,
			       const struct neural_cache_key *key, bool *other)
{
	u64 least = U64_MAX;
	u32 victim = i;

	*other = true;
	for (; i < end; i++) {
		const struct neural_cache_tag *tag = &part->tags[i];
		u64 worth = 0;

		if (tag->generation && tag->hash == key->hash &&
		    !memcmp(neural_cache_row(tier, part, i), key->in,
			    tier->shape->in_bytes)) {
			*other = false;
			return i;
		}
		if (tag->generation)
			worth = tag->generation == key->generation ? tag->stamp : 1;
		if (worth < least) {
			least = worth;
			victim = i;
		}
	}
	return victim;
}

enum neural_cache_put neural_cache_tier_put(struct neural_cache_tier *tier,
					    const struct neural_cache_key *key, u64 stamp,
					    const void *out)
{
	struct neural_cache_part *part;
	struct neural_cache_tag *tag;
	u32 first, end, i;
	bool other;
	u8 *row;

	part = neural_cache_set(tier, key->hash, &first, &end);
	if (!part)
		return NEURAL_CACHE_PUT_NOWHERE;
	i = neural_cache_victim(tier, part, first, end, key, &other);
	tag = &part->tags[i];
	other = other && tag->generation == key->generation;
	if (!tag->generation)
		WRITE_ONCE(part->used, part->used + 1);
	*tag = (struct neural_cache_tag){
		.generation = key->generation,
		.stamp = stamp,
		.hash = key->hash,
	};
	row = neural_cache_row(tier, part, i);
	memcpy(row, key->in, tier->shape->in_bytes);
	neural_cache_copy(tier->shape, row + tier->shape->in_bytes, out);
	neural_cache_part_touch(part);
	return other ? NEURAL_CACHE_PUT_EVICTED : NEURAL_CACHE_PUT;
}

u32 neural_cache_tier_used(const struct neural_cache_tier *tier)
{
	u32 i, used = 0;

	for (i = 0; i < tier->nr_parts; i++)
		if (tier->parts[i])
			used += READ_ONCE(tier->parts[i]->used);
	return used;
}

u32 neural_cache_tier_held(const struct neural_cache_tier *tier)
{
	u32 i, held = 0;

	for (i = 0; i < tier->nr_parts; i++)
		if (tier->parts[i])
			held += tier->parts[i]->entries;
	return held;
}

void neural_cache_tier_nodes(const struct neural_cache_tier *tier, u64 pages[MAX_NUMNODES])
{
	u32 i;

	if (!tier->parts)
		return;
	neural_mem_nodes(tier->parts, pages);
	for (i = 0; i < tier->nr_parts; i++)
		if (tier->parts[i])
			neural_mem_nodes(tier->parts[i], pages);
}
