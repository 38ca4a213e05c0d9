/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of 256 bytes in 256 bits. */
#ifndef _NEURAL_SIMD_X86_S8_LUT_YMM_H
#define _NEURAL_SIMD_X86_S8_LUT_YMM_H

#include "ymm.h"

/*
 * A byte shuffle looks up 16 entries, and gives zero where the sign of the index is set.
 * So let an index go down by 16 with each of the 8 parts of a half of the table, and let
 * each part be what it says less (exclusively or) what the part before it says: whatever
 * was too high an index for its own part adds up to it, and whatever belongs to the other
 * half is negative throughout, for the subtraction saturates.
 *
 * That is 16 shuffles for 32 elements: on a Zen 4 a quarter of the time of loading them one
 * by one.
 */
#define LUT_PARTS	8

struct neural_lut_ymm {
	__m256i low[LUT_PARTS];
	__m256i high[LUT_PARTS];
};

static __always_inline void neural_lut_half(__m256i part[LUT_PARTS], const s8 *table)
{
	__m128i last = _mm_setzero_si128();
	u32 i;

	for (i = 0; i < LUT_PARTS; i++) {
		const __m128i now = _mm_load_si128((const __m128i *)(table + 16 * i));

		part[i] = _mm256_broadcastsi128_si256(_mm_xor_si128(now, last));
		last = now;
	}
}

static __always_inline void neural_lut_load(struct neural_lut_ymm *t, const s8 *table)
{
	neural_lut_half(t->low, table);
	neural_lut_half(t->high, table + 128);
}

/* Two vectors, so that parts that do not fit the registers are loaded half as often. */
static __always_inline void neural_lut_two(const struct neural_lut_ymm *t, __m256i *v0,
					   __m256i *v1)
{
	const __m256i step = _mm256_set1_epi8(16), sign = _mm256_set1_epi8(-128);
	__m256i l0 = *v0, l1 = *v1;
	__m256i h0 = _mm256_xor_si256(l0, sign), h1 = _mm256_xor_si256(l1, sign);
	__m256i y0 = _mm256_setzero_si256(), y1 = y0;
	u32 i;

#pragma GCC unroll 8
	for (i = 0; i < LUT_PARTS; i++) {
		y0 = _mm256_xor_si256(y0, _mm256_shuffle_epi8(t->low[i], l0));
		y1 = _mm256_xor_si256(y1, _mm256_shuffle_epi8(t->low[i], l1));
		y0 = _mm256_xor_si256(y0, _mm256_shuffle_epi8(t->high[i], h0));
		y1 = _mm256_xor_si256(y1, _mm256_shuffle_epi8(t->high[i], h1));
		l0 = _mm256_subs_epi8(l0, step);
		l1 = _mm256_subs_epi8(l1, step);
		h0 = _mm256_subs_epi8(h0, step);
		h1 = _mm256_subs_epi8(h1, step);
	}
	*v0 = y0;
	*v1 = y1;
}

#endif /* _NEURAL_SIMD_X86_S8_LUT_YMM_H */
