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
 * struct neural_xmm_down - multipliers and shifts of four outputs, all to the right
 * @multiplier: as they are
 * @even: what is added to the products of even outputs
 * @odd: and of odd ones
 * @right: 2 to 33 less the shift, which divides, if it is the upper half that is taken
 * @high: by how much what comes out is too high
 */
struct neural_xmm_down {
	__m128i multiplier;
	__m128i even;
	__m128i odd;
	__m128i right;
	__m128i high;
};

/* Does neural_xmm_down() do, for the first four of outputs? */
static __always_inline bool neural_xmm_is_down(const s32 *multiplier, const s32 *shift)
{
	const __m128i no = _mm_cmpgt_epi32(neural_xmm_load(shift), _mm_set1_epi32(-2));
	const __m128i zero = _mm_cmpeq_epi32(neural_xmm_load(multiplier),
					     _mm_setzero_si128());

	return !_mm_movemask_epi8(_mm_andnot_si128(zero, no));
}

static __always_inline struct neural_xmm_down neural_xmm_down_load(const s32 *multiplier,
								   const s32 *shift)
{
	u32 right[4], high[4];
	u64 add[4], divisor;
	u32 i, down, m;

	for (i = 0; i < 4; i++) {
		m = multiplier[i];
		down = m ? -shift[i] : 2;
		divisor = 1ULL << down;
		right[i] = 1U << (33 - down);
		high[i] = (m >> down) + 1;
		add[i] = (3 * divisor - 1 - 2 * (m & (divisor - 1))) << 30;
	}
	return (struct neural_xmm_down){
		.multiplier = neural_xmm_load(multiplier),
		.even = _mm_set_epi64x(add[2], add[0]),
		.odd = _mm_set_epi64x(add[3], add[1]),
		.right = neural_xmm_load(right),
		.high = neural_xmm_load(high),
	};
}

/* Sums that are 2^31 too high in even places. */
static __always_inline __m128i neural_xmm_down_half(__m128i v, __m128i multiplier,
						    __m128i add, __m128i right)
{
	const __m128i up = _mm_and_si128(v, _mm_set1_epi64x(1LL << 31));

	v = _mm_add_epi64(_mm_mul_epu32(v, multiplier), add);
	v = _mm_srli_epi64(_mm_add_epi64(v, up), 32);
	return _mm_mul_epu32(v, right);
}

/*
 * neural_mbqm() of four sums, for shifts of two and more to the right, or multipliers of
 * zero.  Rounded twice, the quotient of product p by 2^31 and then by d = 2^e is
 *
 *	floor((p + d * 2^30 + 2^30) / (d * 2^31))	where p is not negative, and
 *	floor((p + d * 2^30 - 2^30) / (d * 2^31))	where it is:
 *
 * halves go away from zero the second time.  To be rid of signs, 2^31 is added to sums, and
 * so 2^31 times the multiplier m to products; the upper bit of a sum then says which of
 * both it is.  To have that back in the end as an integer, @high = floor(m / d) + 1, it is
 * filled up to high * d * 2^31.  What is added to products is therefore
 *
 *	d * 2^30 - 2^30 + (d - m % d) * 2^31 = (3 * d - 1 - 2 * (m % d)) * 2^30
 *
 * and 2^31 more where there is no sign.  The largest there can be is below 2^63 for the
 * product, 2^31 and 3 * 2^61 for that: it fits 64 bits, and the upper 32 of them, divided
 * by d / 2, are the result and @high.
 */
static __always_inline __m128i neural_xmm_down(__m128i v, const struct neural_xmm_down *p)
{
	const __m128i high = _mm_xor_si128(v, _mm_set1_epi32(S32_MIN));
	const __m128i even = neural_xmm_down_half(high, p->multiplier, p->even, p->right);
	const __m128i odd = neural_xmm_down_half(_mm_srli_epi64(high, 32),
						 _mm_srli_epi64(p->multiplier, 32), p->odd,
						 _mm_srli_epi64(p->right, 32));

	v = _mm_or_si128(_mm_srli_epi64(even, 32),
			 _mm_and_si128(odd, neural_xmm_odd_mask()));
	return _mm_sub_epi32(v, p->high);
}

/**
 * struct neural_xmm_panel - what becomes of the sums of 16 outputs
 * @down: the shorter way, where it does for all of them
 * @rescale: and the longer one
 * @is_down: which of both it is
 */
struct neural_xmm_panel {
	union {
		struct neural_xmm_down down[4];
		struct neural_xmm_rescale rescale[4];
	};
	bool is_down;
};

/* @many: the shorter way takes longer to get ready, a few results make up for it. */
static __always_inline void neural_xmm_panel_load(struct neural_xmm_panel *p,
						  const s32 *multiplier, const s32 *shift,
						  bool many)
{
	u32 i;

	p->is_down = many;
	for (i = 0; i < 16; i += 4)
		p->is_down &= neural_xmm_is_down(multiplier + i, shift + i);
	for (i = 0; i < 4; i++) {
		if (p->is_down)
			p->down[i] = neural_xmm_down_load(multiplier + 4 * i, shift + 4 * i);
		else
			p->rescale[i] = neural_xmm_rescale_load(multiplier + 4 * i,
								shift + 4 * i);
	}
}

/* neural_mbqm() of half a panel, from quarter @q on; what saturates is past the bounds. */
static __always_inline __m128i neural_xmm_panel_half(__m128i v0, __m128i v1, const u32 q,
						     const struct neural_xmm_panel *p)
{
	if (p->is_down)
		return _mm_packs_epi32(neural_xmm_down(v0, &p->down[q]),
				       neural_xmm_down(v1, &p->down[q + 1]));
	return _mm_packs_epi32(neural_xmm_rescale(v0, &p->rescale[q]),
			       neural_xmm_rescale(v1, &p->rescale[q + 1]));
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
