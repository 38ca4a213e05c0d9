/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernels of S8 softmax share: all that is done once a vector. */
#ifndef _NEURAL_SIMD_S8_SOFTMAX_H
#define _NEURAL_SIMD_S8_SOFTMAX_H

#include "../src/s8.h"
#include "../src/s8_exp.h"
#include "kernels.h"

/* Fraction bits of the sum. */
#define NEURAL_S8_SOFTMAX_SUM	19

/* Four sums, for one would wait for itself. */
static __always_inline u64 neural_s8_softmax_total(const struct neural_s8_softmax_args *a,
						   s32 largest)
{
	const u32 *term = a->term;
	u64 s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	const s8 *x = a->x;
	u32 i;

	for (i = 0; i + 4 <= a->n; i += 4, x += 4) {
		s0 += term[largest - x[0]];
		s1 += term[largest - x[1]];
		s2 += term[largest - x[2]];
		s3 += term[largest - x[3]];
	}
	for (; i < a->n; i++, x++)
		s0 += term[largest - *x];
	return s0 + s1 + s2 + s3;
}

/*
 * What results are multiplied with, of a sum that is at least 1.0 because the largest
 * element is in it; and *@shift, by how much they are shifted to the right then: 8 bits of
 * the quotient stay.
 */
static inline s32 neural_s8_softmax_scale(u64 sum, u32 *shift)
{
	const u32 top = fls64(sum) - 1;
	const u64 rest = sum - (1ULL << top);

	*shift = top - NEURAL_S8_SOFTMAX_SUM + 31 - 8;
	return neural_s8_reciprocal(top > 31 ? rest >> (top - 31) : rest << (31 - top));
}

#endif /* _NEURAL_SIMD_S8_SOFTMAX_H */
