// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx2.c, with inputs that have no sign. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_CONV_STAGE	16
#define NEURAL_WALK_TILE	4

struct neural_conv_x {
	s32 even[NEURAL_CONV_STAGE];
	s32 odd[NEURAL_CONV_STAGE];
};

struct neural_conv_w {
	__m256i even;
	__m256i odd;
};

static __always_inline void neural_conv_stage_half(struct neural_conv_x *x, u32 g,
						   const u8 *at)
{
	const __m256i v = _mm256_loadu_si256((const __m256i *)at);

	_mm256_storeu_si256((__m256i *)(x->even + g),
			    _mm256_and_si256(v, _mm256_set1_epi16(0xff)));
	_mm256_storeu_si256((__m256i *)(x->odd + g), _mm256_srli_epi16(v, 8));
}

/* Segments are often short. */
static __always_inline void neural_conv_stage(struct neural_conv_x *x, const u8 *at, u32 n)
{
	neural_conv_stage_half(x, 0, at);
	if (n > 8)
		neural_conv_stage_half(x, 8, at + 32);
}

static __always_inline struct neural_conv_w neural_conv_weights(const s8 *w)
{
	const __m256i v = _mm256_loadu_si256((const __m256i *)w);

	return (struct neural_conv_w){
		.even = _mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8),
		.odd = _mm256_srai_epi16(v, 8),
	};
}

static __always_inline void neural_conv_mac(__m256i *sum, const struct neural_conv_x *x,
					    u32 g, struct neural_conv_w w)
{
	const __m256i even = _mm256_madd_epi16(_mm256_set1_epi32(x->even[g]), w.even);
	const __m256i odd = _mm256_madd_epi16(_mm256_set1_epi32(x->odd[g]), w.odd);

	*sum = _mm256_add_epi32(*sum, _mm256_add_epi32(even, odd));
}

#include "s8_conv_ymm.h"

void neural_s8_conv__avx2(const struct neural_s8_conv_args *a)
{
	neural_conv(a);
}
