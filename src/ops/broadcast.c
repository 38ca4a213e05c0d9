// SPDX-License-Identifier: GPL-2.0-only
#include "broadcast.h"

/* Dimension @d of @rank ones, counted as the shape with more dimensions does. */
static u32 neural_broadcast_dim(const struct neural_tensor *t, u32 rank, u32 d)
{
	return d + t->rank < rank ? 1 : t->dim[d + t->rank - rank];
}

int neural_broadcast_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1];
	const u32 rank = max(a->rank, b->rank);
	u32 d;

	if (node->out->rank != rank)
		return neural_node_bad(why, "output has not as many dimensions as its operands");
	for (d = 0; d < rank; d++) {
		const u32 na = neural_broadcast_dim(a, rank, d);
		const u32 nb = neural_broadcast_dim(b, rank, d);

		if (na != nb && na != 1 && nb != 1)
			return neural_node_bad(why, "shapes of the operands do not go together");
		if (node->out->dim[d] != max(na, nb))
			return neural_node_bad(why, "output has not the shape of its operands");
	}
	return 0;
}

void neural_broadcast_init(struct neural_broadcast *bc, const struct neural_node *node)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1];
	const u32 rank = node->out->rank;
	u32 d, a_elements = 1, b_elements = 1;
	bool in_run = true, any = false;

	*bc = (struct neural_broadcast){ .n = 1, .a_step = 1, .b_step = 1 };
	for (d = rank; d--; ) {
		const u32 n = node->out->dim[d];
		const bool has_a = neural_broadcast_dim(a, rank, d) == n;
		const bool has_b = neural_broadcast_dim(b, rank, d) == n;
		const u32 top = bc->levels - 1;

		if (n == 1)
			continue;
		if (!any) {
			bc->a_step = has_a;
			bc->b_step = has_b;
		}
		if (in_run && has_a == bc->a_step && has_b == bc->b_step) {
			bc->n *= n;
		} else if (!in_run && has_a == !!bc->a_stride[top] &&
			   has_b == !!bc->b_stride[top]) {
			bc->count[top] *= n;
		} else {
			in_run = false;
			bc->count[bc->levels] = n;
			bc->a_stride[bc->levels] = has_a ? a_elements : 0;
			bc->b_stride[bc->levels] = has_b ? b_elements : 0;
			bc->levels++;
		}
		any = true;
		a_elements *= has_a ? n : 1;
		b_elements *= has_b ? n : 1;
	}
}
