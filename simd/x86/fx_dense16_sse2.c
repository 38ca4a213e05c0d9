// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arithmetic is that of fx_dense16_zmm.h, a panel at a time.  SSE2 neither compares
 * qwords nor shifts them with their sign, so sums in s64 are ended one by one.
 */
#include <immintrin.h>

#include "../fx_end.h"
#include "xmm.h"

#define QUARTERS	(NEURAL_Q16_PANEL / 4)

static __always_inline __m128i neural_fx_pair(const s16 *p)
{
	return _mm_set1_epi32(*(const s32 *)p);
}

static __always_inline __m128i neural_fx_clamp(__m128i v, __m128i lo, __m128i hi)
{
	v = neural_xmm_select(_mm_cmpgt_epi32(lo, v), lo, v);
	return neural_xmm_select(_mm_cmpgt_epi32(v, hi), hi, v);
}

/* The lower and the upper two of four s32, as s64. */
static __always_inline __m128i neural_fx_lower(__m128i v)
{
	return _mm_unpacklo_epi32(v, _mm_srai_epi32(v, 31));
}

static __always_inline __m128i neural_fx_upper(__m128i v)
{
	return _mm_unpackhi_epi32(v, _mm_srai_epi32(v, 31));
}

/* Four sums in s32 to @out, the first one as result @at. */
static __always_inline void neural_fx_put32(void *out, size_t at, u32 n, __m128i v,
					    const struct neural_fx_end *end)
{
	const __m128i lo = _mm_set1_epi32(clamp_t(s64, end->lo, S32_MIN, S32_MAX));
	const __m128i hi = _mm_set1_epi32(clamp_t(s64, end->hi, S32_MIN, S32_MAX));
	s32 one[4];
	u32 i;

	if (n < 4 || end->bytes == sizeof(s16)) {
		_mm_storeu_si128((__m128i *)one, v);
		for (i = 0; i < min(n, 4U); i++)
			neural_fx_put(out, at + i, one[i], end);
		return;
	}
	v = neural_fx_clamp(_mm_sra_epi32(v, _mm_cvtsi32_si128(end->shift)), lo, hi);
	if (end->bytes == sizeof(s32)) {
		_mm_storeu_si128((__m128i *)((s32 *)out + at), v);
		return;
	}
	_mm_storeu_si128((__m128i *)((s64 *)out + at), neural_fx_lower(v));
	_mm_storeu_si128((__m128i *)((s64 *)out + at + 2), neural_fx_upper(v));
}

static void neural_fx_small(const struct neural_fx_dense16_args *a, u32 r, u32 j)
{
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	__m128i sum[QUARTERS];
	u32 i, p;

#pragma GCC unroll 8
	for (i = 0; i < QUARTERS; i++)
		sum[i] = neural_xmm_load((const s32 *)a->bias + j + 4 * i);
	for (p = 0; p < a->pairs; p++, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const __m128i v = neural_fx_pair(x);

#pragma GCC unroll 8
		for (i = 0; i < QUARTERS; i++)
			sum[i] = _mm_add_epi32(sum[i],
					       _mm_madd_epi16(v, neural_xmm_load(w + 8 * i)));
	}
#pragma GCC unroll 8
	for (i = 0; i < QUARTERS; i++)
		if (j + 4 * i < a->n)
			neural_fx_put32(a->out, (size_t)r * a->out_stride + j + 4 * i,
					a->n - j - 4 * i, sum[i], &a->end);
}

/* Add @n pairs of digits @x times @w, @shift bits further up, to sixteen sums. */
static __always_inline void neural_fx_chunk(const s16 *x, const s16 *w, u32 n, u32 shift,
					    __m128i total[2 * QUARTERS])
{
	const __m128i count = _mm_cvtsi32_si128(shift);
	__m128i sum[QUARTERS] = { };
	u32 i;

	for (; n; n--, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const __m128i v = neural_fx_pair(x);

#pragma GCC unroll 8
		for (i = 0; i < QUARTERS; i++)
			sum[i] = _mm_add_epi32(sum[i],
					       _mm_madd_epi16(v, neural_xmm_load(w + 8 * i)));
	}
#pragma GCC unroll 8
	for (i = 0; i < QUARTERS; i++) {
		__m128i *t = total + 2 * i;

		t[0] = _mm_add_epi64(t[0], _mm_sll_epi64(neural_fx_lower(sum[i]), count));
		t[1] = _mm_add_epi64(t[1], _mm_sll_epi64(neural_fx_upper(sum[i]), count));
	}
}

static void neural_fx_panel(const struct neural_fx_dense16_args *a, u32 r, u32 j)
{
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	__m128i total[2 * QUARTERS];
	s64 sum[NEURAL_Q16_PANEL];
	u32 d, i, p, n;

#pragma GCC unroll 8
	for (i = 0; i < 2 * QUARTERS; i++)
		total[i] = neural_xmm_load((const s64 *)a->bias + j + 2 * i);
	for (p = 0; p < a->pairs; p += n, x += 2 * n, w += (size_t)n * 2 * NEURAL_Q16_PANEL) {
		n = min(a->pairs - p, a->chunk);
		for (d = 0; d < a->digits; d++)
			neural_fx_chunk(x + (size_t)d * a->plane, w, n, 16 * d, total);
	}
#pragma GCC unroll 8
	for (i = 0; i < 2 * QUARTERS; i++)
		_mm_storeu_si128((__m128i *)(sum + 2 * i), total[i]);
	for (i = 0; i < min_t(u32, a->n - j, NEURAL_Q16_PANEL); i++)
		neural_fx_put(a->out, (size_t)r * a->out_stride + j + i, sum[i], &a->end);
}

void neural_fx_dense16__sse2(const struct neural_fx_dense16_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL) {
		for (r = 0; r < a->rows; r++) {
			if (a->small)
				neural_fx_small(a, r, j);
			else
				neural_fx_panel(a, r, j);
		}
	}
}
