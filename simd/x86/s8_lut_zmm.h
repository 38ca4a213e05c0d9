/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of 256 bytes in 512 bits. */
#ifndef _NEURAL_SIMD_X86_S8_LUT_ZMM_H
#define _NEURAL_SIMD_X86_S8_LUT_ZMM_H

#include "zmm.h"

/*
 * As s8_lut_ymm.h does it, with all parts of the table in registers and two exclusive ors
 * in one instruction.  vpermi2b would need a quarter of the instructions, but comes with
 * AVX512_VBMI, which is no part of a level.
 */
#define LUT_PARTS	8

struct neural_lut_zmm {
	__m512i low[LUT_PARTS];
	__m512i high[LUT_PARTS];
};

static __always_inline void neural_lut_half(__m512i part[LUT_PARTS], const s8 *table)
{
	__m128i last = _mm_setzero_si128();
	u32 i;

	for (i = 0; i < LUT_PARTS; i++) {
		const __m128i now = _mm_load_si128((const __m128i *)(table + 16 * i));

		part[i] = _mm512_broadcast_i32x4(_mm_xor_si128(now, last));
		last = now;
	}
}

static __always_inline void neural_lut_load(struct neural_lut_zmm *t, const s8 *table)
{
	neural_lut_half(t->low, table);
	neural_lut_half(t->high, table + 128);
}

static __always_inline __mmask64 neural_lut_mask(u32 n)
{
	return n < 64 ? (1ULL << n) - 1 : ~0ULL;
}

static __always_inline __m512i neural_lut_zmm(const struct neural_lut_zmm *t, __m512i v)
{
	const __m512i step = _mm512_set1_epi8(16);
	__m512i low = v, high = _mm512_xor_si512(v, _mm512_set1_epi8(-128));
	__m512i y = _mm512_setzero_si512();
	u32 i;

#pragma GCC unroll 8
	for (i = 0; i < LUT_PARTS; i++) {
		y = _mm512_ternarylogic_epi32(y, _mm512_shuffle_epi8(t->low[i], low),
					      _mm512_shuffle_epi8(t->high[i], high), 0x96);
		low = _mm512_subs_epi8(low, step);
		high = _mm512_subs_epi8(high, step);
	}
	return y;
}

#endif /* _NEURAL_SIMD_X86_S8_LUT_ZMM_H */
