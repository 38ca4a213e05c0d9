/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rescaling of sums to S8 in 128 bits, and what it has in common with 256.
 *
 * pmuludq is the only multiplication there is: signs are put aside, and with them gone
 * the first rounding, halves up, is one less before the shift for what is negative.  No
 * shift goes by element, so those are multiplications as well.
 */
#ifndef _NEURAL_SIMD_X86_S8_XMM_H
#define _NEURAL_SIMD_X86_S8_XMM_H

#include "../../src/s8.h"
#include "xmm.h"

/**
 * struct neural_xmm_rescale - multipliers and shifts of four outputs
 * @multiplier: as they are
 * @left: 2 to the shift to the left
 * @half: of the divisor that is a shift to the right
 * @right: 2 to 31 less the shift to the right
 */
struct neural_xmm_rescale {
	__m128i multiplier;
	__m128i left;
	__m128i half;
	__m128i right;
};

static __always_inline struct neural_xmm_rescale neural_xmm_rescale_load(const s32 *multiplier,
									 const s32 *shift)
{
	u32 left[4], half[4], right[4];
	u32 i;

	for (i = 0; i < 4; i++) {
		const u32 down = shift[i] > 0 ? 0 : -shift[i];

		left[i] = 1U << (shift[i] > 0 ? shift[i] : 0);
		half[i] = (1U << down) >> 1;
		right[i] = 1U << (31 - down);
	}
	return (struct neural_xmm_rescale){
		.multiplier = neural_xmm_load(multiplier),
		.left = neural_xmm_load(left),
		.half = neural_xmm_load(half),
		.right = neural_xmm_load(right),
	};
}

/* Magnitudes in even places; @sign is -1 as s64 where negative. */
static __always_inline __m128i neural_xmm_rescale_half(__m128i size, __m128i sign,
						       __m128i multiplier, __m128i left,
						       __m128i half, __m128i right)
{
	const __m128i up = _mm_add_epi64(sign, _mm_set1_epi64x(1LL << 30));

	size = _mm_mul_epu32(_mm_mul_epu32(size, left), multiplier);
	size = _mm_srli_epi64(_mm_add_epi64(size, up), 31);
	size = _mm_mul_epu32(_mm_add_epi32(size, half), right);
	return _mm_srli_epi64(size, 31);
}

/* neural_mbqm() of four sums. */
static __always_inline __m128i neural_xmm_rescale(__m128i v,
						  const struct neural_xmm_rescale *p)
{
	const __m128i sign = _mm_srai_epi32(v, 31);
	const __m128i size = _mm_sub_epi32(_mm_xor_si128(v, sign), sign);
	__m128i even, odd;

	even = neural_xmm_rescale_half(size, _mm_shuffle_epi32(sign, _MM_SHUFFLE(2, 2, 0, 0)),
				       p->multiplier, p->left, p->half, p->right);
	odd = neural_xmm_rescale_half(_mm_srli_epi64(size, 32), neural_xmm_odd(sign),
				      _mm_srli_epi64(p->multiplier, 32),
				      _mm_srli_epi64(p->left, 32),
				      _mm_srli_epi64(p->half, 32),
				      _mm_srli_epi64(p->right, 32));
	v = _mm_or_si128(even, _mm_slli_epi64(odd, 32));
	return _mm_sub_epi32(_mm_xor_si128(v, sign), sign);
}

/**
 * struct neural_xmm_s8 - the way from what has been rescaled to the result, in s16
 * @zero_point: of the results
 * @min: smallest
 * @max: largest
 */
struct neural_xmm_s8 {
	__m128i zero_point;
	__m128i min;
	__m128i max;
};

static __always_inline struct neural_xmm_s8 neural_xmm_s8_load(s32 zero_point, s32 min,
							       s32 max)
{
	return (struct neural_xmm_s8){
		.zero_point = _mm_set1_epi16(zero_point),
		.min = _mm_set1_epi16(min),
		.max = _mm_set1_epi16(max),
	};
}

/* Of sixteen that have been packed to s16, which saturates: the bounds are within. */
static __always_inline __m128i neural_xmm_s8(__m128i v0, __m128i v1,
					     const struct neural_xmm_s8 *p)
{
	v0 = _mm_adds_epi16(v0, p->zero_point);
	v1 = _mm_adds_epi16(v1, p->zero_point);
	v0 = _mm_min_epi16(_mm_max_epi16(v0, p->min), p->max);
	v1 = _mm_min_epi16(_mm_max_epi16(v1, p->min), p->max);
	return _mm_packs_epi16(v0, v1);
}

/* Bytes in even places, as words. */
static __always_inline __m128i neural_xmm_even_s8(__m128i v)
{
	return _mm_srai_epi16(_mm_slli_epi16(v, 8), 8);
}

/* And those in odd ones. */
static __always_inline __m128i neural_xmm_odd_s8(__m128i v)
{
	return _mm_srai_epi16(v, 8);
}

/* The first @n of eight bytes, the rest zero and not read. */
static __always_inline u64 neural_load_s8(const s8 *p, u32 n)
{
	u64 v = 0;

	if (n >= 8) {
		memcpy(&v, p, 8);
	} else if (n >= 4) {
		u32 first, last;

		/* What is in both is the same. */
		memcpy(&first, p, 4);
		memcpy(&last, p + n - 4, 4);
		v = first | (u64)last << 8 * (n - 4);
	} else if (n) {
		v = (u8)p[0] | (u32)(u8)p[n / 2] << n / 2 * 8 |
		    (u32)(u8)p[n - 1] << (n - 1) * 8;
	}
	return v;
}

/* The first @n of sixteen. */
static __always_inline __m128i neural_xmm_load_s8(const s8 *p, u32 n)
{
	if (n >= 16)
		return neural_xmm_load(p);
	return _mm_set_epi64x(n > 8 ? neural_load_s8(p + 8, n - 8) : 0,
			      neural_load_s8(p, n));
}

/* The first @n of sixteen bytes, @n at least 1. */
static __always_inline void neural_xmm_store_s8(s8 *p, __m128i v, u32 n)
{
	u32 word;

	if (n >= 16) {
		_mm_storeu_si128((__m128i *)p, v);
		return;
	}
	if (n & 8) {
		_mm_storel_epi64((__m128i *)p, v);
		v = _mm_unpackhi_epi64(v, v);
		p += 8;
	}
	word = _mm_cvtsi128_si32(v);
	if (n & 4) {
		memcpy(p, &word, 4);
		word = _mm_cvtsi128_si32(_mm_srli_si128(v, 4));
		p += 4;
	}
	if (n & 2) {
		p[0] = word;
		p[1] = word >> 8;
		word >>= 16;
		p += 2;
	}
	if (n & 1)
		*p = word;
}

#endif /* _NEURAL_SIMD_X86_S8_XMM_H */
