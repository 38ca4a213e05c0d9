// SPDX-License-Identifier: GPL-2.0-only
/*
 * As s8_gemm_sse2.c.  A word holds the even weight of two groups and then the odd one of
 * both: shifts make words of them as they do of bytes.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

#define NEURAL_GEMM_STEP	2

struct neural_gemm_w {
	__m128i even;
	__m128i odd;
};

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	const __m128i v = neural_xmm_load(w);

	return (struct neural_gemm_w){
		_mm_srai_epi16(_mm_slli_epi16(v, odd ? 8 : 12), 12),
		_mm_srai_epi16(odd ? v : _mm_slli_epi16(v, 4), 12),
	};
}

#include "s8_gemm_xmm.h"

void neural_s8s4_gemm__sse2(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
