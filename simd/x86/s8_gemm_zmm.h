/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * S8 times S8 in 512 bits, for AVX-512 with and without VNNI: the file that includes
 * this defines what a vector of inputs and one of weights are made of,
 *
 *	NEURAL_GEMM_BIAS	the bias that goes with it
 *	struct neural_gemm_x	the inputs of sixteen groups of one row
 *	neural_gemm_stage()	sixteen groups of bytes to those
 *	struct neural_gemm_w	the weights of one group of a panel
 *	neural_gemm_weights()	bytes of weights to those
 *	neural_gemm_mac()	to add the products of a group to sums.
 *
 * Inputs are staged on the stack, 64 at a time, so that what has to be done to them is
 * done to vectors of them and not to every group again, and so that there is no such
 * thing as an incomplete group in the loop.
 */
#ifndef _NEURAL_SIMD_X86_S8_GEMM_ZMM_H
#define _NEURAL_SIMD_X86_S8_GEMM_ZMM_H

#include "s8_zmm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes */
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

static __always_inline struct neural_gemm_sums
neural_gemm_open(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 panels)
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

/* What becomes of the sums of a tile where all shifts are to the right. */
struct neural_gemm_down {
	struct neural_zmm_down p0, p1;
	struct neural_zmm_s8x4 s8;
	__mmask32 mask;
	s8 *out;
	size_t stride;
};

static __always_inline struct neural_gemm_down
neural_gemm_down_load(const struct neural_s8_gemm_args *a, u32 r, u32 j, const u32 panels)
{
	const u32 n = a->n - j;
	struct neural_gemm_down d = {
		.p0 = neural_zmm_down_load(a->multiplier + j, a->shift + j),
		.s8 = neural_zmm_s8x4_load(a->zero_point, a->min, a->max),
		.mask = n >= 32 ? ~0U : (1U << n) - 1,
		.out = a->out + r * a->out_stride + j,
		.stride = a->out_stride,
	};

	if (panels > 1)
		d.p1 = neural_zmm_down_load(a->multiplier + j + NEURAL_S8_PANEL,
					    a->shift + j + NEURAL_S8_PANEL);
	return d;
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
static __always_inline void neural_gemm_store_2x2(struct neural_gemm_down *d, u32 rows,
						  struct neural_gemm_sums s0,
						  struct neural_gemm_sums s1)
{
	const __m512i v = neural_zmm_s8x4(neural_zmm_down(s0.p0, &d->p0),
					  neural_zmm_down(s0.p1, &d->p1),
					  neural_zmm_down(s1.p0, &d->p0),
					  neural_zmm_down(s1.p1, &d->p1), &d->s8);

	_mm256_mask_storeu_epi8(d->out, d->mask, _mm512_castsi512_si256(v));
	d->out += d->stride;
	if (rows < 2)
		return;
	_mm256_mask_storeu_epi8(d->out, d->mask, _mm512_extracti64x4_epi64(v, 1));
	d->out += d->stride;
}

/* Four rows of one panel, or as many as are left of them. */
static __always_inline void neural_gemm_store_4x1(struct neural_gemm_down *d, u32 rows,
						  __m512i s0, __m512i s1, __m512i s2,
						  __m512i s3)
{
	const __m512i v = neural_zmm_s8x4(neural_zmm_down(s0, &d->p0),
					  neural_zmm_down(s1, &d->p0),
					  neural_zmm_down(s2, &d->p0),
					  neural_zmm_down(s3, &d->p0), &d->s8);

	_mm_mask_storeu_epi8(d->out, d->mask, _mm512_castsi512_si128(v));
	d->out += d->stride;
	if (rows > 1)
		_mm_mask_storeu_epi8(d->out, d->mask, _mm512_extracti32x4_epi32(v, 1));
	d->out += d->stride;
	if (rows > 2)
		_mm_mask_storeu_epi8(d->out, d->mask, _mm512_extracti32x4_epi32(v, 2));
	d->out += d->stride;
	if (rows > 3)
		_mm_mask_storeu_epi8(d->out, d->mask, _mm512_extracti32x4_epi32(v, 3));
	d->out += d->stride;
}

/* A tile of @rows, up to eight where that is @most, else up to four. */
static __always_inline void
neural_gemm_close(const struct neural_s8_gemm_args *a, u32 r, u32 j, u32 rows,
		  const u32 most, const u32 panels, struct neural_gemm_sums s0,
		  struct neural_gemm_sums s1, struct neural_gemm_sums s2,
		  struct neural_gemm_sums s3, struct neural_gemm_sums s4,
		  struct neural_gemm_sums s5, struct neural_gemm_sums s6,
		  struct neural_gemm_sums s7)
{
	struct neural_gemm_down d;

	if (!neural_gemm_is_down(a, j, panels)) {
		neural_gemm_close_any(a, r, j, rows, (const __m512i[]){
			s0.p0, s1.p0, s2.p0, s3.p0, s4.p0, s5.p0, s6.p0, s7.p0 });
		if (panels > 1)
			neural_gemm_close_any(a, r, j + NEURAL_S8_PANEL, rows,
					      (const __m512i[]){
				s0.p1, s1.p1, s2.p1, s3.p1, s4.p1, s5.p1, s6.p1, s7.p1 });
		return;
	}
	d = neural_gemm_down_load(a, r, j, panels);
	if (panels == 1) {
		neural_gemm_store_4x1(&d, rows, s0.p0, s1.p0, s2.p0, s3.p0);
		if (most > 4)
			neural_gemm_store_4x1(&d, rows - 4, s4.p0, s5.p0, s6.p0, s7.p0);
		return;
	}
	neural_gemm_store_2x2(&d, rows, s0, s1);
	if (rows > 2)
		neural_gemm_store_2x2(&d, rows - 2, s2, s3);
	if (most <= 4)
		return;
	neural_gemm_store_2x2(&d, rows - 4, s4, s5);
	if (rows > 6)
		neural_gemm_store_2x2(&d, rows - 6, s6, s7);
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
	const size_t panel = (size_t)groups * NEURAL_GEMM_GROUP;
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	struct neural_gemm_sums s0, s1, s2, s3, s4, s5, s6, s7;
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
		struct neural_gemm_x x[NEURAL_GEMM_TILE];

		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		for (i = 0; i < rows; i++)
			neural_gemm_stage_row(a, r + i, at, &x[i]);
		for (g = 0; g < n; g++, w += NEURAL_GEMM_GROUP) {
			const struct neural_gemm_w w0 = neural_gemm_weights(w);
			const struct neural_gemm_w w1 =
				panels > 1 ? neural_gemm_weights(w + panel) : w0;

			neural_gemm_add(&s0, &x[0], g, w0, w1, panels);
			neural_gemm_add(&s1, &x[1], g, w0, w1, panels);
			neural_gemm_add(&s2, &x[2], g, w0, w1, panels);
			neural_gemm_add(&s3, &x[3], g, w0, w1, panels);
			if (most <= 4)
				continue;
			neural_gemm_add(&s4, &x[4], g, w0, w1, panels);
			neural_gemm_add(&s5, &x[5], g, w0, w1, panels);
			neural_gemm_add(&s6, &x[6], g, w0, w1, panels);
			neural_gemm_add(&s7, &x[7], g, w0, w1, panels);
		}
	}
	neural_gemm_close(a, r, j, rows, most, panels, s0, s1, s2, s3, s4, s5, s6, s7);
}

/*
 * One row times four panels, as four streams of weights: in GB/s out of the second cache
 * 110 of 118 there are (Zen 4), where one stream gets 95 and with prefetches 88.
 */
static __always_inline void neural_gemm_row(const struct neural_s8_gemm_args *a, u32 r,
					    u32 j)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const size_t panel = (size_t)groups * NEURAL_GEMM_GROUP;
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	struct neural_gemm_sums s0, s1;
	struct neural_gemm_close c;
	struct neural_gemm_x x;
	u32 at, g, n;

	s0 = neural_gemm_open(a, r, j, 2);
	s1 = neural_gemm_open(a, r, j + 2 * NEURAL_S8_PANEL, 2);
	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage_row(a, r, at, &x);
		for (g = 0; g < n; g++, w += NEURAL_GEMM_GROUP) {
			neural_gemm_mac(&s0.p0, &x, g, neural_gemm_weights(w));
			neural_gemm_mac(&s0.p1, &x, g, neural_gemm_weights(w + panel));
			neural_gemm_mac(&s1.p0, &x, g, neural_gemm_weights(w + 2 * panel));
			neural_gemm_mac(&s1.p1, &x, g, neural_gemm_weights(w + 3 * panel));
		}
	}
	c = neural_gemm_close_load(a, r, j);
	neural_gemm_store(&c, s0.p0);
	c = neural_gemm_close_load(a, r, j + NEURAL_S8_PANEL);
	neural_gemm_store(&c, s0.p1);
	c = neural_gemm_close_load(a, r, j + 2 * NEURAL_S8_PANEL);
	neural_gemm_store(&c, s1.p0);
	c = neural_gemm_close_load(a, r, j + 3 * NEURAL_S8_PANEL);
	neural_gemm_store(&c, s1.p1);
}

/*
 * One row times a panel, in four sums: to add a product takes as long as it takes to
 * begin with four.
 */
static __always_inline void neural_gemm_column(const struct neural_s8_gemm_args *a, u32 r,
					       u32 j)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	const s8 *w = a->w + (size_t)j * NEURAL_S8_GROUP * groups;
	__m512i s0 = neural_gemm_open(a, r, j, 1).p0;
	__m512i s1 = _mm512_setzero_si512();
	__m512i s2 = s1;
	__m512i s3 = s1;
	struct neural_gemm_close c;
	struct neural_gemm_x x;
	u32 at, g, n;

	for (at = 0; at < groups; at += n) {
		n = min_t(u32, groups - at, NEURAL_GEMM_STAGE);
		neural_gemm_stage_row(a, r, at, &x);
		for (g = 0; g + 4 <= n; g += 4, w += 4 * NEURAL_GEMM_GROUP) {
			neural_gemm_mac(&s0, &x, g, neural_gemm_weights(w));
			neural_gemm_mac(&s1, &x, g + 1,
					neural_gemm_weights(w + NEURAL_GEMM_GROUP));
			neural_gemm_mac(&s2, &x, g + 2,
					neural_gemm_weights(w + 2 * NEURAL_GEMM_GROUP));
			neural_gemm_mac(&s3, &x, g + 3,
					neural_gemm_weights(w + 3 * NEURAL_GEMM_GROUP));
		}
		for (; g < n; g++, w += NEURAL_GEMM_GROUP)
			neural_gemm_mac(&s0, &x, g, neural_gemm_weights(w));
	}
	c = neural_gemm_close_load(a, r, j);
	neural_gemm_store(&c, _mm512_add_epi32(_mm512_add_epi32(s0, s1),
					       _mm512_add_epi32(s2, s3)));
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
				neural_gemm_tile(a, r, j * NEURAL_S8_PANEL, n, 8, 2);
			else if (j + 2 <= panels)
				neural_gemm_tile(a, r, j * NEURAL_S8_PANEL, n, 4, 2);
			else if (n > 4)
				neural_gemm_tile(a, r, j * NEURAL_S8_PANEL, n, 8, 1);
			else
				neural_gemm_tile(a, r, j * NEURAL_S8_PANEL, n, 4, 1);
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
