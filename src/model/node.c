// SPDX-License-Identifier: GPL-2.0-only
#include "../ops/op.h"
#include "parse.h"

/* Integers in attr[] that an operation gives a meaning to. */
static const u8 neural_node_attrs[NEURAL_NR_OPS] = {
	[NEURAL_OP_DENSE] = NEURAL_DENSE_SLOPE + 1,
	[NEURAL_OP_SCALE] = NEURAL_DENSE_SLOPE + 1,
	[NEURAL_OP_FULLY_CONNECTED] = NEURAL_FC_MAX + 1,
	[NEURAL_OP_CONV_2D] = NEURAL_CONV_MAX + 1,
	[NEURAL_OP_DEPTHWISE_CONV_2D] = NEURAL_CONV_MAX + 1,
	[NEURAL_OP_AVERAGE_POOL_2D] = NEURAL_POOL_MAX + 1,
	[NEURAL_OP_MAX_POOL_2D] = NEURAL_POOL_MAX + 1,
	[NEURAL_OP_MEAN] = NEURAL_MEAN_SHIFT + 1,
	[NEURAL_OP_ADD] = NEURAL_ADD_MAX + 1,
	[NEURAL_OP_SUB] = NEURAL_ADD_MAX + 1,
	[NEURAL_OP_MUL] = NEURAL_RESCALE_MAX + 1,
	[NEURAL_OP_CONCAT] = NEURAL_CONCAT_AXIS + 1,
	[NEURAL_OP_PAD] = NEURAL_PAD_VALUE + 1,
	[NEURAL_OP_TRANSPOSE] = NEURAL_TRANSPOSE_PERM + NEURAL_MODEL_RANK,
	[NEURAL_OP_SLICE] = NEURAL_SLICE_STRIDE + NEURAL_MODEL_RANK,
	[NEURAL_OP_SOFTMAX] = NEURAL_SOFTMAX_DIFF_MIN + 1,
	[NEURAL_OP_RELU] = NEURAL_RESCALE_MAX + 1,
	[NEURAL_OP_LEAKY_RELU] = NEURAL_LEAKY_SHIFT_ALPHA + 1,
	[NEURAL_OP_HARD_SWISH] = NEURAL_HARD_SWISH_RELU_SHIFT + 1,
	[NEURAL_OP_LOGISTIC] = NEURAL_SIGMOID_SHIFT + 1,
	[NEURAL_OP_TANH] = NEURAL_SIGMOID_SHIFT + 1,
	[NEURAL_OP_REQUANTIZE] = NEURAL_RESCALE_SHIFT + 1,
	[NEURAL_OP_QUANTIZE] = NEURAL_QUANTIZE_SHIFT + 1,
	[NEURAL_OP_DEQUANTIZE] = NEURAL_QUANTIZE_SHIFT + 1,
	[NEURAL_OP_LAYER_NORM] = NEURAL_NORM_MAX + 1,
	[NEURAL_OP_RMS_NORM] = NEURAL_NORM_MAX + 1,
	[NEURAL_OP_BATCH_MATMUL] = NEURAL_MATMUL_MAX + 1,
};

/* Attributes, and an operation that has them. */
static int neural_node_code(const struct neural_model_op *raw, struct neural_node *node,
			    struct neural_reason *why)
{
	u32 i;

	node->code = le16_to_cpu(raw->code);
	if (node->code >= NEURAL_NR_OPS || !neural_ops[node->code].verify)
		return neural_refuse(why, -EOPNOTSUPP, "unknown operation", 0);
	if (raw->reserved)
		return neural_node_bad(why, "reserved bytes are not zero");
	for (i = 0; i < NEURAL_MODEL_ATTRS; i++) {
		node->attr[i] = le32_to_cpu(raw->attr[i]);
		if (node->attr[i] && i >= neural_node_attrs[node->code])
			return neural_refuse(why, -EINVAL,
					     "attribute past the last is not zero", i);
	}
	return 0;
}

/* Operand @i of those read. */
static int neural_node_input(const struct neural_op *op, const struct neural_tensor *t,
			     u32 i, struct neural_reason *why)
{
	/* The masks say nothing of operands past their width, which come in any number. */
	const u32 bit = i < 8 ? BIT(i) : 0;

	if (!t)
		return op->optional & bit ? 0 :
		       neural_refuse(why, -EINVAL, "operand is missing", i);
	if (!t->defined)
		return neural_refuse(why, -EINVAL, "operand is read before it is written", i);
	if ((op->params & bit) && !t->data)
		return neural_refuse(why, -EINVAL, "operand has to be a constant", i);
	return 0;
}

static int neural_node_output(const struct neural_tensor *t, struct neural_reason *why)
{
	if (!t)
		return neural_node_bad(why, "operand is missing");
	if (t->data)
		return neural_node_bad(why, "constant is written");
	if (t->defined)
		return neural_node_bad(why, "tensor is written twice");
	return 0;
}

static int neural_node_operands(struct neural_parse *p, const struct neural_model_op *raw,
				struct neural_node *node)
{
	const struct neural_op *op = &neural_ops[node->code];
	const u32 first = le32_to_cpu(raw->operands);
	const u32 nr = p->table[NEURAL_SECTION_OPERANDS].nr;
	u32 i;
	int ret;

	node->nr_in = raw->nr_inputs;
	if (node->nr_in < op->min_in || node->nr_in > op->max_in)
		return neural_node_bad(p->why, "wrong number of operands");
	if (raw->nr_outputs != 1)
		return neural_node_bad(p->why, "operation has to have one output");
	if (first > nr || node->nr_in + 1 > nr - first)
		return neural_node_bad(p->why, "operands leave their section");
	node->in = p->model->operands + first;
	node->out = node->in[node->nr_in];
	for (i = 0; i < node->nr_in; i++) {
		ret = neural_node_input(op, node->in[i], i, p->why);
		if (ret)
			return ret;
	}
	return neural_node_output(node->out, p->why);
}

/* Everything that does not depend on the operation is right: now the operation. */
static int neural_node_verify(struct neural_parse *p, struct neural_node *node)
{
	const struct neural_op *op = &neural_ops[node->code];
	struct neural_model *m = p->model;
	struct neural_tensor *out = node->out;
	int ret;

	ret = op->verify(node, p->why);
	if (ret)
		return ret;
	if (WARN_ON_ONCE(out->lo > out->hi || out->lo < neural_dtype_min(out->dtype) ||
			 out->hi > neural_dtype_max(out->dtype)))
		return neural_node_bad(p->why, "operation has no range");
	out->defined = true;
	if (check_add_overflow(m->macs, op->macs(node), &m->macs))
		return neural_refuse(p->why, -E2BIG, "too many multiply-adds", 0);
	if (m->macs > p->limit->macs)
		return neural_refuse(p->why, -E2BIG, p->limit->rule, 0);
	return 0;
}

static int neural_node_one(struct neural_parse *p, u32 i)
{
	const struct neural_table *table = &p->table[NEURAL_SECTION_OPS];
	struct neural_node *node = &p->model->nodes[i];
	struct neural_model_op raw;
	int ret;

	node->offset = neural_table_offset(p, table, i);
	neural_table_get(table, i, &raw, sizeof(raw));
	ret = neural_node_code(&raw, node, p->why);
	if (!ret)
		ret = neural_parse_string(p, le32_to_cpu(raw.name), &node->name, 0,
					  node->offset);
	if (!ret)
		ret = neural_node_operands(p, &raw, node);
	if (!ret)
		ret = neural_node_verify(p, node);
	return ret;
}

/* Where it was; the operation may be the very thing that is wrong. */
static void neural_node_place(struct neural_parse *p, u32 i)
{
	const struct neural_node *node = &p->model->nodes[i];

	if (node->code < NEURAL_NR_OPS)
		p->why->op = neural_ops[array_index_nospec(node->code, NEURAL_NR_OPS)].name;
	p->why->layer = i;
	p->why->offset = node->offset;
}

int neural_parse_nodes(struct neural_parse *p)
{
	u32 i;
	int ret;

	if (!p->model->nr_nodes)
		return neural_node_bad(p->why, "model has no operations");
	for (i = 0; i < p->model->nr_nodes; i++) {
		ret = neural_node_one(p, i);
		if (ret) {
			neural_node_place(p, i);
			return ret;
		}
		neural_pause();
	}
	return 0;
}
