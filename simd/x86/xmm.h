/* SPDX-License-Identifier: GPL-2.0-only */
/* What the SSE2 kernels share. */
#ifndef _NEURAL_SIMD_X86_XMM_H
#define _NEURAL_SIMD_X86_XMM_H

#include <immintrin.h>

#include "../../src/env.h"

static __always_inline __m128i neural_xmm_load(const void *p)
{
	return _mm_loadu_si128(p);
}

/* The upper dword of each qword, the odd elements of four. */
static __always_inline __m128i neural_xmm_odd_mask(void)
{
	return _mm_set_epi32(-1, 0, -1, 0);
}

/* Odd dwords to even places, for pmuludq to find. */
static __always_inline __m128i neural_xmm_odd(__m128i v)
{
	return _mm_shuffle_epi32(v, _MM_SHUFFLE(3, 3, 1, 1));
}

/* @yes where @mask is ones, @no where it is zeros. */
static __always_inline __m128i neural_xmm_select(__m128i mask, __m128i yes, __m128i no)
{
	return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

/* Four s64 from memory: even and odd ones. */
static __always_inline void neural_xmm_load_s64(const s64 *p, __m128i *even, __m128i *odd)
{
	const __m128i a = neural_xmm_load(p);
	const __m128i b = neural_xmm_load(p + 2);

	*even = _mm_unpacklo_epi64(a, b);
	*odd = _mm_unpackhi_epi64(a, b);
}

/*
 * neural_q16_round() of four sums, even and odd ones apart, to their order.
 *
 * There is no arithmetic shift of qwords and no need for one: bits 16 to 47 of
 * the sum are the result, moved to the dword the element belongs in, and it is
 * good if bits 47 to 63 agree.
 */
static __always_inline __m128i neural_xmm_round(__m128i even, __m128i odd)
{
	const __m128i mask = neural_xmm_odd_mask();
	const __m128i value = neural_xmm_select(mask, _mm_slli_epi64(odd, 16),
						_mm_srli_epi64(even, 16));
	const __m128i upper = _mm_or_si128(_mm_and_si128(mask, odd),
					   _mm_srli_epi64(even, 32));
	const __m128i sign = _mm_srai_epi32(upper, 31);
	const __m128i fits = _mm_cmpeq_epi32(_mm_srai_epi32(upper, 15), sign);
	const __m128i limit = _mm_xor_si128(sign, _mm_set1_epi32(S32_MAX));

	return neural_xmm_select(fits, value, limit);
}

/* The first @n of four elements, @n at least 1. */
static __always_inline void neural_xmm_store(s32 *p, __m128i v, u32 n)
{
	if (n >= 4) {
		_mm_storeu_si128((__m128i *)p, v);
		return;
	}
	p[0] = _mm_cvtsi128_si32(v);
	if (n > 1)
		p[1] = _mm_cvtsi128_si32(_mm_srli_si128(v, 4));
	if (n > 2)
		p[2] = _mm_cvtsi128_si32(_mm_srli_si128(v, 8));
}

#endif /* _NEURAL_SIMD_X86_XMM_H */
