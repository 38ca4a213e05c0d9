// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx512.c, with inputs that have no sign. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_CONV_STAGE	8

struct neural_conv_x {
	s32 even[NEURAL_CONV_STAGE];
	s32 odd[NEURAL_CONV_STAGE];
};

struct neural_conv_w {
	__m512i even;
	__m512i odd;
};

/*
 * Segments are often short, and what is stored here is about to be loaded: no more of it
 * than is needed.
 */
static __always_inline void neural_conv_stage(struct neural_conv_x *x, const u8 *at, u32 n)
{
	const __m256i mask = _mm256_set1_epi16(0xff);

	if (n > 4) {
		const __m256i v = _mm256_loadu_si256((const __m256i *)at);

		_mm256_storeu_si256((__m256i *)x->even, _mm256_and_si256(v, mask));
		_mm256_storeu_si256((__m256i *)x->odd, _mm256_srli_epi16(v, 8));
	} else {
		const __m128i v = _mm_loadu_si128((const __m128i *)at);

		_mm_storeu_si128((__m128i *)x->even,
				 _mm_and_si128(v, _mm256_castsi256_si128(mask)));
		_mm_storeu_si128((__m128i *)x->odd, _mm_srli_epi16(v, 8));
	}
}

static __always_inline struct neural_conv_w neural_conv_weights(const s8 *w)
{
	const __m512i v = _mm512_loadu_si512(w);

	return (struct neural_conv_w){
		.even = _mm512_srai_epi16(_mm512_slli_epi16(v, 8), 8),
		.odd = _mm512_srai_epi16(v, 8),
	};
}

static __always_inline void neural_conv_mac(__m512i *sum, const struct neural_conv_x *x,
					    u32 g, struct neural_conv_w w)
{
	const __m512i even = _mm512_set1_epi32(x->even[g]);
	const __m512i odd = _mm512_set1_epi32(x->odd[g]);

	*sum = _mm512_add_epi32(*sum, _mm512_add_epi32(_mm512_madd_epi16(even, w.even),
						       _mm512_madd_epi16(odd, w.odd)));
}

#include "s8_conv_zmm.h"

void neural_s8_conv__avx512(const struct neural_s8_conv_args *a)
{
	neural_conv(a);
}
