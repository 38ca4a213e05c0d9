// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "lut.h"

int neural_lut_verify(const struct neural_node *node, struct neural_reason *why)
{
	if (node->in[0]->dtype != NEURAL_S8 || node->out->dtype != NEURAL_S8)
		return neural_node_bad(why, "operands are not S8");
	if (!neural_tensor_same_shape(node->in[0], node->out))
		return neural_node_bad(why, "output has another shape than the input");
	return 0;
}

void neural_lut_bound(const struct neural_node *node,
		      s8 (*value)(const struct neural_node *node, s32 x))
{
	s64 lo = S8_MAX, hi = S8_MIN;
	s32 x;

	for (x = node->in[0]->lo; x <= node->in[0]->hi; x++) {
		lo = min_t(s64, lo, value(node, x));
		hi = max_t(s64, hi, value(node, x));
	}
	node->out->lo = lo;
	node->out->hi = hi;
}

int neural_lut_prepare(struct neural_account *account, const struct neural_node *node,
		       s8 (*value)(const struct neural_node *node, s32 x),
		       struct neural_step *step, struct neural_reason *why)
{
	struct neural_lut *lut = neural_mem_alloc(account, sizeof(*lut));
	s32 x;

	if (!lut)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	for (x = S8_MIN; x <= S8_MAX; x++)
		lut->table[(u8)x] = value(node, x);
	step->params = lut;
	return 0;
}

u64 neural_map_macs(const struct neural_node *node)
{
	return node->out->elements;
}

void neural_lut_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch)
{
	const struct neural_lut *lut = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		for (i = 0; i < step->out; i += NEURAL_MAP_TILE) {
			const struct neural_s8_lut_args args = {
				.y = (s8 *)neural_row(dst, r) + i,
				.x = (const s8 *)neural_row(src, r) + i,
				.table = lut->table,
				.n = min(step->out - i, NEURAL_MAP_TILE),
			};

			neural_run_s8_lut(&x->section, &args, args.n);
		}
	}
}

/* The first entry is that of the least value. */
static s8 neural_lut_value(const struct neural_node *node, s32 x)
{
	return ((const s8 *)node->in[1]->data)[x - S8_MIN];
}

int neural_lut_operand_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *table = node->in[1];
	int ret = neural_lut_verify(node, why);

	if (ret)
		return ret;
	if (table->dtype != NEURAL_S8 || table->rank != 1 || table->elements != 256)
		return neural_node_bad(why, "table is not 256 S8 values");
	neural_lut_bound(node, neural_lut_value);
	return 0;
}

int neural_lut_operand_prepare(struct neural_account *account,
			       const struct neural_node *node, u32 part,
			       struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_lut_value, step, why);
}
