/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases for the S8 kernels, and what they have to give, from the contracts in
 * simd/s8_args.h.  Where the buffers go is left to the suite, which has fences.
 */
#ifndef _NEURAL_TEST_REFERENCE_S8_KERNELS_H
#define _NEURAL_TEST_REFERENCE_S8_KERNELS_H

#include "s8_conv.h"

#define S8_MOST_RESULTS	4096	/* of one case */

static inline bool s8_is_gemm(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_s8_gemm || family == NEURAL_FAMILY_s8s4_gemm;
}

static inline size_t s8_gemm_bytes(enum neural_kernel_family family, u32 k, u32 n)
{
	return DIV_ROUND_UP(k, family == NEURAL_FAMILY_s8_gemm ? 4 : 8) * ALIGN(n, 16) * 4;
}

/* Where the weight of input @i to output @j is, be it a byte or half of one. */
static inline size_t s8_gemm_at(enum neural_kernel_family family, u32 k, u32 i, u32 j)
{
	const u32 inputs = family == NEURAL_FAMILY_s8_gemm ? 4 : 8;

	return (((size_t)j / 16 * DIV_ROUND_UP(k, inputs) + i / inputs) * 16 + j % 16) * 4 +
	       i % 4;
}

static inline s32 s8_gemm_weight(enum neural_kernel_family family,
				 const struct neural_s8_gemm_args *a, u32 i, u32 j)
{
	const s32 byte = a->w[s8_gemm_at(family, a->k, i, j)];
	s32 half;

	if (family == NEURAL_FAMILY_s8_gemm)
		return byte;
	half = (i / 4 % 2 ? byte >> 4 : byte) & 15;
	return half < 8 ? half : half - 16;
}

/* What the bias is for inputs that are read as u8, 128 too high. */
static inline const s32 *s8_bias_u8(struct s8_placer *p, const struct s8_case *c,
				    const struct neural_s8_gemm_args *a)
{
	const size_t bytes = ALIGN(a->n, 16) * sizeof(s32);
	s32 *bias = memset(p->place(p, S8_BIAS_U8, bytes, 64), 0, bytes);
	u32 i, j;

	for (j = 0; j < a->n; j++) {
		s32 sum = 0;

		for (i = 0; i < a->k; i++)
			sum += s8_gemm_weight(c->family, a, i, j);
		bias[j] = (u32)a->bias[j] - 128 * (u32)sum;
	}
	return bias;
}

/* A weight of input @i, into its half of a byte if it has 4 bits. */
static inline void s8_weight(const struct s8_case *c, u64 *seed, s8 *at, u32 i)
{
	const s8 v = s8_value(c, seed);

	if (c->family == NEURAL_FAMILY_s8_gemm)
		*at = v;
	else if (i / 4 % 2)
		*at = (*at & 0x0f) | (v & 0xf0);
	else
		*at = (*at & 0xf0) | (v >> 4 & 0x0f);
}

static inline void s8_build_gemm(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				 struct neural_s8_gemm_args *a)
{
	const size_t bytes = s8_gemm_bytes(c->family, c->k, c->n);
	s8 *w = memset(p->place(p, S8_W, bytes, 64), 0, bytes);
	s32 reach = c->k << 14, *row_bias = NULL;
	u32 i, j;

	for (j = 0; j < c->n; j++)
		for (i = 0; i < c->k; i++)
			s8_weight(c, seed, &w[s8_gemm_at(c->family, c->k, i, j)], i);
	if (c->seed % 4 == 1) {
		row_bias = p->place(p, S8_ROW_BIAS, c->results * sizeof(s32), 4);
		for (i = 0; i < c->results; i++)
			row_bias[i] = reference_between(seed, -reach, reach);
		reach *= 2;
	}
	*a = (struct neural_s8_gemm_args){
		.w = w, .row_bias = row_bias, .k = c->k, .n = c->n, .rows = c->results,
		.x_stride = c->k + c->gap, .out_stride = c->n + c->gap % 5,
		.zero_point = reference_between(seed, -128, 127),
	};
	a->x = s8_fill(p, S8_X, c, seed, (c->results - 1) * a->x_stride + c->k, 1);
	a->out = p->place(p, S8_OUT, (c->results - 1) * a->out_stride + c->n, 1);
	s8_params(p, c, seed, reach, &a->bias, &a->multiplier, &a->shift);
	a->bias_u8 = s8_bias_u8(p, c, a);
	s8_bounds(c, seed, &a->min, &a->max);
}

/* @channels of the input under a window, exactly. */
static inline void s8_build_window(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				   u32 channels, struct neural_s8_window *v)
{
	size_t bytes = channels;

	*v = (struct neural_s8_window){ .rows = c->down, .cols = c->across };
	v->x_col = channels + c->gap % 7;
	v->x_row = v->x_col * (c->across + c->gap % 3);
	v->x_step = v->x_col * (1 + c->gap % 2);
	bytes += (c->results - 1) * v->x_step;
	if (c->down && c->across)
		bytes += (c->down - 1) * v->x_row + (c->across - 1) * v->x_col;
	else
		bytes = 0;
	v->x = s8_fill(p, S8_X, c, seed, bytes, 1);
}

/* Cells of a window; those of a depthwise one are anywhere, in pairs. */
static inline const u32 *s8_cells(struct s8_placer *p, const struct s8_case *c,
				  const struct neural_s8_window *v)
{
	const u32 cells = c->down * c->across;
	u32 *cell = p->place(p, S8_CELL, ALIGN(cells, 2) * sizeof(*cell), 4);
	u32 k;

	for (k = 0; k < cells; k++)
		cell[k] = k / c->across * v->x_row + k % c->across * v->x_col;
	if (k % 2)
		cell[k] = cell[c->seed % cells];
	return cell;
}

static inline size_t s8_depthwise_at(u32 pairs, u32 i, u32 c)
{
	static const u32 place[] = { 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15 };

	return (((size_t)c / 16 * pairs + i / 2) * 16 + place[c % 16]) * 2 + i % 2;
}

static inline void s8_build_depthwise(struct s8_placer *p, const struct s8_case *c,
				      u64 *seed, struct neural_s8_depthwise_args *a)
{
	const u32 cells = c->down * c->across, pairs = DIV_ROUND_UP(cells, 2);
	const size_t bytes = ALIGN((size_t)c->n, 16) * pairs * 2 * sizeof(s16);
	struct neural_s8_window v = { .rows = c->down, .cols = c->across };
	s16 *w = memset(p->place(p, S8_W, bytes, 64), 0, bytes);
	u32 i, j;

	*a = (struct neural_s8_depthwise_args){
		.w = w, .pairs = pairs, .n = c->n,
		.lines = c->results % 2 ? 1 : 2,
		.results = c->results % 2 ? c->results : c->results / 2,
		.out_step = c->n + c->gap % 5,
		.zero_point = reference_between(seed, -128, 127),
	};
	for (i = 0; i < cells; i++)
		for (j = 0; j < c->n; j++)
			w[s8_depthwise_at(pairs, i, j)] = s8_value(c, seed);
	v.x_col = c->n + c->gap % 7;
	v.x_row = v.x_col * (c->across + c->gap % 3);
	a->x_step = v.x_col * (1 + c->gap % 2);
	a->x_line = v.x_row + c->gap % 4;
	a->cell = s8_cells(p, c, &v);
	a->x = s8_fill(p, S8_X, c, seed, (a->lines - 1) * a->x_line +
		       (a->results - 1) * a->x_step + (c->down - 1) * v.x_row +
		       (c->across - 1) * v.x_col + c->n, 1);
	a->out = p->place(p, S8_OUT, (c->results - 1) * a->out_step + c->n, 1);
	s8_params(p, c, seed, cells << 14, &a->bias, &a->multiplier, &a->shift);
	s8_bounds(c, seed, &a->min, &a->max);
}

static inline void s8_build_pool(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				 struct neural_s8_pool_args *a)
{
	*a = (struct neural_s8_pool_args){
		.n = c->n, .results = c->results, .out_step = c->n + c->gap % 5,
	};
	s8_build_window(p, c, seed, c->n, &a->window);
	a->out = p->place(p, S8_OUT, (c->results - 1) * a->out_step + c->n, 1);
	s8_bounds(c, seed, &a->min, &a->max);
}

static inline void s8_build_sum(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				struct neural_s8_sum_args *a)
{
	u32 i;

	*a = (struct neural_s8_sum_args){
		.rows = c->k, .n = c->n, .stride = c->n + c->gap,
		.sum = p->place(p, S8_OUT, c->n * sizeof(s32), 4),
	};
	a->x = s8_fill(p, S8_X, c, seed, (c->k - 1) * a->stride + c->n, 1);
	for (i = 0; i < c->n; i++)
		a->sum[i] = reference_between(seed, -(1 << 30), 1 << 30);
}

static inline void s8_build(struct s8_placer *p, const struct s8_case *c, union s8_args *a)
{
	u64 seed = c->seed;

	switch (c->family) {
	case NEURAL_FAMILY_s8_gemm:
	case NEURAL_FAMILY_s8s4_gemm:
		s8_build_gemm(p, c, &seed, &a->gemm);
		break;
	case NEURAL_FAMILY_s8_conv:
		s8_build_conv(p, c, &seed, &a->conv);
		break;
	case NEURAL_FAMILY_s8_frame:
		s8_build_frame(p, c, &seed, &a->frame);
		break;
	case NEURAL_FAMILY_s8_depthwise:
		s8_build_depthwise(p, c, &seed, &a->depthwise);
		break;
	case NEURAL_FAMILY_s8_sum:
		s8_build_sum(p, c, &seed, &a->sum);
		break;
	default:
		s8_build_pool(p, c, &seed, &a->pool);
		break;
	}
}

static inline s32 s8_expect_gemm(enum neural_kernel_family family,
				 const struct neural_s8_gemm_args *a, u32 r, u32 j)
{
	s64 sum = a->bias[j] + (s64)(a->row_bias ? a->row_bias[r] : 0);
	u32 i;

	for (i = 0; i < a->k; i++)
		sum += a->x[r * a->x_stride + i] * s8_gemm_weight(family, a, i, j);
	return reference_clamp(reference_rescale(sum, a->multiplier[j], a->shift[j]) +
				a->zero_point, a->min, a->max);
}

static inline s32 s8_expect_depthwise(const struct neural_s8_depthwise_args *a, u32 p,
				      u32 c)
{
	const s8 *x = a->x + p / a->results * a->x_line + p % a->results * a->x_step + c;
	s64 sum = a->bias[c];
	u32 i;

	for (i = 0; i < 2 * a->pairs; i++)
		sum += x[a->cell[i]] * a->w[s8_depthwise_at(a->pairs, i, c)];
	return reference_clamp(reference_rescale(sum, a->multiplier[c], a->shift[c]) +
				a->zero_point, a->min, a->max);
}

/* To the nearest integer, halves away from zero. */
static inline s32 s8_average(s32 sum, s32 count)
{
	const s32 size = sum < 0 ? -sum : sum;
	const s32 mean = (2 * size + count) / (2 * count);

	return sum < 0 ? -mean : mean;
}

static inline s32 s8_expect_pool(const struct neural_s8_pool_args *a, u32 p, u32 c,
				 bool largest)
{
	const struct neural_s8_window *v = &a->window;
	s32 sum = 0, most = -128;
	u32 i, j;

	for (i = 0; i < v->rows; i++) {
		for (j = 0; j < v->cols; j++) {
			const s32 x = v->x[p * v->x_step + i * v->x_row + j * v->x_col + c];

			sum += x;
			most = x > most ? x : most;
		}
	}
	if (!largest)
		most = s8_average(sum, v->rows * v->cols);
	return reference_clamp(most, a->min, a->max);
}

static inline s32 s8_expect_sum(const struct neural_s8_sum_args *a, u32 c)
{
	s32 sum = a->sum[c];
	u32 r;

	for (r = 0; r < a->rows; r++)
		sum += a->x[r * a->stride + c];
	return sum;
}

/* What the call will have to give for output @j of result @r. */
static inline s32 s8_expect(const struct s8_case *c, const union s8_args *a, u32 r, u32 j)
{
	switch (c->family) {
	case NEURAL_FAMILY_s8_gemm:
	case NEURAL_FAMILY_s8s4_gemm:
		return s8_expect_gemm(c->family, &a->gemm, r, j);
	case NEURAL_FAMILY_s8_conv:
		return s8_expect_conv(&a->conv, r, j);
	case NEURAL_FAMILY_s8_frame:
		return s8_expect_frame(&a->frame, r, j);
	case NEURAL_FAMILY_s8_depthwise:
		return s8_expect_depthwise(&a->depthwise, r, j);
	case NEURAL_FAMILY_s8_sum:
		return s8_expect_sum(&a->sum, j);
	default:
		return s8_expect_pool(&a->pool, r, j, c->family == NEURAL_FAMILY_s8_max_pool);
	}
}

static inline u32 s8_results(const struct s8_case *c)
{
	return c->family == NEURAL_FAMILY_s8_sum ? 1 : c->results;
}

/* Expected results of all outputs of @c into @expect; how many. */
static inline u32 s8_expect_all(const struct s8_case *c, const union s8_args *a, s32 *expect)
{
	u32 j, r, i = 0;

	for (r = 0; r < s8_results(c); r++)
		for (j = 0; j < c->n; j++)
			expect[i++] = s8_expect(c, a, r, j);
	return i;
}

/* Distance of two results; the output block starts alike in all but the sums. */
static inline size_t s8_step(const struct s8_case *c, const union s8_args *a)
{
	switch (c->family) {
	case NEURAL_FAMILY_s8_gemm:
	case NEURAL_FAMILY_s8s4_gemm:
		return a->gemm.out_stride;
	case NEURAL_FAMILY_s8_conv:
		return a->conv.out_step;
	case NEURAL_FAMILY_s8_frame:
		return c->n;
	case NEURAL_FAMILY_s8_depthwise:
		return a->depthwise.out_step;
	default:
		return a->pool.out_step;
	}
}

static inline u8 s8_pattern(const s8 *at, u32 pattern)
{
	return pattern >> (uintptr_t)at % sizeof(u32) * 8;
}

/* Did the call give @expect, and leave the words of @pattern between as they were? */
static inline bool s8_same(const struct s8_case *c, const union s8_args *a,
			   const s32 *expect, u32 pattern)
{
	const s8 *out = a->gemm.out;
	size_t step;
	u32 j, r;

	if (c->family == NEURAL_FAMILY_s8_sum)
		return !memcmp(a->sum.sum, expect, c->n * sizeof(s32));
	step = s8_step(c, a);
	for (r = 0; r < c->results; r++) {
		for (j = 0; j < c->n; j++)
			if (out[r * step + j] != *expect++)
				return false;
		for (j = c->n; r + 1 < c->results && j < step; j++)
			if (s8_pattern(&out[r * step + j], pattern) !=
			    (u8)out[r * step + j])
				return false;
	}
	return true;
}

/* Case @turn of a run through every length and every edge of a tile. */
static inline void s8_case_lengths(struct s8_case *c, enum neural_kernel_family family,
				   u32 length, u32 turn)
{
	static const u32 other[] = { 1, 3, 4, 9, 17, 33 };
	const u32 o = other[(length + turn) % ARRAY_SIZE(other)];
	const bool by_n = turn % 2;

	*c = (struct s8_case){
		.family = family, .seed = length * 64 + turn, .extreme = turn % 3 == 2,
		.k = by_n ? o : length, .n = by_n ? length : o,
		.results = 1 + turn % 4, .gap = (length + turn) % 9,
		.down = 1 + turn % 3, .across = 1 + length % 3,
	};
	if (!s8_is_gemm(family) && family != NEURAL_FAMILY_s8_sum && !by_n)
		c->n = o;
	if (!s8_is_gemm(family) && !by_n && length < 40)
		c->across = length;
}

static inline void s8_case_tiles(struct s8_case *c, enum neural_kernel_family family,
				 u32 n, u32 results, u32 turn)
{
	static const u32 ks[] = { 1, 2, 4, 5, 7, 8, 31, 64 };

	*c = (struct s8_case){
		.family = family, .seed = (n * 32 + results) * 64 + turn,
		.extreme = turn % 2, .k = ks[turn % ARRAY_SIZE(ks)], .n = n,
		.results = results, .gap = turn % 11, .down = 1 + turn % 4,
		.across = 1 + (turn + n) % 5,
	};
}

#endif /* _NEURAL_TEST_REFERENCE_S8_KERNELS_H */
