// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise families and the split into digits, at every length. */
#include "../../src/q16.h"
#include "../reference/arith.h"
#include "fence.h"
#include "kernels.h"
#include "suites.h"

#define MAP_BYTES	((KERNELS_LONGEST + 1) * sizeof(s32))

struct map_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	s32 x[KERNELS_LONGEST];
	s32 scale[KERNELS_LONGEST];
	s32 shift[KERNELS_LONGEST];
	s32 expect[KERNELS_LONGEST];
	struct fence fx, fy, fscale, fshift;
};

static struct map_test *map_begin(struct kunit *test)
{
	struct map_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	fence_init(test, &t->fx, MAP_BYTES);
	fence_init(test, &t->fy, MAP_BYTES);
	fence_init(test, &t->fscale, MAP_BYTES);
	fence_init(test, &t->fshift, MAP_BYTES);
	t->fx.slack = fence_slack();
	t->fscale.slack = fence_slack();
	t->fshift.slack = fence_slack();
	return t;
}

/* Half of the turns keep to where sigmoid and tanh bend. */
static void map_fill(struct map_test *t, u32 n, u32 turn, u64 *seed)
{
	u32 i;

	for (i = 0; i < n; i++) {
		t->x[i] = turn % 2 ? reference_any(seed) :
				     reference_between(seed, -(13 << 16), 13 << 16);
		t->scale[i] = reference_any(seed) >> (turn % 4 * 4);
		t->shift[i] = reference_any(seed);
	}
}

/* What one element has to be; the generic table look-ups say it for all. */
static s32 map_expect(const struct map_test *t, u32 i, s32 alpha)
{
	const s32 x = t->x[i];

	switch (t->kernel->family) {
	case NEURAL_FAMILY_q16_relu:
		return reference_relu(x);
	case NEURAL_FAMILY_q16_leaky_relu:
		return reference_leaky_relu(x, alpha);
	case NEURAL_FAMILY_q16_sigmoid:
		return neural_q16_sigmoid(x);
	case NEURAL_FAMILY_q16_tanh:
		return neural_q16_tanh(x);
	default:
		return reference_dense(&t->scale[i], t->shift[i], &x, 1);
	}
}

static void *map_place(struct fence *fence, enum fence_side side, const s32 *from, u32 n)
{
	return memcpy(fence_place(fence, side, n * sizeof(s32), 4), from, n * sizeof(s32));
}

static void map_check(struct map_test *t, u32 n, s32 alpha, enum fence_side side,
		      bool in_place)
{
	struct neural_q16_map_args args = {
		.x = map_place(&t->fx, side, t->x, n),
		.scale = map_place(&t->fscale, side, t->scale, n),
		.shift = map_place(&t->fshift, side, t->shift, n),
		.n = n, .alpha = alpha,
	};

	args.y = in_place ? (s32 *)t->fx.data : fence_place(&t->fy, side, n * 4, 4);
	kernels_call(t->kernel, &args);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, n * sizeof(s32)) &&
			      fence_intact(&t->fx) && (in_place || fence_intact(&t->fy)),
			      "n %u alpha %d side %d in place %d", n, alpha, side, in_place);
}

static void map_every_length(struct kunit *test)
{
	static const s32 alphas[] = { 0, 1, NEURAL_LEAKY_SLOPE_DEFAULT, 1 << 30, S32_MAX };
	struct map_test *t = map_begin(test);
	u32 i, n, turn;
	u64 seed = 6;

	for (n = 0; n <= KERNELS_LONGEST; n++) {
		for (turn = 0; turn < 4; turn++) {
			const s32 alpha = alphas[(n + turn) % ARRAY_SIZE(alphas)];

			map_fill(t, n, turn, &seed);
			for (i = 0; i < n; i++)
				t->expect[i] = map_expect(t, i, alpha);
			map_check(t, n, alpha, turn / 2, false);
			map_check(t, n, alpha, turn / 2, true);
		}
		cond_resched();
	}
}

static void split_every_length(struct kunit *test)
{
	struct map_test *t = map_begin(test);
	u32 i, n, side;
	u64 seed = 7;

	for (n = 1; n <= KERNELS_LONGEST; n++) {
		const size_t digits = ALIGN(n, 2), bytes = digits * sizeof(s16);
		s16 *hi = (s16 *)t->expect, *lo = hi + digits;

		map_fill(t, n, 1, &seed);
		memset(hi, 0, 2 * bytes);
		for (i = 0; i < n; i++) {
			hi[i] = reference_floor(t->x[i], 16);
			lo[i] = t->x[i] - hi[i] * 65536LL - 0x8000;
		}
		for (side = 0; side < FENCE_SIDES; side++) {
			struct neural_q16_split_args args = {
				.hi = fence_place(&t->fscale, side, bytes, 4),
				.lo = fence_place(&t->fshift, side, bytes, 4),
				.x = map_place(&t->fx, side, t->x, n),
				.n = n,
			};

			kernels_call(t->kernel, &args);
			KUNIT_ASSERT_MEMEQ_MSG(test, args.hi, hi, bytes, "n %u", n);
			KUNIT_ASSERT_MEMEQ_MSG(test, args.lo, lo, bytes, "n %u", n);
			KUNIT_ASSERT_TRUE_MSG(test, fence_intact(&t->fscale) &&
					      fence_intact(&t->fshift), "n %u", n);
		}
	}
}

static bool map_wanted(enum neural_kernel_family family)
{
	return family >= NEURAL_FAMILY_q16_relu && family <= NEURAL_FAMILY_q16_scale;
}

static const void *map_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, map_wanted);
}

static bool split_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_q16_split;
}

static const void *split_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, split_wanted);
}

/* A family added to the table is tested here, in a suite of its own, or not at all. */
static void every_family(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, NEURAL_KERNEL_NR_FAMILIES, 27);
	KUNIT_EXPECT_EQ(test, NEURAL_FAMILY_s8_sum - NEURAL_FAMILY_s8_gemm, 7);
	KUNIT_EXPECT_EQ(test, NEURAL_FAMILY_q16_scale - NEURAL_FAMILY_q16_relu, 4);
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(every_family),
	KUNIT_CASE_PARAM(map_every_length, map_next),
	KUNIT_CASE_PARAM(split_every_length, split_next),
	{ }
};

struct kunit_suite neural_kernels_map_suite = {
	.name = "neural_kernels_map",
	.test_cases = map_cases,
};
