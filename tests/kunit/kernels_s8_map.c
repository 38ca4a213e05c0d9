// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise S8 families, at every length. */
#include "../reference/s8_exp.h"
#include "fence.h"
#include "kernels.h"
#include "suites.h"

#define S8_TABLE	256

struct s8_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	s8 a[KERNELS_LONGEST];
	s8 b[KERNELS_LONGEST];
	s8 table[S8_TABLE];
	s8 expect[KERNELS_LONGEST];
	s32 exp[S8_TABLE];
	u32 term[S8_TABLE];
	s32 x[KERNELS_LONGEST];
	struct fence fa, fb, fy, fx, ftable, fexp, fterm;
	u64 seed;
};

static struct s8_test *s8_begin(struct kunit *test)
{
	struct s8_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	t->seed = 12;
	fence_init(test, &t->fa, KERNELS_LONGEST);
	fence_init(test, &t->fb, KERNELS_LONGEST);
	fence_init(test, &t->fy, KERNELS_LONGEST);
	fence_init(test, &t->fx, sizeof(t->x));
	fence_init(test, &t->ftable, S8_TABLE);
	fence_init(test, &t->fexp, sizeof(t->exp));
	fence_init(test, &t->fterm, sizeof(t->term));
	t->fa.slack = fence_slack();
	t->fb.slack = fence_slack();
	t->fx.slack = fence_slack();
	return t;
}

static void s8_fill(struct s8_test *t, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		t->a[i] = reference_any_s8(&t->seed);
		t->b[i] = reference_any_s8(&t->seed);
	}
}

static void s8_lut_check(struct s8_test *t, u32 n, enum fence_side side, bool in_place)
{
	struct neural_s8_lut_args args = {
		.x = memcpy(fence_place(&t->fa, side, n, 1), t->a, n),
		.table = memcpy(fence_place(&t->ftable, side, S8_TABLE, 64), t->table,
				S8_TABLE),
		.n = n,
	};

	args.y = in_place ? (s8 *)t->fa.data : fence_place(&t->fy, side, n, 1);
	kernels_call(t->kernel, &args);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, n) &&
			      fence_intact(&t->fa) && (in_place || fence_intact(&t->fy)),
			      "n %u side %d in place %d", n, side, in_place);
}

static void s8_lut_every_length(struct kunit *test)
{
	struct s8_test *t = s8_begin(test);
	u32 i, n, way;

	for (n = 0; n <= KERNELS_LONGEST; n++) {
		for (i = 0; i < S8_TABLE; i++)
			t->table[i] = reference_between(&t->seed, -128, 127);
		s8_fill(t, n);
		for (i = 0; i < n; i++)
			t->expect[i] = t->table[t->a[i] < 0 ? t->a[i] + S8_TABLE : t->a[i]];
		for (way = 0; way < 4; way++)
			s8_lut_check(t, n, way / 2, way % 2);
		cond_resched();
	}
}

static void s8_add_call(struct s8_test *t, struct neural_s8_add_args *args,
			const struct reference_add *r, bool subtract)
{
	const struct neural_s8_add p = {
		.a_zero = r->zero[0], .b_zero = r->zero[1], .y_zero = r->zero[2],
		.left_shift = r->left,
		.a_multiplier = r->multiplier[0], .a_shift = r->shift[0],
		.b_multiplier = r->multiplier[1], .b_shift = r->shift[1],
		.multiplier = r->multiplier[2], .shift = r->shift[2],
		.min = r->low, .max = r->high, .subtract = subtract,
	};

	args->p = &p;
	kernels_call(t->kernel, args);
}

static void s8_mul_call(struct s8_test *t, const struct neural_s8_add_args *args,
			const struct reference_add *r)
{
	const struct neural_s8_mul p = {
		.a_zero = r->zero[0], .b_zero = r->zero[1], .y_zero = r->zero[2],
		.multiplier = r->multiplier[2], .shift = r->shift[2],
		.min = r->low, .max = r->high,
	};
	const struct neural_s8_mul_args mul = {
		args->y, args->a, args->b, &p, args->n, args->a_step, args->b_step,
	};

	kernels_call(t->kernel, &mul);
}

static void s8_binary_check(struct s8_test *t, u32 n, u32 a_step, u32 b_step,
			    bool in_place)
{
	const bool add = t->kernel->family == NEURAL_FAMILY_s8_add;
	const bool subtract = reference_random(&t->seed) % 2;
	const enum fence_side side = n % FENCE_SIDES;
	const u32 na = a_step ? n : 1, nb = b_step ? n : 1;
	struct neural_s8_add_args args = {
		.a = memcpy(fence_place(&t->fa, side, na, 1), t->a, na),
		.b = memcpy(fence_place(&t->fb, side, nb, 1), t->b, nb),
		.n = n, .a_step = a_step, .b_step = b_step,
	};
	struct reference_add r;
	u32 i;

	if (add)
		reference_add_random(&r, &t->seed);
	else
		reference_mul_random(&r, &t->seed);
	for (i = 0; i < n; i++) {
		const s32 a = t->a[i * a_step], b = t->b[i * b_step];

		t->expect[i] = add ? reference_add_s8(&r, a, b, subtract ? -1 : 1) :
				     reference_mul_s8(&r, a, b);
	}
	args.y = in_place ? (s8 *)t->fa.data : fence_place(&t->fy, side, n, 1);
	if (add)
		s8_add_call(t, &args, &r, subtract);
	else
		s8_mul_call(t, &args, &r);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, n) &&
			      fence_intact(&t->fa) && fence_intact(&t->fb) &&
			      (in_place || fence_intact(&t->fy)),
			      "n %u steps %u %u in place %d", n, a_step, b_step, in_place);
}

static void s8_binary_every_length(struct kunit *test)
{
	struct s8_test *t = s8_begin(test);
	u32 n, steps;

	for (n = 1; n <= KERNELS_LONGEST; n++) {
		s8_fill(t, n);
		for (steps = 0; steps < 4; steps++) {
			s8_binary_check(t, n, steps / 2, steps % 2, false);
			if (steps / 2)
				s8_binary_check(t, n, 1, steps % 2, true);
		}
		cond_resched();
	}
}

static void s8_softmax_check(struct s8_test *t, u32 n, enum fence_side side, bool in_place)
{
	struct neural_s8_softmax_args args = {
		.x = memcpy(fence_place(&t->fa, side, n, 1), t->a, n),
		.exp = memcpy(fence_place(&t->fexp, side, sizeof(t->exp), 64), t->exp,
			      sizeof(t->exp)),
		.term = memcpy(fence_place(&t->fterm, side, sizeof(t->term), 64), t->term,
			       sizeof(t->term)),
		.n = n,
	};

	args.y = in_place ? (s8 *)t->fa.data : fence_place(&t->fy, side, n, 1);
	kernels_call(t->kernel, &args);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, n) &&
			      fence_intact(&t->fa) && (in_place || fence_intact(&t->fy)),
			      "n %u side %d in place %d", n, side, in_place);
}

static void s8_softmax_every_length(struct kunit *test)
{
	struct s8_test *t = s8_begin(test);
	u32 d, i, n, way;

	/* 2^30 << 22, halved and read as Q5.26, is a scale of a 32nd. */
	for (d = 0; d < S8_TABLE; d++) {
		t->exp[d] = reference_exp31((s64)d << 21, 26);
		t->term[d] = reference_half_away(t->exp[d], 12);
	}
	for (n = 1; n <= KERNELS_LONGEST; n++) {
		s8_fill(t, n);
		for (i = 0; i < n; i++)
			t->expect[i] = reference_softmax_s8(t->a, n, i, 1 << 30, 22, -255);
		for (way = 0; way < 4; way++)
			s8_softmax_check(t, n, way / 2, way % 2);
		cond_resched();
	}
}

static void s8_quantize_check(struct s8_test *t, u32 n, enum fence_side side)
{
	const size_t bytes = n * sizeof(*t->x);
	struct neural_s8_quantize_args args = {
		.x = memcpy(fence_place(&t->fx, side, bytes, sizeof(*t->x)), t->x, bytes),
		.y = fence_place(&t->fy, side, n, 1),
		.n = n, .zero_point = reference_any_s8(&t->seed),
	};
	u32 i;

	reference_quantize_random(&t->seed, t->x[n / 2], &args.multiplier, &args.right);
	for (i = 0; i < n; i++)
		t->expect[i] = reference_quantize_s8(t->x[i], args.multiplier, args.right,
						     args.zero_point);
	kernels_call(t->kernel, &args);
	KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(args.y, t->expect, n) &&
			      fence_intact(&t->fx) && fence_intact(&t->fy),
			      "n %u side %d multiplier %d right %u", n, side, args.multiplier,
			      args.right);
}

static void s8_quantize_every_length(struct kunit *test)
{
	struct s8_test *t = s8_begin(test);
	u32 i, n, turn;

	for (n = 1; n <= KERNELS_LONGEST; n++) {
		for (turn = 0; turn < 4; turn++) {
			for (i = 0; i < n; i++)
				t->x[i] = reference_any(&t->seed) >> turn * n % 32;
			s8_quantize_check(t, n, turn % FENCE_SIDES);
		}
		cond_resched();
	}
}

static bool s8_lut_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_lut;
}

static const void *s8_lut_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, s8_lut_wanted);
}

static bool s8_binary_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_add || family == NEURAL_FAMILY_s8_mul;
}

static const void *s8_binary_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, s8_binary_wanted);
}

static bool s8_quantize_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_quantize;
}

static const void *s8_quantize_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, s8_quantize_wanted);
}

static bool s8_softmax_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_softmax;
}

static const void *s8_softmax_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, s8_softmax_wanted);
}

static struct kunit_case s8_map_cases[] = {
	KUNIT_CASE_PARAM(s8_lut_every_length, s8_lut_next),
	KUNIT_CASE_PARAM(s8_binary_every_length, s8_binary_next),
	KUNIT_CASE_PARAM(s8_quantize_every_length, s8_quantize_next),
	KUNIT_CASE_PARAM(s8_softmax_every_length, s8_softmax_next),
	{ }
};

struct kunit_suite neural_kernels_s8_map_suite = {
	.name = "neural_kernels_s8_map",
	.test_cases = s8_map_cases,
};
