// SPDX-License-Identifier: GPL-2.0-only
/* Sigmoid and tanh; see the AVX2 kernel for the gather. */
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "zmm.h"

#define DROP	(NEURAL_Q16_SIGMOID_BITS - NEURAL_Q16_SHIFT)

/* neural_q16_sigmoid_chord() of sixteen magnitudes. */
static __always_inline __m512i neural_chord(__m512i size, const int up)
{
	const int step = NEURAL_Q16_SIGMOID_STEP - up;
	const __m512i end = _mm512_set1_epi32(NEURAL_Q16_SIGMOID_LAST << step);
	const __m512i last = _mm512_set1_epi32(NEURAL_Q16_SIGMOID_LAST - 1);
	const __m512i a = _mm512_min_epu32(size, end);
	const __m512i i = _mm512_min_epu32(_mm512_srli_epi32(a, step), last);
	const __m512i frac = _mm512_sub_epi32(a, _mm512_slli_epi32(i, step));
	const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16,
					      14, 12, 10, 8, 6, 4, 2, 0);
	const __m512i odd = _mm512_or_si512(even, _mm512_set1_epi32(1));
	const void *t = neural_q16_sigmoid_table;
	const __m512i p = _mm512_i32gather_epi64(_mm512_castsi512_si256(i), t, 4);
	const __m512i q = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(i, 1), t, 4);
	const __m512i from = _mm512_permutex2var_epi32(p, even, q);
	const __m512i to = _mm512_permutex2var_epi32(p, odd, q);
	const __m512i rise = _mm512_mullo_epi32(_mm512_sub_epi32(to, from), frac);

	return _mm512_add_epi32(from, _mm512_srai_epi32(rise, step));
}

static __always_inline __m512i neural_sigmoid(__m512i x)
{
	const __m512i one = _mm512_set1_epi32(NEURAL_Q16_ONE);
	__m512i y = neural_chord(_mm512_abs_epi32(x), 0);

	y = _mm512_srai_epi32(_mm512_add_epi32(y, _mm512_set1_epi32(1 << (DROP - 1))), DROP);
	return _mm512_mask_sub_epi32(y, _mm512_movepi32_mask(x), one, y);
}

static __always_inline __m512i neural_tanh(__m512i x)
{
	const s32 less = (1 << NEURAL_Q16_SIGMOID_BITS) - (1 << (DROP - 1));
	__m512i y = neural_chord(_mm512_abs_epi32(x), 1);

	y = _mm512_sub_epi32(_mm512_add_epi32(y, y), _mm512_set1_epi32(less));
	y = _mm512_srai_epi32(y, DROP);
	return _mm512_mask_sub_epi32(y, _mm512_movepi32_mask(x), _mm512_setzero_si512(), y);
}

void neural_q16_sigmoid__avx512(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 16) {
		const __mmask16 m = neural_zmm_mask(a->n - i);
		const __m512i x = _mm512_maskz_loadu_epi32(m, a->x + i);

		_mm512_mask_storeu_epi32(a->y + i, m, neural_sigmoid(x));
	}
}

void neural_q16_tanh__avx512(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 16) {
		const __mmask16 m = neural_zmm_mask(a->n - i);
		const __m512i x = _mm512_maskz_loadu_epi32(m, a->x + i);

		_mm512_mask_storeu_epi32(a->y + i, m, neural_tanh(x));
	}
}
