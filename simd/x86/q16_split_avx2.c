// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "ymm.h"

/* As the SSE2 kernel; packing works within lanes, hence the permutation. */
void neural_q16_split__avx2(const struct neural_q16_split_args *a)
{
	const __m256i flip = _mm256_set1_epi16(S16_MIN);
	u32 i;

	for (i = 0; i + 16 <= a->n; i += 16) {
		const __m256i x0 = neural_ymm_load(a->x + i);
		const __m256i x1 = neural_ymm_load(a->x + i + 8);
		const __m256i hi = _mm256_packs_epi32(_mm256_srai_epi32(x0, 16),
						      _mm256_srai_epi32(x1, 16));
		const __m256i l0 = _mm256_srai_epi32(_mm256_slli_epi32(x0, 16), 16);
		const __m256i l1 = _mm256_srai_epi32(_mm256_slli_epi32(x1, 16), 16);
		const __m256i lo = _mm256_xor_si256(_mm256_packs_epi32(l0, l1), flip);

		_mm256_storeu_si256((__m256i *)(a->hi + i),
				    _mm256_permute4x64_epi64(hi, 0xd8));
		_mm256_storeu_si256((__m256i *)(a->lo + i),
				    _mm256_permute4x64_epi64(lo, 0xd8));
	}
	for (; i < a->n; i++) {
		a->hi[i] = a->x[i] >> 16;
		a->lo[i] = (a->x[i] & 0xffff) - 0x8000;
	}
	if (i % 2) {
		a->hi[i] = 0;
		a->lo[i] = 0;
	}
}
