// SPDX-License-Identifier: GPL-2.0-only
/* Counters, and the histogram behind the percentiles. */
#include "../../src/config.h"
#include "../../src/stats.h"
#include "model.h"
#include "suites.h"

#define STATS_WIDTH	1024	/* several sections of it */

static void stats_check_bucket(struct kunit *test, u64 ns)
{
	const unsigned int bucket = neural_histogram_bucket(ns);
	const u64 low = neural_histogram_low(bucket);
	const u64 width = neural_histogram_low(bucket + 1) - low;

	KUNIT_ASSERT_LT(test, bucket, NEURAL_HISTOGRAM_SIZE);
	KUNIT_EXPECT_LE_MSG(test, low, ns, "bucket of %llu", ns);
	if (bucket < NEURAL_HISTOGRAM_SIZE - 1)
		KUNIT_EXPECT_GT_MSG(test, low + width, ns, "bucket of %llu", ns);
	KUNIT_EXPECT_LE_MSG(test, width, max(low / NEURAL_HISTOGRAM_SUB, 1ULL),
			    "bucket of %llu", ns);
	if (ns)
		KUNIT_EXPECT_LE(test, neural_histogram_bucket(ns - 1), bucket);
}

static void stats_buckets(struct kunit *test)
{
	unsigned int bits;
	u64 ns;

	for (ns = 0; ns < 3000; ns++)
		stats_check_bucket(test, ns);
	for (bits = 11; bits < 64; bits++) {
		stats_check_bucket(test, (1ULL << bits) - 1);
		stats_check_bucket(test, 1ULL << bits);
		stats_check_bucket(test, (1ULL << bits) + (1ULL << (bits - 1)));
	}
	stats_check_bucket(test, U64_MAX);
	KUNIT_EXPECT_EQ(test, 0, neural_histogram_bucket(0));
	KUNIT_EXPECT_EQ(test, NEURAL_HISTOGRAM_SIZE - 1, neural_histogram_bucket(U64_MAX));
}

static void stats_counts(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_batch *batch = model_batch(test, 5, MODEL_IN, MODEL_OUT);
	struct neural_stats s;
	char reset[] = "reset_stats";
	u32 i;

	for (i = 0; i < 5; i++)
		neural_batch_add_input(batch, m->in);
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_predict(m->nn, batch));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &s));
	KUNIT_EXPECT_EQ(test, 12, s.predictions);
	KUNIT_EXPECT_EQ(test, 0, s.errors);
	KUNIT_EXPECT_EQ(test, 0, s.cache_hits + s.cache_misses);
	KUNIT_EXPECT_LE(test, s.min_ns, s.p50_ns);
	KUNIT_EXPECT_LE(test, s.p50_ns, s.p90_ns);
	KUNIT_EXPECT_LE(test, s.p90_ns, s.p95_ns);
	KUNIT_EXPECT_LE(test, s.p95_ns, s.p99_ns);
	KUNIT_EXPECT_LE(test, s.p99_ns, s.max_ns);
	KUNIT_EXPECT_GE(test, s.mean_ns, s.min_ns);
	KUNIT_EXPECT_LE(test, s.mean_ns, s.max_ns);

	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(m->nn, reset));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, s.predictions + s.simd_steps + s.mean_ns + s.max_ns);
	KUNIT_EXPECT_GT(test, s.bytes, 0);
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &s));
	KUNIT_EXPECT_EQ(test, 1, s.predictions);
}

/* The longest stays, on whichever CPU it was, and is forgotten by a reset. */
static void stats_longest(struct kunit *test)
{
	static const u64 sections[] = { 5, 700, 699, 0 }, held[] = { 900, 1, 1000, 2 };
	struct neural_counters __percpu *counters = alloc_percpu(struct neural_counters);
	struct neural_stats s;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, counters);
	for (i = 0; i < ARRAY_SIZE(sections); i++)
		neural_stats_held(counters, sections[i], held[i]);
	neural_stats_sum(counters, &s);
	KUNIT_EXPECT_EQ(test, 700, s.section_max_ns);
	KUNIT_EXPECT_EQ(test, 1000, s.preempt_off_max_ns);
	neural_stats_reset(counters);
	neural_stats_sum(counters, &s);
	KUNIT_EXPECT_EQ(test, 0, s.section_max_ns + s.preempt_off_max_ns);
	free_percpu(counters);
}

/* A prediction of several sections, and none of them is longer than all of it. */
static void stats_sections(struct kunit *test)
{
	static const struct neural_layer_desc layer = {
		.kind = NEURAL_LAYER_DENSE, .units = STATS_WIDTH,
	};
	s32 *weights = model_alloc(test, STATS_WIDTH * STATS_WIDTH * sizeof(*weights));
	s32 *in = model_alloc(test, 2 * STATS_WIDTH * sizeof(*in));
	struct neural_network *nn;
	struct neural_stats s;

	nn = model_adopt(test, neural_network_create_layers(NULL, STATS_WIDTH, &layer, 1));
	KUNIT_ASSERT_EQ(test, 0,
			neural_network_set_weights(nn, 0, weights, STATS_WIDTH * STATS_WIDTH,
						   NULL, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_predict(nn, in, in + STATS_WIDTH));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &s));
	KUNIT_EXPECT_EQ(test, neural_simd_enabled(), s.section_max_ns > 0);
	KUNIT_EXPECT_LE(test, s.section_max_ns, s.mean_ns);
	KUNIT_EXPECT_LE(test, s.section_max_ns, s.preempt_off_max_ns);
	KUNIT_EXPECT_LE(test, s.preempt_off_max_ns, s.mean_ns);
}

/* The first one, every so many after it, and whatever is long. */
static void stats_timed(struct kunit *test)
{
	struct neural_counters __percpu *counters = alloc_percpu(struct neural_counters);
	u32 i, timed = 0, once = 0;

	KUNIT_ASSERT_NOT_NULL(test, counters);
	preempt_disable();
	once = neural_stats_timed(counters, 1);
	for (i = 0; i < 10 * NEURAL_STATS_EVERY; i++) {
		timed += neural_stats_timed(counters, NEURAL_STATS_SHORT);
		once += neural_stats_timed(counters, NEURAL_STATS_SHORT + 1);
		neural_stats_count(counters, 1, 0, 0);
	}
	preempt_enable();
	KUNIT_EXPECT_EQ(test, 10, timed);
	KUNIT_EXPECT_EQ(test, 10 * NEURAL_STATS_EVERY + 1, once);
	free_percpu(counters);
}

/* A word or value that is none: -EINVAL, and all is as it was. */
static void stats_config_refused(struct kunit *test)
{
	static const char *const bad[] = {
		"", "word", "simd", "simd 2", "simd -1", "simd_level", "simd_level mmx",
		"cache_timeout", "cache_timeout -1", "cache_timeout 86400001",
		"cache_entries 65537", "cache_entries x", "numa_policy 3",
		"numa_policy 2:4095", "profile yes", "reset_stats now",
	};
	struct model *m = model_small(test, NULL);
	struct neural_stats before, after;
	char line[40];
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		strscpy(line, bad[i], sizeof(line));
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, neural_config_apply(m->nn, line), "'%s'",
				    bad[i]);
	}
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	KUNIT_EXPECT_EQ(test, before.bytes, after.bytes);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_buckets),
	KUNIT_CASE(stats_counts),
	KUNIT_CASE(stats_longest),
	KUNIT_CASE(stats_sections),
	KUNIT_CASE(stats_timed),
	KUNIT_CASE(stats_config_refused),
	{ }
};

struct kunit_suite neural_stats_suite = {
	.name = "neural_stats",
	.init = model_init,
	.test_cases = stats_cases,
};
