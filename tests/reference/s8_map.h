/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Elementwise S8 arithmetic in real numbers: a rescaling is the product over a power of
 * two, rounded to an integer twice.  No bit is shifted or masked.
 */
#ifndef _NEURAL_TEST_REFERENCE_S8_MAP_H
#define _NEURAL_TEST_REFERENCE_S8_MAP_H

#include "arith.h"

/* @num / 2^@bits to the nearest integer, halves up. */
static inline s64 reference_half_up(s64 num, u32 bits)
{
	return bits ? reference_floor(num + (1LL << (bits - 1)), bits) : num;
}

/* The same, halves away from zero. */
static inline s64 reference_half_away(s64 num, u32 bits)
{
	return num < 0 ? -reference_half_up(-num, bits) : reference_half_up(num, bits);
}

static inline s64 reference_rescale(s64 x, s32 multiplier, s32 shift)
{
	const s64 unit = shift > 0 ? 1LL << shift : 1;

	return reference_half_away(reference_half_up(x * unit * multiplier, 31),
				   shift > 0 ? 0 : -shift);
}

static inline s64 reference_clamp(s64 v, s64 low, s64 high)
{
	if (v < low)
		return low;
	return v > high ? high : v;
}

/**
 * struct reference_add - numbers of a sum of two S8 values
 * @zero: zero points of a, b and the result
 * @left: shift of a and b before all else
 * @multiplier: of a, b and the sum
 * @shift: likewise
 * @low: least result
 * @high: largest result
 */
struct reference_add {
	s32 zero[3];
	u32 left;
	s32 multiplier[3];
	s32 shift[3];
	s32 low;
	s32 high;
};

/* @sign is 1, or -1 for a difference. */
static inline s8 reference_add_s8(const struct reference_add *r, s32 a, s32 b, s32 sign)
{
	const s64 unit = 1LL << r->left;
	const s64 sa = reference_rescale((a - r->zero[0]) * unit, r->multiplier[0],
					 r->shift[0]);
	const s64 sb = reference_rescale((b - r->zero[1]) * unit, r->multiplier[1],
					 r->shift[1]);
	const s64 y = reference_rescale(sa + sign * sb, r->multiplier[2], r->shift[2]);

	return reference_clamp(y + r->zero[2], r->low, r->high);
}

/* Of @r the last rescaling is used. */
static inline s8 reference_mul_s8(const struct reference_add *r, s32 a, s32 b)
{
	const s64 y = reference_rescale((s64)(a - r->zero[0]) * (b - r->zero[1]),
					r->multiplier[2], r->shift[2]);

	return reference_clamp(y + r->zero[2], r->low, r->high);
}

/* Fixed point to S8; @right is 0 .. 62. */
static inline s8 reference_quantize_s8(s32 x, s32 multiplier, u32 right, s32 zero)
{
	const s64 y = reference_half_away((s64)x * multiplier, right);

	return reference_clamp(y + zero, -128, 127);
}

/* A multiplier and a shift: of any kind, or such that @x is some hundred steps. */
static inline void reference_quantize_random(u64 *seed, s32 x, s32 *multiplier, u32 *right)
{
	const u64 size = x < 0 ? 0ULL - (s64)x : (u64)x;

	*multiplier = reference_between(seed, 1 << 30, NEURAL_FP_MAX);
	*right = reference_between(seed, 0, 62);
	if (reference_random(seed) % 4) {
		for (*right = 22; *right < 53 && size >> (*right - 22); (*right)++)
			;
		*right -= reference_random(seed) % 3;
	} else if (reference_random(seed) % 2) {
		*multiplier = reference_random(seed) % 4 ? reference_between(seed, 0, 1 << 20) :
							   reference_between(seed, 0, 1);
	}
}

static inline s8 reference_any_s8(u64 *seed)
{
	static const s8 edge[] = { -128, -127, -1, 0, 1, 127 };

	if (reference_random(seed) % 4)
		return reference_between(seed, -128, 127);
	return edge[reference_random(seed) % ARRAY_SIZE(edge)];
}

/*
 * What may be met: the shifts of an addition that was made for its scales, any zero
 * point, and bounds in any order that is one.
 */
static inline void reference_add_random(struct reference_add *r, u64 *seed)
{
	u32 i;

	r->left = reference_random(seed) % 4 ? 20 : reference_between(seed, 0, 20);
	for (i = 0; i < 3; i++) {
		r->zero[i] = reference_any_s8(seed);
		r->multiplier[i] = reference_between(seed, 1 << 30, NEURAL_FP_MAX);
		r->shift[i] = -reference_between(seed, 0, 6);
	}
	r->shift[2] -= r->left > 9 ? r->left - 9 : 0;
	if (!(reference_random(seed) % 16))
		r->multiplier[reference_random(seed) % 3] = 0;
	r->low = -128;
	r->high = 127;
	if (reference_random(seed) % 2) {
		r->low = reference_any_s8(seed);
		r->high = reference_between(seed, r->low, 127);
	}
}

/* The same for a product, of at most 255 * 255. */
static inline void reference_mul_random(struct reference_add *r, u64 *seed)
{
	reference_add_random(r, seed);
	r->shift[2] = reference_between(seed, -12, 0);
	if (!(reference_random(seed) % 4))
		r->shift[2] = reference_between(seed, -31, 15);
}

#endif /* _NEURAL_TEST_REFERENCE_S8_MAP_H */
