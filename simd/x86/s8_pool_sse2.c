// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

struct neural_pool_sums {
	__m128i s0, s1, s2, s3;
};

/* Every byte four times, shifted by three of them. */
static __always_inline void neural_pool_add(struct neural_pool_sums *s, const s8 *x, u32 n)
{
	const __m128i v = neural_xmm_load_s8(x, n);
	const __m128i lo = _mm_unpacklo_epi8(v, v);
	const __m128i hi = _mm_unpackhi_epi8(v, v);

	s->s0 = _mm_add_epi32(s->s0, _mm_srai_epi32(_mm_unpacklo_epi16(lo, lo), 24));
	s->s1 = _mm_add_epi32(s->s1, _mm_srai_epi32(_mm_unpackhi_epi16(lo, lo), 24));
	s->s2 = _mm_add_epi32(s->s2, _mm_srai_epi32(_mm_unpacklo_epi16(hi, hi), 24));
	s->s3 = _mm_add_epi32(s->s3, _mm_srai_epi32(_mm_unpackhi_epi16(hi, hi), 24));
}

/* By the number of cells, as s8_pool_avx2.c does it. */
struct neural_pool_divide {
	__m128i half;
	__m128i factor;
	__m128i shift;
};

static __always_inline struct neural_pool_divide neural_pool_divide(u32 cells)
{
	const u32 shift = 31 + fls64(cells) - 1;

	return (struct neural_pool_divide){
		.half = _mm_set1_epi32(cells / 2),
		.factor = _mm_set1_epi64x(div_u64((1ULL << shift) + cells - 1, cells)),
		.shift = _mm_cvtsi32_si128(shift),
	};
}

static __always_inline __m128i neural_pool_average(__m128i sum,
						   const struct neural_pool_divide *d)
{
	const __m128i sign = _mm_srai_epi32(sum, 31);
	const __m128i size = _mm_add_epi32(_mm_sub_epi32(_mm_xor_si128(sum, sign), sign),
					   d->half);
	const __m128i even = _mm_srl_epi64(_mm_mul_epu32(size, d->factor), d->shift);
	const __m128i odd = _mm_srl_epi64(_mm_mul_epu32(neural_xmm_odd(size), d->factor),
					  d->shift);

	sum = _mm_or_si128(even, _mm_slli_epi64(odd, 32));
	return _mm_sub_epi32(_mm_xor_si128(sum, sign), sign);
}

static __always_inline void neural_pool_average_few(const struct neural_s8_window *v,
						    const struct neural_pool_divide *d,
						    const struct neural_xmm_s8 *bounds,
						    const s8 *x, s8 *out, const u32 n)
{
	struct neural_pool_sums s = { };
	__m128i v0, v1;
	u32 i, j;

	for (i = 0; i < v->rows; i++, x += v->x_row)
		for (j = 0; j < v->cols; j++)
			neural_pool_add(&s, x + j * v->x_col, n);
	v0 = _mm_packs_epi32(neural_pool_average(s.s0, d), neural_pool_average(s.s1, d));
	v1 = _mm_packs_epi32(neural_pool_average(s.s2, d), neural_pool_average(s.s3, d));
	neural_xmm_store_s8(out, neural_xmm_s8(v0, v1, bounds), n);
}

/* There is a maximum of u8 alone: what is less as s8 is less with its sign turned. */
static __always_inline void neural_pool_max_few(const struct neural_s8_pool_args *a,
						const s8 *x, s8 *out, const u32 n)
{
	const struct neural_s8_window *v = &a->window;
	const __m128i turn = _mm_set1_epi8(-128);
	__m128i most = _mm_xor_si128(_mm_set1_epi8(a->min), turn);
	u32 i, j;

	for (i = 0; i < v->rows; i++, x += v->x_row) {
		for (j = 0; j < v->cols; j++) {
			const __m128i cell = neural_xmm_load_s8(x + j * v->x_col, n);

			most = _mm_max_epu8(most, _mm_xor_si128(cell, turn));
		}
	}
	most = _mm_min_epu8(most, _mm_xor_si128(_mm_set1_epi8(a->max), turn));
	neural_xmm_store_s8(out, _mm_xor_si128(most, turn), n);
}

#include "s8_pool_walk.h"

void neural_s8_average_pool__sse2(const struct neural_s8_pool_args *a)
{
	neural_pool_average_walk(a);
}

void neural_s8_max_pool__sse2(const struct neural_s8_pool_args *a)
{
	neural_pool_max_walk(a);
}
