// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_avx512.c, with weights as in s8s4_gemm_sse2.c. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_GEMM_BIAS	bias
#define NEURAL_GEMM_STEP	2
#define NEURAL_GEMM_SCALE	0

struct neural_gemm_x {
	__m512i even;
	__m512i odd;
};

struct neural_gemm_w {
	__m512i even;
	__m512i odd;
};

static __always_inline __m512i neural_gemm_even(__m512i v)
{
	return _mm512_srai_epi16(_mm512_slli_epi16(v, 8), 8);
}

static __always_inline __m512i neural_gemm_odd(__m512i v)
{
	return _mm512_srai_epi16(v, 8);
}

static __always_inline void neural_gemm_stage(struct neural_gemm_x *x, __m512i v)
{
	x->even = neural_gemm_even(v);
	x->odd = neural_gemm_odd(v);
}

static __always_inline struct neural_gemm_w neural_gemm_weights(const s8 *w, const u32 odd)
{
	const __m512i v = _mm512_loadu_si512(w);

	return (struct neural_gemm_w){
		_mm512_srai_epi16(_mm512_slli_epi16(v, odd ? 8 : 12), 12),
		_mm512_srai_epi16(odd ? v : _mm512_slli_epi16(v, 4), 12),
	};
}

static __always_inline void neural_gemm_mac(__m512i *sum, const struct neural_gemm_x *x,
					    u32 g, struct neural_gemm_w w)
{
	const __m512i even = _mm512_set1_epi32(((const s32 *)&x->even)[g]);
	const __m512i odd = _mm512_set1_epi32(((const s32 *)&x->odd)[g]);

	*sum = _mm512_add_epi32(*sum, _mm512_add_epi32(_mm512_madd_epi16(even, w.even),
						       _mm512_madd_epi16(odd, w.odd)));
	/* Or else products of both groups are added up first, which takes registers. */
	__asm__("" : "+v" (*sum));
}

#include "s8_gemm_zmm.h"

void neural_s8s4_gemm__avx512(const struct neural_s8_gemm_args *a)
{
	neural_gemm(a);
}
