// SPDX-License-Identifier: GPL-2.0-only
/* Normalisation of S8: every kernel of the table against the generic one. */
#include "../reference/norm_case.h"
#include "fence.h"
#include "kernels.h"
#include "suites.h"

#define NORM_ROWS	3

struct norm_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	s8 x[NORM_ROWS * KERNELS_LONGEST];
	s8 expect[NORM_ROWS * KERNELS_LONGEST];
	s16 gamma[KERNELS_LONGEST];
	s32 beta[KERNELS_LONGEST];
	struct fence fx, fy, fgamma, fbeta;
	u64 seed;
};

static struct norm_test *norm_begin(struct kunit *test)
{
	struct norm_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	t->seed = 32;
	fence_init(test, &t->fx, sizeof(t->x));
	fence_init(test, &t->fy, sizeof(t->expect));
	fence_init(test, &t->fgamma, sizeof(t->gamma));
	fence_init(test, &t->fbeta, sizeof(t->beta));
	t->fx.slack = fence_slack();
	t->fgamma.slack = fence_slack();
	t->fbeta.slack = fence_slack();
	return t;
}

static void norm_check(struct norm_test *t, u32 n, u32 rows, enum fence_side side)
{
	struct neural_s8_norm p;
	struct neural_s8_norm_args args = { .p = &p, .rows = rows };
	u32 r;

	norm_case_random(&p, n, t->gamma, t->beta, &t->seed);
	for (r = 0; r < rows; r++)
		norm_case_elements(t->x + r * n, n, &t->seed);
	p.gamma = memcpy(fence_place(&t->fgamma, side, n * sizeof(s16), sizeof(s16)),
			 t->gamma, n * sizeof(s16));
	if (n % 3)
		p.beta = memcpy(fence_place(&t->fbeta, side, n * sizeof(s32), sizeof(s32)),
				t->beta, n * sizeof(s32));
	args.x = memcpy(fence_place(&t->fx, side, rows * n, 1), t->x, rows * n);
	args.y = t->expect;
	kernels_call(kernels_generic(t->kernel), &args);
	args.y = fence_place(&t->fy, side, rows * n, 1);
	kernels_call(t->kernel, &args);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, rows * n) &&
			      fence_intact(&t->fx) && fence_intact(&t->fy),
			      "n %u rows %u side %d", n, rows, side);
}

static void norm_every_length(struct kunit *test)
{
	struct norm_test *t = norm_begin(test);
	u32 n, turn;

	for (n = 1; n <= KERNELS_LONGEST; n++) {
		for (turn = 0; turn < 6; turn++)
			norm_check(t, n, 1 + turn % NORM_ROWS, turn % FENCE_SIDES);
		cond_resched();
	}
}

static bool norm_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_norm;
}

static const void *norm_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, norm_wanted);
}

static struct kunit_case norm_cases[] = {
	KUNIT_CASE_PARAM(norm_every_length, norm_next),
	{ }
};

struct kunit_suite neural_kernels_s8_norm_suite = {
	.name = "neural_kernels_s8_norm",
	.test_cases = norm_cases,
};
