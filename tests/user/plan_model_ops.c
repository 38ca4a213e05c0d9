// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations of the plan_model suite: it is linked instead of the real one. */
#include "plan_model.h"

long plan_fail_after = -1;

/* What prepare leaves: bytes to add, or where in the output a part belongs. */
struct params {
	size_t bytes;
	size_t at;
	u8 byte[];
};

static int any(const struct neural_node *node, struct neural_reason *why)
{
	if (node->out->dim[0] == 13)
		return neural_refuse(why, -ERANGE, "thirteen", 13);
	node->out->lo = neural_dtype_min(node->out->dtype);
	node->out->hi = neural_dtype_max(node->out->dtype);
	return 0;
}

static int same(const struct neural_node *node, struct neural_reason *why)
{
	if (node->in[0]->bytes != node->out->bytes)
		return neural_node_bad(why, "sizes differ");
	return any(node, why);
}

/* As much as there is where the output is a column of 17. */
static u64 macs(const struct neural_node *node)
{
	const u32 *dim = node->out->dim;

	return node->out->rank == 2 && dim[0] == 17 && dim[1] == 1 ? U64_MAX / 2 + 1 :
	       node->out->elements;
}

static struct params *params(struct neural_account *account, size_t bytes)
{
	struct params *p;

	if (!plan_fail_after)
		return NULL;
	if (plan_fail_after > 0)
		plan_fail_after--;
	p = neural_mem_alloc(account, sizeof(*p) + bytes);
	if (p)
		p->bytes = bytes;
	return p;
}

static int bias_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct params *p = params(account, node->in[1]->bytes);

	if (!p)
		return neural_refuse(why, -ENOMEM, "out of memory", 7);
	memcpy(p->byte, node->in[1]->data, p->bytes);
	step->params = p;
	return 0;
}

static int join_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct params *p = params(account, 0);
	u32 i;

	if (!p)
		return neural_refuse(why, -ENOMEM, "out of memory", 7);
	for (i = 0; i < part; i++)
		p->at += node->in[i]->bytes;
	step->params = p;
	return 0;
}

static void mix(const struct neural_step *step, struct neural_exec *x,
		const struct neural_rows *dst, const struct neural_rows *src, void *scratch)
{
	u32 r, i;

	WARN_ON(step->nr_src != 2 || x->rows > NEURAL_PLAN_ROWS);
	for (r = 0; r < x->rows; r++) {
		const u8 *a = neural_row(&src[0], r), *b = neural_row(&src[1], r);
		u8 *y = neural_row(dst, r);

		for (i = 0; i < step->dst.bytes; i++)
			y[i] = a[i % step->src[0].bytes] * 3 +
			       b[i % step->src[1].bytes] * 5 + i;
	}
}

static void map(const struct neural_step *step, struct neural_exec *x,
		const struct neural_rows *dst, const struct neural_rows *src, void *scratch)
{
	u32 r, i;

	WARN_ON(step->nr_src != 1);
	for (r = 0; r < x->rows; r++) {
		const u8 *a = neural_row(src, r);
		u8 *y = neural_row(dst, r);

		for (i = 0; i < step->dst.bytes; i++)
			y[i] = a[i] * 7 + i;
	}
}

static void bias(const struct neural_step *step, struct neural_exec *x,
		 const struct neural_rows *dst, const struct neural_rows *src, void *scratch)
{
	const struct params *p = step->params;
	u32 r, i;

	WARN_ON(step->nr_src != 1);
	for (r = 0; r < x->rows; r++) {
		const u8 *a = neural_row(src, r);
		u8 *y = neural_row(dst, r);

		for (i = 0; i < step->dst.bytes; i++)
			y[i] = a[i] + p->byte[i % p->bytes];
	}
}

static void copy(const struct neural_step *step, struct neural_exec *x,
		 const struct neural_rows *dst, const struct neural_rows *src, void *scratch)
{
	const struct params *p = step->params;
	u32 r;

	WARN_ON(step->nr_src != 1);
	for (r = 0; r < x->rows; r++)
		memcpy((u8 *)neural_row(dst, r) + (p ? p->at : 0), neural_row(src, r),
		       step->src[0].bytes);
}

static size_t turn_scratch(const struct neural_step *step, u32 rows)
{
	return (size_t)rows * step->dst.bytes;
}

static void turn(const struct neural_step *step, struct neural_exec *x,
		 const struct neural_rows *dst, const struct neural_rows *src, void *scratch)
{
	const u32 n = step->dst.bytes;
	u8 *all = scratch;
	u32 r, i;

	WARN_ON((uintptr_t)scratch % 64);
	for (r = 0; r < x->rows; r++)
		for (i = 0; i < n; i++)
			all[r * n + i] = ((u8 *)neural_row(src, r))[n - 1 - i];
	for (r = 0; r < x->rows; r++)
		memcpy(neural_row(dst, r), all + r * n, n);
}

const struct neural_op neural_ops[NEURAL_NR_OPS] = {
	[OP_MIX] = {
		.name = "mix", .min_in = 2, .max_in = 2, .in_place = true,
		.verify = same, .macs = macs, .run = mix,
	},
	[OP_SUM] = {
		.name = "sum", .min_in = 2, .max_in = 2,
		.verify = any, .macs = macs, .run = mix,
	},
	[OP_MAP] = {
		.name = "map", .min_in = 1, .max_in = 1, .in_place = true,
		.verify = same, .macs = macs, .run = map,
	},
	[OP_BIAS] = {
		.name = "bias", .min_in = 1, .max_in = 2, .params = BIT(1), .in_place = true,
		.verify = same, .macs = macs, .prepare = bias_prepare, .run = bias,
	},
	[OP_TURN] = {
		.name = "turn", .min_in = 1, .max_in = 1, .scratch = turn_scratch,
		.verify = same, .macs = macs, .run = turn,
	},
	[NEURAL_OP_RESHAPE] = {
		.name = "reshape", .min_in = 1, .max_in = 1, .alias = true,
		.verify = same, .macs = macs, .run = copy,
	},
	[NEURAL_OP_CONCAT] = {
		.name = "concat", .min_in = 1, .max_in = 255, .each = true,
		.verify = any, .macs = macs, .prepare = join_prepare, .run = copy,
	},
};
