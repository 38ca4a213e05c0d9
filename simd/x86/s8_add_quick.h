/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sums of two S8 tensors with one rounding in the place of five, where it gives the same.
 *
 * With x and y the operands less their zero points, the result is x * ra + y * rb, where
 * ra and rb are products of two multipliers and powers of two, rounded five times on the
 * way.  The first four of these move it by no more than a slack that is known, and far
 * smaller than 1: where the last one has no half within the slack, it gives what rounding
 * the plain sum once gives.  Where there is one, about once in a hundred vectors, and in
 * layers whose numbers leave too much of it, things are computed as they are defined.
 */
#ifndef _NEURAL_SIMD_X86_S8_ADD_QUICK_H
#define _NEURAL_SIMD_X86_S8_ADD_QUICK_H

#include "../kernels.h"

/* Operands less their zero points are at most this. */
#define NEURAL_ADD_REACH	255

#define NEURAL_ADD_SHIFT_MAX	23
#define NEURAL_ADD_SHIFT_MIN	12

/**
 * struct neural_add_quick - a * @a + b * @b + @c, shifted to the right by @shift
 * @a: factor of the first operand
 * @b: of the second, negative where that is taken off
 * @c: zero points and the half that rounds, less half of @slack
 * @slack: if adding this does not change the shifted sum, that is the result
 * @shift: 0 if none of this is to be used
 */
struct neural_add_quick {
	s32 a;
	s32 b;
	s32 c;
	s32 slack;
	u32 shift;
};

/* Two multipliers, times 2^@shift, to the nearest integer; U32_MAX for too large a one. */
static inline u32 neural_add_factor(s32 m0, s32 m1, s32 shift)
{
	const u64 product = (u64)m0 * m1;

	if (shift < -62)
		return 0;
	if (shift > -32)
		return U32_MAX;
	return (product + (1ULL << (-shift - 1))) >> -shift;
}

/* False if sums leave s32, or slack is too large to be worth it. */
static inline bool neural_add_quick_try(const struct neural_s8_add *p, u32 shift,
					struct neural_add_quick *quick)
{
	const s32 scale = (s32)p->left_shift + p->shift + (s32)shift - 62;
	const u64 a = neural_add_factor(p->a_multiplier, p->multiplier, scale + p->a_shift);
	const u64 b = neural_add_factor(p->b_multiplier, p->multiplier, scale + p->b_shift);
	const u32 right = -p->shift;
	u64 slack;

	/*
	 * Half a unit from each factor.  Each operand is rounded twice, by at most 1 in
	 * all, which is then multiplied; the product is rounded by a half and shifted.
	 */
	slack = NEURAL_ADD_REACH + ((u64)p->multiplier >> (30 + right - shift)) + 1 +
		((1ULL << shift) >> (right + 1)) + 1 + 1;
	if (slack > 1U << (shift - 5) ||
	    (a + b) * NEURAL_ADD_REACH + (1U << shift) + 2 * slack > S32_MAX)
		return false;
	*quick = (struct neural_add_quick){
		.a = a,
		.b = p->subtract ? -(s32)b : (s32)b,
		.slack = 2 * slack,
		.shift = shift,
	};
	/* Modulo 2^32: the sum is within. */
	quick->c = (1U << (shift - 1)) - (u32)slack - (u32)p->a_zero * (u32)quick->a -
		   (u32)p->b_zero * (u32)quick->b;
	return true;
}

static inline struct neural_add_quick neural_add_quick(const struct neural_s8_add *p)
{
	struct neural_add_quick quick = { };
	u32 shift;

	if (p->shift >= 0)
		return quick;
	for (shift = NEURAL_ADD_SHIFT_MAX; shift >= NEURAL_ADD_SHIFT_MIN; shift--)
		if (neural_add_quick_try(p, shift, &quick))
			break;
	return quick;
}

#endif /* _NEURAL_SIMD_X86_S8_ADD_QUICK_H */
