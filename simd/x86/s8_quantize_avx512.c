// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../s8_quantize.h"
#include "s8_zmm.h"

#define TILE	64

/* Below these many elements they are done one by one. */
#define SHORT	8

/**
 * struct neural_quantize_zmm - numbers of a call
 * @multiplier: in even places
 * @most: magnitude that others are bounded by
 * @half: of the divisor
 * @right: shift
 * @end: what follows
 */
struct neural_quantize_zmm {
	__m512i multiplier;
	__m512i most;
	__m512i half;
	__m128i right;
	struct neural_zmm_s8x4 end;
};

/* As s8_quantize_avx2.c does it. */
static __always_inline __m512i neural_quantize_sixteen(__m512i v,
						       const struct neural_quantize_zmm *p)
{
	const __m512i size = _mm512_min_epu32(_mm512_abs_epi32(v), p->most);
	__m512i even = _mm512_mul_epu32(size, p->multiplier);
	__m512i odd = _mm512_mul_epu32(neural_zmm_odd(size), p->multiplier);

	even = _mm512_srl_epi64(_mm512_add_epi64(even, p->half), p->right);
	odd = _mm512_srl_epi64(_mm512_add_epi64(odd, p->half), p->right);
	odd = _mm512_or_si512(even, _mm512_slli_epi64(odd, 32));
	return _mm512_mask_sub_epi32(odd, _mm512_movepi32_mask(v), _mm512_setzero_si512(), odd);
}

static __always_inline void neural_quantize_tile(s8 *y, const s32 *x, const u64 mask,
						 const struct neural_quantize_zmm *p)
{
	const __m512i x0 = _mm512_maskz_loadu_epi32(mask, x);
	const __m512i x1 = _mm512_maskz_loadu_epi32(mask >> 16, x + 16);
	const __m512i x2 = _mm512_maskz_loadu_epi32(mask >> 32, x + 32);
	const __m512i x3 = _mm512_maskz_loadu_epi32(mask >> 48, x + 48);
	const __m512i v = neural_zmm_s8x4(neural_quantize_sixteen(x0, p),
					  neural_quantize_sixteen(x1, p),
					  neural_quantize_sixteen(x2, p),
					  neural_quantize_sixteen(x3, p), &p->end);

	_mm512_mask_storeu_epi8(y, mask, v);
}

void neural_s8_quantize__avx512(const struct neural_s8_quantize_args *a)
{
	struct neural_quantize_zmm p;
	u32 i;

	if (a->n < SHORT) {
		neural_s8_quantize__generic(a);
		return;
	}
	p.multiplier = _mm512_set1_epi64(a->multiplier);
	p.most = _mm512_set1_epi32(neural_s8_quantize_most(a));
	p.half = _mm512_set1_epi64(neural_s8_quantize_half(a));
	p.right = _mm_cvtsi32_si128(a->right);
	p.end = neural_zmm_s8x4_load(a->zero_point, S8_MIN, S8_MAX);
	for (i = 0; i + TILE <= a->n; i += TILE)
		neural_quantize_tile(a->y + i, a->x + i, ~0ULL, &p);
	if (i < a->n)
		neural_quantize_tile(a->y + i, a->x + i, (1ULL << (a->n - i)) - 1, &p);
}
