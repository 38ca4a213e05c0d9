// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "ymm.h"

void neural_q16_relu__avx2(const struct neural_q16_map_args *a)
{
	const __m256i zero = _mm256_setzero_si256();
	u32 i;

	for (i = 0; i < a->n; i += 8) {
		const u32 n = a->n - i;

		neural_ymm_store_n(a->y + i,
				   _mm256_max_epi32(neural_ymm_load_n(a->x + i, n), zero), n);
	}
}

/* Bits 31 to 62 of the rounded product, moved to the dword they belong in. */
static __always_inline __m256i neural_leaky(__m256i x, __m256i alpha)
{
	const __m256i half = _mm256_set1_epi64x(1LL << 30);
	const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, alpha), half);
	const __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), alpha),
					     half);
	const __m256i y = _mm256_blend_epi32(_mm256_srli_epi64(even, 31),
					     _mm256_slli_epi64(odd, 1), NEURAL_YMM_ODD);

	return _mm256_blendv_epi8(x, y, _mm256_srai_epi32(x, 31));
}

void neural_q16_leaky_relu__avx2(const struct neural_q16_map_args *a)
{
	const __m256i alpha = _mm256_set1_epi32(a->alpha);
	u32 i;

	for (i = 0; i < a->n; i += 8) {
		const u32 n = a->n - i;

		neural_ymm_store_n(a->y + i,
				   neural_leaky(neural_ymm_load_n(a->x + i, n), alpha), n);
	}
}

/* The addend is widened by multiplying: there is no arithmetic shift of qwords. */
static __always_inline __m256i neural_scale_half(__m256i x, __m256i scale, __m256i shift)
{
	const __m256i one = _mm256_set1_epi32(NEURAL_Q16_ONE);
	const __m256i half = _mm256_set1_epi64x(NEURAL_Q16_HALF_LSB);

	return _mm256_add_epi64(_mm256_mul_epi32(x, scale),
				_mm256_add_epi64(_mm256_mul_epi32(shift, one), half));
}

void neural_q16_scale__avx2(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i += 8) {
		const u32 n = a->n - i;
		const __m256i x = neural_ymm_load_n(a->x + i, n);
		const __m256i scale = neural_ymm_load_n(a->scale + i, n);
		const __m256i shift = neural_ymm_load_n(a->shift + i, n);
		const __m256i even = neural_scale_half(x, scale, shift);
		const __m256i odd = neural_scale_half(_mm256_srli_epi64(x, 32),
						      _mm256_srli_epi64(scale, 32),
						      _mm256_srli_epi64(shift, 32));

		neural_ymm_store_n(a->y + i, neural_ymm_round(even, odd), n);
	}
}
