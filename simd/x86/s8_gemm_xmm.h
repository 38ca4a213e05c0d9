/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * S8 times S8 or S4 in 128 bits, where a panel is four vectors: the file that includes this
 * defines NEURAL_GEMM_STEP and neural_gemm_weights(), of a quarter of a panel, as for
 * s8_gemm_zmm.h.
 *
 * Sixteen registers hold the sums of four rows and half a panel, the weights of a group of
 * it, and one input with a product.  Nothing but a register or sixteen bytes of memory can
 * be a factor, so inputs are spread as they are used, which copies them as well: there is
 * an instruction less than with inputs that have been spread before.
 */
#ifndef _NEURAL_SIMD_X86_S8_GEMM_XMM_H
#define _NEURAL_SIMD_X86_S8_GEMM_XMM_H

#include "s8_xmm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes of S8 */
#define NEURAL_GEMM_STAGE	4	/* groups, in a vector */
#define NEURAL_GEMM_TILE	4	/* rows */

/* Inputs of one row. */
struct neural_gemm_x {
	__m128i even;
	__m128i odd;
};

/* Sums of one row, of one panel or half of one. */
struct neural_gemm_sums {
	__m128i q0, q1, q2, q3;
};

/* What becomes of the sums of half a panel. */
struct neural_gemm_close {
	struct neural_xmm_rescale r0, r1;
	struct neural_xmm_s8 s8;
	u32 n;
};

/* Inputs of row @r from group @at on, as many as there are. */
static __always_inline void neural_gemm_stage(const struct neural_s8_gemm_args *a, u32 r,
					      u32 at, struct neural_gemm_x *x)
{
	const s8 *in = a->x + r * a->x_stride + at * NEURAL_S8_GROUP;
	const __m128i v = neural_xmm_load_s8(in, a->k - at * NEURAL_S8_GROUP);

	x->even = neural_xmm_even_s8(v);
	x->odd = neural_xmm_odd_s8(v);
}

static __always_inline __m128i neural_gemm_spread(__m128i v, const u32 g)
{
	switch (g) {
	case 0:
		return _mm_shuffle_epi32(v, _MM_SHUFFLE(0, 0, 0, 0));
	case 1:
		return _mm_shuffle_epi32(v, _MM_SHUFFLE(1, 1, 1, 1));
	case 2:
		return _mm_shuffle_epi32(v, _MM_SHUFFLE(2, 2, 2, 2));
	default:
		return _mm_shuffle_epi32(v, _MM_SHUFFLE(3, 3, 3, 3));
	}
}

static __always_inline struct neural_gemm_sums
neural_gemm_open(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 quarters)
{
	const __m128i row_bias = _mm_set1_epi32(a->row_bias ? a->row_bias[r] : 0);
	const s32 *bias = a->bias + j;
	struct neural_gemm_sums s;

	s.q0 = _mm_add_epi32(neural_xmm_load(bias), row_bias);
	s.q1 = _mm_add_epi32(neural_xmm_load(bias + 4), row_bias);
	s.q2 = quarters > 2 ? _mm_add_epi32(neural_xmm_load(bias + 8), row_bias) : s.q0;
	s.q3 = quarters > 2 ? _mm_add_epi32(neural_xmm_load(bias + 12), row_bias) : s.q0;
	return s;
}

static __always_inline void neural_gemm_mac(__m128i *sum, __m128i x, __m128i w)
{
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(x, w));
}

/* Half a panel of a row. */
static __always_inline void neural_gemm_half(__m128i *s0, __m128i *s1,
					     const struct neural_gemm_x *x, const u32 g,
					     const struct neural_gemm_w *w0,
					     const struct neural_gemm_w *w1)
{
	const __m128i even = neural_gemm_spread(x->even, g);
	const __m128i odd = neural_gemm_spread(x->odd, g);

	neural_gemm_mac(s0, even, w0->even);
	neural_gemm_mac(s1, even, w1->even);
	neural_gemm_mac(s0, odd, w0->odd);
	neural_gemm_mac(s1, odd, w1->odd);
}

static __always_inline struct neural_gemm_close
neural_gemm_close_load(const struct neural_s8_gemm_args *a, u32 j)
{
	const s32 *multiplier = a->multiplier + j;
	const s32 *shift = a->shift + j;

	return (struct neural_gemm_close){
		.r0 = neural_xmm_rescale_load(multiplier, shift),
		.r1 = neural_xmm_rescale_load(multiplier + 4, shift + 4),
		.s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max),
		.n = a->n - j,
	};
}

static __always_inline void neural_gemm_close(const struct neural_gemm_close *c,
					      __m128i q0, __m128i q1, s8 *out)
{
	const __m128i v = _mm_packs_epi32(neural_xmm_rescale(q0, &c->r0),
					  neural_xmm_rescale(q1, &c->r1));

	neural_xmm_store_s8(out, neural_xmm_s8(v, v, &c->s8), min_t(u32, c->n, 8));
}

/* Group @g of those that are staged, to the sums of all rows. */
static __always_inline void neural_gemm_group(const s8 *w, const struct neural_gemm_x *x,
					      const u32 g, struct neural_gemm_sums *s0,
					      struct neural_gemm_sums *s1,
					      struct neural_gemm_sums *s2,
					      struct neural_gemm_sums *s3, const u32 rows,
					      const u32 quarters)
{
	const u32 odd = g % NEURAL_GEMM_STEP;
	struct neural_gemm_w w0, w1;

	w += g / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
	w0 = neural_gemm_weights(w, odd);
	w1 = neural_gemm_weights(w + 16, odd);

	neural_gemm_half(&s0->q0, &s0->q1, &x[0], g, &w0, &w1);
	if (rows > 1)
		neural_gemm_half(&s1->q0, &s1->q1, &x[1], g, &w0, &w1);
	if (rows > 2)
		neural_gemm_half(&s2->q0, &s2->q1, &x[2], g, &w0, &w1);
	if (rows > 3)
		neural_gemm_half(&s3->q0, &s3->q1, &x[3], g, &w0, &w1);
	if (quarters <= 2)
		return;
	w0 = neural_gemm_weights(w + 32, odd);
	w1 = neural_gemm_weights(w + 48, odd);
	neural_gemm_half(&s0->q2, &s0->q3, &x[0], g, &w0, &w1);
	if (rows > 1)
		neural_gemm_half(&s1->q2, &s1->q3, &x[1], g, &w0, &w1);
}

/* @rows and @quarters of a panel: constants where this is inlined. */
static __always_inline void neural_gemm_tile(const struct neural_s8_gemm_args *a, u32 r,
					     u32 j, const struct neural_gemm_close *c,
					     const u32 rows, const u32 quarters)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const size_t panel = (size_t)DIV_ROUND_UP(groups, NEURAL_GEMM_STEP) * NEURAL_GEMM_GROUP;
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel +
		      j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;
	s8 *out = a->out + r * a->out_stride + j;
	struct neural_gemm_x x[NEURAL_GEMM_TILE];
	struct neural_gemm_sums s0, s1, s2, s3;
	u32 at, left;

	s0 = neural_gemm_open(a, r, j, quarters);
	s1 = rows > 1 ? neural_gemm_open(a, r + 1, j, quarters) : s0;
	s2 = rows > 2 ? neural_gemm_open(a, r + 2, j, quarters) : s0;
	s3 = rows > 3 ? neural_gemm_open(a, r + 3, j, quarters) : s0;
	for (at = 0; at < groups; at += NEURAL_GEMM_STAGE) {
		left = groups - at;
		neural_gemm_stage(a, r, at, &x[0]);
		if (rows > 1)
			neural_gemm_stage(a, r + 1, at, &x[1]);
		if (rows > 2)
			neural_gemm_stage(a, r + 2, at, &x[2]);
		if (rows > 3)
			neural_gemm_stage(a, r + 3, at, &x[3]);
		neural_gemm_group(w, x, 0, &s0, &s1, &s2, &s3, rows, quarters);
		if (left > 1)
			neural_gemm_group(w, x, 1, &s0, &s1, &s2, &s3, rows, quarters);
		if (left > 2)
			neural_gemm_group(w, x, 2, &s0, &s1, &s2, &s3, rows, quarters);
		if (left > 3)
			neural_gemm_group(w, x, 3, &s0, &s1, &s2, &s3, rows, quarters);
		w += NEURAL_GEMM_STAGE / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
	}
	neural_gemm_close(&c[0], s0.q0, s0.q1, out);
	if (quarters > 2 && c->n > 8)
		neural_gemm_close(&c[1], s0.q2, s0.q3, out + 8);
	out += a->out_stride;
	if (rows > 1)
		neural_gemm_close(&c[0], s1.q0, s1.q1, out);
	if (rows > 1 && quarters > 2 && c->n > 8)
		neural_gemm_close(&c[1], s1.q2, s1.q3, out + 8);
	out += a->out_stride;
	if (rows > 2)
		neural_gemm_close(&c[0], s2.q0, s2.q1, out);
	if (rows > 3)
		neural_gemm_close(&c[0], s3.q0, s3.q1, out + a->out_stride);
}

/* What is left of the rows beyond whole tiles. */
static noinline void neural_gemm_rest(const struct neural_s8_gemm_args *a, u32 r, u32 j,
				      const struct neural_gemm_close *c)
{
	if (a->rows - r == 3) {
		neural_gemm_tile(a, r, j, c, 3, 2);
		if (c->n > 8)
			neural_gemm_tile(a, r, j + 8, c + 1, 3, 2);
	} else if (a->rows - r == 2) {
		neural_gemm_tile(a, r, j, c, 2, 4);
	} else if (c->n > 8) {
		neural_gemm_tile(a, r, j, c, 1, 4);
	} else {
		neural_gemm_tile(a, r, j, c, 1, 2);
	}
}

static __always_inline void neural_gemm(const struct neural_s8_gemm_args *a)
{
	const u32 tiled = round_down(a->rows, NEURAL_GEMM_TILE);
	struct neural_gemm_close c[2];
	u32 j, h, r;

	for (j = 0; j < a->n; j += NEURAL_S8_PANEL) {
		for (h = 0; h < 2 && j + 8 * h < a->n; h++) {
			c[h] = neural_gemm_close_load(a, j + 8 * h);
			for (r = 0; r < tiled; r += NEURAL_GEMM_TILE)
				neural_gemm_tile(a, r, j + 8 * h, &c[h], 4, 2);
		}
		if (tiled < a->rows)
			neural_gemm_rest(a, tiled, j, c);
	}
}

#endif /* _NEURAL_SIMD_X86_S8_GEMM_XMM_H */
