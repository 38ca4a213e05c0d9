// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "activation.h"
#include "dense.h"

/* Distance of two rows of digits: whole pairs. */
static u32 neural_dense_digits(const struct neural_dense *dense)
{
	return ALIGN(dense->k, 2);
}

size_t neural_dense_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_dense *dense = step->params;

	if (!dense->chunk)
		return 0;
	rows = neural_dense_block(dense->k, step->in / dense->k, rows);
	return (size_t)rows * neural_dense_digits(dense) * 2 * sizeof(s16);
}

/* Both digits of every input, once for all panels. */
static void neural_dense_split(const struct neural_dense *dense,
			       struct neural_exec *x, const struct neural_rows *src,
			       s16 *hi, s16 *lo)
{
	const u32 stride = neural_dense_digits(dense);
	u32 r;

	for (r = 0; r < x->rows; r++) {
		const struct neural_q16_split_args args = {
			.hi = hi + (size_t)r * stride,
			.lo = lo + (size_t)r * stride,
			.x = neural_row(src, r),
			.n = dense->k,
		};

		neural_run_q16_split(&x->section, &args, dense->k);
	}
}

/* @n outputs from @first, a multiple of the panel, on. */
static void neural_dense_tile(const struct neural_dense *dense, struct neural_exec *x,
			      s32 *out, u32 out_stride, const struct neural_rows *src,
			      const s16 *hi, const s16 *lo, u32 first, u32 n)
{
	const u32 digits = neural_dense_digits(dense);
	const u64 macs = (u64)x->rows * n * dense->k;

	if (dense->chunk) {
		const struct neural_q16_dense16_args args = {
			.out = out,
			.hi = hi,
			.lo = lo,
			.w = (const s16 *)dense->weights + (size_t)first * digits,
			.bias = dense->bias + first,
			.pairs = digits / 2,
			.chunk = dense->chunk,
			.n = n,
			.rows = x->rows,
			.x_stride = digits,
			.out_stride = out_stride,
		};

		neural_run_q16_dense16(&x->section, &args, macs);
	} else {
		const struct neural_q16_dense_args args = {
			.out = out,
			.x = src->at,
			.w = (const s32 *)dense->weights + (size_t)first * dense->k,
			.bias = dense->bias + first,
			.wsum = dense->wsum + first,
			.k = dense->k,
			.n = n,
			.rows = x->rows,
			.x_stride = src->stride / sizeof(s32),
			.out_stride = out_stride,
		};

		neural_run_q16_dense(&x->section, &args, macs);
	}
}

static void neural_dense_activate(const struct neural_dense *dense,
				  struct neural_exec *x, s32 *out, u32 stride, u32 n)
{
	u32 r;

	if (n == stride) {
		neural_activate(&x->section, dense->act, out, n * x->rows, dense->slope);
		return;
	}
	for (r = 0; r < x->rows; r++)
		neural_activate(&x->section, dense->act, out + (size_t)r * stride, n,
				dense->slope);
}

/* Outputs a tile takes, so that one kernel call stays inside a section. */
static u32 neural_dense_tile_size(const struct neural_dense *dense,
				  const struct neural_exec *x)
{
	const u32 panel = dense->k * x->rows * NEURAL_Q16_PANEL;
	const u32 bound = neural_section_bound(&x->section);

	if ((u64)dense->k * x->rows * dense->n <= bound)
		return dense->n;
	return max(bound / panel, 1U) * NEURAL_Q16_PANEL;
}

static void neural_dense_tail(const struct neural_dense *dense, struct neural_exec *x,
			      s32 *out, u32 out_stride, const struct neural_rows *src)
{
	const struct neural_q16_dot_args args = {
		.out = out,
		.x = src->at,
		.w = dense->tail_weights,
		.bias = dense->tail_bias,
		.k = dense->k,
		.n = dense->tail,
		.rows = x->rows,
		.x_stride = src->stride / sizeof(s32),
		.out_stride = out_stride,
	};

	neural_run_q16_dot(&x->section, &args, (u64)x->rows * dense->tail * dense->k);
}

static void neural_dense_rows(const void *params, struct neural_exec *x,
			      const struct neural_rows *dst,
			      const struct neural_rows *src, void *scratch)
{
	const struct neural_dense *dense = params;
	const u32 out_stride = dst->stride / sizeof(s32);
	s32 *out = dst->at;
	s16 *hi = scratch;
	s16 *lo = hi + (size_t)x->rows * neural_dense_digits(dense);
	u32 first, n, tile;

	neural_section_expect(&x->section,
			      (u64)x->rows * dense->k * (dense->n + dense->tail));
	if (dense->n) {
		if (dense->chunk)
			neural_dense_split(dense, x, src, hi, lo);
		tile = neural_dense_tile_size(dense, x);
		for (first = 0; first < dense->n; first += n) {
			n = min(tile, dense->n - first);
			neural_dense_tile(dense, x, out + first, out_stride, src,
					  hi, lo, first, n);
		}
	}
	if (dense->tail)
		neural_dense_tail(dense, x, out + dense->n, out_stride, src);
	if (dense->act != NEURAL_LINEAR)
		neural_dense_activate(dense, x, out, out_stride, dense->n + dense->tail);
}

/*
 * A tensor of more than one vector has rows of its own, which lie side by side where
 * those of the caller need not.
 */
void neural_dense_walk(struct neural_exec *x, const struct neural_rows *dst,
		       const struct neural_rows *src, u32 m, u32 block, size_t in,
		       size_t out,
		       void (*fn)(const void *params, struct neural_exec *x,
				  const struct neural_rows *dst,
				  const struct neural_rows *src, void *scratch),
		       const void *params, void *scratch)
{
	const u32 rows = x->rows;
	u32 i, r;

	if (m == 1) {
		fn(params, x, dst, src, scratch);
		return;
	}
	for (r = 0; r < rows; r++) {
		struct neural_rows from = { neural_row(src, r), in };
		struct neural_rows to = { neural_row(dst, r), out };

		for (i = 0; i < m; i += x->rows) {
			x->rows = min(block, m - i);
			fn(params, x, &to, &from, scratch);
			from.at = (u8 *)from.at + x->rows * in;
			to.at = (u8 *)to.at + x->rows * out;
		}
	}
	x->rows = rows;
}

void neural_dense_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch)
{
	const struct neural_dense *dense = step->params;
	u32 m;

	if (step->in == dense->k) {
		neural_dense_rows(dense, x, dst, src, scratch);
		return;
	}
	m = step->in / dense->k;
	neural_dense_walk(x, dst, src, m, neural_dense_block(dense->k, m, x->rows),
			  dense->k * sizeof(s32), (dense->n + dense->tail) * sizeof(s32),
			  neural_dense_rows, dense, scratch);
}
