// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx512vnni.c.  Twelve sums cover what a product takes. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_GEMM_BIAS	bias_u8
#define NEURAL_GEMM_STEP	1
#define NEURAL_GEMM_SCALE	0
#define NEURAL_GEMM_TILE	6

struct neural_gemm_x {
	s32 bytes[16];
};

struct neural_gemm_w {
	__m256i bytes;
};

static __always_inline void neural_gemm_stage(struct neural_gemm_x *x, u32 g, __m256i v)
{
	_mm256_storeu_si256((__m256i *)(x->bytes + g),
			    _mm256_xor_si256(v, _mm256_set1_epi8(-128)));
}

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	return (struct neural_gemm_w){ _mm256_loadu_si256((const __m256i *)w) };
}

static __always_inline void neural_gemm_mac(__m256i *sum, const struct neural_gemm_x *x,
					    u32 g, struct neural_gemm_w w)
{
	*sum = _mm256_dpbusd_avx_epi32(*sum, _mm256_set1_epi32(x->bytes[g]), w.bytes);
}

#include "s8_gemm_ymm.h"

void neural_s8_gemm__avxvnni(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
