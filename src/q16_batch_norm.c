// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batch normalisation, folded into what precedes it or made a multiply-add.
 */
#include "q16_batch_norm.h"
#include "q16.h"

/* Digits to base 4 before the point, and after it with one bit to round by. */
#define ROOT_WHOLE	NEURAL_Q16_AFFINE_LIMIT
#define ROOT_FRACTION	(NEURAL_Q16_AFFINE_BITS + 1)

/*
 * floor(2^ROOT_FRACTION * sqrt(@num / @den)) for @num / @den < 4^ROOT_WHOLE and
 * 0 < @den < 2^62, exactly: the school method for square roots, one bit of root
 * for two of radicand, its digits taken from a long division as they are needed.
 * Afterwards the root has 62 bits; before its last bit 4 * rem + 3 is at most
 * 8 * (2^61 - 1) + 3, so nothing overflows.
 */
static u64 root_of_quotient(u64 num, u64 den)
{
	const u64 whole = div64_u64(num, den);
	u64 left = num - whole * den;
	u64 root = 0, rem = 0;
	int i;

	for (i = ROOT_WHOLE - 1; i >= -ROOT_FRACTION; i--) {
		u64 digit;

		if (i >= 0) {
			digit = whole >> (2 * i) & 3;
		} else {
			left *= 4;
			digit = div64_u64(left, den);
			left -= digit * den;
		}
		rem = 4 * rem + digit;
		root *= 2;
		if (rem > 2 * root) {
			rem -= 2 * root + 1;
			root++;
		}
	}
	return root;
}

int neural_q16_bn_coeff(struct neural_q16_affine *out, s32 gamma, s32 beta, s32 mean,
			s32 variance, u32 epsilon)
{
	const u64 square = (s64)gamma * gamma;
	u64 v;
	s64 scale;

	if (variance < 0)
		return -EINVAL;
	/* Q32, the square of a Q16 deviation: the scale is gamma / sqrt(v). */
	v = ((u64)variance << 16) + epsilon;
	if (!v)
		return -EINVAL;
	if (div64_u64(square, v) >> (2 * ROOT_WHOLE))
		return -ERANGE;

	scale = (s64)((root_of_quotient(square, v) + 1) / 2);
	out->scale = gamma < 0 ? -scale : scale;
	out->mean = mean;
	out->beta = beta;
	return 0;
}

/*
 * floor(@a * @scale / 2^40 + 1/2) for |@a| < 2^32 and |@scale| <= 2^61, where
 * the product has 93 bits.  The lower 31 of @scale are multiplied apart: below
 * the rounding bit only the sign of what is cut off matters, and a shift to the
 * right keeps it.
 */
static s64 affine_mul(s64 a, s64 scale)
{
	const s64 hi = scale >> 31;
	const s64 lo = scale & ((1LL << 31) - 1);
	const s64 product = a * hi + ((a * lo) >> 31);	/* floor(a * scale / 2^31) */

	return (product + (1 << 8)) >> (NEURAL_Q16_AFFINE_BITS - 31);
}

static bool fits_s32(s64 v)
{
	return v == (s32)v;
}

int neural_q16_bn_fold_row(const struct neural_q16_affine *bn, s32 *w, u32 k, s32 *b)
{
	const s64 bias = affine_mul((s64)*b - bn->mean, bn->scale) + bn->beta;
	u32 i;

	if (!fits_s32(bias))
		return -ERANGE;
	for (i = 0; i < k; i++)
		if (!fits_s32(affine_mul(w[i], bn->scale)))
			return -ERANGE;

	for (i = 0; i < k; i++)
		w[i] = (s32)affine_mul(w[i], bn->scale);
	*b = (s32)bias;
	return 0;
}

int neural_q16_bn_scale(const struct neural_q16_affine *bn, s32 *scale, s32 *shift)
{
	const u32 drop = NEURAL_Q16_AFFINE_BITS - NEURAL_Q16_SHIFT;
	const s64 factor = (bn->scale + (1LL << (drop - 1))) >> drop;
	s64 addend;

	if (!fits_s32(factor))
		return -ERANGE;
	addend = (-(s64)bn->mean * factor + NEURAL_Q16_HALF_LSB) >> NEURAL_Q16_SHIFT;
	addend += bn->beta;
	if (!fits_s32(addend))
		return -ERANGE;

	*scale = (s32)factor;
	*shift = (s32)addend;
	return 0;
}
