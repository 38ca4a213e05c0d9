// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../s8_quantize.h"
#include "xmm.h"

#define TILE	16

/**
 * struct neural_quantize_xmm - numbers of a call
 * @multiplier: in even places
 * @most: magnitude that others are bounded by
 * @less: one less than that, for there is no comparison without a sign
 * @half: of the divisor
 * @right: shift
 * @zero_point: of the results, s16
 */
struct neural_quantize_xmm {
	__m128i multiplier;
	__m128i most;
	__m128i less;
	__m128i half;
	__m128i right;
	__m128i zero_point;
};

/*
 * As s8_quantize_avx2.c does it.  Before one is added to the complement of what is below 0
 * it fits s32, and as it is one less, it is past the bound where it is no less than that.
 */
static __always_inline __m128i neural_quantize_four(const s32 *x,
						    const struct neural_quantize_xmm *p)
{
	const __m128i v = neural_xmm_load(x);
	const __m128i sign = _mm_srai_epi32(v, 31);
	const __m128i flipped = _mm_xor_si128(v, sign);
	const __m128i past = _mm_cmpgt_epi32(flipped, p->less);
	const __m128i size = neural_xmm_select(past, p->most, _mm_sub_epi32(flipped, sign));
	__m128i even = _mm_mul_epu32(size, p->multiplier);
	__m128i odd = _mm_mul_epu32(_mm_srli_epi64(size, 32), p->multiplier);

	even = _mm_srl_epi64(_mm_add_epi64(even, p->half), p->right);
	odd = _mm_srl_epi64(_mm_add_epi64(odd, p->half), p->right);
	odd = _mm_or_si128(even, _mm_slli_epi64(odd, 32));
	return _mm_sub_epi32(_mm_xor_si128(odd, sign), sign);
}

static __always_inline void neural_quantize_tile(s8 *y, const s32 *x,
						 const struct neural_quantize_xmm *p)
{
	const __m128i v0 = neural_quantize_four(x, p);
	const __m128i v1 = neural_quantize_four(x + 4, p);
	const __m128i v2 = neural_quantize_four(x + 8, p);
	const __m128i v3 = neural_quantize_four(x + 12, p);
	const __m128i low = _mm_adds_epi16(_mm_packs_epi32(v0, v1), p->zero_point);
	const __m128i high = _mm_adds_epi16(_mm_packs_epi32(v2, v3), p->zero_point);

	_mm_storeu_si128((__m128i *)y, _mm_packs_epi16(low, high));
}

/* The end is done with what is before it once more, in a whole tile. */
void neural_s8_quantize__sse2(const struct neural_s8_quantize_args *a)
{
	struct neural_quantize_xmm p;
	u32 i, most;

	if (a->n < TILE) {
		neural_s8_quantize__generic(a);
		return;
	}
	most = neural_s8_quantize_most(a);
	p.multiplier = _mm_set1_epi64x(a->multiplier);
	p.most = _mm_set1_epi32(most);
	p.less = _mm_set1_epi32(most - 1);
	p.half = _mm_set1_epi64x(neural_s8_quantize_half(a));
	p.right = _mm_cvtsi32_si128(a->right);
	p.zero_point = _mm_set1_epi16(a->zero_point);
	for (i = 0; i + TILE < a->n; i += TILE)
		neural_quantize_tile(a->y + i, a->x + i, &p);
	neural_quantize_tile(a->y + a->n - TILE, a->x + a->n - TILE, &p);
}
