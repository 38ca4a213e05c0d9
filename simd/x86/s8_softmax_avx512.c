// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "s8_lut_zmm.h"
#include "s8_zmm.h"

static __always_inline __m128i neural_softmax_most(const s8 *x, u32 n)
{
	__m512i most = _mm512_set1_epi8(S8_MIN);
	__m256i half;
	u32 i;

	for (i = 0; i < n; i += 64)
		most = _mm512_mask_max_epi8(most, neural_lut_mask(n - i), most,
					    _mm512_maskz_loadu_epi8(neural_lut_mask(n - i),
								    x + i));
	half = _mm256_max_epi8(_mm512_castsi512_si256(most),
			       _mm512_extracti64x4_epi64(most, 1));
	return _mm_max_epi8(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static __always_inline void neural_softmax_results(s8 *result, const s32 *exp, s32 scale,
						   u32 shift)
{
	const struct neural_zmm_s8 end = neural_zmm_s8_load(S8_MIN, S8_MIN, S8_MAX);
	const struct neural_zmm_rescale p =
		neural_zmm_rescale_init(_mm512_set1_epi32(scale),
					_mm512_set1_epi32(-(s32)shift));
	u32 d;

	for (d = 0; d < 256; d += 16) {
		const __m512i v = neural_zmm_rescale(neural_zmm_load(exp + d), &p);

		_mm_store_si128((__m128i *)(result + d), neural_zmm_s8(v, &end));
	}
}

static __always_inline void neural_softmax_look_up(s8 *y, const s8 *x, u32 n, s32 largest,
						   const s8 *result)
{
	const __m512i top = _mm512_set1_epi8(largest);
	struct neural_lut_zmm t;
	u32 i;

	neural_lut_load(&t, result);
	for (i = 0; i < n; i += 64) {
		const __mmask64 mask = neural_lut_mask(n - i);
		const __m512i v = _mm512_sub_epi8(top, _mm512_maskz_loadu_epi8(mask, x + i));

		_mm512_mask_storeu_epi8(y + i, mask, neural_lut_zmm(&t, v));
	}
}

#include "s8_softmax_long.h"

void neural_s8_softmax__avx512(const struct neural_s8_softmax_args *a)
{
	neural_softmax(a);
}
