/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scalar arithmetic of the S8 operations: the definition every kernel is held to.
 *
 * Normative, see Documentation/numerics.rst.  Rescaling rounds twice, which is what the
 * format these models come from calls double rounding.
 */
#ifndef _NEURAL_S8_H
#define _NEURAL_S8_H

#include "env.h"

/* Shifts of a rescaling, to the left where positive. */
#define NEURAL_S8_SHIFT_MIN	(-31)
#define NEURAL_S8_SHIFT_MAX	31

/* Upper half of twice the product; halves are rounded up, not away from zero. */
static inline s32 neural_srdhm(s32 a, s32 b)
{
	if (a == S32_MIN && b == S32_MIN)
		return S32_MAX;
	return ((s64)a * b + (1LL << 30)) >> 31;
}

/* x / 2^@shift, to nearest, halves away from zero; @shift is 0 .. 31. */
static inline s32 neural_rdbypot(s32 x, u32 shift)
{
	const u32 mask = (1U << shift) - 1;
	const u32 rest = (u32)x & mask;

	return (x >> shift) + (rest > (mask >> 1) + (x < 0));
}

/*
 * x * @multiplier * 2^(@shift - 31), for a multiplier that is not negative and a shift
 * within the limits above.
 *
 * Defined for every x.  That a shift to the left loses no bits is proved beforehand,
 * see neural_verify_rescale(); here it would wrap.
 */
static inline s32 neural_mbqm(s32 x, s32 multiplier, s32 shift)
{
	const u32 left = shift > 0 ? shift : 0;
	const u32 right = shift > 0 ? 0 : -shift;

	return neural_rdbypot(neural_srdhm((s32)((u32)x << left), multiplier), right);
}

/*
 * @x * @multiplier / 2^@right, for a multiplier that is not negative and 0 .. 62 bits, to
 * nearest, halves away from zero: halves up, of what is negative and has been made one
 * less.  The product is below 2^62 in magnitude, and 2^61 at most is added to it.
 */
static inline s64 neural_scale_away(s32 x, s32 multiplier, u32 right)
{
	const s64 product = (s64)x * multiplier;

	if (!right)
		return product;
	return (product + (1LL << (right - 1)) + (product >> 63)) >> right;
}

static inline s8 neural_clamp_s8(s32 v, s32 min, s32 max)
{
	return clamp_t(s32, v, min, max);
}

/* A result of neural_mbqm() and the zero point it is relative to. */
static inline s8 neural_requantize_s8(s32 v, s32 zero_point, s32 min, s32 max)
{
	return clamp_t(s64, (s64)v + zero_point, min, max);
}

#endif /* _NEURAL_S8_H */
