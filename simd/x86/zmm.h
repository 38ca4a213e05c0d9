/* SPDX-License-Identifier: GPL-2.0-only */
/* What the AVX-512 kernels share. */
#ifndef _NEURAL_SIMD_X86_ZMM_H
#define _NEURAL_SIMD_X86_ZMM_H

#include <immintrin.h>

#include "../../src/env.h"

#define NEURAL_ZMM_ODD	0xaaaa	/* mask: the odd elements of sixteen */

static __always_inline __m512i neural_zmm_load(const void *p)
{
	return _mm512_loadu_si512(p);
}

/* Odd dwords to even places, for vpmuldq to find; the shuffle is of any dwords. */
static __always_inline __m512i neural_zmm_odd(__m512i v)
{
	return _mm512_castps_si512(_mm512_movehdup_ps(_mm512_castsi512_ps(v)));
}

/* Sixteen s64 from memory: even and odd ones. */
static __always_inline void neural_zmm_load_s64(const s64 *p, __m512i *even, __m512i *odd)
{
	const __m512i a = neural_zmm_load(p);
	const __m512i b = neural_zmm_load(p + 8);
	const __m512i pick = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);

	*even = _mm512_permutex2var_epi64(a, pick, b);
	*odd = _mm512_permutex2var_epi64(a, _mm512_add_epi64(pick, _mm512_set1_epi64(1)), b);
}

/* neural_q16_round() of sixteen sums; see neural_xmm_round() for how. */
static __always_inline __m512i neural_zmm_round(__m512i even, __m512i odd)
{
	const __m512i value = _mm512_mask_blend_epi32(NEURAL_ZMM_ODD,
						      _mm512_srli_epi64(even, 16),
						      _mm512_slli_epi64(odd, 16));
	const __m512i upper = _mm512_mask_blend_epi32(NEURAL_ZMM_ODD,
						      _mm512_srli_epi64(even, 32), odd);
	const __m512i sign = _mm512_srai_epi32(upper, 31);
	const __mmask16 fits = _mm512_cmpeq_epi32_mask(_mm512_srai_epi32(upper, 15), sign);
	const __m512i limit = _mm512_xor_si512(sign, _mm512_set1_epi32(S32_MAX));

	return _mm512_mask_mov_epi32(limit, fits, value);
}

/* Ones for the first @n of sixteen elements. */
static __always_inline __mmask16 neural_zmm_mask(u32 n)
{
	return n >= 16 ? 0xffff : (1U << n) - 1;
}

#endif /* _NEURAL_SIMD_X86_ZMM_H */
