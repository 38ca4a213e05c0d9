/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exp() in 62-bit fixed point, by its series, and by it the question whether a
 * Q16.16 result is within one LSB of the real function.  No table, no division.
 */
#ifndef _NEURAL_TEST_REFERENCE_EXP_H
#define _NEURAL_TEST_REFERENCE_EXP_H

#include <linux/math64.h>
#include <linux/neural.h>

#define REFERENCE_EXP_TERMS	20	/* 0.75^20 / 20! is below 2^-69 */
#define REFERENCE_EXP_HALVED	6	/* 48 / 2^6 is 0.75 */

/* exp(-@d / 65536) with 62 fraction bits; 0 from 48 on, where it is below 2^-69. */
static inline u64 reference_exp(u64 d)
{
	const u64 one = 1ULL << 62;
	u64 sum = one, x;
	int i;

	if (d >= 48ULL << 16)
		return 0;
	x = d << (62 - 16 - REFERENCE_EXP_HALVED);
	/* 1 - x/1 (1 - x/2 (1 - x/3 (...))) */
	for (i = REFERENCE_EXP_TERMS; i; i--)
		sum = one - div_u64(mul_u64_u64_shr(x, sum, 62), i);
	for (i = 0; i < REFERENCE_EXP_HALVED; i++)
		sum = mul_u64_u64_shr(sum, sum, 62);
	return sum;
}

static inline u64 reference_distance(s64 a, s64 b)
{
	return a < b ? b - a : a - b;
}

/* |@y / 65536 - @num / @den| * 65536 <= 1, all but @y with 44 fraction bits. */
static inline bool reference_near(s32 y, s64 num, s64 den)
{
	/* Further off the products could overflow. */
	if (y < 0 || y > 65537)
		return false;
	return reference_distance(y * den, num * 65536) <= den;
}

static inline bool reference_sigmoid_near(s32 x, s32 y)
{
	const s64 one = 1LL << 44;
	const s64 e = reference_exp(x < 0 ? -(s64)x : x) >> 18;

	return reference_near(y, x < 0 ? e : one, one + e);
}

static inline bool reference_tanh_near(s32 x, s32 y)
{
	const s64 one = 1LL << 44;
	const s64 e = reference_exp(2 * (x < 0 ? -(s64)x : x)) >> 18;

	return reference_near(x < 0 ? -y : y, one - e, one + e);
}

/* A softmax of @n, at most 512, elements; where it is off, or @n. */
static inline u32 reference_softmax_near(const s32 *x, const s32 *y, u32 n)
{
	s32 top = x[0];
	s64 sum = 0;
	u32 i;

	for (i = 1; i < n; i++)
		top = x[i] > top ? x[i] : top;
	for (i = 0; i < n; i++)
		sum += reference_exp((s64)top - x[i]) >> 26;
	for (i = 0; i < n; i++)
		if (!reference_near(y[i], reference_exp((s64)top - x[i]) >> 26, sum))
			return i;
	return n;
}

#endif /* _NEURAL_TEST_REFERENCE_EXP_H */
