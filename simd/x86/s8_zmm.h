/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rescaling of sums to S8 in 512 bits.
 *
 * neural_mbqm() rounds twice.  The first time halves go up, so that is an addition to the
 * product.  The second time they go away from zero: one less for what is negative, and
 * halves up again.  Half of the divisor is added after all but the last place have been
 * shifted out, where there is room: neither S32_MIN nor S32_MAX comes out of the first
 * step.
 */
#ifndef _NEURAL_SIMD_X86_S8_ZMM_H
#define _NEURAL_SIMD_X86_S8_ZMM_H

#include "zmm.h"

/**
 * struct neural_zmm_rescale - multipliers and shifts of sixteen outputs
 * @multiplier: as they are
 * @odd: odd ones in even places
 * @left: shift to the left
 * @sign: shift that leaves nothing but the sign, or, where there is no shift to the
 *	right, nothing at all
 * @right: one less than the shift to the right
 * @last: 1 where there is one
 */
struct neural_zmm_rescale {
	__m512i multiplier;
	__m512i odd;
	__m512i left;
	__m512i sign;
	__m512i right;
	__m512i last;
};

static __always_inline struct neural_zmm_rescale neural_zmm_rescale_init(__m512i multiplier,
									 __m512i shift)
{
	const __m512i zero = _mm512_setzero_si512();
	const __m512i one = _mm512_set1_epi32(1);
	const __m512i right = _mm512_max_epi32(_mm512_sub_epi32(zero, shift), zero);
	struct neural_zmm_rescale p;

	p.multiplier = multiplier;
	p.odd = neural_zmm_odd(multiplier);
	p.left = _mm512_max_epi32(shift, zero);
	p.last = _mm512_min_epi32(right, one);
	p.right = _mm512_sub_epi32(right, p.last);
	p.sign = _mm512_sub_epi32(_mm512_set1_epi32(32), p.last);
	return p;
}

static __always_inline struct neural_zmm_rescale
neural_zmm_rescale_load(const s32 *multiplier, const s32 *shift)
{
	return neural_zmm_rescale_init(neural_zmm_load(multiplier), neural_zmm_load(shift));
}

/* neural_mbqm() of sixteen sums. */
static __always_inline __m512i neural_zmm_rescale(__m512i v,
						  const struct neural_zmm_rescale *p)
{
	const __m512i half = _mm512_set1_epi64(1LL << 30);
	__m512i even, odd;

	v = _mm512_sllv_epi32(v, p->left);
	even = _mm512_add_epi64(_mm512_mul_epi32(v, p->multiplier), half);
	odd = _mm512_add_epi64(_mm512_mul_epi32(neural_zmm_odd(v), p->odd), half);
	v = _mm512_mask_blend_epi32(NEURAL_ZMM_ODD, _mm512_srli_epi64(even, 31),
				    _mm512_slli_epi64(odd, 1));
	v = _mm512_sub_epi32(v, _mm512_srlv_epi32(v, p->sign));
	v = _mm512_add_epi32(_mm512_srav_epi32(v, p->right), p->last);
	return _mm512_srav_epi32(v, p->last);
}

/**
 * struct neural_zmm_down - multipliers and shifts of sixteen outputs, all to the right
 * @multiplier: as they are
 * @odd: odd ones in even places
 * @even_half: what both roundings add to the products of even outputs
 * @odd_half: and of odd ones
 * @right: one less than the shift
 */
struct neural_zmm_down {
	__m512i multiplier;
	__m512i odd;
	__m512i even_half;
	__m512i odd_half;
	__m512i right;
};

/* Are the shifts of the first @n of sixteen outputs all to the right, by one at least? */
static __always_inline bool neural_zmm_is_down(const s32 *shift, u32 n)
{
	const __mmask16 not = ~_mm512_movepi32_mask(neural_zmm_load(shift));

	return !(not & neural_zmm_mask(n));
}

static __always_inline struct neural_zmm_down neural_zmm_down_init(__m512i multiplier,
								   __m512i shift)
{
	const __m512i one = _mm512_set1_epi32(1), up = _mm512_set1_epi64(1LL << 30);
	const __m512i last = _mm512_sub_epi32(_mm512_set1_epi32(-1), shift);
	const __m512i half = _mm512_sllv_epi32(one, last);
	const __m512i even = _mm512_srli_epi64(_mm512_slli_epi64(half, 32), 1);
	const __m512i odd = _mm512_slli_epi64(_mm512_srli_epi64(half, 32), 31);

	return (struct neural_zmm_down){
		.multiplier = multiplier,
		.odd = neural_zmm_odd(multiplier),
		.even_half = _mm512_add_epi64(even, up),
		.odd_half = _mm512_add_epi64(odd, up),
		.right = last,
	};
}

static __always_inline struct neural_zmm_down
neural_zmm_down_load(const s32 *multiplier, const s32 *shift)
{
	return neural_zmm_down_init(neural_zmm_load(multiplier), neural_zmm_load(shift));
}

/* 2^31 less where @product is negative. */
static __always_inline __m512i neural_zmm_down_half(__m512i product, __m512i half)
{
	return _mm512_mask_sub_epi64(_mm512_add_epi64(product, half),
				     _mm512_movepi64_mask(product),
				     _mm512_add_epi64(product, half),
				     _mm512_set1_epi64(1LL << 31));
}

/*
 * neural_mbqm() of sixteen sums.  To round down after a division by 2^31, to add, and to
 * do the same after another one, is to add all of it, times 2^31 where it belongs there,
 * and to divide once; the product and that have room in 63 bits.  The lower half of it is
 * never looked at.
 */
static __always_inline __m512i neural_zmm_down(__m512i v, const struct neural_zmm_down *p)
{
	const __m512i even = neural_zmm_down_half(_mm512_mul_epi32(v, p->multiplier),
						  p->even_half);
	const __m512i odd = neural_zmm_down_half(_mm512_mul_epi32(neural_zmm_odd(v), p->odd),
						 p->odd_half);
	const __m512 upper = _mm512_mask_movehdup_ps(_mm512_castsi512_ps(odd),
						     (__mmask16)~NEURAL_ZMM_ODD,
						     _mm512_castsi512_ps(even));

	return _mm512_srav_epi32(_mm512_castps_si512(upper), p->right);
}

/**
 * struct neural_zmm_s8 - the way from what has been rescaled to the result
 * @zero_point: of the results, s16
 * @min: smallest, s8
 * @max: largest, s8
 */
struct neural_zmm_s8 {
	__m256i zero_point;
	__m128i min;
	__m128i max;
};

static __always_inline struct neural_zmm_s8 neural_zmm_s8_load(s32 zero_point, s32 min,
							       s32 max)
{
	return (struct neural_zmm_s8){
		.zero_point = _mm256_set1_epi16(zero_point),
		.min = _mm_set1_epi8(min),
		.max = _mm_set1_epi8(max),
	};
}

/* neural_requantize_s8() of sixteen: what saturates on the way is past the bounds. */
static __always_inline __m128i neural_zmm_s8(__m512i v, const struct neural_zmm_s8 *p)
{
	const __m256i sum = _mm256_adds_epi16(_mm512_cvtsepi32_epi16(v), p->zero_point);
	const __m128i result = _mm256_cvtsepi16_epi8(sum);

	return _mm_min_epi8(_mm_max_epi8(result, p->min), p->max);
}

/**
 * struct neural_zmm_s8x4 - the same of four times sixteen
 * @zero_point: of the results, s16
 * @min: smallest, s8
 * @max: largest, s8
 */
struct neural_zmm_s8x4 {
	__m512i zero_point;
	__m512i min;
	__m512i max;
};

static __always_inline struct neural_zmm_s8x4 neural_zmm_s8x4_load(s32 zero_point, s32 min,
								   s32 max)
{
	return (struct neural_zmm_s8x4){
		.zero_point = _mm512_set1_epi16(zero_point),
		.min = _mm512_set1_epi8(min),
		.max = _mm512_set1_epi8(max),
	};
}

/* Results in the order of their arguments. */
static __always_inline __m512i neural_zmm_s8x4(__m512i v0, __m512i v1, __m512i v2,
					       __m512i v3, const struct neural_zmm_s8x4 *p)
{
	/* Packing goes by quarters of vectors: it leaves the first fours of all four first. */
	const __m512i order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12,
					       8, 4, 0);
	const __m512i low = _mm512_adds_epi16(_mm512_packs_epi32(v0, v1), p->zero_point);
	const __m512i high = _mm512_adds_epi16(_mm512_packs_epi32(v2, v3), p->zero_point);
	__m512i v = _mm512_packs_epi16(low, high);

	v = _mm512_min_epi8(_mm512_max_epi8(v, p->min), p->max);
	return _mm512_permutexvar_epi32(order, v);
}

/* A panel of up to four rows of @v, one in each quarter; the first is always there. */
static __always_inline void neural_zmm_store_rows(s8 *out, size_t stride, __mmask16 mask,
						  u32 rows, __m512i v)
{
	_mm_mask_storeu_epi8(out, mask, _mm512_castsi512_si128(v));
	out += stride;
	if (rows > 1)
		_mm_mask_storeu_epi8(out, mask, _mm512_extracti32x4_epi32(v, 1));
	out += stride;
	if (rows > 2)
		_mm_mask_storeu_epi8(out, mask, _mm512_extracti32x4_epi32(v, 2));
	out += stride;
	if (rows > 3)
		_mm_mask_storeu_epi8(out, mask, _mm512_extracti32x4_epi32(v, 3));
}

#endif /* _NEURAL_SIMD_X86_S8_ZMM_H */
