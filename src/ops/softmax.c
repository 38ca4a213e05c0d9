// SPDX-License-Identifier: GPL-2.0-only
#include "../q16.h"
#include "../q16_softmax.h"
#include "softmax.h"

/* An element takes two exponentials and a division: some 60 multiply-adds. */
#define NEURAL_SOFTMAX_COST	60

u64 neural_softmax_macs(u32 n)
{
	return (u64)n * NEURAL_SOFTMAX_COST;
}

int neural_softmax_fixed_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	struct neural_tensor *y = node->out;

	if (x->dtype != NEURAL_S32 || x->frac != NEURAL_Q16_SHIFT)
		return neural_node_bad(why, "input is not Q16.16");
	if (!neural_tensor_same_kind(x, y))
		return neural_node_bad(why, "input and output differ in kind");
	if (!x->rank || !neural_tensor_same_shape(x, y))
		return neural_node_bad(why, "input and output differ in shape");
	if (x->dim[x->rank - 1] > NEURAL_Q16_SOFTMAX_MAX)
		return neural_node_bad(why, "too many elements to sum up");
	y->lo = 0;
	y->hi = NEURAL_Q16_ONE;
	return 0;
}

u64 neural_softmax_fixed_macs(const struct neural_node *node)
{
	return neural_softmax_macs(node->out->elements);
}

int neural_softmax_fixed_prepare(struct neural_account *account,
				 const struct neural_node *node, u32 part,
				 struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	struct neural_softmax *params;

	params = neural_mem_alloc(account, sizeof(*params));
	if (!params)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	params->n = x->dim[x->rank - 1];
	step->params = params;
	return 0;
}

void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			const struct neural_rows *dst, const struct neural_rows *src,
			void *scratch)
{
	const struct neural_softmax *params = step->params;
	const u32 n = params ? params->n : step->out;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		for (i = 0; i < step->out; i += n)
			neural_q16_softmax((s32 *)neural_row(dst, r) + i,
					   (s32 *)neural_row(src, r) + i, n);
	}
}
