// SPDX-License-Identifier: GPL-2.0-only
/* Joining tensors along one dimension: each is copied by a step of its own. */
#include "copy.h"
#include "move.h"

int neural_concat_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 axis = node->attr[NEURAL_CONCAT_AXIS];
	struct neural_tensor *y = node->out;
	s64 lo = S64_MAX, hi = S64_MIN;
	u64 sum = 0;
	u32 d, i;
	int ret;

	if (axis < 0 || axis >= y->rank)
		return neural_node_bad(why, "axis is out of range");
	for (i = 0; i < node->nr_in; i++) {
		const struct neural_tensor *x = node->in[i];

		ret = neural_move_verify(x, y, why);
		if (ret)
			return ret;
		if (x->rank != y->rank)
			return neural_node_bad(why, "inputs differ in rank");
		for (d = 0; d < y->rank; d++)
			if (d != axis && x->dim[d] != y->dim[d])
				return neural_node_bad(why, "inputs differ beside the axis");
		sum += x->dim[axis];
		lo = min(lo, x->lo);
		hi = max(hi, x->hi);
	}
	if (sum != y->dim[axis])
		return neural_node_bad(why, "inputs do not add up to the output");
	y->lo = lo;
	y->hi = hi;
	return 0;
}

int neural_concat_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why)
{
	const u32 axis = node->attr[NEURAL_CONCAT_AXIS];
	const struct neural_tensor *y = node->out;
	struct neural_copy copy = { };
	s64 pitch[NEURAL_MODEL_RANK];
	u32 i, outer = 1;

	neural_copy_pitches(y, pitch);
	for (i = 0; i < axis; i++)
		outer *= y->dim[i];
	for (i = 0; i < part; i++)
		copy.to += node->in[i]->dim[axis] * pitch[axis];
	copy.size = node->in[part]->dim[axis] * pitch[axis];
	neural_copy_add(&copy, outer, copy.size, y->dim[axis] * pitch[axis]);
	step->params = neural_copy_make(account, &copy);
	if (!step->params)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	return 0;
}
