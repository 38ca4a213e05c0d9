// SPDX-License-Identifier: GPL-2.0-only
/* Tables of the cache: in sets, in parts, and with parts taken away. */
#include <kunit/resource.h>
#include <linux/kthread.h>
#include "../../src/alloc.h"
#include "../../src/cache_tier.h"
#include "../../src/env.h"
#include "cache_test.h"
#include "suites.h"

#define PARTS_IN	24
#define PARTS_OUT	16
#define PARTS_KEYS	40

static const struct neural_cache_shape parts_shape = {
	.in_bytes = PARTS_IN,
	.out_bytes = PARTS_OUT,
	.nr_spans = 2,
	/* Two bytes nobody writes. */
	.spans = { { 0, 6 }, { 8, 8 } },
};

KUNIT_DEFINE_ACTION_WRAPPER(parts_undo, neural_cache_tier_free, struct neural_cache_tier *);

static struct neural_cache_tier *parts_tier(struct kunit *test, u32 entries, bool fill)
{
	static struct neural_account account = { .node = NUMA_NO_NODE };
	struct neural_cache_tier *tier = model_alloc(test, sizeof(*tier));
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_cache_tier_init(tier, &account, entries, &parts_shape));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, parts_undo, tier));
	for (i = 0; fill && i < tier->nr_parts; i++) {
		tier->parts[i] = neural_cache_part_new(tier, &account, i);
		KUNIT_ASSERT_NOT_NULL(test, tier->parts[i]);
	}
	return tier;
}

/* The answer to key @k is full of k + 1. */
static enum neural_cache_put parts_put(struct neural_cache_tier *tier, u32 k, u32 hash,
				       u64 generation, u64 stamp)
{
	u8 in[PARTS_IN] = { }, out[PARTS_OUT];
	const struct neural_cache_key key = { in, generation, hash };

	in[k % PARTS_IN] = k + 1;
	memset(out, k + 1, sizeof(out));
	return neural_cache_tier_put(tier, &key, stamp, out);
}

/* Found, and then it is the right one. */
static bool parts_find(struct kunit *test, struct neural_cache_tier *tier, u32 k, u32 hash,
		       u64 generation, u64 oldest)
{
	u8 in[PARTS_IN] = { }, out[PARTS_OUT], expect[PARTS_OUT];
	const struct neural_cache_key key = { in, generation, hash };
	u64 stamp;

	in[k % PARTS_IN] = k + 1;
	memset(out, 0xee, sizeof(out));
	memset(expect, k + 1, sizeof(out));
	memset(expect + 6, 0xee, 2);
	stamp = neural_cache_tier_find(tier, &key, oldest, out);
	if (!stamp)
		return false;
	KUNIT_EXPECT_GE(test, stamp, oldest);
	KUNIT_EXPECT_MEMEQ(test, out, expect, sizeof(out));
	return true;
}

/* All keys of one hash: as many are found as a set has room for, each with its own answer. */
static void parts_collide(struct kunit *test)
{
	struct neural_cache_tier *tier = parts_tier(test, 64, true);
	u32 k, found = 0;

	for (k = 0; k < PARTS_KEYS; k++) {
		KUNIT_EXPECT_EQ(test, k < NEURAL_CACHE_WAYS ? NEURAL_CACHE_PUT :
							      NEURAL_CACHE_PUT_EVICTED,
				parts_put(tier, k, 77, 1, 100 + k));
		KUNIT_EXPECT_TRUE(test, parts_find(test, tier, k, 77, 1, 1));
	}
	for (k = 0; k < PARTS_KEYS; k++)
		found += parts_find(test, tier, k, 77, 1, 1);
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_WAYS, found);
	/* The oldest went. */
	for (k = PARTS_KEYS - NEURAL_CACHE_WAYS; k < PARTS_KEYS; k++)
		KUNIT_EXPECT_TRUE(test, parts_find(test, tier, k, 77, 1, 1));
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_WAYS, neural_cache_tier_used(tier));
}

/* The same set by another hash, the same input by another generation, too old. */
static void parts_apart(struct kunit *test)
{
	struct neural_cache_tier *tier = parts_tier(test, 3, true);

	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, 1, 5, 1, 100));
	KUNIT_EXPECT_TRUE(test, parts_find(test, tier, 1, 5, 1, 100));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 1, 5, 1, 101));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 1, 6, 1, 1));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 1, 5, 2, 1));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 2, 5, 1, 1));
	/* In its place, not beside it. */
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, 1, 5, 2, 102));
	KUNIT_EXPECT_EQ(test, 1, neural_cache_tier_used(tier));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 1, 5, 1, 1));
	KUNIT_EXPECT_TRUE(test, parts_find(test, tier, 1, 5, 2, 1));
	/* Those of other parameters go first, and are no loss. */
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, 2, 5, 3, 1));
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, 3, 5, 3, 2));
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, 4, 5, 3, 3));
	KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT_EVICTED, parts_put(tier, 5, 5, 3, 4));
	KUNIT_EXPECT_FALSE(test, parts_find(test, tier, 2, 5, 3, 1));
	KUNIT_EXPECT_TRUE(test, parts_find(test, tier, 3, 5, 3, 1));
}

/* Every hash has its set in a part that is there, or else nowhere. */
static void parts_missing(struct kunit *test)
{
	struct neural_cache_tier *tier = parts_tier(test, 10001, true);
	u32 i, hash, missed = 0;

	KUNIT_ASSERT_GT(test, tier->nr_parts, 3);
	for (i = 0; i < 4000; i++) {
		hash = i * 1073741u;
		KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT, parts_put(tier, i % 200, hash, 1, 9));
		KUNIT_EXPECT_TRUE(test, parts_find(test, tier, i % 200, hash, 1, 9));
	}
	neural_mem_free(tier->parts[1]);
	tier->parts[1] = NULL;
	for (i = 0; i < 4000; i++) {
		hash = i * 1073741u;
		if (parts_find(test, tier, i % 200, hash, 1, 9))
			continue;
		missed++;
		KUNIT_EXPECT_EQ(test, NEURAL_CACHE_PUT_NOWHERE,
				parts_put(tier, i % 200, hash, 1, 9));
	}
	KUNIT_EXPECT_GT(test, missed, 0);
	KUNIT_EXPECT_LT(test, missed, 4000);
	KUNIT_EXPECT_EQ(test, 4000 - missed, neural_cache_tier_used(tier));
}

static struct model *parts_begin(struct kunit *test)
{
	struct model *m = model_small(test, NULL);

	cache_stay(test);
	cache_config(test, m, "cache_timeout 86400000");
	cache_config(test, m, "cache_bypass 0");
	cache_config(test, m, "cache_entries 20000");
	return m;
}

static u64 parts_hits(struct kunit *test, struct model *m, u32 inputs)
{
	s32 out[MODEL_OUT], expect[MODEL_OUT], first = m->in[0];
	struct neural_stats before, after;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	for (i = 0; i < inputs; i++) {
		m->in[0] = first + i;
		KUNIT_ASSERT_EQ(test, 0, neural_network_predict(m->nn, m->in, expect));
		KUNIT_ASSERT_EQ(test, 0, neural_network_predict_cached(m->nn, m->in, out));
		KUNIT_ASSERT_MEMEQ(test, out, expect, sizeof(out));
	}
	m->in[0] = first;
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	return after.cache_hits - before.cache_hits;
}

/* What was of use lately is let go once; then all goes, and comes back. */
static void parts_shrink(struct kunit *test)
{
	struct model *m = parts_begin(test);
	struct neural_stats before, after;
	struct neural_cache_facts facts;
	unsigned long scanned, freed;

	parts_hits(test, m, 1000);
	/* Not all: a set may have been chosen by more than it has room for. */
	KUNIT_EXPECT_GE(test, parts_hits(test, m, 1000), 800);
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	freed = neural_caches_shrink(ULONG_MAX, &scanned);
	KUNIT_EXPECT_EQ(test, 20000, scanned);
	freed += neural_caches_shrink(ULONG_MAX, &scanned);
	KUNIT_EXPECT_EQ(test, 20000, freed);
	KUNIT_EXPECT_EQ(test, 0, neural_caches_shrink(ULONG_MAX, &scanned));
	cache_look(test, m, &facts);
	KUNIT_EXPECT_EQ(test, 20000, facts.entries);
	KUNIT_EXPECT_EQ(test, 0, facts.held);
	KUNIT_EXPECT_EQ(test, 0, facts.used);
	KUNIT_EXPECT_EQ(test, 0, parts_hits(test, m, 100));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	KUNIT_EXPECT_EQ(test, 20000, after.cache_shrunk - before.cache_shrunk);
	KUNIT_EXPECT_GE(test, after.cache_failures - before.cache_failures, 100);
	KUNIT_EXPECT_LT(test, after.bytes, before.bytes);
	neural_caches_restore();
	cache_look(test, m, &facts);
	KUNIT_EXPECT_EQ(test, 20000, facts.held);
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	KUNIT_EXPECT_EQ(test, before.bytes, after.bytes);
	KUNIT_EXPECT_EQ(test, 0, parts_hits(test, m, 100));
	KUNIT_EXPECT_EQ(test, 100, parts_hits(test, m, 100));
}

/* A little at a time goes round all parts; what is asked for all the while stays. */
static void parts_shrink_cold(struct kunit *test)
{
	struct model *m = parts_begin(test);
	struct neural_cache_facts facts;
	unsigned long scanned, freed = 0;
	u32 turn;

	parts_hits(test, m, 1000);
	for (turn = 0; turn < 10000 && freed < 10000; turn++) {
		freed += neural_caches_shrink(1, &scanned);
		KUNIT_ASSERT_EQ(test, 1, parts_hits(test, m, 1));
	}
	KUNIT_EXPECT_GE(test, freed, 10000);
	cache_look(test, m, &facts);
	KUNIT_EXPECT_EQ(test, 20000 - freed, facts.held);
	KUNIT_EXPECT_GT(test, facts.used, 0);
}

/* Caches are made, shrunk, restored and taken away while others look into them. */
struct parts_thread {
	struct model *m;
	struct task_struct *task;
	u32 number;
	unsigned long calls;
	unsigned long wrong;
};

static int parts_predict(void *arg)
{
	struct parts_thread *t = arg;
	s32 in[MODEL_IN], out[MODEL_OUT];
	u32 which;

	memcpy(in, t->m->in, sizeof(in));
	while (!kthread_should_stop()) {
		/* Another's answer is not one of ours, and every tenth is the model's own. */
		in[1] = t->calls % 10 ? (s32)(t->number << 20) + (s32)(t->calls % 64) :
					t->m->in[1];
		memset(out, 0, sizeof(out));
		if (neural_network_predict_cached(t->m->nn, in, out))
			t->wrong++;
		for (which = 0; which < 2; which++)
			if (!memcmp(out, t->m->out[which], sizeof(out)))
				break;
		if (t->calls % 10 ? which < 2 : which == 2)
			t->wrong++;
		WRITE_ONCE(t->calls, t->calls + 1);
		cond_resched();
	}
	return 0;
}

static void parts_churn(struct kunit *test, struct model *m, u32 turn)
{
	static const u32 entries[] = { 64, 20000, 0, 3, 4096 };
	unsigned long scanned;
	char line[40];

	snprintf(line, sizeof(line), "cache_entries %u", entries[turn % ARRAY_SIZE(entries)]);
	cache_config(test, m, line);
	neural_caches_shrink(1000, &scanned);
	KUNIT_EXPECT_EQ(test, 0, model_set(m, turn % 2));
	if (!model_answers(m->nn, m, turn % 2))
		KUNIT_FAIL(test, "an old answer in turn %u", turn);
	neural_caches_shrink(ULONG_MAX, &scanned);
	neural_caches_restore();
	neural_caches_shrink(1, &scanned);
}

static void parts_race(struct kunit *test)
{
	struct parts_thread *threads = model_alloc(test, 3 * sizeof(*threads));
	struct model *m = model_small(test, NULL);
	int ret = 0;
	u32 i;

	cache_config(test, m, "cache_timeout 86400000");
	for (i = 0; i < 3; i++) {
		threads[i].m = m;
		threads[i].number = i + 1;
		threads[i].task = kthread_run(parts_predict, &threads[i], "neural_parts/%u", i);
		if (IS_ERR(threads[i].task))
			ret = PTR_ERR(threads[i].task);
	}
	for (i = 0; i < 60 && !ret; i++) {
		parts_churn(test, m, i);
		cond_resched();
	}
	for (i = 0; i < 3; i++)
		if (!IS_ERR(threads[i].task))
			kthread_stop(threads[i].task);
	KUNIT_EXPECT_EQ(test, 0, ret);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ_MSG(test, 0, threads[i].wrong, "thread %u", i);
		KUNIT_EXPECT_GT_MSG(test, threads[i].calls, 0, "thread %u", i);
	}
}

static struct kunit_case parts_cases[] = {
	KUNIT_CASE(parts_collide),
	KUNIT_CASE(parts_apart),
	KUNIT_CASE(parts_missing),
	KUNIT_CASE(parts_shrink),
	KUNIT_CASE(parts_shrink_cold),
	KUNIT_CASE(parts_race),
	{ }
};

struct kunit_suite neural_cache_parts_suite = {
	.name = "neural_cache_parts",
	.init = model_init,
	.test_cases = parts_cases,
};
