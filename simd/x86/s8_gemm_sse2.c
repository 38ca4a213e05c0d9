// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx512.c. */
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

#define NEURAL_GEMM_STEP	1

struct neural_gemm_w {
	__m128i even;
	__m128i odd;
};

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	const __m128i v = neural_xmm_load(w);

	return (struct neural_gemm_w){ neural_xmm_even_s8(v), neural_xmm_odd_s8(v) };
}

#include "s8_gemm_xmm.h"

void neural_s8_gemm__sse2(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
