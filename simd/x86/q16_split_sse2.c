// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "xmm.h"

/*
 * Both digits are packed with signed saturation, which changes nothing once they
 * are sign-extended; the offset of the lower digit is a flip of its top bit.
 */
void neural_q16_split__sse2(const struct neural_q16_split_args *a)
{
	const __m128i flip = _mm_set1_epi16(S16_MIN);
	u32 i;

	for (i = 0; i + 8 <= a->n; i += 8) {
		const __m128i x0 = neural_xmm_load(a->x + i);
		const __m128i x1 = neural_xmm_load(a->x + i + 4);
		const __m128i lo = _mm_packs_epi32(_mm_srai_epi32(_mm_slli_epi32(x0, 16), 16),
						   _mm_srai_epi32(_mm_slli_epi32(x1, 16), 16));

		_mm_storeu_si128((__m128i *)(a->hi + i),
				 _mm_packs_epi32(_mm_srai_epi32(x0, 16),
						 _mm_srai_epi32(x1, 16)));
		_mm_storeu_si128((__m128i *)(a->lo + i), _mm_xor_si128(lo, flip));
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
