// SPDX-License-Identifier: GPL-2.0-only
/*
 * As s8_gemm_avx512.c in 128 bits, where a panel is four vectors and three rows of it all
 * that the registers hold.  Nothing but a register or sixteen bytes of memory can be a
 * factor, so inputs are staged as they are used, four times over.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes */
#define NEURAL_GEMM_STAGE	8	/* groups, in two vectors */
#define NEURAL_GEMM_TILE	3	/* rows */

/* Inputs of one row, each word of a group to all outputs. */
struct neural_gemm_x {
	__m128i even[NEURAL_GEMM_STAGE];
	__m128i odd[NEURAL_GEMM_STAGE];
};

/* Sums of one row and one panel. */
struct neural_gemm_sums {
	__m128i q0, q1, q2, q3;
};

/* What becomes of the sums of one panel. */
struct neural_gemm_close {
	struct neural_xmm_rescale r0, r1, r2, r3;
	struct neural_xmm_s8 s8;
	u32 n;
};

static __always_inline __m128i neural_gemm_even(__m128i v)
{
	return _mm_srai_epi16(_mm_slli_epi16(v, 8), 8);
}

static __always_inline __m128i neural_gemm_odd(__m128i v)
{
	return _mm_srai_epi16(v, 8);
}

static __always_inline void neural_gemm_spread(__m128i *to, __m128i v)
{
	to[0] = _mm_shuffle_epi32(v, _MM_SHUFFLE(0, 0, 0, 0));
	to[1] = _mm_shuffle_epi32(v, _MM_SHUFFLE(1, 1, 1, 1));
	to[2] = _mm_shuffle_epi32(v, _MM_SHUFFLE(2, 2, 2, 2));
	to[3] = _mm_shuffle_epi32(v, _MM_SHUFFLE(3, 3, 3, 3));
}

/* Inputs of row @r from group @at on, as many as there are. */
static __always_inline void neural_gemm_stage(const struct neural_s8_gemm_args *a, u32 r,
					      u32 at, struct neural_gemm_x *x)
{
	const s8 *in = a->x + r * a->x_stride + at * NEURAL_S8_GROUP;
	const u32 left = a->k - at * NEURAL_S8_GROUP;
	__m128i v = neural_xmm_load_s8(in, left);

	neural_gemm_spread(x->even, neural_gemm_even(v));
	neural_gemm_spread(x->odd, neural_gemm_odd(v));
	if (left <= 16)
		return;
	v = neural_xmm_load_s8(in + 16, left - 16);
	neural_gemm_spread(x->even + 4, neural_gemm_even(v));
	neural_gemm_spread(x->odd + 4, neural_gemm_odd(v));
}

static __always_inline struct neural_gemm_sums
neural_gemm_open(const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	const __m128i row_bias = _mm_set1_epi32(a->row_bias ? a->row_bias[r] : 0);
	const s32 *bias = a->bias + j;

	return (struct neural_gemm_sums){
		_mm_add_epi32(neural_xmm_load(bias), row_bias),
		_mm_add_epi32(neural_xmm_load(bias + 4), row_bias),
		_mm_add_epi32(neural_xmm_load(bias + 8), row_bias),
		_mm_add_epi32(neural_xmm_load(bias + 12), row_bias),
	};
}

static __always_inline void neural_gemm_mac(__m128i *sum, const struct neural_gemm_x *x,
					    u32 g, __m128i even, __m128i odd)
{
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(even, x->even[g]));
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(odd, x->odd[g]));
}

/* A quarter of the weights of a group, to that of the sums of all rows. */
static __always_inline void neural_gemm_quarter(const s8 *w, const struct neural_gemm_x *x,
						u32 g, __m128i *s0, __m128i *s1,
						__m128i *s2, const u32 rows)
{
	const __m128i v = neural_xmm_load(w);
	const __m128i even = neural_gemm_even(v);
	const __m128i odd = neural_gemm_odd(v);

	neural_gemm_mac(s0, &x[0], g, even, odd);
	if (rows > 1)
		neural_gemm_mac(s1, &x[1], g, even, odd);
	if (rows > 2)
		neural_gemm_mac(s2, &x[2], g, even, odd);
}

static __always_inline struct neural_gemm_close
neural_gemm_close_load(const struct neural_s8_gemm_args *a, u32 j)
{
	const s32 *multiplier = a->multiplier + j;
	const s32 *shift = a->shift + j;

	return (struct neural_gemm_close){
		.r0 = neural_xmm_rescale_load(multiplier, shift),
		.r1 = neural_xmm_rescale_load(multiplier + 4, shift + 4),
		.r2 = neural_xmm_rescale_load(multiplier + 8, shift + 8),
		.r3 = neural_xmm_rescale_load(multiplier + 12, shift + 12),
		.s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max),
		.n = a->n - j,
	};
}

static void neural_gemm_close(const struct neural_gemm_close *c,
			      const struct neural_gemm_sums *s, s8 *out)
{
	const __m128i v0 = neural_xmm_rescale(s->q0, &c->r0);
	const __m128i v1 = neural_xmm_rescale(s->q1, &c->r1);
	const __m128i v2 = neural_xmm_rescale(s->q2, &c->r2);
	const __m128i v3 = neural_xmm_rescale(s->q3, &c->r3);

	neural_xmm_store_s8(out, neural_xmm_s8(_mm_packs_epi32(v0, v1),
					       _mm_packs_epi32(v2, v3), &c->s8), c->n);
}

/* @rows, a constant where this is inlined, times a panel. */
static __always_inline void neural_gemm_tile(const struct neural_s8_gemm_args *a, u32 r,
					     u32 j, const struct neural_gemm_close *c,
					     const u32 rows)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const s8 *w = a->w + (size_t)j * NEURAL_S8_GROUP * groups;
	s8 *out = a->out + r * a->out_stride + j;
	struct neural_gemm_x x[NEURAL_GEMM_TILE];
	struct neural_gemm_sums s0, s1, s2;
	u32 at, g, n;

	s0 = neural_gemm_open(a, r, j);
	s1 = rows > 1 ? neural_gemm_open(a, r + 1, j) : s0;
	s2 = rows > 2 ? neural_gemm_open(a, r + 2, j) : s0;
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage(a, r, at, &x[0]);
		if (rows > 1)
			neural_gemm_stage(a, r + 1, at, &x[1]);
		if (rows > 2)
			neural_gemm_stage(a, r + 2, at, &x[2]);
		for (g = 0; g < n; g++, w += NEURAL_GEMM_GROUP) {
			neural_gemm_quarter(w, x, g, &s0.q0, &s1.q0, &s2.q0, rows);
			neural_gemm_quarter(w + 16, x, g, &s0.q1, &s1.q1, &s2.q1, rows);
			neural_gemm_quarter(w + 32, x, g, &s0.q2, &s1.q2, &s2.q2, rows);
			neural_gemm_quarter(w + 48, x, g, &s0.q3, &s1.q3, &s2.q3, rows);
		}
	}
	neural_gemm_close(c, &s0, out);
	if (rows > 1)
		neural_gemm_close(c, &s1, out + a->out_stride);
	if (rows > 2)
		neural_gemm_close(c, &s2, out + 2 * a->out_stride);
}

void neural_s8_gemm__sse2(const struct neural_s8_gemm_args *a)
{
	struct neural_gemm_close c;
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_S8_PANEL) {
		c = neural_gemm_close_load(a, j);
		for (r = 0; r + 3 <= a->rows; r += 3)
			neural_gemm_tile(a, r, j, &c, 3);
		if (r + 2 == a->rows)
			neural_gemm_tile(a, r, j, &c, 2);
		else if (r < a->rows)
			neural_gemm_tile(a, r, j, &c, 1);
	}
}
