// SPDX-License-Identifier: GPL-2.0-only
/* What moving operations share, and those that need no more: reshape, transpose, slice. */
#include "copy.h"
#include "move.h"

u64 neural_move_macs(const struct neural_node *node)
{
	return node->out->elements;
}

int neural_move_verify(const struct neural_tensor *x, const struct neural_tensor *y,
		       struct neural_reason *why)
{
	if (x->dtype == NEURAL_S4)
		return neural_node_bad(why, "elements share their bytes");
	if (!neural_tensor_same_kind(x, y))
		return neural_node_bad(why, "input and output differ in kind");
	return 0;
}

/* A step that is @copy and nothing else. */
static int neural_move_step(struct neural_account *account, struct neural_copy *copy,
			    struct neural_step *step, struct neural_reason *why)
{
	step->params = neural_copy_make(account, copy);
	if (!step->params)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	return 0;
}

int neural_reshape_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	int ret = neural_move_verify(x, node->out, why);

	if (ret)
		return ret;
	if (x->elements != node->out->elements)
		return neural_node_bad(why, "another shape has as many elements");
	node->out->lo = x->lo;
	node->out->hi = x->hi;
	return 0;
}

int neural_reshape_prepare(struct neural_account *account, const struct neural_node *node,
			   u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_copy copy = { .size = node->out->bytes };

	return neural_move_step(account, &copy, step, why);
}

int neural_transpose_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	const s32 *perm = &node->attr[NEURAL_TRANSPOSE_PERM];
	int ret = neural_move_verify(x, y, why);
	u32 d, seen = 0;

	if (ret)
		return ret;
	if (x->rank != y->rank)
		return neural_node_bad(why, "a transposed tensor keeps its rank");
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		if (d >= x->rank) {
			if (perm[d])
				return neural_node_bad(why, "attribute past the rank");
			continue;
		}
		if (perm[d] < 0 || perm[d] >= x->rank || seen & BIT(perm[d]))
			return neural_node_bad(why, "not a permutation of the dimensions");
		seen |= BIT(perm[d]);
		if (y->dim[d] != x->dim[perm[d]])
			return neural_node_bad(why, "output has not the permuted shape");
	}
	node->out->lo = x->lo;
	node->out->hi = x->hi;
	return 0;
}

int neural_transpose_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	struct neural_copy copy = { .size = neural_dtype_bits(y->dtype) / 8 };
	s64 from[NEURAL_MODEL_RANK], to[NEURAL_MODEL_RANK];
	u32 d;

	neural_copy_pitches(x, from);
	neural_copy_pitches(y, to);
	for (d = 0; d < y->rank; d++)
		neural_copy_add(&copy, y->dim[d], from[node->attr[NEURAL_TRANSPOSE_PERM + d]],
				to[d]);
	return neural_move_step(account, &copy, step, why);
}

int neural_slice_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	int ret = neural_move_verify(x, y, why);
	u32 d;

	if (ret)
		return ret;
	if (x->rank != y->rank)
		return neural_node_bad(why, "a slice keeps the rank");
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		const s64 begin = node->attr[NEURAL_SLICE_BEGIN + d];
		const s64 stride = node->attr[NEURAL_SLICE_STRIDE + d];
		const s64 last = begin + stride * (y->dim[d] - 1LL);

		if (d >= x->rank && (begin || stride))
			return neural_node_bad(why, "attribute past the rank");
		if (d < x->rank && !stride)
			return neural_node_bad(why, "stride is zero");
		if (begin < 0 || begin >= x->dim[d] || last < 0 || last >= x->dim[d])
			return neural_node_bad(why, "slice leaves the input");
	}
	node->out->lo = x->lo;
	node->out->hi = x->hi;
	return 0;
}

int neural_slice_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	struct neural_copy copy = { .size = neural_dtype_bits(y->dtype) / 8 };
	s64 from[NEURAL_MODEL_RANK], to[NEURAL_MODEL_RANK];
	u32 d;

	neural_copy_pitches(x, from);
	neural_copy_pitches(y, to);
	for (d = 0; d < y->rank; d++) {
		copy.from += node->attr[NEURAL_SLICE_BEGIN + d] * from[d];
		neural_copy_add(&copy, y->dim[d],
				node->attr[NEURAL_SLICE_STRIDE + d] * from[d], to[d]);
	}
	return neural_move_step(account, &copy, step, why);
}
