// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "s8_lut_ymm.h"
#include "s8_ymm.h"

static __always_inline __m128i neural_softmax_most(const s8 *x, u32 n)
{
	__m256i most = neural_ymm_load(x + n - 32);
	u32 i;

	for (i = 0; i + 32 < n; i += 32)
		most = _mm256_max_epi8(most, neural_ymm_load(x + i));
	return _mm_max_epi8(_mm256_castsi256_si128(most), _mm256_extracti128_si256(most, 1));
}

static __always_inline void neural_softmax_results(s8 *result, const s32 *exp, s32 scale,
						   u32 shift)
{
	const struct neural_xmm_s8 end = neural_xmm_s8_load(S8_MIN, S8_MIN, S8_MAX);
	const struct neural_ymm_rescale p =
		neural_ymm_rescale_init(_mm256_set1_epi32(scale),
					_mm256_set1_epi32(-(s32)shift));
	u32 d;

	for (d = 0; d < 256; d += 16) {
		const __m256i v0 = neural_ymm_rescale(neural_ymm_load(exp + d), &p);
		const __m256i v1 = neural_ymm_rescale(neural_ymm_load(exp + d + 8), &p);

		_mm_store_si128((__m128i *)(result + d), neural_ymm_s8(v0, v1, &end));
	}
}

/* As in s8_lut_avx2.c the end is done twice, and read before results take its place. */
static __always_inline void neural_softmax_look_up(s8 *y, const s8 *x, u32 n, s32 largest,
						   const s8 *result)
{
	const __m256i top = _mm256_set1_epi8(largest);
	__m256i v0, v1, end0, end1;
	struct neural_lut_ymm t;
	u32 i;

	neural_lut_load(&t, result);
	end0 = _mm256_sub_epi8(top, neural_ymm_load(x + n - 64));
	end1 = _mm256_sub_epi8(top, neural_ymm_load(x + n - 32));
	for (i = 0; i + 64 < n; i += 64) {
		v0 = _mm256_sub_epi8(top, neural_ymm_load(x + i));
		v1 = _mm256_sub_epi8(top, neural_ymm_load(x + i + 32));
		neural_lut_two(&t, &v0, &v1);
		_mm256_storeu_si256((__m256i *)(y + i), v0);
		_mm256_storeu_si256((__m256i *)(y + i + 32), v1);
	}
	neural_lut_two(&t, &end0, &end1);
	_mm256_storeu_si256((__m256i *)(y + n - 64), end0);
	_mm256_storeu_si256((__m256i *)(y + n - 32), end1);
}

#include "s8_softmax_long.h"

void neural_s8_softmax__avx2(const struct neural_s8_softmax_args *a)
{
	neural_softmax(a);
}
