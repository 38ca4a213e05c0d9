// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../q16.h"
#include "norm.h"
#include "rescale.h"

/* An element takes four multiplications of 64 bits, and is read twice. */
#define NORM_COST	8

/* In a section an element is as long as so many multiply-adds, 0.9 ns with AVX2. */
#define NORM_SECTION	12

static const struct neural_tensor *neural_norm_beta(const struct neural_node *node)
{
	return node->nr_in > 2 ? node->in[2] : NULL;
}

static int neural_norm_verify_operands(const struct neural_node *node,
				       struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *gamma = node->in[1], *y = node->out;
	const struct neural_tensor *beta = neural_norm_beta(node);

	if (x->dtype != NEURAL_S8 || y->dtype != NEURAL_S8)
		return neural_node_bad(why, "input and output are not S8");
	if (!x->rank || !neural_tensor_same_shape(x, y))
		return neural_node_bad(why, "input and output differ in shape");
	if (x->dim[x->rank - 1] > NEURAL_NORM_MAX_UNITS)
		return neural_node_bad(why, "too many elements to sum up");
	if (gamma->dtype != NEURAL_S16 || gamma->zero_point)
		return neural_node_bad(why, "gamma is not S16 in fixed point");
	if (gamma->rank != 1 || gamma->dim[0] != x->dim[x->rank - 1])
		return neural_node_bad(why, "not one gamma per element");
	if (!beta)
		return 0;
	if (beta->dtype != NEURAL_S32 || beta->frac != NEURAL_Q16_SHIFT)
		return neural_node_bad(why, "beta is not Q16.16");
	if (beta->rank != 1 || beta->dim[0] != gamma->dim[0])
		return neural_node_bad(why, "not one beta per element");
	return 0;
}

int neural_norm_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 min = node->attr[NEURAL_NORM_MIN], max = node->attr[NEURAL_NORM_MAX];
	int ret;

	ret = neural_norm_verify_operands(node, why);
	if (ret)
		return ret;
	if (node->attr[NEURAL_NORM_EPSILON] < 0)
		return neural_node_bad(why, "epsilon is negative");
	ret = neural_verify_bounds(min, max, why);
	if (!ret)
		ret = neural_verify_rescale(node->attr[NEURAL_NORM_MULTIPLIER],
					    node->attr[NEURAL_NORM_SHIFT], S32_MIN, S32_MAX,
					    0, why);
	node->out->lo = min;
	node->out->hi = max;
	return ret;
}

u64 neural_norm_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * NORM_COST;
}

int neural_norm_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *gamma = node->in[1];
	const struct neural_tensor *beta = neural_norm_beta(node);
	const size_t head = ALIGN(sizeof(struct neural_s8_norm), sizeof(s64));
	const size_t middle = ALIGN(head + gamma->bytes, sizeof(s64));
	struct neural_s8_norm *p;

	p = neural_mem_alloc(account, middle + (beta ? beta->bytes : 0));
	if (!p)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	p->n = gamma->dim[0];
	p->zero = x->zero_point;
	p->centre = node->code == NEURAL_OP_LAYER_NORM;
	p->epsilon = node->attr[NEURAL_NORM_EPSILON];
	p->drop = NEURAL_S8_NORM_BITS + gamma->frac - NEURAL_Q16_SHIFT;
	p->multiplier = node->attr[NEURAL_NORM_MULTIPLIER];
	p->shift = node->attr[NEURAL_NORM_SHIFT];
	p->zero_point = node->out->zero_point;
	p->min = node->attr[NEURAL_NORM_MIN];
	p->max = node->attr[NEURAL_NORM_MAX];
	p->gamma = memcpy((u8 *)p + head, gamma->data, gamma->bytes);
	if (beta)
		p->beta = memcpy((u8 *)p + middle, beta->data, beta->bytes);
	step->params = p;
	return 0;
}

void neural_norm_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch)
{
	const struct neural_s8_norm *p = step->params;
	const u32 most = max(neural_section_bound(&x->section) / (p->n * NORM_SECTION),
			     1U);
	const u32 vectors = step->out / p->n;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		for (i = 0; i < vectors; i += most) {
			const struct neural_s8_norm_args args = {
				.y = (s8 *)neural_row(dst, r) + (size_t)i * p->n,
				.x = (const s8 *)neural_row(src, r) + (size_t)i * p->n,
				.p = p,
				.rows = min(most, vectors - i),
			};

			neural_run_s8_norm(&x->section, &args,
					   (u64)args.rows * p->n * NORM_SECTION);
		}
	}
}
