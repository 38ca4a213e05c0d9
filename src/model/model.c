// SPDX-License-Identifier: GPL-2.0-only
/* Opening a model: one pass over the file, from what is known to what relies on it. */
#include "parse.h"

static struct neural_tensor *neural_operand_tensor(const struct neural_parse *p, u32 tensor)
{
	return tensor == NEURAL_MODEL_NONE ? NULL : &p->model->tensors[tensor];
}

/* All of them, whether or not anything refers to them. */
static int neural_parse_operands(struct neural_parse *p)
{
	const struct neural_table *table = &p->table[NEURAL_SECTION_OPERANDS];
	u32 i, tensor;
	__le32 raw;

	for (i = 0; i < table->nr; i++) {
		neural_table_get(table, i, &raw, sizeof(raw));
		tensor = le32_to_cpu(raw);
		if (tensor != NEURAL_MODEL_NONE && tensor >= p->model->nr_tensors)
			return neural_parse_bad(p, -EINVAL, "operand is no tensor", i,
						neural_table_offset(p, table, i));
		p->model->operands[i] = neural_operand_tensor(p, tensor);
	}
	return 0;
}

/* The operands from @first on as a list of the header's, without NONE. */
static int neural_parse_list(struct neural_parse *p, u32 first, u32 nr, u64 at,
			     struct neural_tensor **list)
{
	const u32 all = p->table[NEURAL_SECTION_OPERANDS].nr;
	u32 i;

	if (first > all || nr > all - first)
		return neural_parse_bad(p, -EINVAL, "operands leave their section", 0, at);
	for (i = 0; i < nr; i++) {
		list[i] = p->model->operands[first + i];
		if (!list[i])
			return neural_parse_bad(p, -EINVAL, "operand is missing", i, at);
	}
	return 0;
}

/* Size of a row of @nr tensors, 0 if it is out of reason. */
static size_t neural_parse_row(struct neural_tensor *const *list, u32 nr)
{
	u64 bytes = 0;
	u32 i, size, largest = 1;

	for (i = 0; i < nr; i++) {
		size = neural_dtype_bits(list[i]->dtype) / 8;
		largest = max(largest, size);
		bytes = ALIGN(bytes, (u64)size) + list[i]->bytes;
	}
	bytes = ALIGN(bytes, (u64)largest);
	return bytes <= S32_MAX ? bytes : 0;
}

int neural_parse_inputs(struct neural_parse *p)
{
	const u64 at = offsetof(struct neural_model_header, inputs);
	struct neural_model *m = p->model;
	u32 i;
	int ret;

	ret = neural_parse_list(p, p->inputs, m->nr_inputs, at, m->inputs);
	if (ret)
		return ret;
	for (i = 0; i < m->nr_inputs; i++) {
		if (m->inputs[i]->data)
			return neural_parse_bad(p, -EINVAL, "model input is a constant", i, at);
		if (m->inputs[i]->defined)
			return neural_parse_bad(p, -EINVAL, "model input is there twice", i, at);
		m->inputs[i]->defined = true;
	}
	m->in_bytes = neural_parse_row(m->inputs, m->nr_inputs);
	if (!m->in_bytes)
		return neural_parse_bad(p, -E2BIG, "model inputs are too large", 0, at);
	return 0;
}

/* A tensor may be more than one output, and a model input may be one. */
int neural_parse_outputs(struct neural_parse *p)
{
	const u64 at = offsetof(struct neural_model_header, outputs);
	struct neural_model *m = p->model;
	u32 i;
	int ret;

	ret = neural_parse_list(p, p->outputs, m->nr_outputs, at, m->outputs);
	if (ret)
		return ret;
	for (i = 0; i < m->nr_outputs; i++) {
		if (m->outputs[i]->data)
			return neural_parse_bad(p, -EINVAL, "model output is a constant", i, at);
		if (!m->outputs[i]->defined)
			return neural_parse_bad(p, -EINVAL, "model output is never written", i,
						at);
	}
	m->out_bytes = neural_parse_row(m->outputs, m->nr_outputs);
	if (!m->out_bytes)
		return neural_parse_bad(p, -E2BIG, "model outputs are too large", 0, at);
	return 0;
}

/*
 * The model and its tables, in one block.  Every table is as long as a section that is
 * known to be in the file, so the block is a small multiple of the file at most.
 */
static int neural_model_alloc(struct neural_account *account, struct neural_parse *p)
{
	const u32 nr_tensors = p->table[NEURAL_SECTION_TENSORS].nr;
	const u32 nr_nodes = p->table[NEURAL_SECTION_OPS].nr;
	const u32 nr_operands = p->table[NEURAL_SECTION_OPERANDS].nr;
	const u32 nr_ranges = p->table[NEURAL_SECTION_RANGES].nr;
	struct neural_model *m;
	size_t bytes = sizeof(*m);

	bytes = size_add(bytes, array_size(nr_tensors, sizeof(*m->tensors)));
	bytes = size_add(bytes, array_size(nr_nodes, sizeof(*m->nodes)));
	bytes = size_add(bytes, array_size(nr_operands, sizeof(*m->operands)));
	bytes = size_add(bytes, array_size(nr_ranges, sizeof(*m->ranges)));
	m = neural_mem_alloc(account, bytes);
	if (!m)
		return neural_refuse(p->why, -ENOMEM, "out of memory", 0);
	*m = *p->model;
	m->tensors = (struct neural_tensor *)(m + 1);
	m->nodes = (struct neural_node *)(m->tensors + nr_tensors);
	m->ranges = (struct neural_range *)(m->nodes + nr_nodes);
	m->operands = (struct neural_tensor **)(m->ranges + nr_ranges);
	m->nr_tensors = nr_tensors;
	m->nr_nodes = nr_nodes;
	m->nr_ranges = nr_ranges;
	p->model = m;
	return 0;
}

static int neural_model_parse(struct neural_parse *p)
{
	int (*const steps[])(struct neural_parse *p) = {
		neural_parse_strings, neural_parse_meta, neural_parse_tensors,
		neural_parse_operands, neural_parse_inputs, neural_parse_nodes,
		neural_parse_outputs, neural_parse_ranges,
	};
	u32 i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ret = steps[i](p);
		if (ret)
			return ret;
	}
	return 0;
}

int neural_model_open_within(struct neural_account *account, const void *file, size_t bytes,
			     const struct neural_model_limit *limit,
			     struct neural_model **model, struct neural_reason *why)
{
	struct neural_model head = { .file = file, .file_bytes = bytes };
	struct neural_parse p = {
		.file = file, .bytes = bytes, .limit = limit, .model = &head, .why = why,
	};
	int ret;

	*why = (struct neural_reason){ };
	if (WARN_ON_ONCE(!IS_ALIGNED((unsigned long)file, NEURAL_MODEL_ALIGN)))
		return neural_refuse(why, -EINVAL, "file is not aligned", 0);
	ret = neural_parse_header(&p);
	if (!ret)
		ret = neural_parse_sections(&p);
	if (!ret)
		ret = neural_model_alloc(account, &p);
	if (ret)
		return ret;
	ret = neural_model_parse(&p);
	if (ret)
		neural_model_close(p.model);
	else
		*model = p.model;
	return ret;
}

int neural_model_open(struct neural_account *account, const void *file, size_t bytes,
		      struct neural_model **model, struct neural_reason *why)
{
	static const struct neural_model_limit none = { .macs = U64_MAX };

	return neural_model_open_within(account, file, bytes, &none, model, why);
}

void neural_model_close(struct neural_model *model)
{
	neural_mem_free(model);
}
