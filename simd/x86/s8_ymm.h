/* SPDX-License-Identifier: GPL-2.0-only */
/* Rescaling of sums to S8 in 256 bits; see s8_zmm.h for how. */
#ifndef _NEURAL_SIMD_X86_S8_YMM_H
#define _NEURAL_SIMD_X86_S8_YMM_H

#include "s8_xmm.h"
#include "ymm.h"

/* Multipliers and shifts of eight outputs; as &struct neural_zmm_rescale. */
struct neural_ymm_rescale {
	__m256i multiplier;
	__m256i odd;
	__m256i left;
	__m256i sign;
	__m256i right;
	__m256i last;
};

static __always_inline struct neural_ymm_rescale
neural_ymm_rescale_load(const s32 *multiplier, const s32 *shift)
{
	const __m256i zero = _mm256_setzero_si256();
	const __m256i one = _mm256_set1_epi32(1);
	const __m256i s = neural_ymm_load(shift);
	const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, s), zero);
	struct neural_ymm_rescale p;

	p.multiplier = neural_ymm_load(multiplier);
	p.odd = neural_ymm_odd(p.multiplier);
	p.left = _mm256_max_epi32(s, zero);
	p.last = _mm256_min_epi32(right, one);
	p.right = _mm256_sub_epi32(right, p.last);
	p.sign = _mm256_sub_epi32(_mm256_set1_epi32(32), p.last);
	return p;
}

/* neural_mbqm() of eight sums. */
static __always_inline __m256i neural_ymm_rescale(__m256i v,
						  const struct neural_ymm_rescale *p)
{
	const __m256i half = _mm256_set1_epi64x(1LL << 30);
	__m256i even, odd;

	v = _mm256_sllv_epi32(v, p->left);
	even = _mm256_add_epi64(_mm256_mul_epi32(v, p->multiplier), half);
	odd = _mm256_add_epi64(_mm256_mul_epi32(neural_ymm_odd(v), p->odd), half);
	v = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1),
			       NEURAL_YMM_ODD);
	v = _mm256_sub_epi32(v, _mm256_srlv_epi32(v, p->sign));
	v = _mm256_add_epi32(_mm256_srav_epi32(v, p->right), p->last);
	return _mm256_srav_epi32(v, p->last);
}

/* neural_requantize_s8() of sixteen: what saturates on the way is past the bounds. */
static __always_inline __m128i neural_ymm_s8(__m256i v0, __m256i v1,
					     const struct neural_xmm_s8 *p)
{
	/* Of 0..3 8..11 4..7 12..15 to their order. */
	const __m256i v = _mm256_permute4x64_epi64(_mm256_packs_epi32(v0, v1), 0xd8);

	return neural_xmm_s8(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1), p);
}

#endif /* _NEURAL_SIMD_X86_S8_YMM_H */
