// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "zmm.h"

void neural_q16_relu__avx512(const struct neural_q16_map_args *a)
{
	const __m512i zero = _mm512_setzero_si512();
	u32 i;

	for (i = 0; i < a->n; i += 16) {
		const __mmask16 m = neural_zmm_mask(a->n - i);
		const __m512i x = _mm512_maskz_loadu_epi32(m, a->x + i);

		_mm512_mask_storeu_epi32(a->y + i, m, _mm512_max_epi32(x, zero));
	}
}

/* Bits 31 to 62 of the rounded product, moved to the dword they belong in. */
static __always_inline __m512i neural_leaky(__m512i x, __m512i alpha)
{
	const __m512i half = _mm512_set1_epi64(1LL << 30);
	const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, alpha), half);
	const __m512i odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(x, 32), alpha),
					     half);
	const __m512i y = _mm512_mask_blend_epi32(NEURAL_ZMM_ODD,
						  _mm512_srli_epi64(even, 31),
						  _mm512_slli_epi64(odd, 1));

	return _mm512_mask_mov_epi32(x, _mm512_movepi32_mask(x), y);
}

void neural_q16_leaky_relu__avx512(const struct neural_q16_map_args *a)
{
	const __m512i alpha = _mm512_set1_epi32(a->alpha);
	u32 i;

	for (i = 0; i < a->n; i += 16) {
		const __mmask16 m = neural_zmm_mask(a->n - i);
		const __m512i x = _mm512_maskz_loadu_epi32(m, a->x + i);

		_mm512_mask_storeu_epi32(a->y + i, m, neural_leaky(x, alpha));
	}
}

/* @shift in the upper dwords: 16 arithmetic bits down is 16 up from where it was. */
static __always_inline __m512i neural_scale_half(__m512i x, __m512i scale, __m512i shift)
{
	const __m512i half = _mm512_set1_epi64(NEURAL_Q16_HALF_LSB);
	const __m512i upper = _mm512_set1_epi64(~0ULL << 32);
	const __m512i bias = _mm512_srai_epi64(_mm512_and_si512(shift, upper), 16);

	return _mm512_add_epi64(_mm512_mul_epi32(x, scale), _mm512_add_epi64(bias, half));
}

void neural_q16_scale__avx512(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 16) {
		const __mmask16 m = neural_zmm_mask(a->n - i);
		const __m512i x = _mm512_maskz_loadu_epi32(m, a->x + i);
		const __m512i scale = _mm512_maskz_loadu_epi32(m, a->scale + i);
		const __m512i shift = _mm512_maskz_loadu_epi32(m, a->shift + i);
		const __m512i even = neural_scale_half(x, scale, _mm512_slli_epi64(shift, 32));
		const __m512i odd = neural_scale_half(_mm512_srli_epi64(x, 32),
						      _mm512_srli_epi64(scale, 32), shift);

		_mm512_mask_storeu_epi32(a->y + i, m, neural_zmm_round(even, odd));
	}
}
