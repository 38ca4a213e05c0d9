// SPDX-License-Identifier: GPL-2.0-only
/* The prediction cache: a hit is the very answer, and never an old one. */
#include <linux/ktime.h>
#include <linux/string.h>
#include "../reference/arith.h"
#include "../reference/mixed.h"
#include "cache_test.h"
#include "suites.h"

static struct model *cache_begin(struct kunit *test)
{
	struct model *m = model_small(test, NULL);

	cache_config(test, m, "cache_timeout 86400000");
	cache_config(test, m, "cache_bypass 0");
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
	const u64 begin = 1000 * NSEC_PER_MSEC, age = 20 * NSEC_PER_MSEC;

	cache_stop_clock(test, begin);
	cache_config(test, m, "cache_timeout 20");
	cache_check(test, m, 0, 0, 1);
	cache_check(test, m, 0, 1, 1);
	cache_stop_clock(test, begin + age);
	cache_check(test, m, 0, 2, 1);
	/* Having been looked at did not make it younger. */
	cache_stop_clock(test, begin + age + 1);
	cache_check(test, m, 0, 2, 2);
	cache_check(test, m, 0, 3, 2);
	/* What is too old for one timeout is not for another. */
	cache_stop_clock(test, begin + 5 * age);
	cache_config(test, m, "cache_timeout 100");
	cache_check(test, m, 0, 4, 2);
	cache_config(test, m, "cache_timeout 79");
	cache_check(test, m, 0, 4, 3);
	/* A clock that steps back makes nothing older. */
	cache_stop_clock(test, begin);
	cache_check(test, m, 0, 5, 3);
	/* Zero is never, not for ever. */
	cache_config(test, m, "cache_timeout 0");
	cache_check(test, m, 0, 5, 4);
	cache_check(test, m, 0, 5, 5);
}

/* An age past the beginning of time. */
static void cache_is_young(struct kunit *test)
{
	struct model *m = cache_begin(test);

	cache_stop_clock(test, 1);
	cache_check(test, m, 0, 0, 1);
	cache_check(test, m, 0, 1, 1);
	cache_stop_clock(test, 1000);
	cache_check(test, m, 0, 2, 1);
}

/* Rows of several types: found by all of them, and the bytes between them are nobody's. */
static void cache_rows(struct kunit *test)
{
	static const u8 gaps[] = MIXED_GAPS;
	struct mixed_file *file = model_alloc(test, sizeof(*file));
	u8 in[MIXED_BYTES] __aligned(8), out[MIXED_BYTES] __aligned(8);
	struct model *m = model_alloc(test, sizeof(*m));
	struct neural_stats stats;
	u32 round, i;

	mixed_fill(file);
	m->nn = model_adopt(test, neural_network_load("mixed", file, sizeof(*file)));
	cache_config(test, m, "cache_timeout 86400000");
	cache_config(test, m, "cache_entries 64");
	for (i = 0; i < MIXED_BYTES; i++)
		in[i] = 3 + i * 31;
	for (round = 0; round < 3; round++) {
		memset(out, 0x5a + round, sizeof(out));
		KUNIT_ASSERT_EQ(test, 0,
				neural_network_predict_row_cached(m->nn, in, sizeof(in), out,
								  sizeof(out)));
		for (i = 0; i < ARRAY_SIZE(gaps); i++) {
			KUNIT_EXPECT_EQ(test, 0x5a + round, out[gaps[i]]);
			out[gaps[i]] = in[gaps[i]];
		}
		KUNIT_EXPECT_MEMEQ(test, out, in, sizeof(in));
	}
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, 2, stats.cache_hits);
	in[0]++;
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_row_cached(m->nn, in, sizeof(in), out,
								   sizeof(out)));
	KUNIT_EXPECT_EQ(test, in[0], out[0]);
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, 2, stats.cache_hits);
	KUNIT_EXPECT_EQ(test, 2, stats.cache_misses);
}

static void cache_rows_refused(struct kunit *test)
{
	struct model *m = cache_begin(test);
	const size_t in = sizeof(m->in), out = sizeof(m->out[0]);
	s32 to[MODEL_OUT + 1];

	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_row_cached(m->nn, m->in, in, to, out));
	KUNIT_EXPECT_MEMEQ(test, to, m->out[0], out);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(NULL, m->in, in, to, out));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(m->nn, NULL, in, to, out));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(m->nn, m->in, in, NULL, out));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(m->nn, m->in, in - 4, to, out));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(m->nn, m->in, 2 * in, to, 2 * out));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_predict_row_cached(m->nn, m->in, in, (u8 *)to + 1, out));
}

static void cache_set(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_cache_setup setup = { .entries = 64, .timeout_ms = 86400000 };

	cache_check(test, m, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_cache(m->nn, &setup));
	cache_check(test, m, 0, 0, 1);
	cache_check(test, m, 0, 1, 1);
	setup.entries = 65537;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_cache(m->nn, &setup));
	setup.entries = 32;
	setup.timeout_ms++;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_cache(m->nn, &setup));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_cache(m->nn, NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_cache(NULL, &setup));
	cache_check(test, m, 0, 2, 1);
	setup = (struct neural_cache_setup){ };
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_cache(m->nn, &setup));
	cache_check(test, m, 0, 2, 1);
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
	KUNIT_CASE(cache_is_young),
	KUNIT_CASE(cache_rows),
	KUNIT_CASE(cache_rows_refused),
	KUNIT_CASE(cache_set),
	KUNIT_CASE(cache_crowded),
	KUNIT_CASE(cache_resized),
	{ }
};

struct kunit_suite neural_cache_suite = {
	.name = "neural_cache",
	.init = model_init,
	.test_cases = cache_cases,
};
