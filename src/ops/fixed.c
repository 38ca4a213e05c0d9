// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../q16.h"
#include "dense.h"
#include "fixed.h"

/* Outputs whose sums are made before they are finished. */
#define FIXED_TILE	256

static s64 neural_fixed_saturate(s64 v, u8 dtype)
{
	return clamp_t(s64, v, neural_dtype_min(dtype), neural_dtype_max(dtype));
}

/* Half up, as everything that drops bits. */
static s64 neural_fixed_drop(s64 v, u32 bits)
{
	return bits ? (v + (1LL << (bits - 1))) >> bits : v;
}

/*
 * neural_q16_leaky_relu() for any width.  The product may take 94 bits, so the upper
 * and the lower part of @v are multiplied one by one; the upper one gives no fraction.
 */
static s64 neural_fixed_leaky_relu(s64 v, s32 slope)
{
	if (v >= 0)
		return v;
	return (v >> 31) * slope + neural_fixed_drop((v & S32_MAX) * slope, 31);
}

/* By way of Q16.16; @v is no wider than 32 bits. */
static s64 neural_fixed_curve(const struct neural_fixed_end *end, s64 v)
{
	const u32 up = end->frac < NEURAL_Q16_SHIFT ? NEURAL_Q16_SHIFT - end->frac : 0;
	const u32 down = end->frac > NEURAL_Q16_SHIFT ? end->frac - NEURAL_Q16_SHIFT : 0;
	const s32 x = neural_q16_saturate(neural_fixed_drop(v, down) * (1LL << up));
	const s64 y = end->act == NEURAL_TANH ? neural_q16_tanh(x) : neural_q16_sigmoid(x);

	return neural_fixed_saturate(neural_fixed_drop(y, up) * (1LL << down), end->dtype);
}

s64 neural_fixed_result(const struct neural_fixed_end *end, s64 sum)
{
	const s64 v = neural_fixed_saturate(sum >> end->shift, end->dtype);

	switch (end->act) {
	case NEURAL_RELU:
		return max_t(s64, v, 0);
	case NEURAL_LEAKY_RELU:
		return neural_fixed_leaky_relu(v, end->slope);
	case NEURAL_SIGMOID:
	case NEURAL_TANH:
		return neural_fixed_curve(end, v);
	default:
		return v;
	}
}

static s64 neural_fixed_load(const void *x, u8 dtype, u32 i)
{
	switch (dtype) {
	case NEURAL_S8:
		return ((const s8 *)x)[i];
	case NEURAL_S16:
		return ((const s16 *)x)[i];
	case NEURAL_S32:
		return ((const s32 *)x)[i];
	default:
		return ((const s64 *)x)[i];
	}
}

static void neural_fixed_store(void *y, u8 dtype, u32 i, s64 v)
{
	switch (dtype) {
	case NEURAL_S16:
		((s16 *)y)[i] = v;
		break;
	case NEURAL_S32:
		((s32 *)y)[i] = v;
		break;
	default:
		((s64 *)y)[i] = v;
		break;
	}
}

/* Bytes of one vector of inputs as the kernels read them. */
static size_t neural_fixed_row(const struct neural_fixed *f)
{
	return f->chunk ? ALIGN(f->k, 2) * sizeof(s16) : f->k * sizeof(s64);
}

/* Sums come first, they need the better alignment. */
static size_t neural_fixed_sums(const struct neural_fixed *f, u32 rows)
{
	return (size_t)rows * min_t(u32, f->n, FIXED_TILE) * sizeof(s64);
}

size_t neural_fixed_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_fixed *f = step->params;

	if (step->run == neural_dense_run)
		return neural_dense_scratch(step, rows);
	rows = neural_dense_block(f->k, step->in / f->k, rows);
	return neural_fixed_sums(f, rows) + rows * neural_fixed_row(f);
}

static void neural_fixed_widen(const struct neural_fixed *f, const struct neural_exec *x,
			       const struct neural_rows *src, void *wide)
{
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		const void *from = neural_row(src, r);
		void *to = (u8 *)wide + r * neural_fixed_row(f);

		for (i = 0; i < f->k; i++) {
			if (f->chunk)
				((s16 *)to)[i] = neural_fixed_load(from, f->dtype, i);
			else
				((s64 *)to)[i] = neural_fixed_load(from, f->dtype, i);
		}
		if (f->chunk && f->k % 2)
			((s16 *)to)[f->k] = 0;
	}
}

/* Sums of @n outputs from @first, a multiple of the panel, on. */
static void neural_fixed_tile(const struct neural_fixed *f, struct neural_exec *x,
			      const void *wide, s64 *sums, u32 first, u32 n)
{
	const u32 stride = ALIGN(f->k, 2);
	const u64 macs = (u64)x->rows * n * f->k;

	if (f->chunk) {
		const struct neural_fx_dense16_args args = {
			.out = sums, .x = wide,
			.w = (const s16 *)f->weights + (size_t)first * stride,
			.bias = f->bias + first, .pairs = stride / 2, .chunk = f->chunk,
			.n = n, .rows = x->rows, .x_stride = stride, .out_stride = n,
		};

		neural_run_fx_dense16(&x->section, &args, macs);
	} else {
		const struct neural_fx_dense64_args args = {
			.out = sums, .x = wide,
			.w = (const s32 *)f->weights + (size_t)first * f->k,
			.bias = f->bias + first, .k = f->k,
			.n = n, .rows = x->rows, .x_stride = f->k, .out_stride = n,
		};

		neural_run_fx_dense64(&x->section, &args, macs);
	}
}

static void neural_fixed_rows(const void *params, struct neural_exec *x,
			      const struct neural_rows *dst, const struct neural_rows *src,
			      void *scratch)
{
	const struct neural_fixed *f = params;
	const u64 panel = (u64)f->k * x->rows * NEURAL_Q16_PANEL;
	const u32 tile = clamp_t(u64, div64_u64(NEURAL_SECTION_MACS, panel), 1,
				 FIXED_TILE / NEURAL_Q16_PANEL) * NEURAL_Q16_PANEL;
	void *wide = (u8 *)scratch + neural_fixed_sums(f, x->rows);
	s64 *sums = scratch;
	u32 first, j, n, r;

	neural_section_scalar(&x->section, (u64)x->rows * (f->k + f->n));
	neural_fixed_widen(f, x, src, wide);
	for (first = 0; first < f->n; first += n) {
		n = min(tile, f->n - first);
		neural_fixed_tile(f, x, wide, sums, first, n);
		for (r = 0; r < x->rows; r++)
			for (j = 0; j < n; j++)
				neural_fixed_store(neural_row(dst, r), f->end.dtype, first + j,
						   neural_fixed_result(&f->end,
								       sums[r * n + j]));
	}
}

void neural_fixed_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch)
{
	const struct neural_fixed *f = step->params;
	const u32 m = step->in / f->k;

	neural_dense_walk(x, dst, src, m, neural_dense_block(f->k, m, x->rows),
			  f->k * neural_dtype_bits(f->dtype) / 8,
			  f->n * neural_dtype_bits(f->end.dtype) / 8,
			  neural_fixed_rows, f, scratch);
}
