// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise families and the split: nanoseconds an element. */
#include "../../src/s8.h"
#include "../../src/s8_exp.h"
#include "bench.h"

static const u32 sizes[] = { 16, 64, 256, 4096 };

static struct bench_item *items[BENCH_KERNELS][ARRAY_SIZE(sizes)];

static s8 *bytes(u32 n)
{
	s8 *p = bench_alloc(n);
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = bench_random();
	return p;
}

/* Scales of one, two and three, and a result that is not saturated. */
static void *add_args(u32 n)
{
	static const struct neural_s8_add add = {
		.a_zero = 3, .b_zero = -5, .y_zero = 7, .left_shift = 20,
		.a_multiplier = 1 << 30, .a_shift = -1,
		.b_multiplier = 1 << 30, .b_shift = 0,
		.multiplier = 1431655765, .shift = -18, .min = S8_MIN, .max = S8_MAX,
	};
	struct neural_s8_add_args *a = bench_alloc(sizeof(*a));

	*a = (struct neural_s8_add_args){
		.y = bytes(n), .a = bytes(n), .b = bytes(n), .p = &add, .n = n,
		.a_step = 1, .b_step = 1,
	};
	return a;
}

static void *mul_args(u32 n)
{
	static const struct neural_s8_mul mul = {
		.a_zero = 3, .b_zero = -5, .y_zero = 7,
		.multiplier = 1431655765, .shift = -7, .min = S8_MIN, .max = S8_MAX,
	};
	struct neural_s8_mul_args *a = bench_alloc(sizeof(*a));

	*a = (struct neural_s8_mul_args){
		.y = bytes(n), .a = bytes(n), .b = bytes(n), .p = &mul, .n = n,
		.a_step = 1, .b_step = 1,
	};
	return a;
}

static void *lut_args(u32 n)
{
	struct neural_s8_lut_args *a = bench_alloc(sizeof(*a));

	*a = (struct neural_s8_lut_args){
		.y = bytes(n), .x = bytes(n), .table = bytes(256), .n = n,
	};
	return a;
}

/* Numbers of deviation 2 to steps of a 32nd, so that some are saturated. */
static void *quantize_args(u32 n)
{
	struct neural_s8_quantize_args *a = bench_alloc(sizeof(*a));
	s32 *x = bench_alloc(n * sizeof(*x));
	u32 i;

	for (i = 0; i < n; i++)
		x[i] = bench_normal(2);
	*a = (struct neural_s8_quantize_args){
		.y = bench_alloc(n), .x = x, .n = n, .multiplier = 1 << 30, .right = 41,
		.zero_point = 7,
	};
	return a;
}

/* A layer's: gamma of about one in Q12, results in steps of a 32nd. */
static void *norm_args(u32 n)
{
	struct neural_s8_norm_args *a = bench_alloc(sizeof(*a));
	struct neural_s8_norm *p = bench_alloc(sizeof(*p));
	s16 *gamma = bench_alloc(n * sizeof(*gamma));
	s32 *beta = bench_alloc(n * sizeof(*beta));
	u32 i;

	for (i = 0; i < n; i++) {
		gamma[i] = (1 << 12) + (s8)bench_random();
		beta[i] = bench_normal(1);
	}
	*p = (struct neural_s8_norm){
		.n = n, .zero = -3, .centre = true, .epsilon = 655, .drop = 16,
		.multiplier = 1 << 30, .shift = -10, .zero_point = 7,
		.min = S8_MIN, .max = S8_MAX, .gamma = gamma, .beta = beta,
	};
	*a = (struct neural_s8_norm_args){ .y = bytes(n), .x = bytes(n), .p = p, .rows = 1 };
	return a;
}

/* What e is to a scale of an eighth, and the tables that come of it. */
static void *softmax_args(u32 n)
{
	struct neural_s8_softmax_args *a = bench_alloc(sizeof(*a));
	s32 *exp = bench_alloc(256 * sizeof(*exp));
	u32 *term = bench_alloc(256 * sizeof(*term));
	u32 d;

	for (d = 0; d < 256; d++) {
		exp[d] = neural_s8_exp(-(s32)(d << 23), 5);
		term[d] = neural_rdbypot(exp[d], 12);
	}
	*a = (struct neural_s8_softmax_args){
		.y = bytes(n), .x = bytes(n), .exp = exp, .term = term, .n = n,
	};
	return a;
}

static void *q16_args(enum neural_kernel_family family, u32 n)
{
	s32 *p = bench_alloc((4 * (size_t)n + 8) * sizeof(s32));
	struct neural_q16_split_args *s;
	struct neural_q16_map_args *a;
	size_t i;

	for (i = 0; i < 4 * (size_t)n; i++)
		p[i] = bench_normal(2);
	if (family == NEURAL_FAMILY_q16_split) {
		s = bench_alloc(sizeof(*s));
		*s = (struct neural_q16_split_args){
			.x = p, .hi = (s16 *)(p + n), .lo = (s16 *)(p + 2 * n), .n = n,
		};
		return s;
	}
	a = bench_alloc(sizeof(*a));
	*a = (struct neural_q16_map_args){
		.x = p, .y = p + n, .scale = p + 2 * n, .shift = p + 3 * n,
		.n = n, .alpha = 21474836,
	};
	return a;
}

/* Two digits, of numbers that have as many. */
static void *fixed_split_args(u32 n)
{
	struct neural_fx_split_args *a = bench_alloc(sizeof(*a));
	s64 *x = bench_alloc(n * sizeof(*x));
	u32 i;

	for (i = 0; i < n; i++)
		x[i] = bench_normal(2);
	*a = (struct neural_fx_split_args){
		.y = bench_alloc((n + 1) * sizeof(s32)), .x = x, .n = n,
		.x_bytes = sizeof(s64), .digits = 2, .plane = ALIGN(n, 2),
	};
	return a;
}

void *bench_map_args(enum neural_kernel_family family, u32 n)
{
	switch (family) {
	case NEURAL_FAMILY_fx_split:
		return fixed_split_args(n);
	case NEURAL_FAMILY_s8_add:
		return add_args(n);
	case NEURAL_FAMILY_s8_mul:
		return mul_args(n);
	case NEURAL_FAMILY_s8_lut:
		return lut_args(n);
	case NEURAL_FAMILY_s8_quantize:
		return quantize_args(n);
	case NEURAL_FAMILY_s8_norm:
		return norm_args(n);
	case NEURAL_FAMILY_s8_softmax:
		return softmax_args(n);
	default:
		return q16_args(family, n);
	}
}

static bool is_map(enum neural_kernel_family family)
{
	return family >= NEURAL_FAMILY_fx_split && family <= NEURAL_FAMILY_s8_softmax;
}

void bench_map_add(void)
{
	u32 i, k;

	for (k = 0; k < neural_nr_kernels; k++) {
		const struct neural_kernel *kernel = &neural_kernels[k];

		if (!is_map(kernel->family) ||
		    !neural_cpu_has_level(kernel->level))
			continue;
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			items[k][i] = bench_add_kernel(kernel, bench_map_args(kernel->family,
									      sizes[i]));
	}
}

void bench_map_print(void)
{
	u32 i, k;

	printf("Elementwise, ns an element\n%-26s", "");
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		printf(" %8u", sizes[i]);
	printf("\n");
	for (k = 0; k < neural_nr_kernels; k++) {
		if (!items[k][0])
			continue;
		printf("  %-24s", neural_kernels[k].name);
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			printf(" %8.3f", items[k][i]->median / sizes[i]);
		printf("\n");
	}
	printf("\n");
}
