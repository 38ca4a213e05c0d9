/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * S8 times S8 or S4 in 256 bits, for AVX2 and AVX-VNNI: the file that includes this
 * defines what it has to for s8_gemm_zmm.h, in halves of a panel, and NEURAL_GEMM_TILE,
 * rows.
 */
#ifndef _NEURAL_SIMD_X86_S8_GEMM_YMM_H
#define _NEURAL_SIMD_X86_S8_GEMM_YMM_H

#include "s8_ymm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes of S8 */
#define NEURAL_GEMM_STAGE	16	/* groups, in two vectors */

/* Sums of one row and one panel. */
struct neural_gemm_sums {
	__m256i h0, h1;
};

/* Inputs of one row, from group @at on, as many as there are. */
static __always_inline void neural_gemm_stage_row(const struct neural_s8_gemm_args *a, u32 r,
						  u32 at, struct neural_gemm_x *x)
{
	const s8 *in = a->x + r * a->x_stride + at * NEURAL_S8_GROUP;
	const u32 left = a->k - at * NEURAL_S8_GROUP;

	if (left >= 64) {
		neural_gemm_stage(x, 0, neural_ymm_load(in));
		neural_gemm_stage(x, 8, neural_ymm_load(in + 32));
	} else if (left > 32) {
		neural_gemm_stage(x, 0, neural_ymm_load(in));
		neural_gemm_stage(x, 8, neural_ymm_load_s8(in + 32, left - 32));
	} else {
		neural_gemm_stage(x, 0, neural_ymm_load_s8(in, left));
	}
}

/* Bytes of a panel. */
static __always_inline size_t neural_gemm_panel(const struct neural_s8_gemm_args *a)
{
	const u32 inputs = NEURAL_GEMM_STEP * NEURAL_S8_GROUP;

	return (size_t)DIV_ROUND_UP(a->k, inputs) * NEURAL_GEMM_GROUP;
}

/* What sums begin with, or, where they have to be scaled before, end with. */
static __always_inline struct neural_gemm_sums
neural_gemm_bias(const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	const s32 *bias = a->NEURAL_GEMM_BIAS + j;
	const __m256i row_bias = _mm256_set1_epi32(a->row_bias ? a->row_bias[r] : 0);

	return (struct neural_gemm_sums){
		_mm256_add_epi32(neural_ymm_load(bias), row_bias),
		_mm256_add_epi32(neural_ymm_load(bias + 8), row_bias),
	};
}

static __always_inline struct neural_gemm_sums
neural_gemm_open(const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	const __m256i zero = _mm256_setzero_si256();

	if (NEURAL_GEMM_SCALE)
		return (struct neural_gemm_sums){ zero, zero };
	return neural_gemm_bias(a, r, j);
}

static __always_inline struct neural_gemm_sums
neural_gemm_scale(const struct neural_s8_gemm_args *a, u32 r, u32 j,
		  struct neural_gemm_sums s)
{
	struct neural_gemm_sums bias;

	if (!NEURAL_GEMM_SCALE)
		return s;
	bias = neural_gemm_bias(a, r, j);
	s.h0 = _mm256_add_epi32(_mm256_srai_epi32(s.h0, NEURAL_GEMM_SCALE), bias.h0);
	s.h1 = _mm256_add_epi32(_mm256_srai_epi32(s.h1, NEURAL_GEMM_SCALE), bias.h1);
	return s;
}

static __always_inline void neural_gemm_add(struct neural_gemm_sums *s,
					    const struct neural_gemm_x *x, u32 g,
					    struct neural_gemm_w w0, struct neural_gemm_w w1)
{
	neural_gemm_mac(&s->h0, x, g, w0);
	neural_gemm_mac(&s->h1, x, g, w1);
}

/* What becomes of the sums of one panel. */
struct neural_gemm_close {
	struct neural_ymm_rescale r0, r1;
	struct neural_xmm_s8 s8;
	u32 n;
	s8 *out;
	size_t stride;
};

static __always_inline struct neural_gemm_close
neural_gemm_close_load(const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	return (struct neural_gemm_close){
		.r0 = neural_ymm_rescale_load(a->multiplier + j, a->shift + j),
		.r1 = neural_ymm_rescale_load(a->multiplier + j + 8, a->shift + j + 8),
		.s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max),
		.n = a->n - j,
		.out = a->out + r * a->out_stride + j,
		.stride = a->out_stride,
	};
}

static __always_inline void neural_gemm_store(struct neural_gemm_close *c,
					      const struct neural_gemm_sums *s)
{
	const __m256i v0 = neural_ymm_rescale(s->h0, &c->r0);
	const __m256i v1 = neural_ymm_rescale(s->h1, &c->r1);

	neural_xmm_store_s8(c->out, neural_ymm_s8(v0, v1, &c->s8), c->n);
	c->out += c->stride;
}

/* A group of a tile; the second of 64 bytes where @odd. */
static __always_inline void
neural_gemm_group(const s8 *w, const struct neural_gemm_x *x, u32 g, const u32 odd,
		  const u32 most, struct neural_gemm_sums *s0, struct neural_gemm_sums *s1,
		  struct neural_gemm_sums *s2, struct neural_gemm_sums *s3,
		  struct neural_gemm_sums *s4, struct neural_gemm_sums *s5)
{
	const struct neural_gemm_w w0 = neural_gemm_weights(w, odd);
	const struct neural_gemm_w w1 = neural_gemm_weights(w + 32, odd);

	neural_gemm_add(s0, &x[0], g, w0, w1);
	neural_gemm_add(s1, &x[1], g, w0, w1);
	if (most > 2)
		neural_gemm_add(s2, &x[2], g, w0, w1);
	if (most > 3)
		neural_gemm_add(s3, &x[3], g, w0, w1);
	if (most > 4)
		neural_gemm_add(s4, &x[4], g, w0, w1);
	if (most > 5)
		neural_gemm_add(s5, &x[5], g, w0, w1);
}

/*
 * @rows, more than half of @most, which is a constant where this is inlined, times a
 * panel.  Rows that are not there are summed up like the others, of whatever is on the
 * stack, and then left out.
 */
static __always_inline void neural_gemm_tile(const struct neural_s8_gemm_args *a, u32 r,
					     u32 j, u32 rows, const u32 most)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const s8 *w = a->w + j / NEURAL_S8_PANEL * neural_gemm_panel(a);
	struct neural_gemm_sums s0, s1, s2, s3, s4, s5;
	struct neural_gemm_x x[NEURAL_GEMM_TILE];
	const u32 last = rows - 1;
	struct neural_gemm_close c;
	u32 at, g, i, n;

	s0 = neural_gemm_open(a, r, j);
	s1 = neural_gemm_open(a, r + min(1U, last), j);
	s2 = neural_gemm_open(a, r + min(2U, last), j);
	s3 = neural_gemm_open(a, r + min(3U, last), j);
	s4 = neural_gemm_open(a, r + min(4U, last), j);
	s5 = neural_gemm_open(a, r + last, j);
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		for (i = 0; i < rows; i++)
			neural_gemm_stage_row(a, r + i, at, &x[i]);
		for (g = 0; g < n; g += NEURAL_GEMM_STEP, w += NEURAL_GEMM_GROUP) {
			neural_gemm_group(w, x, g, 0, most, &s0, &s1, &s2, &s3, &s4, &s5);
			if (NEURAL_GEMM_STEP > 1)
				neural_gemm_group(w, x, g + 1, 1, most, &s0, &s1, &s2, &s3,
						  &s4, &s5);
		}
	}
	c = neural_gemm_close_load(a, r, j);
	s0 = neural_gemm_scale(a, r, j, s0);
	neural_gemm_store(&c, &s0);
	s1 = neural_gemm_scale(a, r + min(1U, last), j, s1);
	neural_gemm_store(&c, &s1);
	if (most > 2 && rows > 2) {
		s2 = neural_gemm_scale(a, r + 2, j, s2);
		neural_gemm_store(&c, &s2);
	}
	if (most > 3 && rows > 3) {
		s3 = neural_gemm_scale(a, r + 3, j, s3);
		neural_gemm_store(&c, &s3);
	}
	if (most > 4 && rows > 4) {
		s4 = neural_gemm_scale(a, r + 4, j, s4);
		neural_gemm_store(&c, &s4);
	}
	if (most > 5 && rows > 5) {
		s5 = neural_gemm_scale(a, r + 5, j, s5);
		neural_gemm_store(&c, &s5);
	}
}

/* A group of one row and a panel. */
static __always_inline void neural_gemm_row_group(const s8 *w, const struct neural_gemm_x *x,
						  u32 g, const u32 odd,
						  struct neural_gemm_sums *s)
{
	neural_gemm_mac(&s->h0, x, g, neural_gemm_weights(w, odd));
	neural_gemm_mac(&s->h1, x, g, neural_gemm_weights(w + 32, odd));
}

/* The groups of 64 bytes of one row and @panels. */
static __always_inline void
neural_gemm_row_step(const s8 *w, size_t panel, const struct neural_gemm_x *x, u32 g,
		     const u32 odd, const u32 panels, struct neural_gemm_sums *s0,
		     struct neural_gemm_sums *s1, struct neural_gemm_sums *s2,
		     struct neural_gemm_sums *s3)
{
	neural_gemm_row_group(w, x, g, odd, s0);
	if (panels > 1)
		neural_gemm_row_group(w + panel, x, g, odd, s1);
	if (panels > 2) {
		neural_gemm_row_group(w + 2 * panel, x, g, odd, s2);
		neural_gemm_row_group(w + 3 * panel, x, g, odd, s3);
	}
}

static __always_inline void neural_gemm_row_close(const struct neural_s8_gemm_args *a, u32 r,
						  u32 j, struct neural_gemm_sums s)
{
	struct neural_gemm_close c = neural_gemm_close_load(a, r, j);

	s = neural_gemm_scale(a, r, j, s);
	neural_gemm_store(&c, &s);
}

/* One row times 1, 2 or 4 @panels: as many streams of weights, each read once. */
static __always_inline void neural_gemm_row(const struct neural_s8_gemm_args *a, u32 r,
					    u32 j, const u32 panels)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const size_t panel = neural_gemm_panel(a);
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	struct neural_gemm_sums s0, s1, s2, s3;
	struct neural_gemm_x x;
	u32 at, g, n;

	s0 = neural_gemm_open(a, r, j);
	s1 = panels > 1 ? neural_gemm_open(a, r, j + NEURAL_S8_PANEL) : s0;
	s2 = panels > 2 ? neural_gemm_open(a, r, j + 2 * NEURAL_S8_PANEL) : s0;
	s3 = panels > 2 ? neural_gemm_open(a, r, j + 3 * NEURAL_S8_PANEL) : s0;
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage_row(a, r, at, &x);
		for (g = 0; g < n; g += NEURAL_GEMM_STEP, w += NEURAL_GEMM_GROUP) {
			neural_gemm_row_step(w, panel, &x, g, 0, panels, &s0, &s1, &s2,
					     &s3);
			if (NEURAL_GEMM_STEP > 1)
				neural_gemm_row_step(w, panel, &x, g + 1, 1, panels, &s0,
						     &s1, &s2, &s3);
		}
	}
	neural_gemm_row_close(a, r, j, s0);
	if (panels > 1)
		neural_gemm_row_close(a, r, j + NEURAL_S8_PANEL, s1);
	if (panels > 2) {
		neural_gemm_row_close(a, r, j + 2 * NEURAL_S8_PANEL, s2);
		neural_gemm_row_close(a, r, j + 3 * NEURAL_S8_PANEL, s3);
	}
}

static __always_inline void neural_gemm(const struct neural_s8_gemm_args *a)
{
	const u32 tiled = a->rows % NEURAL_GEMM_TILE == 1 ? a->rows - 1 : a->rows;
	u32 j, r, n;

	/* Rows inside, so that weights are fetched once, however many rows there are. */
	for (j = 0; j < a->n; j += NEURAL_S8_PANEL) {
		for (r = 0; r < tiled; r += n) {
			n = min_t(u32, tiled - r, NEURAL_GEMM_TILE);
			if (n > NEURAL_GEMM_TILE / 2)
				neural_gemm_tile(a, r, j, n, NEURAL_GEMM_TILE);
			else
				neural_gemm_tile(a, r, j, n, NEURAL_GEMM_TILE / 2);
		}
	}
	if (tiled == a->rows)
		return;
	for (j = 0; j + 3 * NEURAL_S8_PANEL < a->n; j += 4 * NEURAL_S8_PANEL)
		neural_gemm_row(a, tiled, j, 4);
	for (; j + NEURAL_S8_PANEL < a->n; j += 2 * NEURAL_S8_PANEL)
		neural_gemm_row(a, tiled, j, 2);
	if (j < a->n)
		neural_gemm_row(a, tiled, j, 1);
}

#endif /* _NEURAL_SIMD_X86_S8_GEMM_YMM_H */
