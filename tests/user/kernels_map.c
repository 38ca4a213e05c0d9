// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise families and the split into digits. */
#include <math.h>

#include "kernels.h"

#define MAX_N	4096

static s32 x[MAX_N], scale[MAX_N], shift[MAX_N], expect[MAX_N];
static s16 expect_hi[MAX_N], expect_lo[MAX_N];
static struct guard g_x, g_y, g_scale, g_shift;

static void fill(u32 n, enum value_kind kind)
{
	u32 i;

	for (i = 0; i < n; i++) {
		x[i] = random_value(kind);
		scale[i] = random_value(kind);
		shift[i] = random_value(kind);
	}
}

/* Real functions in double: right but for a rounding that may fall either way. */
static bool near_real(enum neural_kernel_family family, s32 v, s32 y)
{
	const double real = v / (double)NEURAL_Q16_ONE;
	const double want = family == NEURAL_FAMILY_q16_tanh ? tanh(real) :
							       1 / (1 + exp(-real));

	return fabs(y - want * NEURAL_Q16_ONE) <= 1.0;
}

static s32 reference_one(enum neural_kernel_family family, u32 i, s32 alpha, s32 y)
{
	__int128 acc;

	switch (family) {
	case NEURAL_FAMILY_q16_relu:
		return x[i] > 0 ? x[i] : 0;
	case NEURAL_FAMILY_q16_leaky_relu:
		/* times 2^16 / 2^31 and half an LSB more, then as everywhere */
		acc = (__int128)x[i] * alpha * 2 + ((__int128)NEURAL_Q16_ONE << 15);
		acc = (acc - (acc & 0xffff)) / NEURAL_Q16_ONE;
		return x[i] >= 0 ? x[i] : reference_round(acc);
	case NEURAL_FAMILY_q16_scale:
		acc = (__int128)x[i] * scale[i] + (__int128)shift[i] * NEURAL_Q16_ONE;
		return reference_round(acc + NEURAL_Q16_ONE / 2);
	default:
		return near_real(family, x[i], y) ? y : ~y;
	}
}

static const struct neural_kernel *generic_of(const struct neural_kernel *kernel)
{
	u32 i;

	for (i = 0; neural_kernels[i].family != kernel->family; i++)
		;
	return &neural_kernels[i];
}

static void *place(struct guard *g, enum guard_side side, const s32 *from, u32 n)
{
	void *p = guard_place(g, side, n * sizeof(s32), sizeof(s32));

	return n ? memcpy(p, from, n * sizeof(s32)) : p;
}

static bool run_map(const struct neural_kernel *kernel, u32 n, s32 alpha,
		    enum guard_side side, bool in_place, const s32 **y)
{
	struct neural_q16_map_args a = {
		.x = place(&g_x, side, x, n),
		.scale = place(&g_scale, side, scale, n),
		.shift = place(&g_shift, side, shift, n),
		.n = n, .alpha = alpha,
	};
	bool ok;

	a.y = in_place ? (s32 *)a.x : guard_place(&g_y, side, n * sizeof(s32), sizeof(s32));
	ok = guard_call((void (*)(const void *))kernel->fn, &a);
	*y = a.y;
	return ok && guard_intact(&g_x) && (in_place || guard_intact(&g_y));
}

static void check_map(const struct neural_kernel *kernel, u32 n, s32 alpha,
		      unsigned int *failed)
{
	const bool generic = kernel->level == NEURAL_SIMD_generic;
	u32 i, way;
	const s32 *y;

	run_map(generic_of(kernel), n, alpha, GUARD_START, false, &y);
	for (i = 0; i < n; i++)
		expect[i] = generic ? reference_one(kernel->family, i, alpha, y[i]) : y[i];
	for (way = 0; way < 4; way++) {
		const bool ok = run_map(kernel, n, alpha, way / 2, way % 2, &y);

		for (i = 0; i < n && y[i] == expect[i]; i++)
			;
		tap_check(failed, ok && i == n, "%s: n %u alpha %d way %u at %u, x %d",
			  kernel->name, n, alpha, way, i, i < n ? x[i] : 0);
	}
}

static unsigned int map_lengths(const struct neural_kernel *kernel)
{
	static const s32 alphas[] = { 0, 1, 21474836, 1 << 30, S32_MAX };
	unsigned int failed = 0;
	u32 n, turn;

	for (n = 0; n <= LONGEST; n++) {
		for (turn = 0; turn < 6; turn++) {
			fill(n, turn % VALUE_KINDS);
			check_map(kernel, n, alphas[(n + turn) % ARRAY_SIZE(alphas)], &failed);
		}
	}
	return failed;
}

/* Steps through all of s32, and one by one through what the table covers. */
static unsigned int map_sweep(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	s64 v;
	u32 i;

	for (v = S32_MIN; v <= S32_MAX; v += (s64)MAX_N * 4099) {
		for (i = 0; i < MAX_N; i++)
			x[i] = (u32)v + i * 4099;
		check_map(kernel, MAX_N, 21474836, &failed);
	}
	for (v = -(13 << 16); v < 13 << 16; v += MAX_N) {
		for (i = 0; i < MAX_N; i++)
			x[i] = v + i;
		check_map(kernel, MAX_N, S32_MAX, &failed);
	}
	return failed;
}

static bool run_split(const struct neural_kernel *kernel, u32 n, enum guard_side side)
{
	const size_t bytes = ALIGN(n, 2) * sizeof(s16);
	struct neural_q16_split_args a = {
		.hi = guard_place(&g_scale, side, bytes, 4),
		.lo = guard_place(&g_shift, side, bytes, 4),
		.x = place(&g_x, side, x, n),
		.n = n,
	};

	return guard_call((void (*)(const void *))kernel->fn, &a) &&
	       guard_intact(&g_scale) && guard_intact(&g_shift) &&
	       !memcmp(a.hi, expect_hi, bytes) && !memcmp(a.lo, expect_lo, bytes);
}

static unsigned int split_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 i, n, turn;

	for (n = 1; n <= LONGEST; n++) {
		for (turn = 0; turn < 12; turn++) {
			fill(n, turn % VALUE_KINDS);
			for (i = 0; i < n; i++) {
				expect_hi[i] = (x[i] - (s64)(x[i] & 0xffff)) / NEURAL_Q16_ONE;
				expect_lo[i] = x[i] - expect_hi[i] * (s64)NEURAL_Q16_ONE - 0x8000;
			}
			expect_hi[n] = 0;
			expect_lo[n] = 0;
			tap_check(&failed, run_split(kernel, n, turn % 2), "%s: n %u turn %u",
				  kernel->name, n, turn);
		}
	}
	return failed;
}

const struct aspect map_aspects[] = {
	{ NEURAL_FAMILY_q16_relu, "every n to 300, in place or not", map_lengths },
	{ NEURAL_FAMILY_q16_relu, "sweep of s32", map_sweep },
	{ NEURAL_FAMILY_q16_leaky_relu, "every n to 300, in place or not", map_lengths },
	{ NEURAL_FAMILY_q16_leaky_relu, "sweep of s32", map_sweep },
	{ NEURAL_FAMILY_q16_sigmoid, "every n to 300, in place or not", map_lengths },
	{ NEURAL_FAMILY_q16_sigmoid, "sweep of s32", map_sweep },
	{ NEURAL_FAMILY_q16_tanh, "every n to 300, in place or not", map_lengths },
	{ NEURAL_FAMILY_q16_tanh, "sweep of s32", map_sweep },
	{ NEURAL_FAMILY_q16_scale, "every n to 300, in place or not", map_lengths },
	{ NEURAL_FAMILY_q16_scale, "sweep of s32", map_sweep },
	{ NEURAL_FAMILY_q16_split, "every n to 300", split_lengths },
};

const unsigned int nr_map_aspects = ARRAY_SIZE(map_aspects);
