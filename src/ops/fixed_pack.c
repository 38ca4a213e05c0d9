// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/kernels.h"
#include "dense.h"
#include "fixed.h"
#include "pack.h"

#define FIXED_CHUNK_MAX	(NEURAL_MAX_UNITS / 2)

/* Up to this many outputs left over are better made one by one, as src/ops/pack.c has it. */
#define FIXED_TAIL	6

/* Is @node what src/ops/dense.c computes? */
static bool neural_fixed_is_q16(const struct neural_node *node)
{
	const struct neural_tensor *bias = node->nr_in > 2 ? node->in[2] : NULL;

	return node->in[0]->dtype == NEURAL_S32 && node->out->dtype == NEURAL_S32 &&
	       node->in[1]->dtype != NEURAL_S8 &&
	       node->attr[NEURAL_DENSE_SHIFT] == NEURAL_FP_SHIFT &&
	       (!bias || (bias->dtype == NEURAL_S32 &&
			  node->attr[NEURAL_DENSE_BIAS_SHIFT] == NEURAL_FP_SHIFT)) &&
	       (node->attr[NEURAL_DENSE_ACTIVATION] < NEURAL_SIGMOID ||
		node->out->frac == NEURAL_FP_SHIFT);
}

static int neural_fixed_prepare_q16(struct neural_account *account,
				    const struct neural_node *node,
				    struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *w = node->in[1];
	const struct neural_source source = {
		.desc = {
			.kind = NEURAL_LAYER_DENSE,
			.activation = node->attr[NEURAL_DENSE_ACTIVATION],
			.units = w->dim[0],
			.slope = node->attr[NEURAL_DENSE_SLOPE],
		},
		.in = w->dim[1],
		.weights = w->dtype == NEURAL_S32 ? w->data : NULL,
		.weights16 = w->dtype == NEURAL_S16 ? w->data : NULL,
		.bias = node->nr_in > 2 && node->in[2] ? node->in[2]->data : NULL,
		.reach = max_t(u64, neural_fixed_reach(node->in[0]), 1),
	};
	const struct neural_dense *dense;
	int ret;

	ret = neural_pack_dense(account, &source, NULL, true, &dense, why);
	if (ret)
		return ret;
	step->params = dense;
	step->run = neural_dense_run;
	return 0;
}

/* Halve @chunk until no s32 sum over it can overflow at output @j; 0 if none is. */
static u32 neural_fixed_fit(const struct neural_tensor *w, u32 j, u64 reach, u32 chunk)
{
	const u32 k = w->dim[1];
	u64 sum;
	u32 i;

restart:
	for (i = 0, sum = 0; chunk && i < k; i++) {
		const s64 v = neural_fixed_element(w, (size_t)j * k + i);

		if (v < S16_MIN || v > S16_MAX)
			return 0;
		if (!(i % (2 * chunk)))
			sum = 0;
		sum += (v < 0 ? -v : v) * reach;
		if (sum > S32_MAX) {
			chunk /= 2;
			goto restart;
		}
	}
	return chunk;
}

/* The chunk all outputs allow with digits of magnitude @reach; 0 if there is none. */
static u32 neural_fixed_chunk(const struct neural_tensor *w, u64 reach)
{
	u32 chunk = FIXED_CHUNK_MAX, j;

	for (j = 0; chunk && j < w->dim[0]; j++) {
		neural_pause();
		chunk = neural_fixed_fit(w, j, reach, chunk);
	}
	return chunk;
}

/* Does each sum of @node, its bias included, fit s32 in whatever order? */
static bool neural_fixed_small(const struct neural_node *node)
{
	const struct neural_tensor *w = node->in[1];
	const u64 reach = neural_fixed_reach(node->in[0]);
	u32 i, j;

	for (j = 0; j < w->dim[0]; j++) {
		const s64 bias = neural_fixed_bias(node, j);
		u64 sum = bias < 0 ? 0ULL - bias : bias;

		neural_pause();
		for (i = 0; i < w->dim[1] && sum <= S32_MAX; i++) {
			const s64 v = neural_fixed_element(w, (size_t)j * w->dim[1] + i);

			sum += (v < 0 ? -v : v) * reach;
		}
		if (sum > S32_MAX)
			return false;
	}
	return true;
}

/* Digits the inputs take, 0 where there are too many. */
static u32 neural_fixed_digits(const struct neural_tensor *x)
{
	u32 digits;

	for (digits = 1; digits <= NEURAL_FX_DIGITS; digits++)
		if (x->lo >> (16 * digits - 1) >= -1 && x->hi >> (16 * digits - 1) <= 0)
			return digits;
	return 0;
}

/*
 * How to multiply, by what is known of inputs and weights.  A chunk costs as much as a
 * few pairs, so with more than one digit it should have a few.
 */
static void neural_fixed_choose(struct neural_fixed *f, const struct neural_node *node)
{
	const struct neural_tensor *x = node->in[0], *w = node->in[1];
	const u32 left = w->dim[0] % NEURAL_Q16_PANEL;

	f->digits = neural_fixed_digits(x);
	if (f->digits)
		f->chunk = neural_fixed_chunk(w, f->digits > 1 ? 1U << 15 :
						 neural_fixed_reach(x));
	if (f->chunk < min(f->digits, 2U))
		f->digits = 0;
	f->small = f->digits == 1 && neural_fixed_small(node);
	f->narrow = x->lo >= S32_MIN && x->hi <= S32_MAX;
	if (f->digits != 1 && left <= FIXED_TAIL &&
	    (x->dtype == NEURAL_S32 || x->dtype == NEURAL_S64))
		f->tail = left;
	f->n = w->dim[0] - f->tail;
}

/* What the kernel makes of a sum: the result, or what neural_fixed_result() wants. */
static void neural_fixed_leave(struct neural_fixed *f, const struct neural_node *node)
{
	f->end = neural_fixed_end(node);
	f->whole = f->end.act == NEURAL_LINEAR || f->end.act == NEURAL_RELU;
	f->kernel = (struct neural_fx_end){
		.lo = S64_MIN, .hi = S64_MAX, .bytes = sizeof(s64),
	};
	if (f->whole)
		f->kernel = (struct neural_fx_end){
			.lo = f->end.act == NEURAL_RELU ? 0 : neural_dtype_min(f->end.dtype),
			.hi = neural_dtype_max(f->end.dtype),
			.shift = f->end.shift,
			.bytes = neural_dtype_bits(f->end.dtype) / 8,
		};
}

/* What lower digits of @f lack, and all inputs therefore, modulo 2^64. */
static u64 neural_fixed_offset(const struct neural_fixed *f)
{
	u64 offset = 0;
	u32 d;

	for (d = 0; d + 1 < f->digits; d++)
		offset += 0x8000ULL << (16 * d);
	return offset;
}

static void neural_fixed_fill_panel(const struct neural_fixed *f,
				    const struct neural_node *node, u32 j)
{
	const size_t panel = j / NEURAL_Q16_PANEL, pairs = DIV_ROUND_UP(f->k, 2);
	const u32 lane = j % NEURAL_Q16_PANEL;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < f->k; i++) {
		const s64 v = neural_fixed_element(node->in[1], (size_t)j * f->k + i);

		sum += v;
		if (f->digits)
			((s16 *)f->weights)[((panel * pairs + i / 2) * NEURAL_Q16_PANEL +
					     lane) * 2 + i % 2] = v;
		else
			((s32 *)f->weights)[(panel * f->k + i) * NEURAL_Q16_PANEL + lane] = v;
	}
	if (f->small)
		((s32 *)f->bias)[j] = neural_fixed_bias(node, j);
	else
		((s64 *)f->bias)[j] = neural_fixed_bias(node, j) +
				      sum * neural_fixed_offset(f);
}

static void neural_fixed_fill_tail(const struct neural_fixed *f,
				   const struct neural_node *node, u32 j)
{
	const size_t at = j - f->n;
	u32 i;

	for (i = 0; i < f->k; i++)
		((s32 *)f->tail_weights)[(at / 2 * f->k + i) * 2 + at % 2] =
			neural_fixed_element(node->in[1], (size_t)j * f->k + i);
	((s64 *)f->tail_bias)[at] = neural_fixed_bias(node, j);
}

/* Where each part of the block is; false where the sizes overflow. */
static bool neural_fixed_layout(const struct neural_fixed *f, size_t at[4], size_t *total)
{
	const size_t padded = ALIGN(f->n, NEURAL_Q16_PANEL);
	const size_t row = f->digits ? ALIGN(f->k, 2) * sizeof(s16) : f->k * sizeof(s32);
	size_t panels;

	if (check_mul_overflow(padded, row, &panels))
		return false;
	at[0] = ALIGN(sizeof(*f), NEURAL_CACHE_LINE_SIZE);
	at[1] = at[0] + padded * sizeof(s64);
	at[2] = at[1] + ALIGN(f->tail * sizeof(s64), NEURAL_CACHE_LINE_SIZE);
	return !check_add_overflow(at[2], panels, &at[3]) &&
	       !check_add_overflow(at[3], ALIGN(f->tail, 2) * f->k * sizeof(s32), total);
}

int neural_fixed_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_fixed head = { .k = node->in[1]->dim[1] }, *f;
	size_t at[4], bytes;
	u32 j;

	if (neural_fixed_is_q16(node))
		return neural_fixed_prepare_q16(account, node, step, why);
	head.dtype = node->in[0]->dtype;
	neural_fixed_choose(&head, node);
	neural_fixed_leave(&head, node);
	if (!neural_fixed_layout(&head, at, &bytes))
		return neural_refuse(why, -EOVERFLOW, "weights are too large", 0);
	f = neural_mem_alloc(account, bytes);
	if (!f)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	*f = head;
	f->bias = (void *)f + at[0];
	f->tail_bias = (void *)f + at[1];
	f->weights = (void *)f + at[2];
	f->tail_weights = (void *)f + at[3];
	for (j = 0; j < f->n + f->tail; j++) {
		neural_pause();
		if (j < f->n)
			neural_fixed_fill_panel(f, node, j);
		else
			neural_fixed_fill_tail(f, node, j);
	}
	step->params = f;
	step->run = neural_fixed_run;
	return 0;
}
