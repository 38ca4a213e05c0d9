/* SPDX-License-Identifier: GPL-2.0-only */
/* Rescaling of sums to S8 in 128 bits, and what it has in common with 256. */
#ifndef _NEURAL_SIMD_X86_S8_XMM_H
#define _NEURAL_SIMD_X86_S8_XMM_H

#include "../../src/s8.h"
#include "xmm.h"

/**
 * struct neural_xmm_s8 - the way from what has been rescaled to the result, in s16
 * @zero_point: of the results
 * @min: smallest
 * @max: largest
 */
struct neural_xmm_s8 {
	__m128i zero_point;
	__m128i min;
	__m128i max;
};

static __always_inline struct neural_xmm_s8 neural_xmm_s8_load(s32 zero_point, s32 min,
							       s32 max)
{
	return (struct neural_xmm_s8){
		.zero_point = _mm_set1_epi16(zero_point),
		.min = _mm_set1_epi16(min),
		.max = _mm_set1_epi16(max),
	};
}

/* Of sixteen that have been packed to s16, which saturates: the bounds are within. */
static __always_inline __m128i neural_xmm_s8(__m128i v0, __m128i v1,
					     const struct neural_xmm_s8 *p)
{
	v0 = _mm_adds_epi16(v0, p->zero_point);
	v1 = _mm_adds_epi16(v1, p->zero_point);
	v0 = _mm_min_epi16(_mm_max_epi16(v0, p->min), p->max);
	v1 = _mm_min_epi16(_mm_max_epi16(v1, p->min), p->max);
	return _mm_packs_epi16(v0, v1);
}

/* The first @n of sixteen bytes, @n at least 1. */
static __always_inline void neural_xmm_store_s8(s8 *p, __m128i v, u32 n)
{
	u32 word;

	if (n >= 16) {
		_mm_storeu_si128((__m128i *)p, v);
		return;
	}
	if (n & 8) {
		_mm_storel_epi64((__m128i *)p, v);
		v = _mm_unpackhi_epi64(v, v);
		p += 8;
	}
	word = _mm_cvtsi128_si32(v);
	if (n & 4) {
		memcpy(p, &word, 4);
		word = _mm_cvtsi128_si32(_mm_srli_si128(v, 4));
		p += 4;
	}
	if (n & 2) {
		p[0] = word;
		p[1] = word >> 8;
		word >>= 16;
		p += 2;
	}
	if (n & 1)
		*p = word;
}

#endif /* _NEURAL_SIMD_X86_S8_XMM_H */
