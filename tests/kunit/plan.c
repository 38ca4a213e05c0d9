// SPDX-License-Identifier: GPL-2.0-only
/* Random networks, end to end, at every level and without: the reference's bits. */
#include "../../simd/dispatch.h"
#include "../../src/config.h"
#include "../../src/params.h"
#include "../reference/answer.h"
#include "model.h"
#include "suites.h"

#define PLAN_ROWS	19

struct plan_test {
	struct kunit *test;
	struct reference_network net;
	s32 in[PLAN_ROWS][REFERENCE_WIDTH];
	s32 expect[PLAN_ROWS][REFERENCE_WIDTH];
};

static void plan_config(struct kunit *test, struct neural_network *nn, const char *word,
			const char *value)
{
	char line[40];

	snprintf(line, sizeof(line), "%s %s", word, value);
	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(nn, line));
}

static void plan_fill(struct plan_test *t, u64 *seed, bool wide)
{
	u32 r;

	reference_network_fill(&t->net, seed, wide);
	for (r = 0; r < PLAN_ROWS; r++) {
		reference_input(t->in[r], t->net.input, seed);
		reference_network_run(&t->net, t->in[r], t->expect[r]);
	}
}

static void plan_check(struct plan_test *t, struct neural_network *nn,
		       struct neural_batch *batch, const char *how)
{
	const size_t bytes = t->net.output * sizeof(s32);
	s32 *out = model_alloc(t->test, bytes);
	u32 r;

	for (r = 0; r < 3; r++) {
		KUNIT_ASSERT_EQ(t->test, 0, neural_network_predict(nn, t->in[r], out));
		KUNIT_ASSERT_MEMEQ_MSG(t->test, out, t->expect[r], bytes, "%s: row %u", how, r);
	}
	KUNIT_ASSERT_EQ(t->test, 0, neural_batch_predict(nn, batch));
	for (r = 0; r < PLAN_ROWS; r++)
		KUNIT_ASSERT_MEMEQ_MSG(t->test, neural_batch_output(batch, r), t->expect[r],
				       bytes, "%s: row %u of the batch", how, r);
}

static void plan_network(struct plan_test *t)
{
	struct neural_network *nn = model_create(t->test, &t->net);
	struct neural_batch *batch = model_batch(t->test, PLAN_ROWS, t->net.input,
						 t->net.output);
	int level;
	u32 r;

	for (r = 0; r < PLAN_ROWS; r++)
		neural_batch_add_input(batch, t->in[r]);
	for (level = 0; level < NEURAL_SIMD_LEVELS; level++) {
		if (!neural_simd_has(level))
			continue;
		plan_config(t->test, nn, "simd_level", neural_simd_level_names[level]);
		plan_check(t, nn, batch, neural_simd_level_names[level]);
	}
	plan_config(t->test, nn, "simd", "0");
	plan_check(t, nn, batch, "without SIMD");
	model_destroy(t->test, nn);
}

static void plan_random(struct kunit *test)
{
	struct plan_test *t = model_alloc(test, sizeof(*t));
	u64 seed = 13;
	u32 i;

	t->test = test;
	for (i = 0; i < 40; i++) {
		plan_fill(t, &seed, false);
		plan_network(t);
	}
}

static void plan_wide(struct kunit *test)
{
	struct plan_test *t = model_alloc(test, sizeof(*t));
	u64 seed = 14;
	u32 i;

	t->test = test;
	for (i = 0; i < 3; i++) {
		plan_fill(t, &seed, true);
		plan_network(t);
	}
}

/* The level in force goes another way, by static call. */
static void plan_module_level(struct kunit *test)
{
	const char *before = neural_simd_level();
	struct model *m = model_small(test, NULL);
	int level;

	for (level = 0; level < NEURAL_SIMD_LEVELS; level++) {
		const char *name = neural_simd_level_names[level];

		KUNIT_EXPECT_EQ(test, neural_simd_supported(name), neural_simd_has(level));
		if (!neural_simd_has(level)) {
			KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, neural_param_set_level(name));
			continue;
		}
		KUNIT_EXPECT_EQ(test, 0, neural_param_set_level(name));
		KUNIT_EXPECT_STREQ(test, name, neural_simd_level());
		KUNIT_EXPECT_TRUE_MSG(test, model_answers(m->nn, m, 0), "%s", name);
	}
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_param_set_level("mmx"));
	KUNIT_EXPECT_FALSE(test, neural_simd_supported("mmx"));
	KUNIT_EXPECT_FALSE(test, neural_simd_supported(NULL));
	KUNIT_EXPECT_EQ(test, 0, neural_param_set_level(before));
}

/* Without vector kernels none is called, with them those are. */
static void plan_counts_steps(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_stats stats;

	plan_config(test, m->nn, "simd", "0");
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, 0, stats.simd_steps);
	KUNIT_EXPECT_EQ(test, 0, stats.fallback_steps);
	plan_config(test, m->nn, "simd", "1");
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, neural_simd_enabled(), stats.simd_steps > 0);
	KUNIT_EXPECT_EQ(test, 0, stats.fallback_steps);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(plan_random),
	KUNIT_CASE(plan_wide),
	KUNIT_CASE(plan_module_level),
	KUNIT_CASE(plan_counts_steps),
	{ }
};

struct kunit_suite neural_plan_suite = {
	.name = "neural_plan",
	.init = model_init,
	.test_cases = plan_cases,
};
