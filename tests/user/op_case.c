// SPDX-License-Identifier: GPL-2.0-only
#include "op_case.h"

void op_case_shape(struct neural_tensor *t, u8 dtype, u32 rank, const u32 *dim)
{
	u32 d;

	t->dtype = dtype;
	t->rank = rank;
	t->elements = 1;
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		t->dim[d] = d < rank ? dim[d] : 1;
		t->elements *= t->dim[d];
	}
	t->bytes = (size_t)t->elements * neural_dtype_bits(dtype) / 8;
	t->lo = neural_dtype_min(dtype);
	t->hi = neural_dtype_max(dtype);
}

void op_case_init(struct op_case *c, u16 code, u32 rank, const u32 *dim)
{
	u32 i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < ARRAY_SIZE(c->t); i++) {
		c->t[i].name = "";
		op_case_shape(&c->t[i], NEURAL_S8, rank, dim);
	}
	c->in[0] = &c->t[0];
	c->in[1] = &c->t[1];
	c->node.code = code;
	c->node.name = "";
	c->node.nr_in = neural_ops[code].max_in;
	c->node.in = c->in;
	c->node.out = &c->t[2];
}

int op_case_verify(struct op_case *c, const char **rule)
{
	struct neural_reason why = { };
	const int ret = neural_ops[c->node.code].verify(&c->node, &why);

	*rule = why.rule;
	/* A reason is given exactly where there is one. */
	WARN_ON(!ret != !why.rule);
	return ret;
}

int op_case_run(struct op_case *c, const struct op_buffer *out,
		const struct op_buffer *in, u32 rows, bool vector)
{
	const struct neural_op *op = &neural_ops[c->node.code];
	struct neural_step step = {
		.op = op, .run = op->run, .in = c->t[0].elements, .out = c->t[2].elements,
		.macs = op->macs(&c->node),
	};
	struct neural_exec x = {
		.section = {
			.set = neural_simd_set(neural_simd_best()), .wanted = vector,
		},
		.rows = rows,
	};
	const struct neural_rows dst = { out->data, out->stride };
	struct neural_rows src[NEURAL_STEP_INPUTS] = { };
	struct neural_reason why = { };
	u32 i;
	int ret;

	for (i = 0; i < c->node.nr_in; i++)
		if (!(op->params & BIT(i)))
			src[step.nr_src++] = (struct neural_rows){ in[i].data, in[i].stride };
	ret = op->prepare(NULL, &c->node, 0, &step, &why);
	WARN_ON(!ret != !why.rule || (ret && step.params));
	if (ret)
		return ret;
	WARN_ON(op->scratch);
	step.run(&step, &x, &dst, src, NULL);
	neural_section_leave(&x.section);
	neural_mem_free(step.params);
	return 0;
}
