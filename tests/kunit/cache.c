// SPDX-License-Identifier: GPL-2.0-only
/* The prediction cache: a hit is the very answer, and never an old one. */
#include <linux/delay.h>
#include "../../src/config.h"
#include "../reference/arith.h"
#include "model.h"
#include "suites.h"

static void cache_config(struct kunit *test, struct model *m, const char *text)
{
	char line[40];

	strscpy(line, text, sizeof(line));
	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(m->nn, line));
}

static struct model *cache_begin(struct kunit *test)
{
	struct model *m = model_small(test, NULL);

	/* Nothing grows too old while the machine is slow. */
	cache_config(test, m, "cache_timeout 86400000");
	cache_config(test, m, "cache_entries 64");
	return m;
}

/* One cached prediction: of set @which, and then so many hits and misses. */
static void cache_check(struct kunit *test, struct model *m, u32 which, u64 hits, u64 misses)
{
	struct neural_stats stats;
	s32 out[MODEL_OUT] = { };

	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_cached(m->nn, m->in, out));
	KUNIT_EXPECT_MEMEQ(test, out, m->out[which], sizeof(out));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, hits, stats.cache_hits);
	KUNIT_EXPECT_EQ(test, misses, stats.cache_misses);
	KUNIT_EXPECT_EQ(test, 0, stats.errors);
}

static void cache_hits(struct kunit *test)
{
	struct model *m = cache_begin(test);

	cache_check(test, m, 0, 0, 1);
	cache_check(test, m, 0, 1, 1);
	cache_check(test, m, 0, 2, 1);
}

/* One bit of the input is enough for another answer. */
static void cache_exact(struct kunit *test)
{
	struct model *m = cache_begin(test);
	s32 out[MODEL_OUT], expect[MODEL_OUT];
	struct neural_stats stats;
	u32 i;

	cache_check(test, m, 0, 0, 1);
	for (i = 0; i < MODEL_IN; i++) {
		m->in[i] ^= 1 << (i % 32);
		KUNIT_EXPECT_EQ(test, 0, neural_network_predict(m->nn, m->in, expect));
		KUNIT_EXPECT_EQ(test, 0, neural_network_predict_cached(m->nn, m->in, out));
		KUNIT_EXPECT_MEMEQ(test, out, expect, sizeof(out));
		m->in[i] ^= 1 << (i % 32);
	}
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, 0, stats.cache_hits);
	KUNIT_EXPECT_EQ(test, 1 + MODEL_IN, stats.cache_misses);
}

static void cache_never_stale(struct kunit *test)
{
	struct model *m = cache_begin(test);
	u32 i;

	for (i = 0; i < 6; i++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(m, i % 2));
		cache_check(test, m, i % 2, i, i + 1);
		cache_check(test, m, i % 2, i + 1, i + 1);
	}
}

static void cache_grows_old(struct kunit *test)
{
	struct model *m = cache_begin(test);

	cache_check(test, m, 0, 0, 1);
	cache_check(test, m, 0, 1, 1);
	cache_config(test, m, "cache_timeout 1");
	msleep(50);
	cache_check(test, m, 0, 1, 2);
	/* Zero is never, not for ever. */
	cache_config(test, m, "cache_timeout 0");
	cache_check(test, m, 0, 1, 3);
	cache_check(test, m, 0, 1, 4);
}

/* Many more inputs than entries: what is found is right. */
static void cache_crowded(struct kunit *test)
{
	struct model *m = cache_begin(test);
	s32 out[MODEL_OUT], expect[MODEL_OUT];
	struct neural_stats stats;
	u64 seed = 16;
	u32 i;

	cache_config(test, m, "cache_entries 9");
	for (i = 0; i < 600; i++) {
		m->in[0] = reference_random(&seed) % 24;
		KUNIT_EXPECT_EQ(test, 0, neural_network_predict(m->nn, m->in, expect));
		KUNIT_EXPECT_EQ(test, 0, neural_network_predict_cached(m->nn, m->in, out));
		KUNIT_EXPECT_MEMEQ(test, out, expect, sizeof(out));
	}
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_GT(test, stats.cache_hits, 50);
	KUNIT_EXPECT_GT(test, stats.cache_misses, 100);
	KUNIT_EXPECT_EQ(test, 600, stats.cache_hits + stats.cache_misses);
}

static void cache_resized(struct kunit *test)
{
	struct neural_stats before, stats;
	struct model *m = cache_begin(test);
	const s64 bytes = model_bytes();

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	cache_check(test, m, 0, 0, 1);
	cache_config(test, m, "cache_entries 128");
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_GT(test, stats.bytes, before.bytes);
	cache_check(test, m, 0, 0, 2);
	cache_check(test, m, 0, 1, 2);
	/* Without entries nothing is looked up, and nothing counted. */
	cache_config(test, m, "cache_entries 0");
	cache_check(test, m, 0, 1, 2);
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_LT(test, stats.bytes, before.bytes);
	cache_config(test, m, "cache_entries 64");
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
	cache_check(test, m, 0, 1, 3);
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE(cache_hits),
	KUNIT_CASE(cache_exact),
	KUNIT_CASE(cache_never_stale),
	KUNIT_CASE(cache_grows_old),
	KUNIT_CASE(cache_crowded),
	KUNIT_CASE(cache_resized),
	{ }
};

struct kunit_suite neural_cache_suite = {
	.name = "neural_cache",
	.init = model_init,
	.test_cases = cache_cases,
};
