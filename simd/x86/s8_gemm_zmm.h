/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * S8 times S8 or S4 in 512 bits, for AVX-512 with and without VNNI: the file that includes
 * this defines what a vector of inputs and one of weights are made of,
 *
 *	NEURAL_GEMM_BIAS	the bias that goes with it
 *	NEURAL_GEMM_STEP	groups in 64 bytes of a panel: 1, or 2 of S4
 *	NEURAL_GEMM_SCALE	shift that makes sums of what is added up
 *	struct neural_gemm_x	the inputs of sixteen groups of one row
 *	neural_gemm_stage()	sixteen groups of bytes to those
 *	struct neural_gemm_w	the weights of one group of a panel
 *	neural_gemm_weights()	bytes of weights to those, of the first or second group
 *	neural_gemm_mac()	to add the products of a group to sums.
 *
 * Inputs are staged on the stack, 64 at a time, so that what has to be done to them is
 * done to vectors of them and not to every group again, and so that there is no such
 * thing as an incomplete group in the loop.
 */
#ifndef _NEURAL_SIMD_X86_S8_GEMM_ZMM_H
#define _NEURAL_SIMD_X86_S8_GEMM_ZMM_H

#include "s8_zmm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes of S8 */
#define NEURAL_GEMM_STAGE	16	/* groups */
#define NEURAL_GEMM_TILE	8	/* rows */

/* Sums of one row, of two panels. */
struct neural_gemm_sums {
	__m512i p0, p1;
};

/* Inputs of one row, from group @at on, as many as there are. */
static __always_inline void neural_gemm_stage_row(const struct neural_s8_gemm_args *a, u32 r,
						  u32 at, struct neural_gemm_x *x)
{
	const s8 *in = a->x + r * a->x_stride + at * NEURAL_S8_GROUP;
	const u32 left = a->k - at * NEURAL_S8_GROUP;

	if (left >= NEURAL_GEMM_STAGE * NEURAL_S8_GROUP)
		neural_gemm_stage(x, neural_zmm_load(in));
	else
		neural_gemm_stage(x, _mm512_maskz_loadu_epi8(~0ULL >> (64 - left), in));
}

/* Bytes of a panel. */
static __always_inline size_t neural_gemm_panel(const struct neural_s8_gemm_args *a)
{
	const u32 inputs = NEURAL_GEMM_STEP * NEURAL_S8_GROUP;

	return (size_t)DIV_ROUND_UP(a->k, inputs) * NEURAL_GEMM_GROUP;
}

/* What sums begin with, or, where they have to be scaled before, end with. */
static __always_inline struct neural_gemm_sums
neural_gemm_bias(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 panels)
{
	const s32 *bias = a->NEURAL_GEMM_BIAS + j;
	struct neural_gemm_sums s;

	s.p0 = neural_zmm_load(bias);
	s.p1 = panels > 1 ? neural_zmm_load(bias + NEURAL_S8_PANEL) : s.p0;
	if (a->row_bias) {
		const __m512i row_bias = _mm512_set1_epi32(a->row_bias[r]);

		s.p0 = _mm512_add_epi32(s.p0, row_bias);
		s.p1 = _mm512_add_epi32(s.p1, row_bias);
	}
	return s;
}

static __always_inline struct neural_gemm_sums
neural_gemm_open(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 panels)
{
	const __m512i zero = _mm512_setzero_si512();

	if (NEURAL_GEMM_SCALE)
		return (struct neural_gemm_sums){ zero, zero };
	return neural_gemm_bias(a, r, j, panels);
}

static __always_inline struct neural_gemm_sums
neural_gemm_scale(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 panels,
		  struct neural_gemm_sums s)
{
	struct neural_gemm_sums bias;

	if (!NEURAL_GEMM_SCALE)
		return s;
	bias = neural_gemm_bias(a, r, j, panels);
	s.p0 = _mm512_add_epi32(_mm512_srai_epi32(s.p0, NEURAL_GEMM_SCALE), bias.p0);
	s.p1 = _mm512_add_epi32(_mm512_srai_epi32(s.p1, NEURAL_GEMM_SCALE), bias.p1);
	return s;
}

static __always_inline void neural_gemm_add(struct neural_gemm_sums *s,
					    const struct neural_gemm_x *x, u32 g,
					    struct neural_gemm_w w0, struct neural_gemm_w w1,
					    const u32 panels)
{
	neural_gemm_mac(&s->p0, x, g, w0);
	if (panels > 1)
		neural_gemm_mac(&s->p1, x, g, w1);
}

/* What becomes of the sums of one panel. */
struct neural_gemm_close {
	struct neural_zmm_rescale rescale;
	struct neural_zmm_s8 s8;
	__mmask16 mask;
	s8 *out;
	size_t stride;
};

static __always_inline struct neural_gemm_close
neural_gemm_close_load(const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	return (struct neural_gemm_close){
		.rescale = neural_zmm_rescale_load(a->multiplier + j, a->shift + j),
		.s8 = neural_zmm_s8_load(a->zero_point, a->min, a->max),
		.mask = neural_zmm_mask(a->n - j),
		.out = a->out + r * a->out_stride + j,
		.stride = a->out_stride,
	};
}

static __always_inline void neural_gemm_store(struct neural_gemm_close *c, __m512i sum)
{
	_mm_mask_storeu_epi8(c->out, c->mask,
			     neural_zmm_s8(neural_zmm_rescale(sum, &c->rescale), &c->s8));
	c->out += c->stride;
}

/* One panel of a tile, whatever the shifts are: seldom needed. */
static noinline void neural_gemm_close_any(const struct neural_s8_gemm_args *a, u32 r,
					   u32 j, u32 rows, const __m512i *sum)
{
	struct neural_gemm_close c = neural_gemm_close_load(a, r, j);
	u32 i;

	for (i = 0; i < rows; i++)
		neural_gemm_store(&c, sum[i]);
}

/* What a tile has on the stack: inputs, and for neural_gemm_close_any() sums. */
union neural_gemm_stack {
	struct neural_gemm_x x[NEURAL_GEMM_TILE];
	__m512i sum[NEURAL_GEMM_TILE];
};

static __always_inline void neural_gemm_spill(__m512i *sum, __m512i s0, __m512i s1,
					      __m512i s2, __m512i s3, __m512i s4,
					      __m512i s5, __m512i s6, __m512i s7)
{
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
	sum[4] = s4;
	sum[5] = s5;
	sum[6] = s6;
	sum[7] = s7;
}

static __always_inline bool neural_gemm_is_down(const struct neural_s8_gemm_args *a, u32 j,
						const u32 panels)
{
	u32 i;

	for (i = 0; i < panels; i++, j += NEURAL_S8_PANEL)
		if (!neural_zmm_is_down(a->shift + j, a->n - j))
			return false;
	return true;
}

/* Two rows of two panels, or as many as are left of them. */
static __always_inline void neural_gemm_store_2x2(s8 *out, size_t stride, __mmask32 mask,
						  u32 rows, const struct neural_zmm_down *p0,
						  const struct neural_zmm_down *p1,
						  const struct neural_zmm_s8x4 *s8x4,
						  struct neural_gemm_sums s0,
						  struct neural_gemm_sums s1)
{
	const __m512i v = neural_zmm_s8x4(neural_zmm_down(s0.p0, p0),
					  neural_zmm_down(s0.p1, p1),
					  neural_zmm_down(s1.p0, p0),
					  neural_zmm_down(s1.p1, p1), s8x4);

	_mm256_mask_storeu_epi8(out, mask, _mm512_castsi512_si256(v));
	if (rows > 1)
		_mm256_mask_storeu_epi8(out + stride, mask, _mm512_extracti64x4_epi64(v, 1));
}

/* Four rows of one panel, or as many as are left of them. */
static __always_inline void neural_gemm_store_4x1(s8 *out, size_t stride, __mmask16 mask,
						  u32 rows, const struct neural_zmm_down *p,
						  const struct neural_zmm_s8x4 *s8x4,
						  __m512i s0, __m512i s1, __m512i s2,
						  __m512i s3)
{
	const __m512i v = neural_zmm_s8x4(neural_zmm_down(s0, p), neural_zmm_down(s1, p),
					  neural_zmm_down(s2, p), neural_zmm_down(s3, p),
					  s8x4);

	neural_zmm_store_rows(out, stride, mask, rows, v);
}

/* A tile of @rows, up to eight where that is @most, else up to four. */
static __always_inline void
neural_gemm_close(const struct neural_s8_gemm_args *a, u32 r, u32 j, u32 rows,
		  const u32 most, const u32 panels, union neural_gemm_stack *stack,
		  struct neural_gemm_sums s0, struct neural_gemm_sums s1,
		  struct neural_gemm_sums s2, struct neural_gemm_sums s3,
		  struct neural_gemm_sums s4, struct neural_gemm_sums s5,
		  struct neural_gemm_sums s6, struct neural_gemm_sums s7)
{
	const size_t stride = a->out_stride;
	s8 *out = a->out + r * stride + j;
	const u32 n = a->n - j;
	const __mmask32 mask = n >= 32 ? ~0U : (1U << n) - 1;
	struct neural_zmm_s8x4 s8x4;
	struct neural_zmm_down p0, p1;

	if (!neural_gemm_is_down(a, j, panels)) {
		neural_gemm_spill(stack->sum, s0.p0, s1.p0, s2.p0, s3.p0, s4.p0, s5.p0,
				  s6.p0, s7.p0);
		neural_gemm_close_any(a, r, j, rows, stack->sum);
		if (panels == 1)
			return;
		neural_gemm_spill(stack->sum, s0.p1, s1.p1, s2.p1, s3.p1, s4.p1, s5.p1,
				  s6.p1, s7.p1);
		neural_gemm_close_any(a, r, j + NEURAL_S8_PANEL, rows, stack->sum);
		return;
	}
	s8x4 = neural_zmm_s8x4_load(a->zero_point, a->min, a->max);
	p0 = neural_zmm_down_load(a->multiplier + j, a->shift + j);
	if (panels == 1) {
		neural_gemm_store_4x1(out, stride, mask, rows, &p0, &s8x4, s0.p0, s1.p0,
				      s2.p0, s3.p0);
		if (most > 4)
			neural_gemm_store_4x1(out + 4 * stride, stride, mask, rows - 4, &p0,
					      &s8x4, s4.p0, s5.p0, s6.p0, s7.p0);
		return;
	}
	p1 = neural_zmm_down_load(a->multiplier + j + NEURAL_S8_PANEL,
				  a->shift + j + NEURAL_S8_PANEL);
	neural_gemm_store_2x2(out, stride, mask, rows, &p0, &p1, &s8x4, s0, s1);
	if (rows > 2)
		neural_gemm_store_2x2(out + 2 * stride, stride, mask, rows - 2, &p0, &p1,
				      &s8x4, s2, s3);
	if (most <= 4)
		return;
	neural_gemm_store_2x2(out + 4 * stride, stride, mask, rows - 4, &p0, &p1, &s8x4, s4,
			      s5);
	if (rows > 6)
		neural_gemm_store_2x2(out + 6 * stride, stride, mask, rows - 6, &p0, &p1,
				      &s8x4, s6, s7);
}

/* A group of a tile; the second of 64 bytes where @odd. */
static __always_inline void
neural_gemm_group(const s8 *w, size_t panel, const struct neural_gemm_x *x, u32 g,
		  const u32 odd, const u32 most, const u32 panels,
		  struct neural_gemm_sums *s0, struct neural_gemm_sums *s1,
		  struct neural_gemm_sums *s2, struct neural_gemm_sums *s3,
		  struct neural_gemm_sums *s4, struct neural_gemm_sums *s5,
		  struct neural_gemm_sums *s6, struct neural_gemm_sums *s7)
{
	const struct neural_gemm_w w0 = neural_gemm_weights(w, odd);
	const struct neural_gemm_w w1 =
		panels > 1 ? neural_gemm_weights(w + panel, odd) : w0;

	neural_gemm_add(s0, &x[0], g, w0, w1, panels);
	neural_gemm_add(s1, &x[1], g, w0, w1, panels);
	neural_gemm_add(s2, &x[2], g, w0, w1, panels);
	neural_gemm_add(s3, &x[3], g, w0, w1, panels);
	if (most <= 4)
		return;
	neural_gemm_add(s4, &x[4], g, w0, w1, panels);
	neural_gemm_add(s5, &x[5], g, w0, w1, panels);
	neural_gemm_add(s6, &x[6], g, w0, w1, panels);
	neural_gemm_add(s7, &x[7], g, w0, w1, panels);
}

/*
 * @rows, 5 to 8 for @most of 8 and up to 4 for 4, times @panels: the latter two are
 * constants where this is inlined.  Rows that are not there are summed up like the
 * others, of whatever is on the stack, and then left out.
 */
static __always_inline void neural_gemm_tile(const struct neural_s8_gemm_args *a, u32 r,
					     u32 j, u32 rows, const u32 most,
					     const u32 panels)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const size_t panel = neural_gemm_panel(a);
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	struct neural_gemm_sums s0, s1, s2, s3, s4, s5, s6, s7;
	union neural_gemm_stack stack;
	struct neural_gemm_x *x = stack.x;
	const u32 last = rows - 1;
	u32 at, g, i, n;

	s0 = neural_gemm_open(a, r, j, panels);
	s1 = neural_gemm_open(a, r + min(1U, last), j, panels);
	s2 = neural_gemm_open(a, r + min(2U, last), j, panels);
	s3 = neural_gemm_open(a, r + min(3U, last), j, panels);
	s4 = neural_gemm_open(a, r + min(4U, last), j, panels);
	s5 = neural_gemm_open(a, r + min(5U, last), j, panels);
	s6 = neural_gemm_open(a, r + min(6U, last), j, panels);
	s7 = neural_gemm_open(a, r + last, j, panels);
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		for (i = 0; i < rows; i++)
			neural_gemm_stage_row(a, r + i, at, &x[i]);
		for (g = 0; g < n; g += NEURAL_GEMM_STEP, w += NEURAL_GEMM_GROUP) {
			neural_gemm_group(w, panel, x, g, 0, most, panels, &s0, &s1, &s2,
					  &s3, &s4, &s5, &s6, &s7);
			if (NEURAL_GEMM_STEP > 1)
				neural_gemm_group(w, panel, x, g + 1, 1, most, panels, &s0,
						  &s1, &s2, &s3, &s4, &s5, &s6, &s7);
		}
	}
	s0 = neural_gemm_scale(a, r, j, panels, s0);
	s1 = neural_gemm_scale(a, r + min(1U, last), j, panels, s1);
	s2 = neural_gemm_scale(a, r + min(2U, last), j, panels, s2);
	s3 = neural_gemm_scale(a, r + min(3U, last), j, panels, s3);
	s4 = neural_gemm_scale(a, r + min(4U, last), j, panels, s4);
	s5 = neural_gemm_scale(a, r + min(5U, last), j, panels, s5);
	s6 = neural_gemm_scale(a, r + min(6U, last), j, panels, s6);
	s7 = neural_gemm_scale(a, r + last, j, panels, s7);
	neural_gemm_close(a, r, j, rows, most, panels, &stack, s0, s1, s2, s3, s4, s5, s6,
			  s7);
}

/* A group of one row and four panels. */
static __always_inline void neural_gemm_row_group(const s8 *w, size_t panel,
						  const struct neural_gemm_x *x, u32 g,
						  const u32 odd, struct neural_gemm_sums *s0,
						  struct neural_gemm_sums *s1)
{
	neural_gemm_mac(&s0->p0, x, g, neural_gemm_weights(w, odd));
	neural_gemm_mac(&s0->p1, x, g, neural_gemm_weights(w + panel, odd));
	neural_gemm_mac(&s1->p0, x, g, neural_gemm_weights(w + 2 * panel, odd));
	neural_gemm_mac(&s1->p1, x, g, neural_gemm_weights(w + 3 * panel, odd));
}

/*
 * One row times four panels, as four streams of weights: in GB/s out of the second cache
 * 110 of 118 there are (Zen 4), where one stream gets 95 and with prefetches 88.
 */
static __always_inline void neural_gemm_row(const struct neural_s8_gemm_args *a, u32 r,
					    u32 j)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const size_t panel = neural_gemm_panel(a);
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	const u32 next = j + 2 * NEURAL_S8_PANEL;
	struct neural_gemm_sums s0, s1;
	struct neural_gemm_close c;
	struct neural_gemm_x x;
	u32 at, g, n;

	s0 = neural_gemm_open(a, r, j, 2);
	s1 = neural_gemm_open(a, r, next, 2);
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage_row(a, r, at, &x);
		for (g = 0; g < n; g += NEURAL_GEMM_STEP, w += NEURAL_GEMM_GROUP) {
			neural_gemm_row_group(w, panel, &x, g, 0, &s0, &s1);
			if (NEURAL_GEMM_STEP > 1)
				neural_gemm_row_group(w, panel, &x, g + 1, 1, &s0, &s1);
		}
	}
	s0 = neural_gemm_scale(a, r, j, 2, s0);
	s1 = neural_gemm_scale(a, r, next, 2, s1);
	c = neural_gemm_close_load(a, r, j);
	neural_gemm_store(&c, s0.p0);
	c = neural_gemm_close_load(a, r, j + NEURAL_S8_PANEL);
	neural_gemm_store(&c, s0.p1);
	c = neural_gemm_close_load(a, r, next);
	neural_gemm_store(&c, s1.p0);
	c = neural_gemm_close_load(a, r, next + NEURAL_S8_PANEL);
	neural_gemm_store(&c, s1.p1);
}

/* The groups of 64 bytes. */
static __always_inline void neural_gemm_column_step(const s8 *w,
						    const struct neural_gemm_x *x, u32 g,
						    __m512i *sum)
{
	neural_gemm_mac(sum, x, g, neural_gemm_weights(w, 0));
	if (NEURAL_GEMM_STEP > 1)
		neural_gemm_mac(sum, x, g + 1, neural_gemm_weights(w, 1));
}

/*
 * One row times a panel, in four sums: to add a product takes as long as it takes to
 * begin with four.
 */
static __always_inline void neural_gemm_column(const struct neural_s8_gemm_args *a, u32 r,
					       u32 j)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const u32 step = NEURAL_GEMM_STEP;
	const s8 *w = a->w + j / NEURAL_S8_PANEL * neural_gemm_panel(a);
	struct neural_gemm_sums s = neural_gemm_open(a, r, j, 1);
	__m512i s1 = _mm512_setzero_si512();
	__m512i s2 = s1;
	__m512i s3 = s1;
	struct neural_gemm_close c;
	struct neural_gemm_x x;
	u32 at, g, n;

	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage_row(a, r, at, &x);
		for (g = 0; g + 4 * step <= n; g += 4 * step, w += 4 * NEURAL_GEMM_GROUP) {
			neural_gemm_column_step(w, &x, g, &s.p0);
			neural_gemm_column_step(w + NEURAL_GEMM_GROUP, &x, g + step, &s1);
			neural_gemm_column_step(w + 2 * NEURAL_GEMM_GROUP, &x, g + 2 * step,
						&s2);
			neural_gemm_column_step(w + 3 * NEURAL_GEMM_GROUP, &x, g + 3 * step,
						&s3);
		}
		for (; g < n; g += step, w += NEURAL_GEMM_GROUP)
			neural_gemm_column_step(w, &x, g, &s.p0);
	}
	s.p0 = _mm512_add_epi32(_mm512_add_epi32(s.p0, s1), _mm512_add_epi32(s2, s3));
	s = neural_gemm_scale(a, r, j, 1, s);
	c = neural_gemm_close_load(a, r, j);
	neural_gemm_store(&c, s.p0);
}

/* Functions of their own: in one their frames would add up. */
static noinline void neural_gemm_tile_8x2(const struct neural_s8_gemm_args *a, u32 r,
					  u32 j, u32 rows)
{
	neural_gemm_tile(a, r, j, rows, 8, 2);
}

static noinline void neural_gemm_tile_4x2(const struct neural_s8_gemm_args *a, u32 r,
					  u32 j, u32 rows)
{
	neural_gemm_tile(a, r, j, rows, 4, 2);
}

static noinline void neural_gemm_tile_8x1(const struct neural_s8_gemm_args *a, u32 r,
					  u32 j, u32 rows)
{
	neural_gemm_tile(a, r, j, rows, 8, 1);
}

static noinline void neural_gemm_tile_4x1(const struct neural_s8_gemm_args *a, u32 r,
					  u32 j, u32 rows)
{
	neural_gemm_tile(a, r, j, rows, 4, 1);
}

static __always_inline void neural_gemm(const struct neural_s8_gemm_args *a)
{
	const u32 panels = DIV_ROUND_UP(a->n, NEURAL_S8_PANEL);
	const u32 tiled = a->rows % NEURAL_GEMM_TILE == 1 ? a->rows - 1 : a->rows;
	u32 j, r, n;

	/* Rows inside, so that weights are fetched once, however many rows there are. */
	for (j = 0; j < panels; j += 2) {
		for (r = 0; r < tiled; r += n) {
			n = min_t(u32, tiled - r, NEURAL_GEMM_TILE);
			if (j + 2 <= panels && n > 4)
				neural_gemm_tile_8x2(a, r, j * NEURAL_S8_PANEL, n);
			else if (j + 2 <= panels)
				neural_gemm_tile_4x2(a, r, j * NEURAL_S8_PANEL, n);
			else if (n > 4)
				neural_gemm_tile_8x1(a, r, j * NEURAL_S8_PANEL, n);
			else
				neural_gemm_tile_4x1(a, r, j * NEURAL_S8_PANEL, n);
		}
	}
	if (tiled == a->rows)
		return;
	for (j = 0; j + 4 <= panels; j += 4)
		neural_gemm_row(a, tiled, j * NEURAL_S8_PANEL);
	for (; j < panels; j++)
		neural_gemm_column(a, tiled, j * NEURAL_S8_PANEL);
}

#endif /* _NEURAL_SIMD_X86_S8_GEMM_ZMM_H */
