// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "zmm.h"

/* The lower digit's offset is a flip of its top bit. */
static __always_inline void neural_split_sixteen(const struct neural_q16_split_args *a,
						 u32 i, __mmask16 in, __mmask16 out)
{
	const __m512i x = _mm512_maskz_loadu_epi32(in, a->x + i);
	const __m256i flip = _mm256_set1_epi16(S16_MIN);
	const __m256i hi = _mm512_cvtepi32_epi16(_mm512_srli_epi32(x, 16));
	const __m256i lo = _mm256_xor_si256(_mm512_cvtepi32_epi16(x), flip);

	_mm256_mask_storeu_epi16(a->hi + i, out, hi);
	_mm256_mask_storeu_epi16(a->lo + i, out, _mm256_maskz_mov_epi16(in, lo));
}

void neural_q16_split__avx512(const struct neural_q16_split_args *a)
{
	u32 i, left;

	for (i = 0; i + 16 <= a->n; i += 16)
		neural_split_sixteen(a, i, 0xffff, 0xffff);
	left = a->n - i;
	if (left)
		neural_split_sixteen(a, i, neural_zmm_mask(left),
				     neural_zmm_mask(left + left % 2));
}
