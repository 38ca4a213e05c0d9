// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scalar functions against the real ones: values computed elsewhere, and an
 * exponential made here.  User space tries all 2^32 inputs; this is a sample, run
 * with the compiler and the flags of this kernel.
 */
#include "../../src/q16.h"
#include "../../src/q16_softmax.h"
#include "../reference/arith.h"
#include "../reference/exp.h"
#include "suites.h"

#define NUMERICS_SAMPLES	4000
#define NUMERICS_UNITS		64

/* x, and sigmoid and tanh of x rounded from 50 decimal digits; all Q16.16. */
static const s32 numerics_golden[][3] = {
	{ 0, 32768, 0 },
	{ 1, 32768, 1 },
	{ -1, 32768, -1 },
	{ 100, 32793, 100 },
	{ -100, 32743, -100 },
	{ 1024, 33024, 1024 },
	{ -4096, 31744, -4091 },
	{ 6553, 34405, 6531 },
	{ -13107, 29502, -12935 },
	{ 32768, 40793, 30285 },
	{ -32768, 24743, -30285 },
	{ 65536, 47911, 49912 },
	{ -65536, 17625, -49912 },
	{ 98304, 53581, 59320 },
	{ -98304, 11955, -59320 },
	{ 131072, 57724, 63179 },
	{ -131072, 7812, -63179 },
	{ 196608, 62428, 65212 },
	{ -262144, 1179, -65492 },
	{ 262144, 64357, 65492 },
	{ 327680, 65097, 65530 },
	{ -393216, 162, -65535 },
	{ 458752, 65476, 65536 },
	{ 524287, 65514, 65536 },
	{ -524288, 22, -65536 },
	{ 655360, 65533, 65536 },
	{ -720896, 1, -65536 },
	{ 786431, 65536, 65536 },
	{ 786432, 65536, 65536 },
	{ -786432, 0, -65536 },
	{ 2147483647, 65536, 65536 },
	{ -2147483647 - 1, 0, -65536 },
};

static void numerics_known(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(numerics_golden); i++) {
		const s32 *g = numerics_golden[i];

		KUNIT_EXPECT_LE_MSG(test, abs(neural_q16_sigmoid(g[0]) - g[1]), 1,
				    "sigmoid(%d)", g[0]);
		KUNIT_EXPECT_LE_MSG(test, abs(neural_q16_tanh(g[0]) - g[2]), 1,
				    "tanh(%d)", g[0]);
		/* What the checks below lean on has to know these as well. */
		KUNIT_EXPECT_TRUE(test, reference_sigmoid_near(g[0], g[1]));
		KUNIT_EXPECT_TRUE(test, reference_tanh_near(g[0], g[2]));
		KUNIT_EXPECT_FALSE(test, reference_sigmoid_near(g[0], g[1] + 2));
		KUNIT_EXPECT_FALSE(test, reference_tanh_near(g[0], g[2] - 2));
	}
}

static void numerics_near(struct kunit *test, s32 x)
{
	KUNIT_EXPECT_TRUE_MSG(test, reference_sigmoid_near(x, neural_q16_sigmoid(x)),
			      "sigmoid(%d)", x);
	KUNIT_EXPECT_TRUE_MSG(test, reference_tanh_near(x, neural_q16_tanh(x)),
			      "tanh(%d)", x);
}

static void numerics_within_one_lsb(struct kunit *test)
{
	u64 seed = 8;
	u32 i;

	for (i = 0; i < NUMERICS_SAMPLES; i++) {
		numerics_near(test, reference_between(&seed, -(13 << 16), 13 << 16));
		numerics_near(test, reference_any(&seed));
		/* one by one through two steps of the table, where they meet and between */
		numerics_near(test, (3 << 10) + i);
	}
}

static void numerics_monotone(struct kunit *test)
{
	s32 sigmoid = 0, tanh = -NEURAL_FP_ONE;
	s64 x;

	for (x = -(13 << 16); x <= 13 << 16; x += 97) {
		KUNIT_EXPECT_GE(test, neural_q16_sigmoid(x), sigmoid);
		KUNIT_EXPECT_GE(test, neural_q16_tanh(x), tanh);
		sigmoid = neural_q16_sigmoid(x);
		tanh = neural_q16_tanh(x);
	}
	KUNIT_EXPECT_EQ(test, sigmoid, NEURAL_FP_ONE);
	KUNIT_EXPECT_EQ(test, tanh, NEURAL_FP_ONE);
}

static void numerics_symmetric(struct kunit *test)
{
	u64 seed = 9;
	u32 i;

	for (i = 0; i < NUMERICS_SAMPLES; i++) {
		const s32 x = reference_between(&seed, 1, 13 << 16);

		KUNIT_EXPECT_EQ(test, neural_q16_tanh(-x), -neural_q16_tanh(x));
		KUNIT_EXPECT_EQ(test, neural_q16_sigmoid(-x),
				NEURAL_FP_ONE - neural_q16_sigmoid(x));
	}
}

static void numerics_softmax(struct kunit *test)
{
	s32 x[NUMERICS_UNITS], y[NUMERICS_UNITS];
	u64 seed = 10;
	u32 i, n, turn;

	for (turn = 0; turn < 200; turn++) {
		n = 1 + reference_random(&seed) % NUMERICS_UNITS;
		for (i = 0; i < n; i++)
			x[i] = turn % 2 ? reference_between(&seed, -(6 << 16), 6 << 16) :
					  reference_any(&seed);
		neural_q16_softmax(y, x, n);
		KUNIT_EXPECT_EQ_MSG(test, reference_softmax_near(x, y, n), n, "turn %u", turn);
		for (i = 1; i < n; i++)
			KUNIT_EXPECT_EQ(test, x[i - 1] > x[i] && y[i - 1] < y[i], false);
		/* in place, as plans run it */
		neural_q16_softmax(x, x, n);
		KUNIT_EXPECT_MEMEQ(test, x, y, n * sizeof(s32));
	}
}

static void numerics_softmax_equal(struct kunit *test)
{
	const u32 n = NEURAL_MAX_UNITS;
	s32 *x = kvcalloc(n, sizeof(*x), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, x);
	neural_q16_softmax(x, x, n);
	KUNIT_EXPECT_EQ(test, x[0], 1);
	KUNIT_EXPECT_EQ(test, x[n - 1], 1);
	kvfree(x);
}

static void numerics_helpers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, INT_TO_FP(-3), -196608);
	KUNIT_EXPECT_EQ(test, FP_TO_INT(NEURAL_FP_ONE / 2), 1);
	KUNIT_EXPECT_EQ(test, FP_TO_INT(-NEURAL_FP_ONE / 2), 0);
	KUNIT_EXPECT_EQ(test, FP_TO_INT(NEURAL_FP_MAX), 32768);
	KUNIT_EXPECT_EQ(test, neural_fp_mul(INT_TO_FP(3), -NEURAL_FP_ONE / 2), -98304);
	KUNIT_EXPECT_EQ(test, neural_fp_mul(1, NEURAL_FP_ONE / 2), 1);
	KUNIT_EXPECT_EQ(test, neural_fp_mul(NEURAL_FP_MIN, NEURAL_FP_MIN), NEURAL_FP_MAX);
	KUNIT_EXPECT_EQ(test, neural_fp_mul(NEURAL_FP_MIN, NEURAL_FP_MAX), NEURAL_FP_MIN);
	KUNIT_EXPECT_EQ(test, neural_fp_div(INT_TO_FP(1), INT_TO_FP(-4)), -16384);
	KUNIT_EXPECT_EQ(test, neural_fp_div(-1, 0), NEURAL_FP_MIN);
	KUNIT_EXPECT_EQ(test, neural_fp_div(0, 0), NEURAL_FP_MAX);
	KUNIT_EXPECT_EQ(test, neural_fp_div(NEURAL_FP_MIN, -1), NEURAL_FP_MAX);
	KUNIT_EXPECT_EQ(test, neural_fp_div(NEURAL_FP_MIN, 1), NEURAL_FP_MIN);
}

static struct kunit_case numerics_cases[] = {
	KUNIT_CASE(numerics_known),
	KUNIT_CASE(numerics_within_one_lsb),
	KUNIT_CASE(numerics_monotone),
	KUNIT_CASE(numerics_symmetric),
	KUNIT_CASE(numerics_softmax),
	KUNIT_CASE(numerics_softmax_equal),
	KUNIT_CASE(numerics_helpers),
	{ }
};

struct kunit_suite neural_numerics_suite = {
	.name = "neural_numerics",
	.test_cases = numerics_cases,
};
