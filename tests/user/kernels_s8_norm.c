// SPDX-License-Identifier: GPL-2.0-only
/* Normalisation of S8, between guard pages, against its definition in 128 bits. */
#include "../reference/norm.h"
#include "../reference/norm_case.h"
#include "kernels.h"

#define ROWS	3

static struct guard g_x, g_y, g_gamma, g_beta;
static s8 x_data[NEURAL_S8_NORM_MOST], y_data[NEURAL_S8_NORM_MOST];
static s16 gamma_data[NEURAL_S8_NORM_MOST];
static s32 beta_data[NEURAL_S8_NORM_MOST];
static u64 seed = 31;

static bool run(const struct neural_kernel *kernel, const struct neural_s8_norm *numbers,
		u32 rows, bool beta, enum guard_side side)
{
	const u32 n = numbers->n;
	struct neural_s8_norm p = *numbers;
	const struct neural_s8_norm_args args = {
		.y = guard_place(&g_y, side, rows * n, 1),
		.x = memcpy(guard_place(&g_x, side, rows * n, 1), x_data, rows * n),
		.p = &p, .rows = rows,
	};

	p.gamma = memcpy(guard_place(&g_gamma, side, n * sizeof(s16), sizeof(s16)),
			 gamma_data, n * sizeof(s16));
	if (beta)
		p.beta = memcpy(guard_place(&g_beta, side, n * sizeof(s32), sizeof(s32)),
				beta_data, n * sizeof(s32));
	return guard_call((void (*)(const void *))kernel->fn, &args) &&
	       guard_intact(&g_x) && guard_intact(&g_y) && guard_intact(&g_gamma) &&
	       (!beta || guard_intact(&g_beta)) && !memcmp(args.y, y_data, rows * n);
}

#define EXTREMES	8

/* A row as far from zero, or with its elements as far from each other, as can be. */
static void fill_extreme(struct neural_s8_norm *p, u32 which)
{
	const bool halves = which / 2 % 2;

	p->zero = which % 2 ? -128 : 127;
	p->centre = which / 4;
	memset(x_data, which % 2 ? 127 : -128, p->n);
	if (halves)
		memset(x_data, which % 2 ? -128 : 127, p->n / 2);
}

/* @extreme: one of those, or EXTREMES for @rows at random. */
static void check(const struct neural_kernel *kernel, u32 n, u32 rows, u32 extreme,
		  unsigned int *failed)
{
	static s64 z[NEURAL_S8_NORM_MOST];
	struct neural_s8_norm p;
	u32 i, r, way;

	norm_case_random(&p, n, gamma_data, beta_data, &seed);
	for (r = 0; r < rows; r++)
		norm_case_elements(x_data + r * n, n, &seed);
	if (extreme < EXTREMES)
		fill_extreme(&p, extreme);
	for (way = 0; way < 4; way++) {
		for (r = 0; r < rows; r++) {
			s8 *expect = y_data + r * n;

			reference_normalise(x_data + r * n, p.zero, n, p.centre, p.epsilon,
					    z);
			for (i = 0; i < n; i++)
				expect[i] = reference_norm_s8(&p, z[i], gamma_data[i],
							      way % 2 ? beta_data[i] : 0);
		}
		tap_check(failed, run(kernel, &p, rows, way % 2, way / 2),
			  "%s: n %u rows %u way %u", kernel->name, n, rows, way);
	}
}

static unsigned int norm_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 n, turn;

	for (n = 1; n <= LONGEST; n++)
		for (turn = 0; turn < 8; turn++)
			check(kernel, n, 1 + turn % ROWS, EXTREMES, &failed);
	return failed;
}

/* Sums do not come larger. */
static unsigned int norm_largest(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 extreme;

	for (extreme = 0; extreme < EXTREMES; extreme++)
		check(kernel, NEURAL_S8_NORM_MOST - extreme % 3, 1, extreme, &failed);
	return failed;
}

/*
 * A power of four of one element and zeros without an epsilon: where the variance is a
 * power of four too, the inverse of the deviation is 2^32 and takes a bit more than the
 * others do.
 */
static unsigned int norm_one(const struct neural_kernel *kernel)
{
	static s64 z[NEURAL_S8_NORM_MOST];
	struct neural_s8_norm p = {
		.drop = 16, .multiplier = 1 << 30, .shift = -10, .min = -128, .max = 127,
	};
	unsigned int failed = 0;
	u32 i, size;

	for (p.n = 1; p.n <= NEURAL_S8_NORM_MOST; p.n *= 2) {
		for (size = 1; size <= 64; size *= 2) {
			memset(x_data, 0, p.n);
			x_data[p.n / 2] = size;
			for (i = 0; i < p.n; i++)
				gamma_data[i] = 1 << 12;
			reference_normalise(x_data, 0, p.n, false, 0, z);
			for (i = 0; i < p.n; i++)
				y_data[i] = reference_norm_s8(&p, z[i], 1 << 12, 0);
			tap_check(&failed, run(kernel, &p, 1, false, size % 3 % 2),
				  "%s: %u among %u", kernel->name, size, p.n);
		}
	}
	return failed;
}

const struct aspect s8_norm_aspects[] = {
	{ NEURAL_FAMILY_s8_norm, "every n from 1 to 300, rows, any numbers", norm_lengths },
	{ NEURAL_FAMILY_s8_norm, "as many elements as there may be", norm_largest },
	{ NEURAL_FAMILY_s8_norm, "one that is all there is", norm_one },
};

const unsigned int nr_s8_norm_aspects = ARRAY_SIZE(s8_norm_aspects);
