/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softmax of long vectors, for AVX2 and AVX-512: the file that includes this defines
 *
 *	neural_softmax_most()		sixteen elements, the largest of all among them
 *	neural_softmax_results()	results of all 256 distances to the largest
 *	neural_softmax_look_up()	and those of a vector.
 *
 * Results depend on the distance to the largest element alone: of long vectors all 256 are
 * made, 16 at a time, and looked up.  Only the sum goes by element, one load behind the
 * other; gathers of as many are slower on every CPU that has had to have them patched.
 */
#ifndef _NEURAL_SIMD_X86_S8_SOFTMAX_LONG_H
#define _NEURAL_SIMD_X86_S8_SOFTMAX_LONG_H

#include <immintrin.h>

#include "../s8_softmax.h"

/* Below these many elements it would not pay to make more results than are wanted. */
#define NEURAL_SOFTMAX_SHORT	64

/* Turned around, the largest is the least of bytes without a sign. */
static __always_inline s32 neural_softmax_largest(__m128i v)
{
	v = _mm_xor_si128(v, _mm_set1_epi8(S8_MAX));
	v = _mm_min_epu8(v, _mm_srli_epi16(v, 8));
	v = _mm_minpos_epu16(_mm_and_si128(v, _mm_set1_epi16(U8_MAX)));
	return S8_MAX - (u8)_mm_cvtsi128_si32(v);
}

static __always_inline void neural_softmax(const struct neural_s8_softmax_args *a)
{
	s8 result[256] __aligned(64);
	s32 largest, scale;
	u32 shift;

	if (a->n < NEURAL_SOFTMAX_SHORT) {
		neural_s8_softmax__generic(a);
		return;
	}
	largest = neural_softmax_largest(neural_softmax_most(a->x, a->n));
	scale = neural_s8_softmax_scale(neural_s8_softmax_total(a, largest), &shift);
	if (shift > 31) {
		memset(a->y, S8_MIN, a->n);
		return;
	}
	neural_softmax_results(result, a->exp, scale, shift);
	neural_softmax_look_up(a->y, a->x, a->n, largest, result);
}

#endif /* _NEURAL_SIMD_X86_S8_SOFTMAX_LONG_H */
