// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/kernels.h"
#include "dense.h"
#include "fixed.h"
#include "pack.h"

#define FIXED_CHUNK_MAX	4096

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

/* The chunk all outputs allow with 16-bit inputs; 0 where those will not do. */
static u32 neural_fixed_chunk(const struct neural_node *node)
{
	const struct neural_tensor *x = node->in[0], *w = node->in[1];
	u32 chunk = FIXED_CHUNK_MAX, j;

	if (x->lo < S16_MIN || x->hi > S16_MAX)
		return 0;
	for (j = 0; chunk && j < w->dim[0]; j++) {
		neural_pause();
		chunk = neural_fixed_fit(w, j, neural_fixed_reach(x), chunk);
	}
	return chunk;
}

static void neural_fixed_fill(struct neural_fixed *f, const struct neural_node *node,
			      s64 *bias, void *weights)
{
	const struct neural_tensor *w = node->in[1];
	const size_t pairs = DIV_ROUND_UP(f->k, 2);
	u32 i, j;

	for (j = 0; j < f->n; j++) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const u32 lane = j % NEURAL_Q16_PANEL;

		neural_pause();
		bias[j] = neural_fixed_bias(node, j);
		for (i = 0; i < f->k; i++) {
			const s64 v = neural_fixed_element(w, (size_t)j * f->k + i);

			if (f->chunk)
				((s16 *)weights)[((panel * pairs + i / 2) *
						  NEURAL_Q16_PANEL + lane) * 2 + i % 2] = v;
			else
				((s32 *)weights)[(panel * f->k + i) * NEURAL_Q16_PANEL +
						 lane] = v;
		}
	}
	f->bias = bias;
	f->weights = weights;
}

int neural_fixed_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why)
{
	const size_t head = ALIGN(sizeof(struct neural_fixed), NEURAL_CACHE_LINE_SIZE);
	const u32 n = node->in[1]->dim[0], k = node->in[1]->dim[1];
	const size_t padded = ALIGN(n, NEURAL_Q16_PANEL);
	struct neural_fixed *f;
	size_t bytes;
	u32 chunk;

	if (neural_fixed_is_q16(node))
		return neural_fixed_prepare_q16(account, node, step, why);
	chunk = neural_fixed_chunk(node);
	bytes = chunk ? ALIGN(k, 2) * sizeof(s16) : k * sizeof(s32);
	if (check_mul_overflow(padded, bytes, &bytes) ||
	    check_add_overflow(bytes, head + padded * sizeof(s64), &bytes))
		return neural_refuse(why, -EOVERFLOW, "weights are too large", 0);
	f = neural_mem_alloc(account, bytes);
	if (!f)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	f->k = k;
	f->n = n;
	f->chunk = chunk;
	f->dtype = node->in[0]->dtype;
	f->end = neural_fixed_end(node);
	neural_fixed_fill(f, node, (s64 *)((u8 *)f + head),
			  (u8 *)f + head + padded * sizeof(s64));
	step->params = f;
	step->run = neural_fixed_run;
	return 0;
}
