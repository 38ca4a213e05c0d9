// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../s8_norm.h"
#include "s8_zmm.h"

/* Below these many elements they are done one by one. */
#define SHORT	8

/* What makes centred elements, and normalised ones, positive: 2 to these. */
#define CENTRED	22
#define NORMAL	28

/*
 * Two products of 64 bits an element, each rounded and shifted by a number that all have
 * in common.  What is signed in them is made positive by an offset first, of which the
 * constant that rounds is part: no multiplication has to have one factor with a sign and
 * one without.
 */
struct neural_norm_zmm {
	__m512i n;
	__m512i offset;
	__m512i inverse;
	__m512i round;
	__m128i bits;
	__m512i half;
	__m128i drop;
	struct neural_zmm_rescale rescale;
	struct neural_zmm_s8 end;
};

static __always_inline void neural_norm_init(struct neural_norm_zmm *v,
					     const struct neural_s8_norm *p)
{
	v->n = _mm512_set1_epi32(p->n);
	v->half = _mm512_set1_epi64(1LL << (p->drop - 1));
	v->drop = _mm_cvtsi32_si128(p->drop);
	v->rescale = neural_zmm_rescale_init(_mm512_set1_epi32(p->multiplier),
					     _mm512_set1_epi32(p->shift));
	v->end = neural_zmm_s8_load(p->zero_point, p->min, p->max);
}

/* The one inverse that has 33 bits is even, and so is the constant that goes with it. */
static __always_inline void neural_norm_begin(struct neural_norm_zmm *v,
					      const struct neural_s8_norm *p,
					      const struct neural_norm_row *row)
{
	const u32 over = row->inverse >> 32, bits = row->bits - over;
	const u64 inverse = row->inverse >> over;
	const u64 round = (1ULL << (bits - 1)) + (1ULL << (NORMAL + bits));

	v->offset = _mm512_set1_epi32((1 << CENTRED) - (s32)p->n * p->zero - (s32)row->sum);
	v->inverse = _mm512_set1_epi64(inverse);
	v->round = _mm512_set1_epi64(round - (inverse << CENTRED));
	v->bits = _mm_cvtsi32_si128(bits);
}

/* Normalised elements in even places. */
static __always_inline __m512i neural_norm_half(const struct neural_norm_zmm *v, __m512i x)
{
	const __m512i product = _mm512_add_epi64(_mm512_mul_epu32(x, v->inverse), v->round);

	return _mm512_sub_epi32(_mm512_srl_epi64(product, v->bits),
				_mm512_set1_epi32(1 << NORMAL));
}

/* In Q16.16, as s64 that fit s32. */
static __always_inline __m512i neural_norm_scale(const struct neural_norm_zmm *v, __m512i z,
						 __m512i gamma, __m512i beta)
{
	const __m512i product = _mm512_add_epi64(_mm512_mul_epi32(z, gamma), v->half);
	const __m512i t = _mm512_add_epi64(_mm512_sra_epi64(product, v->drop), beta);

	return _mm512_min_epi64(_mm512_max_epi64(t, _mm512_set1_epi64(S32_MIN)),
				_mm512_set1_epi64(S32_MAX));
}

static __always_inline void neural_norm_sixteen(const struct neural_norm_zmm *v,
						const struct neural_s8_norm *p, u32 i,
						s8 *y, const s8 *x, __mmask16 mask)
{
	const __m512i bytes = _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(mask, x + i));
	const __m512i c = _mm512_add_epi32(_mm512_mullo_epi32(bytes, v->n), v->offset);
	const __m512i gamma =
		_mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(mask, p->gamma + i));
	__m512i even = neural_norm_half(v, c), odd = neural_norm_half(v, neural_zmm_odd(c));
	__m512i beta = _mm512_setzero_si512();

	if (p->beta)
		beta = _mm512_maskz_loadu_epi32(mask, p->beta + i);
	even = neural_norm_scale(v, even, gamma,
				 _mm512_srai_epi64(_mm512_slli_epi64(beta, 32), 32));
	odd = neural_norm_scale(v, odd, neural_zmm_odd(gamma), _mm512_srai_epi64(beta, 32));
	even = _mm512_mask_blend_epi32(NEURAL_ZMM_ODD, even, _mm512_slli_epi64(odd, 32));
	_mm_mask_storeu_epi8(y + i, mask,
			     neural_zmm_s8(neural_zmm_rescale(even, &v->rescale), &v->end));
}

/* What is past the end is as if it were the zero point. */
static __always_inline struct neural_norm_row
neural_norm_sums(const struct neural_s8_norm *p, const s8 *x)
{
	const __m256i none = _mm256_set1_epi8(p->zero);
	const __m512i zero = _mm512_set1_epi16(p->zero), one = _mm512_set1_epi16(1);
	__m512i sum = _mm512_setzero_si512(), squares = sum;
	u32 i;

	for (i = 0; i < p->n; i += 32) {
		const __mmask32 mask = p->n - i < 32 ? (1U << (p->n - i)) - 1 : ~0U;
		const __m256i bytes = _mm256_mask_loadu_epi8(none, mask, x + i);
		const __m512i c = _mm512_sub_epi16(_mm512_cvtepi8_epi16(bytes), zero);

		sum = _mm512_add_epi32(sum, _mm512_madd_epi16(c, one));
		squares = _mm512_add_epi32(squares, _mm512_madd_epi16(c, c));
	}
	return neural_norm_row(p, _mm512_reduce_add_epi32(sum),
			       _mm512_reduce_add_epi32(squares));
}

void neural_s8_norm__avx512(const struct neural_s8_norm_args *a)
{
	const struct neural_s8_norm *p = a->p;
	struct neural_norm_row row;
	struct neural_norm_zmm v;
	const s8 *x = a->x;
	s8 *y = a->y;
	u32 i, r;

	if (p->n < SHORT) {
		neural_s8_norm__generic(a);
		return;
	}
	neural_norm_init(&v, p);
	for (r = 0; r < a->rows; r++, x += p->n, y += p->n) {
		row = neural_norm_sums(p, x);
		neural_norm_begin(&v, p, &row);
		for (i = 0; i + 16 <= p->n; i += 16)
			neural_norm_sixteen(&v, p, i, y, x, 0xffff);
		if (i < p->n)
			neural_norm_sixteen(&v, p, i, y, x, neural_zmm_mask(p->n - i));
	}
}
