// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "xmm.h"

void neural_q16_relu__sse2(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i + 4 <= a->n; i += 4) {
		const __m128i x = neural_xmm_load(a->x + i);

		neural_xmm_store(a->y + i, _mm_andnot_si128(_mm_srai_epi32(x, 31), x), 4);
	}
	for (; i < a->n; i++)
		a->y[i] = neural_q16_relu(a->x[i]);
}

/*
 * pmuludq takes no sign, so the magnitude is multiplied and the product taken from
 * the rounding constant: 2^30 + x * alpha = 2^30 - |x| * alpha.  Bits 31 to 62 of
 * that are the result, moved to the dword they belong in.
 */
static __always_inline __m128i neural_leaky(__m128i x, __m128i alpha)
{
	const __m128i sign = _mm_srai_epi32(x, 31);
	const __m128i size = _mm_sub_epi32(_mm_xor_si128(x, sign), sign);
	const __m128i half = _mm_set1_epi64x(1LL << 30);
	const __m128i even = _mm_sub_epi64(half, _mm_mul_epu32(size, alpha));
	const __m128i odd = _mm_sub_epi64(half, _mm_mul_epu32(_mm_srli_epi64(size, 32), alpha));
	const __m128i y = neural_xmm_select(neural_xmm_odd_mask(), _mm_slli_epi64(odd, 1),
					    _mm_srli_epi64(even, 31));

	return neural_xmm_select(sign, y, x);
}

void neural_q16_leaky_relu__sse2(const struct neural_q16_map_args *a)
{
	const __m128i alpha = _mm_set1_epi32(a->alpha);
	u32 i;

	for (i = 0; i + 4 <= a->n; i += 4)
		neural_xmm_store(a->y + i, neural_leaky(neural_xmm_load(a->x + i), alpha), 4);
	for (; i < a->n; i++)
		a->y[i] = neural_q16_leaky_relu(a->x[i], a->alpha);
}

/*
 * Signed products out of unsigned ones: a negative factor counts as 2^32 too
 * large, which adds the other factor to the upper dword.  The addend is shifted
 * by 16 as two halves, for there is no arithmetic shift of qwords.
 */
static __always_inline __m128i neural_scale(__m128i x, __m128i scale, __m128i shift)
{
	const __m128i mask = neural_xmm_odd_mask();
	const __m128i excess = _mm_add_epi32(_mm_and_si128(_mm_srai_epi32(x, 31), scale),
					     _mm_and_si128(_mm_srai_epi32(scale, 31), x));
	const __m128i upper = _mm_sub_epi32(_mm_srai_epi32(shift, 16), excess);
	const __m128i lower = _mm_slli_epi32(shift, 16);
	const __m128i half = _mm_set1_epi64x(NEURAL_Q16_HALF_LSB);
	__m128i even = _mm_mul_epu32(x, scale);
	__m128i odd = _mm_mul_epu32(_mm_srli_epi64(x, 32), _mm_srli_epi64(scale, 32));

	even = _mm_add_epi64(even, _mm_or_si128(_mm_andnot_si128(mask, lower),
						_mm_slli_epi64(upper, 32)));
	odd = _mm_add_epi64(odd, _mm_or_si128(_mm_srli_epi64(lower, 32),
					      _mm_and_si128(mask, upper)));
	return neural_xmm_round(_mm_add_epi64(even, half), _mm_add_epi64(odd, half));
}

void neural_q16_scale__sse2(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i + 4 <= a->n; i += 4)
		neural_xmm_store(a->y + i, neural_scale(neural_xmm_load(a->x + i),
							neural_xmm_load(a->scale + i),
							neural_xmm_load(a->shift + i)), 4);
	for (; i < a->n; i++)
		a->y[i] = neural_q16_scale(a->x[i], a->scale[i], a->shift[i]);
}
