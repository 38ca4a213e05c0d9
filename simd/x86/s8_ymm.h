/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rescaling of sums to S8 in 256 bits.
 *
 * neural_mbqm() rounds twice.  The first time halves go up, so that is an addition to the
 * product.  The second time they go away from zero, which is up once the sign has been put
 * aside; vpsignd puts it back.
 */
#ifndef _NEURAL_SIMD_X86_S8_YMM_H
#define _NEURAL_SIMD_X86_S8_YMM_H

#include "s8_xmm.h"
#include "ymm.h"

/**
 * struct neural_ymm_rescale - multipliers and shifts of eight outputs
 * @multiplier: as they are
 * @odd: odd ones in even places
 * @left: shift to the left
 * @right: shift to the right
 * @half: of the divisor that is a shift to the right
 */
struct neural_ymm_rescale {
	__m256i multiplier;
	__m256i odd;
	__m256i left;
	__m256i right;
	__m256i half;
};

static __always_inline struct neural_ymm_rescale neural_ymm_rescale_init(__m256i multiplier,
									 __m256i shift)
{
	const __m256i zero = _mm256_setzero_si256();
	const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);

	return (struct neural_ymm_rescale){
		.multiplier = multiplier,
		.odd = neural_ymm_odd(multiplier),
		.left = _mm256_max_epi32(shift, zero),
		.right = right,
		.half = _mm256_srli_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), right), 1),
	};
}

static __always_inline struct neural_ymm_rescale
neural_ymm_rescale_load(const s32 *multiplier, const s32 *shift)
{
	return neural_ymm_rescale_init(neural_ymm_load(multiplier), neural_ymm_load(shift));
}

/* neural_mbqm() of eight sums. */
static __always_inline __m256i neural_ymm_rescale(__m256i v,
						  const struct neural_ymm_rescale *p)
{
	const __m256i half = _mm256_set1_epi64x(1LL << 30);
	__m256i even, odd, size;

	v = _mm256_sllv_epi32(v, p->left);
	even = _mm256_add_epi64(_mm256_mul_epi32(v, p->multiplier), half);
	odd = _mm256_add_epi64(_mm256_mul_epi32(neural_ymm_odd(v), p->odd), half);
	v = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1),
			       NEURAL_YMM_ODD);
	size = _mm256_add_epi32(_mm256_abs_epi32(v), p->half);
	return _mm256_sign_epi32(_mm256_srlv_epi32(size, p->right), v);
}

/* The first @n of 32 bytes, the rest zero and not read. */
static __always_inline __m256i neural_ymm_load_s8(const s8 *p, u32 n)
{
	if (n > 16)
		return _mm256_set_m128i(neural_xmm_load_s8(p + 16, n - 16),
					neural_xmm_load(p));
	return _mm256_zextsi128_si256(neural_xmm_load_s8(p, n));
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
