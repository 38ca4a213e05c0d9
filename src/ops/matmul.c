// SPDX-License-Identifier: GPL-2.0-only
#include "../s8.h"
#include "matmul.h"
#include "rescale.h"

/* Rows of the matrices in @t, or columns where they are @adjoint; the other size in *@k. */
static u32 neural_matmul_outer(const struct neural_tensor *t, bool adjoint, u32 *k)
{
	*k = t->dim[t->rank - (adjoint ? 2 : 1)];
	return t->dim[t->rank - (adjoint ? 1 : 2)];
}

/* Leading dimension @d of @nr, counted in the result; what is missing is one. */
static u32 neural_matmul_lead(const struct neural_tensor *t, u32 d, u32 nr)
{
	const u32 missing = nr - (t->rank - 2);

	return d < missing ? 1 : t->dim[d - missing];
}

static int neural_matmul_verify_shapes(const struct neural_node *node,
				       struct neural_reason *why)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1], *y = node->out;
	u32 d, m, n, ka, kb, nr;

	if (a->rank < 2 || b->rank < 2)
		return neural_node_bad(why, "input is no matrix");
	m = neural_matmul_outer(a, node->attr[NEURAL_MATMUL_ADJ_A], &ka);
	/* b has its columns where a has its rows once it is transposed. */
	n = neural_matmul_outer(b, !node->attr[NEURAL_MATMUL_ADJ_B], &kb);
	if (ka != kb)
		return neural_node_bad(why, "matrices do not agree");
	if (y->rank != max(a->rank, b->rank) || y->dim[y->rank - 2] != m ||
	    y->dim[y->rank - 1] != n)
		return neural_node_bad(why, "output has not the shape of the product");
	nr = y->rank - 2;
	for (d = 0; d < nr; d++) {
		const u32 da = neural_matmul_lead(a, d, nr);
		const u32 db = neural_matmul_lead(b, d, nr);

		if (da != db && da != 1 && db != 1)
			return neural_node_bad(why, "leading dimensions do not agree");
		if (y->dim[d] != (da == 1 ? db : da))
			return neural_node_bad(why, "output has not the shape of the product");
	}
	return 0;
}

/* No sum of products, nor a part of it, is beyond k times the largest product. */
static int neural_matmul_verify_sum(const struct neural_node *node,
				    struct neural_reason *why)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1];
	const s64 a_lo = a->lo - a->zero_point, a_hi = a->hi - a->zero_point;
	const s64 b_lo = b->lo - b->zero_point, b_hi = b->hi - b->zero_point;
	s64 lo, hi;
	u32 k;

	neural_matmul_outer(a, node->attr[NEURAL_MATMUL_ADJ_A], &k);
	lo = min(min(a_lo * b_lo, a_lo * b_hi), min(a_hi * b_lo, a_hi * b_hi));
	hi = max(max(a_lo * b_lo, a_lo * b_hi), max(a_hi * b_lo, a_hi * b_hi));
	return neural_verify_rescale(node->attr[NEURAL_MATMUL_MULTIPLIER],
				     node->attr[NEURAL_MATMUL_SHIFT],
				     k * min_t(s64, lo, 0), k * max_t(s64, hi, 0), 0, why);
}

int neural_matmul_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1];
	const s32 min = node->attr[NEURAL_MATMUL_MIN], max = node->attr[NEURAL_MATMUL_MAX];
	int ret;

	if (a->dtype != NEURAL_S8 || b->dtype != NEURAL_S8 ||
	    node->out->dtype != NEURAL_S8)
		return neural_node_bad(why, "inputs and output are not S8");
	if (node->attr[NEURAL_MATMUL_ADJ_A] & ~1 || node->attr[NEURAL_MATMUL_ADJ_B] & ~1)
		return neural_node_bad(why, "flag is neither 0 nor 1");
	ret = neural_matmul_verify_shapes(node, why);
	if (!ret)
		ret = neural_verify_bounds(min, max, why);
	if (!ret)
		ret = neural_matmul_verify_sum(node, why);
	node->out->lo = min;
	node->out->hi = max;
	return ret;
}

u64 neural_matmul_macs(const struct neural_node *node)
{
	u32 k;

	neural_matmul_outer(node->in[0], node->attr[NEURAL_MATMUL_ADJ_A], &k);
	return (u64)node->out->elements * k;
}

static struct neural_matmul_side neural_matmul_side(const struct neural_tensor *t,
						    bool adjoint, u32 nr)
{
	const u32 row = t->dim[t->rank - 1];
	struct neural_matmul_side side = {
		.zero = t->zero_point,
		.outer = adjoint ? 1 : row,
		.inner = adjoint ? row : 1,
	};
	u32 d, step = row * t->dim[t->rank - 2];

	for (d = nr; d-- > 0; ) {
		const u32 dim = neural_matmul_lead(t, d, nr);

		side.batch[d] = dim == 1 ? 0 : step;
		step *= dim;
	}
	return side;
}

int neural_matmul_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1], *y = node->out;
	struct neural_matmul *p;
	u32 d;

	p = neural_mem_alloc(account, sizeof(*p));
	if (!p)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	p->m = neural_matmul_outer(a, node->attr[NEURAL_MATMUL_ADJ_A], &p->k);
	p->n = y->dim[y->rank - 1];
	p->nr_batch = y->rank - 2;
	p->batches = 1;
	for (d = 0; d < p->nr_batch; d++) {
		p->dim[d] = y->dim[d];
		p->batches *= y->dim[d];
	}
	p->a = neural_matmul_side(a, node->attr[NEURAL_MATMUL_ADJ_A], p->nr_batch);
	p->b = neural_matmul_side(b, !node->attr[NEURAL_MATMUL_ADJ_B], p->nr_batch);
	p->multiplier = node->attr[NEURAL_MATMUL_MULTIPLIER];
	p->shift = node->attr[NEURAL_MATMUL_SHIFT];
	p->zero_point = y->zero_point;
	p->min = node->attr[NEURAL_MATMUL_MIN];
	p->max = node->attr[NEURAL_MATMUL_MAX];
	step->params = p;
	return 0;
}
