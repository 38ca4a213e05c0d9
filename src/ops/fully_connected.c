// SPDX-License-Identifier: GPL-2.0-only
#include "fully_connected.h"
#include "gemm.h"
#include "rescale.h"

/**
 * struct neural_fc - a packed layer
 * @gemm: weights
 * @rows: rows of one execution: whatever x has beside the dimension that is summed
 */
struct neural_fc {
	struct neural_gemm gemm;
	u32 rows;
};

static void neural_fc_channels(struct neural_channels *c, const struct neural_node *node)
{
	neural_channels_init(c, node);
	c->n = c->w->dim[0];
	c->k = c->w->dim[1];
	c->w_output = c->k;
	c->w_input = 1;
}

int neural_fc_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 least = node->attr[NEURAL_FC_MIN];
	const s32 most = node->attr[NEURAL_FC_MAX];
	struct neural_channels c;
	int ret;

	ret = neural_verify_s8(node->in[0], why) ?: neural_verify_s8(node->out, why);
	if (ret)
		return ret;
	neural_fc_channels(&c, node);
	if (c.w->rank != 2)
		return neural_node_bad(why, "weights do not have 2 dimensions");
	if (c.x->elements % c.k)
		return neural_node_bad(why, "input is not whole rows");
	if ((u64)(c.x->elements / c.k) * c.n != node->out->elements)
		return neural_node_bad(why, "output has another shape");
	ret = neural_verify_bounds(least, most, why) ?: neural_channels_verify(&c, why);
	if (ret)
		return ret;
	node->out->lo = least;
	node->out->hi = most;
	return 0;
}

u64 neural_fc_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * node->in[1]->dim[1];
}

int neural_fc_prepare(struct neural_account *account, const struct neural_node *node,
		      u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_channels c;
	struct neural_fc *fc;

	neural_fc_channels(&c, node);
	fc = neural_gemm_pack(account, &c, 0, sizeof(*fc), why);
	if (!fc)
		return -ENOMEM;
	fc->gemm.zero_point = node->out->zero_point;
	fc->gemm.min = node->attr[NEURAL_FC_MIN];
	fc->gemm.max = node->attr[NEURAL_FC_MAX];
	fc->rows = c.x->elements / c.k;
	step->params = fc;
	return 0;
}

void neural_fc_run(const struct neural_step *step, struct neural_exec *x,
		   const struct neural_rows *dst, const struct neural_rows *src,
		   void *scratch)
{
	const struct neural_fc *fc = step->params;
	const struct neural_gemm *gemm = &fc->gemm;
	const size_t in = (size_t)fc->rows * gemm->k;
	const size_t out = (size_t)fc->rows * gemm->n;
	u32 r;

	/* Rows of executions are rows like others where the distances agree. */
	if (fc->rows == 1) {
		neural_gemm_run(gemm, x, dst->at, dst->stride, src->at, src->stride,
				x->rows);
	} else if (src->stride == in && dst->stride == out) {
		neural_gemm_run(gemm, x, dst->at, gemm->n, src->at, gemm->k,
				(u64)fc->rows * x->rows);
	} else {
		for (r = 0; r < x->rows; r++)
			neural_gemm_run(gemm, x, neural_row(dst, r), gemm->n,
					neural_row(src, r), gemm->k, fc->rows);
	}
}
