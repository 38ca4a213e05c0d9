// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "zmm.h"

/*
 * As s8_lut_avx2.c does it, with all parts of the table in registers and two exclusive ors
 * in one instruction.  vpermi2b would need a quarter of the instructions, but comes with
 * AVX512_VBMI, which is no part of a level.
 */
#define PARTS	8

struct neural_lut_zmm {
	__m512i low[PARTS];
	__m512i high[PARTS];
};

static __always_inline void neural_lut_half(__m512i part[PARTS], const s8 *table)
{
	__m128i last = _mm_setzero_si128();
	u32 i;

	for (i = 0; i < PARTS; i++) {
		const __m128i now = _mm_load_si128((const __m128i *)(table + 16 * i));

		part[i] = _mm512_broadcast_i32x4(_mm_xor_si128(now, last));
		last = now;
	}
}

static __always_inline __m512i neural_lut_zmm(const struct neural_lut_zmm *t, __m512i v)
{
	const __m512i step = _mm512_set1_epi8(16);
	__m512i low = v, high = _mm512_xor_si512(v, _mm512_set1_epi8(-128));
	__m512i y = _mm512_setzero_si512();
	u32 i;

#pragma GCC unroll 8
	for (i = 0; i < PARTS; i++) {
		y = _mm512_ternarylogic_epi32(y, _mm512_shuffle_epi8(t->low[i], low),
					      _mm512_shuffle_epi8(t->high[i], high), 0x96);
		low = _mm512_subs_epi8(low, step);
		high = _mm512_subs_epi8(high, step);
	}
	return y;
}

void neural_s8_lut__avx512(const struct neural_s8_lut_args *a)
{
	const u32 n = a->n;
	struct neural_lut_zmm t;
	u32 i;

	if (n < 32) {
		neural_s8_lut__generic(a);
		return;
	}
	neural_lut_half(t.low, a->table);
	neural_lut_half(t.high, a->table + 128);
	for (i = 0; i < n; i += 64) {
		const __mmask64 mask = n - i < 64 ? (1ULL << (n - i)) - 1 : ~0ULL;
		const __m512i v = _mm512_maskz_loadu_epi8(mask, a->x + i);

		_mm512_mask_storeu_epi8(a->y + i, mask, neural_lut_zmm(&t, v));
	}
}
