/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * S8 times S8 or S4 in 128 bits, where a panel is four vectors: the file that includes this
 * defines NEURAL_GEMM_STEP and neural_gemm_weights(), of a quarter of a panel, as for
 * s8_gemm_zmm.h.
 *
 * What is beside products and their additions is what keeps them waiting.  So weights are
 * made words once for a block of rows, a few groups at a time, and read from the stack;
 * sums stay there between two times.  Sixteen registers hold the sums of two rows and a
 * panel, and then each input that has been spread is used four times, and each weight that
 * has been loaded twice.
 *
 * One row or two, and panels that are no more than half of one, make weights words as they
 * go: storing them costs more than it gains.
 */
#ifndef _NEURAL_SIMD_X86_S8_GEMM_XMM_H
#define _NEURAL_SIMD_X86_S8_GEMM_XMM_H

#include "s8_xmm.h"

#define NEURAL_GEMM_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes of S8 */
#define NEURAL_GEMM_STAGE	4	/* groups, in a vector */
#define NEURAL_GEMM_CHUNK	8	/* groups, as words */
#define NEURAL_GEMM_BLOCK	8	/* rows */

/* Inputs of one row. */
struct neural_gemm_x {
	__m128i even;
	__m128i odd;
};

/* Sums of one row and one panel. */
struct neural_gemm_sums {
	__m128i q0, q1, q2, q3;
};

/* What becomes of the sums of one panel. */
struct neural_gemm_close {
	struct neural_xmm_panel panel;
	struct neural_xmm_s8 s8;
	u32 n;
};

static __always_inline struct neural_gemm_x neural_gemm_x(__m128i v)
{
	return (struct neural_gemm_x){ neural_xmm_even_s8(v), neural_xmm_odd_s8(v) };
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

static __always_inline void neural_gemm_mac(__m128i *sum, __m128i x, __m128i w)
{
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(x, w));
}

static noinline void neural_gemm_close_load(struct neural_gemm_close *c,
					    const struct neural_s8_gemm_args *a, u32 j)
{
	neural_xmm_panel_load(&c->panel, a->multiplier + j, a->shift + j,
			      a->rows > 2);
	c->s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max);
	c->n = a->n - j;
}

static noinline void neural_gemm_close(const struct neural_gemm_close *c,
				       const struct neural_gemm_sums *s, s8 *out)
{
	const __m128i v0 = neural_xmm_panel_half(s->q0, s->q1, 0, &c->panel);
	__m128i v1 = v0;

	if (c->n > 8)
		v1 = neural_xmm_panel_half(s->q2, s->q3, 2, &c->panel);
	neural_xmm_store_s8(out, neural_xmm_s8(v0, v1, &c->s8), c->n);
}

static __always_inline void neural_gemm_words(__m128i *words, const struct neural_gemm_w w)
{
	words[0] = w.even;
	words[1] = w.odd;
}

/* Of group @g of a chunk, even and odd words of each quarter. */
static __always_inline void neural_gemm_widen(const s8 *w, const u32 g, __m128i *words)
{
	const u32 odd = g % NEURAL_GEMM_STEP;

	w += g / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
	words += g * 8;
	neural_gemm_words(words, neural_gemm_weights(w, odd));
	neural_gemm_words(words + 2, neural_gemm_weights(w + 16, odd));
	neural_gemm_words(words + 4, neural_gemm_weights(w + 32, odd));
	neural_gemm_words(words + 6, neural_gemm_weights(w + 48, odd));
}

/* Groups in pairs, for the place of one in a byte to be a constant. */
static __always_inline void neural_gemm_chunk(const s8 *w, u32 groups, __m128i *words)
{
	u32 g;

	for (g = 0; g + 1 < groups; g += 2) {
		neural_gemm_widen(w, 0, words);
		neural_gemm_widen(w, 1, words);
		w += 2 / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
		words += 16;
	}
	if (g < groups)
		neural_gemm_widen(w, 0, words);
}

/* Even or odd inputs, each spread, times a quarter of a panel. */
static __always_inline void neural_gemm_quarter(const __m128i *w, __m128i x0, __m128i x1,
						__m128i *s0, __m128i *s1, const u32 rows)
{
	const __m128i v = *w;

	neural_gemm_mac(s0, x0, v);
	if (rows > 1)
		neural_gemm_mac(s1, x1, v);
}

static __always_inline void neural_gemm_half(const __m128i *w, __m128i x0, __m128i x1,
					     const u32 g, struct neural_gemm_sums *s0,
					     struct neural_gemm_sums *s1, const u32 rows)
{
	x0 = neural_gemm_spread(x0, g);
	x1 = neural_gemm_spread(x1, g);
	neural_gemm_quarter(w, x0, x1, &s0->q0, &s1->q0, rows);
	neural_gemm_quarter(w + 2, x0, x1, &s0->q1, &s1->q1, rows);
	neural_gemm_quarter(w + 4, x0, x1, &s0->q2, &s1->q2, rows);
	neural_gemm_quarter(w + 6, x0, x1, &s0->q3, &s1->q3, rows);
}

/* Group @g of those that are staged, to the sums of all rows. */
static __always_inline void neural_gemm_group(const __m128i *w,
					      const struct neural_gemm_x *x0,
					      const struct neural_gemm_x *x1, const u32 g,
					      struct neural_gemm_sums *s0,
					      struct neural_gemm_sums *s1, const u32 rows)
{
	neural_gemm_half(w + g * 8, x0->even, x1->even, g, s0, s1, rows);
	neural_gemm_half(w + g * 8 + 1, x0->odd, x1->odd, g, s0, s1, rows);
}

/*
 * @groups of a chunk, of which there may be less than a stage's in the last place, to the
 * sums of @rows rows, a constant where this is inlined.
 */
static __always_inline void neural_gemm_tile(const struct neural_s8_gemm_args *a, u32 r,
					     u32 at, u32 groups, const __m128i *w,
					     struct neural_gemm_sums *sums, const u32 rows)
{
	const s8 *in0 = a->x + r * a->x_stride + at * NEURAL_S8_GROUP;
	const s8 *in1 = rows > 1 ? in0 + a->x_stride : in0;
	struct neural_gemm_sums s0 = sums[0], s1 = sums[rows - 1];
	u32 bytes = a->k - at * NEURAL_S8_GROUP;
	struct neural_gemm_x x0, x1;

	for (; groups >= NEURAL_GEMM_STAGE && bytes >= 16; groups -= NEURAL_GEMM_STAGE) {
		x0 = neural_gemm_x(neural_xmm_load(in0));
		x1 = neural_gemm_x(neural_xmm_load(in1));
		neural_gemm_group(w, &x0, &x1, 0, &s0, &s1, rows);
		neural_gemm_group(w, &x0, &x1, 1, &s0, &s1, rows);
		neural_gemm_group(w, &x0, &x1, 2, &s0, &s1, rows);
		neural_gemm_group(w, &x0, &x1, 3, &s0, &s1, rows);
		w += NEURAL_GEMM_STAGE * 8;
		in0 += 16;
		in1 += 16;
		bytes -= 16;
	}
	if (groups) {
		x0 = neural_gemm_x(neural_xmm_load_s8(in0, bytes));
		x1 = rows > 1 ? neural_gemm_x(neural_xmm_load_s8(in1, bytes)) : x0;
		neural_gemm_group(w, &x0, &x1, 0, &s0, &s1, rows);
		if (groups > 1)
			neural_gemm_group(w, &x0, &x1, 1, &s0, &s1, rows);
		if (groups > 2)
			neural_gemm_group(w, &x0, &x1, 2, &s0, &s1, rows);
		if (groups > 3)
			neural_gemm_group(w, &x0, &x1, 3, &s0, &s1, rows);
	}
	sums[0] = s0;
	if (rows > 1)
		sums[1] = s1;
}

/* Up to NEURAL_GEMM_BLOCK rows. */
static noinline void neural_gemm_block(const struct neural_s8_gemm_args *a, u32 r, u32 rows,
				       u32 j, const s8 *w, const struct neural_gemm_close *c)
{
	const u32 groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP);
	struct neural_gemm_sums sums[NEURAL_GEMM_BLOCK];
	__m128i words[NEURAL_GEMM_CHUNK * 8];
	u32 at, end, i;

	for (i = 0; i < rows; i++)
		sums[i] = neural_gemm_open(a, r + i, j);
	for (at = 0; at < groups; at = end) {
		end = min(at + NEURAL_GEMM_CHUNK, groups);
		neural_gemm_chunk(w, end - at, words);
		w += NEURAL_GEMM_CHUNK / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
		for (i = 0; i + 1 < rows; i += 2)
			neural_gemm_tile(a, r + i, at, end - at, words, &sums[i], 2);
		if (i < rows)
			neural_gemm_tile(a, r + i, at, end - at, words, &sums[i], 1);
	}
	for (i = 0; i < rows; i++)
		neural_gemm_close(c, &sums[i], a->out + (r + i) * a->out_stride + j);
}

static __always_inline void neural_gemm_both(const struct neural_gemm_w *w, __m128i even,
					     __m128i odd, __m128i *sum)
{
	neural_gemm_mac(sum, even, w->even);
	neural_gemm_mac(sum, odd, w->odd);
}

/* Group @g of those that are staged, of one row or two without a block. */
static __always_inline void neural_gemm_few(const s8 *w, const struct neural_gemm_x *x0,
					    const struct neural_gemm_x *x1, const u32 g,
					    struct neural_gemm_sums *s0,
					    struct neural_gemm_sums *s1, const u32 rows,
					    const u32 quarters)
{
	const __m128i even0 = neural_gemm_spread(x0->even, g);
	const __m128i odd0 = neural_gemm_spread(x0->odd, g);
	const __m128i even1 = neural_gemm_spread(x1->even, g);
	const __m128i odd1 = neural_gemm_spread(x1->odd, g);
	const u32 last = g % NEURAL_GEMM_STEP;
	struct neural_gemm_w v;

	w += g / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
	v = neural_gemm_weights(w, last);
	neural_gemm_both(&v, even0, odd0, &s0->q0);
	if (rows > 1)
		neural_gemm_both(&v, even1, odd1, &s1->q0);
	v = neural_gemm_weights(w + 16, last);
	neural_gemm_both(&v, even0, odd0, &s0->q1);
	if (rows > 1)
		neural_gemm_both(&v, even1, odd1, &s1->q1);
	if (quarters <= 2)
		return;
	v = neural_gemm_weights(w + 32, last);
	neural_gemm_both(&v, even0, odd0, &s0->q2);
	if (rows > 1)
		neural_gemm_both(&v, even1, odd1, &s1->q2);
	v = neural_gemm_weights(w + 48, last);
	neural_gemm_both(&v, even0, odd0, &s0->q3);
	if (rows > 1)
		neural_gemm_both(&v, even1, odd1, &s1->q3);
}

static __always_inline void neural_gemm_rows(const struct neural_s8_gemm_args *a, u32 r,
					     u32 j, const s8 *w,
					     const struct neural_gemm_close *c,
					     const u32 rows, const u32 quarters)
{
	const s8 *in0 = a->x + r * a->x_stride, *in1 = rows > 1 ? in0 + a->x_stride : in0;
	struct neural_gemm_sums s0 = neural_gemm_open(a, r, j);
	struct neural_gemm_sums s1 = rows > 1 ? neural_gemm_open(a, r + 1, j) : s0;
	s8 *out = a->out + r * a->out_stride + j;
	struct neural_gemm_x x0, x1;
	u32 left;

	for (left = a->k; left; in0 += 16, in1 += 16) {
		x0 = neural_gemm_x(neural_xmm_load_s8(in0, left));
		x1 = rows > 1 ? neural_gemm_x(neural_xmm_load_s8(in1, left)) : x0;
		neural_gemm_few(w, &x0, &x1, 0, &s0, &s1, rows, quarters);
		if (left > NEURAL_S8_GROUP)
			neural_gemm_few(w, &x0, &x1, 1, &s0, &s1, rows, quarters);
		if (left > 2 * NEURAL_S8_GROUP)
			neural_gemm_few(w, &x0, &x1, 2, &s0, &s1, rows, quarters);
		if (left > 3 * NEURAL_S8_GROUP)
			neural_gemm_few(w, &x0, &x1, 3, &s0, &s1, rows, quarters);
		w += NEURAL_GEMM_STAGE / NEURAL_GEMM_STEP * NEURAL_GEMM_GROUP;
		left -= min(left, 16U);
	}
	neural_gemm_close(c, &s0, out);
	if (rows > 1)
		neural_gemm_close(c, &s1, out + a->out_stride);
}

static noinline void neural_gemm_one(const struct neural_s8_gemm_args *a, u32 r, u32 j,
				     const s8 *w, const struct neural_gemm_close *c)
{
	if (c->n > 8)
		neural_gemm_rows(a, r, j, w, c, 1, 4);
	else
		neural_gemm_rows(a, r, j, w, c, 1, 2);
}

static noinline void neural_gemm_two(const struct neural_s8_gemm_args *a, u32 r, u32 j,
				     const s8 *w, const struct neural_gemm_close *c)
{
	if (c->n > 8)
		neural_gemm_rows(a, r, j, w, c, 2, 4);
	else
		neural_gemm_rows(a, r, j, w, c, 2, 2);
}

/* Rows of the next block, of @left: blocks are about as large as each other, and even. */
static __always_inline u32 neural_gemm_block_rows(u32 left)
{
	const u32 blocks = DIV_ROUND_UP(left, NEURAL_GEMM_BLOCK);

	return min(round_up(DIV_ROUND_UP(left, blocks), 2), left);
}

/* All rows of one panel. */
static __always_inline void neural_gemm_panel(const struct neural_s8_gemm_args *a, u32 j,
					      const s8 *w, const struct neural_gemm_close *c)
{
	u32 r, rows;

	if (a->rows > 2 && c->n > 8) {
		for (r = 0; r < a->rows; r += rows) {
			rows = neural_gemm_block_rows(a->rows - r);
			neural_gemm_block(a, r, rows, j, w, c);
		}
		return;
	}
	for (r = 0; r + 1 < a->rows; r += 2)
		neural_gemm_two(a, r, j, w, c);
	if (r < a->rows)
		neural_gemm_one(a, r, j, w, c);
}

static __always_inline void neural_gemm(const struct neural_s8_gemm_args *a)
{
	const size_t groups = DIV_ROUND_UP(a->k, NEURAL_S8_GROUP * NEURAL_GEMM_STEP);
	struct neural_gemm_close c;
	const s8 *w = a->w;
	u32 j;

	for (j = 0; j < a->n; j += NEURAL_S8_PANEL, w += groups * NEURAL_GEMM_GROUP) {
		neural_gemm_close_load(&c, a, j);
		neural_gemm_panel(a, j, w, &c);
	}
}

#endif /* _NEURAL_SIMD_X86_S8_GEMM_XMM_H */
