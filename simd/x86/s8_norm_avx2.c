// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../s8_norm.h"
#include "s8_ymm.h"

#define TILE	16

/* What makes centred elements, normalised ones and their products positive: 2 to these. */
#define CENTRED	22
#define NORMAL	28
#define PRODUCT	62

/*
 * Two products of 64 bits an element, each rounded and shifted by a number that all have
 * in common.  What is signed in them is made positive by an offset first, of which the
 * constant that rounds is part: no multiplication has to have one factor with a sign and
 * one without, nor is an arithmetic shift of qwords missed.
 */
struct neural_norm_ymm {
	__m256i n;
	__m256i offset;
	__m256i inverse;
	__m256i round;
	__m128i bits;
	__m256i half;
	__m256i back;
	__m128i drop;
	struct neural_ymm_rescale rescale;
	struct neural_xmm_s8 end;
};

static __always_inline void neural_norm_init(struct neural_norm_ymm *v,
					     const struct neural_s8_norm *p)
{
	v->n = _mm256_set1_epi32(p->n);
	v->half = _mm256_set1_epi64x((1LL << (p->drop - 1)) + (1LL << PRODUCT));
	v->back = _mm256_set1_epi64x(1LL << (PRODUCT - p->drop));
	v->drop = _mm_cvtsi32_si128(p->drop);
	v->rescale = neural_ymm_rescale_init(_mm256_set1_epi32(p->multiplier),
					     _mm256_set1_epi32(p->shift));
	v->end = neural_xmm_s8_load(p->zero_point, p->min, p->max);
}

/* The one inverse that has 33 bits is even, and so is the constant that goes with it. */
static __always_inline void neural_norm_begin(struct neural_norm_ymm *v,
					      const struct neural_s8_norm *p,
					      const struct neural_norm_row *row)
{
	const u32 over = row->inverse >> 32, bits = row->bits - over;
	const u64 inverse = row->inverse >> over;
	const u64 round = (1ULL << (bits - 1)) + (1ULL << (NORMAL + bits));

	v->offset = _mm256_set1_epi32((1 << CENTRED) - (s32)p->n * p->zero - (s32)row->sum);
	v->inverse = _mm256_set1_epi64x(inverse);
	v->round = _mm256_set1_epi64x(round - (inverse << CENTRED));
	v->bits = _mm_cvtsi32_si128(bits);
}

/* Normalised elements in even places. */
static __always_inline __m256i neural_norm_half(const struct neural_norm_ymm *v, __m256i x)
{
	const __m256i product = _mm256_add_epi64(_mm256_mul_epu32(x, v->inverse), v->round);

	return _mm256_sub_epi32(_mm256_srl_epi64(product, v->bits),
				_mm256_set1_epi32(1 << NORMAL));
}

/* In Q16.16, of 64 bits. */
static __always_inline __m256i neural_norm_scale(const struct neural_norm_ymm *v, __m256i z,
						 __m256i gamma, __m256i beta)
{
	const __m256i product = _mm256_add_epi64(_mm256_mul_epi32(z, gamma), v->half);
	/* Times one is how a dword gets its sign. */
	const __m256i addend = _mm256_sub_epi64(_mm256_mul_epi32(beta, _mm256_set1_epi64x(1)),
						v->back);

	return _mm256_add_epi64(_mm256_srl_epi64(product, v->drop), addend);
}

/* To their order; what does not fit s32 is saturated. */
static __always_inline __m256i neural_norm_saturate(__m256i even, __m256i odd)
{
	const __m256i value = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32),
						 NEURAL_YMM_ODD);
	const __m256i upper = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd,
						 NEURAL_YMM_ODD);
	const __m256i fits = _mm256_cmpeq_epi32(_mm256_srai_epi32(value, 31), upper);
	const __m256i limit = _mm256_xor_si256(_mm256_srai_epi32(upper, 31),
					       _mm256_set1_epi32(S32_MAX));

	return _mm256_blendv_epi8(limit, value, fits);
}

static __always_inline __m256i neural_norm_eight(const struct neural_norm_ymm *v,
						 const struct neural_s8_norm *p, u32 i,
						 const s8 *x)
{
	const __m256i bytes =
		_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(x + i)));
	const __m256i c = _mm256_add_epi32(_mm256_mullo_epi32(bytes, v->n), v->offset);
	const __m256i gamma = _mm256_cvtepi16_epi32(neural_xmm_load(p->gamma + i));
	const __m256i beta = p->beta ? neural_ymm_load(p->beta + i) : _mm256_setzero_si256();
	const __m256i even = neural_norm_scale(v, neural_norm_half(v, c), gamma, beta);
	const __m256i odd = neural_norm_scale(v, neural_norm_half(v, neural_ymm_odd(c)),
					      neural_ymm_odd(gamma), neural_ymm_odd(beta));

	return neural_ymm_rescale(neural_norm_saturate(even, odd), &v->rescale);
}

static __always_inline void neural_norm_tile(const struct neural_norm_ymm *v,
					     const struct neural_s8_norm *p, u32 i, s8 *y,
					     const s8 *x)
{
	const __m256i v0 = neural_norm_eight(v, p, i, x);
	const __m256i v1 = neural_norm_eight(v, p, i + 8, x);

	_mm_storeu_si128((__m128i *)(y + i), neural_ymm_s8(v0, v1, &v->end));
}

static __always_inline s32 neural_norm_add(__m256i v)
{
	__m128i sum = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));

	sum = _mm_add_epi32(sum, _mm_unpackhi_epi64(sum, sum));
	sum = _mm_add_epi32(sum, neural_xmm_odd(sum));
	return _mm_cvtsi128_si32(sum);
}

static __always_inline struct neural_norm_row
neural_norm_sums(const struct neural_s8_norm *p, const s8 *x)
{
	const __m256i zero = _mm256_set1_epi16(p->zero), one = _mm256_set1_epi16(1);
	__m256i sum = _mm256_setzero_si256(), squares = sum;
	s32 s, q;
	u32 i;

	for (i = 0; i + 16 <= p->n; i += 16) {
		const __m256i c =
			_mm256_sub_epi16(_mm256_cvtepi8_epi16(neural_xmm_load(x + i)), zero);

		sum = _mm256_add_epi32(sum, _mm256_madd_epi16(c, one));
		squares = _mm256_add_epi32(squares, _mm256_madd_epi16(c, c));
	}
	s = neural_norm_add(sum);
	q = neural_norm_add(squares);
	for (; i < p->n; i++) {
		const s32 c = x[i] - p->zero;

		s += c;
		q += c * c;
	}
	return neural_norm_row(p, s, q);
}

/* The end is done with what is before it once more, in a whole tile. */
void neural_s8_norm__avx2(const struct neural_s8_norm_args *a)
{
	const struct neural_s8_norm *p = a->p;
	struct neural_norm_row row;
	struct neural_norm_ymm v;
	const s8 *x = a->x;
	s8 *y = a->y;
	u32 i, r;

	if (p->n < TILE) {
		neural_s8_norm__generic(a);
		return;
	}
	neural_norm_init(&v, p);
	for (r = 0; r < a->rows; r++, x += p->n, y += p->n) {
		row = neural_norm_sums(p, x);
		neural_norm_begin(&v, p, &row);
		for (i = 0; i + TILE < p->n; i += TILE)
			neural_norm_tile(&v, p, i, y, x);
		neural_norm_tile(&v, p, p->n - TILE, y, x);
	}
}
