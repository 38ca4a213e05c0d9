// SPDX-License-Identifier: GPL-2.0-only
/* A product of four bytes each, where one of the factors is unsigned. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_GEMM_BIAS	bias_u8
#define NEURAL_GEMM_STEP	1
#define NEURAL_GEMM_SCALE	0

struct neural_gemm_x {
	__m512i bytes;
};

struct neural_gemm_w {
	__m512i bytes;
};

static __always_inline void neural_gemm_stage(struct neural_gemm_x *x, __m512i v)
{
	x->bytes = _mm512_xor_si512(v, _mm512_set1_epi8(-128));
}

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	return (struct neural_gemm_w){ _mm512_loadu_si512(w) };
}

static __always_inline void neural_gemm_mac(__m512i *sum, const struct neural_gemm_x *x,
					    u32 g, struct neural_gemm_w w)
{
	*sum = _mm512_dpbusd_epi32(*sum, _mm512_set1_epi32(((const s32 *)x)[g]), w.bytes);
}

#include "s8_gemm_zmm.h"

void neural_s8_gemm__avx512vnni(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
