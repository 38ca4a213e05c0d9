// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx512.c.  Four rows use the words of weights four times. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_GEMM_BIAS	bias
#define NEURAL_GEMM_STEP	1
#define NEURAL_GEMM_SCALE	0
#define NEURAL_GEMM_TILE	4

struct neural_gemm_x {
	s32 even[16];
	s32 odd[16];
};

struct neural_gemm_w {
	__m256i even;
	__m256i odd;
};

static __always_inline __m256i neural_gemm_even(__m256i v)
{
	return _mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8);
}

static __always_inline __m256i neural_gemm_odd(__m256i v)
{
	return _mm256_srai_epi16(v, 8);
}

static __always_inline void neural_gemm_stage(struct neural_gemm_x *x, u32 g, __m256i v)
{
	_mm256_storeu_si256((__m256i *)(x->even + g), neural_gemm_even(v));
	_mm256_storeu_si256((__m256i *)(x->odd + g), neural_gemm_odd(v));
}

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	const __m256i v = _mm256_loadu_si256((const __m256i *)w);

	return (struct neural_gemm_w){ neural_gemm_even(v), neural_gemm_odd(v) };
}

static __always_inline void neural_gemm_mac(__m256i *sum, const struct neural_gemm_x *x,
					    u32 g, struct neural_gemm_w w)
{
	const __m256i even = _mm256_madd_epi16(_mm256_set1_epi32(x->even[g]), w.even);
	const __m256i odd = _mm256_madd_epi16(_mm256_set1_epi32(x->odd[g]), w.odd);

	*sum = _mm256_add_epi32(*sum, _mm256_add_epi32(even, odd));
}

#include "s8_gemm_ymm.h"

void neural_s8_gemm__avx2(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
