/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernels of normalisation share: all that is done once a row. */
#ifndef _NEURAL_SIMD_S8_NORM_H
#define _NEURAL_SIMD_S8_NORM_H

#include "kernels.h"

/**
 * struct neural_norm_row - what a row is multiplied with
 * @sum: of its elements less the zero point; 0 where they are not centred
 * @inverse: of the deviation, 2^32 at most
 * @bits: to shift the product by, 4 .. 34
 *
 * With c = n * (x - zero) - sum, the normalised element is
 * (c * inverse + 2^(bits - 1)) >> bits.
 */
struct neural_norm_row {
	s64 sum;
	u64 inverse;
	u32 bits;
};

/* floor(sqrt(@v)) for @v below 2^62. */
static inline u32 neural_norm_root(u64 v)
{
	u32 bit, root = 0;

	for (bit = 1U << 30; bit; bit >>= 1) {
		const u64 try = root | bit;

		if (try * try <= v)
			root = try;
	}
	return root;
}

/*
 * 2^62 / sqrt(@d * 4^*@up), with *@up chosen so that the root has 31 bits: both it and
 * its inverse are then good to 2^-30 of themselves.
 */
static inline u64 neural_norm_inverse(u64 d, u32 *up)
{
	for (*up = 0; d < 1ULL << 60; (*up)++)
		d <<= 2;
	return div64_u64(1ULL << 62, neural_norm_root(d));
}

/* @sum of the elements less the zero point, and that of their @squares. */
static inline struct neural_norm_row neural_norm_row(const struct neural_s8_norm *p, s64 sum,
						     s64 squares)
{
	struct neural_norm_row row = { .sum = p->centre ? sum : 0 };
	u32 up = 0;
	u64 d;

	d = ((u64)(p->n * squares - row.sum * row.sum) << 16) +
	    (u64)p->epsilon * p->n * p->n;
	/* Without any variance, nor any epsilon, every element is the mean. */
	if (d)
		row.inverse = neural_norm_inverse(d, &up);
	row.bits = 54 - NEURAL_S8_NORM_BITS - up;
	return row;
}

#endif /* _NEURAL_SIMD_S8_NORM_H */
