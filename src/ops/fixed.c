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

/* Sums come first, they need the better alignment. */
static size_t neural_fixed_sums(const struct neural_fixed *f, u32 rows)
{
	return f->whole ? 0 : (size_t)rows * min_t(u32, f->n + f->tail, FIXED_TILE) *
			      sizeof(s64);
}

size_t neural_fixed_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_fixed *f = step->params;

	if (step->run == neural_dense_run)
		return neural_dense_scratch(step, rows);
	rows = neural_dense_block(f->k, step->in / f->k, rows);
	return neural_fixed_sums(f, rows) + rows * neural_fixed_wide(f);
}

/**
 * struct neural_fixed_job - a layer being run
 * @f: the layer
 * @x: the execution
 * @dst: results
 * @src: inputs as they come
 * @wide: inputs as the kernels of panels read them
 * @sums: room for the sums of a tile, where the kernel does not make results
 */
struct neural_fixed_job {
	const struct neural_fixed *f;
	struct neural_exec *x;
	const struct neural_rows *dst;
	const struct neural_rows *src;
	struct neural_rows wide;
	s64 *sums;
};

/* Where a kernel puts outputs from @first on, and how far apart rows of @n are. */
static void *neural_fixed_out(const struct neural_fixed_job *job, u32 first, u32 n,
			      u32 *stride)
{
	const u32 bytes = job->f->kernel.bytes;

	if (!job->f->whole) {
		*stride = n;
		return job->sums;
	}
	*stride = (u32)job->dst->stride / bytes;
	return job->dst->at + (size_t)first * bytes;
}

/* Sums of @n outputs from @first on to results. */
static void neural_fixed_finish(const struct neural_fixed_job *job, u32 first, u32 n)
{
	const struct neural_fixed_end *end = &job->f->end;
	u32 j, r;

	if (job->f->whole)
		return;
	neural_section_scalar(&job->x->section, (u64)job->x->rows * n);
	for (r = 0; r < job->x->rows; r++)
		for (j = 0; j < n; j++)
			neural_fixed_store(neural_row(job->dst, r), end->dtype, first + j,
					   neural_fixed_result(end, job->sums[r * n + j]));
}

/* @n outputs from @first, a multiple of the panel, on. */
static void neural_fixed_tile(const struct neural_fixed_job *job, u32 first, u32 n)
{
	const struct neural_fixed *f = job->f;
	const u64 macs = (u64)job->x->rows * n * f->k;
	const u32 stride = ALIGN(f->k, 2);
	u32 out_stride;
	void *out = neural_fixed_out(job, first, n, &out_stride);

	if (f->digits) {
		const struct neural_fx_dense16_args args = {
			.out = out, .x = job->wide.at,
			.w = (const s16 *)f->weights + (size_t)first * stride,
			.bias = f->bias + (size_t)first * (f->small ? 4 : 8),
			.pairs = stride / 2, .chunk = f->chunk,
			.n = n, .rows = job->x->rows, .digits = f->digits,
			.small = f->small, .plane = stride,
			.x_stride = stride * f->digits, .out_stride = out_stride,
			.end = f->kernel,
		};

		neural_run_fx_dense16(&job->x->section, &args, macs);
	} else {
		const struct neural_fx_dense64_args args = {
			.out = out, .x = job->wide.at,
			.w = (const s32 *)f->weights + (size_t)first * f->k,
			.bias = (const s64 *)f->bias + first, .k = f->k, .n = n,
			.rows = job->x->rows,
			.x_stride = job->wide.stride / sizeof(s64),
			.out_stride = out_stride, .end = f->kernel,
		};

		neural_run_fx_dense64(&job->x->section, &args, macs);
	}
	neural_fixed_finish(job, first, n);
}

static void neural_fixed_tail(const struct neural_fixed_job *job)
{
	const struct neural_fixed *f = job->f;
	const u32 bytes = neural_dtype_bits(f->dtype) / 8;
	struct neural_fx_dot_args args = {
		.x = job->src->at, .w = f->tail_weights, .bias = f->tail_bias, .k = f->k,
		.n = f->tail, .rows = job->x->rows, .x_stride = (u32)job->src->stride / bytes,
		.x_bytes = bytes, .narrow = f->narrow, .end = f->kernel,
	};

	args.out = neural_fixed_out(job, f->n, f->tail, &args.out_stride);
	neural_run_fx_dot(&job->x->section, &args, (u64)job->x->rows * f->tail * f->k);
	neural_fixed_finish(job, f->n, f->tail);
}

/* Outputs of one call of a kernel, which stays inside a section. */
static u32 neural_fixed_tile_size(const struct neural_fixed *f, const struct neural_exec *x)
{
	const u32 panel = f->k * x->rows * NEURAL_Q16_PANEL;
	const u32 bound = neural_section_bound(&x->section);

	if (f->whole && (u64)f->k * x->rows * f->n <= bound)
		return f->n;
	return clamp_t(u32, bound / panel, 1, FIXED_TILE / NEURAL_Q16_PANEL) *
	       NEURAL_Q16_PANEL;
}

static void neural_fixed_rows(const void *params, struct neural_exec *x,
			      const struct neural_rows *dst, const struct neural_rows *src,
			      void *scratch)
{
	const struct neural_fixed *f = params;
	struct neural_fixed_job job = {
		.f = f, .x = x, .dst = dst, .src = src, .sums = scratch,
	};
	u32 first, n, tile;

	neural_section_expect(&x->section, (u64)x->rows * f->k * (f->n + f->tail));
	if (f->n) {
		neural_fixed_widen(f, x, src, scratch + neural_fixed_sums(f, x->rows),
				   &job.wide);
		tile = neural_fixed_tile_size(f, x);
		for (first = 0; first < f->n; first += n) {
			n = min(tile, f->n - first);
			neural_fixed_tile(&job, first, n);
		}
	}
	if (f->tail)
		neural_fixed_tail(&job);
}

void neural_fixed_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch)
{
	const struct neural_fixed *f = step->params;
	u32 m;

	if (step->in == f->k) {
		neural_fixed_rows(f, x, dst, src, scratch);
		return;
	}
	m = step->in / f->k;
	neural_dense_walk(x, dst, src, m, neural_dense_block(f->k, m, x->rows),
			  f->k * neural_dtype_bits(f->dtype) / 8,
			  (f->n + f->tail) * neural_dtype_bits(f->end.dtype) / 8,
			  neural_fixed_rows, f, scratch);
}
