// SPDX-License-Identifier: GPL-2.0-only
#include "model_builder.h"

struct model_builder *model_builder_new(void)
{
	struct model_builder *b = calloc(1, sizeof(*b));

	WARN_ON(!b);
	b->meta.name = cpu_to_le32(NEURAL_MODEL_NONE);
	b->meta.description = b->meta.name;
	b->meta.producer = b->meta.name;
	b->meta.labels = b->meta.name;
	return b;
}

void model_builder_free(struct model_builder *b)
{
	free(b->strings);
	free(b->data);
	free(b);
}

u32 model_tensor(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank)
{
	struct neural_model_tensor *t = &b->tensors[b->nr_tensors];
	u32 d;

	WARN_ON(b->nr_tensors == MODEL_BUILDER_MAX || rank > NEURAL_MODEL_RANK);
	t->name = cpu_to_le32(NEURAL_MODEL_NONE);
	t->dtype = dtype;
	t->rank = rank;
	for (d = 0; d < rank; d++)
		t->dim[d] = cpu_to_le32(dim[d]);
	return b->nr_tensors++;
}

u32 model_input(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank)
{
	WARN_ON(b->nr_inputs == NEURAL_MODEL_MAX_INPUTS);
	b->inputs[b->nr_inputs++] = b->nr_tensors;
	return model_tensor(b, dtype, dim, rank);
}

u32 model_output(struct model_builder *b, u32 tensor)
{
	WARN_ON(b->nr_outputs == NEURAL_MODEL_MAX_INPUTS);
	b->outputs[b->nr_outputs] = tensor;
	return b->nr_outputs++;
}

u32 model_const(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank,
		const void *data)
{
	const u32 number = model_tensor(b, dtype, dim, rank);
	const size_t at = ALIGN(b->nr_data, NEURAL_MODEL_ALIGN);
	size_t bits = neural_dtype_bits(dtype), bytes;
	u32 d;

	for (d = 0; d < rank; d++)
		bits *= dim[d];
	bytes = DIV_ROUND_UP(bits, 8);
	b->data = realloc(b->data, at + bytes + 1);
	WARN_ON(!b->data);
	memset(b->data + b->nr_data, 0, at - b->nr_data);
	memcpy(b->data + at, data, bytes);
	b->nr_data = at + bytes;
	b->tensors[number].flags = cpu_to_le16(NEURAL_TENSOR_CONST);
	b->tensors[number].data = cpu_to_le64(at);
	return number;
}

u32 model_op(struct model_builder *b, u16 code, const u32 *in, u32 nr_in, u32 out,
	     const s32 *attr, u32 nr_attr)
{
	struct neural_model_op *op = &b->ops[b->nr_ops];
	u32 i;

	WARN_ON(b->nr_ops == MODEL_BUILDER_MAX || nr_attr > NEURAL_MODEL_ATTRS ||
		b->nr_operands + nr_in + 1 > ARRAY_SIZE(b->operands));
	op->code = cpu_to_le16(code);
	op->nr_inputs = nr_in;
	op->nr_outputs = 1;
	op->name = cpu_to_le32(NEURAL_MODEL_NONE);
	op->operands = cpu_to_le32(b->nr_operands);
	for (i = 0; i < nr_in; i++)
		b->operands[b->nr_operands++] = cpu_to_le32(in[i]);
	b->operands[b->nr_operands++] = cpu_to_le32(out);
	for (i = 0; i < nr_attr; i++)
		op->attr[i] = cpu_to_le32(attr[i]);
	return b->nr_ops++;
}

u32 model_range(struct model_builder *b, u32 flags, u32 index, u32 first, u32 count,
		s64 lo, s64 hi)
{
	WARN_ON(b->nr_ranges == MODEL_BUILDER_RANGES);
	b->ranges[b->nr_ranges] = (struct neural_model_range){
		.flags = cpu_to_le32(flags),
		.index = cpu_to_le32(index),
		.first = cpu_to_le32(first),
		.count = cpu_to_le32(count),
		.lo = cpu_to_le64(lo),
		.hi = cpu_to_le64(hi),
	};
	return b->nr_ranges++;
}

__le32 model_string(struct model_builder *b, const char *text)
{
	const u32 at = b->nr_strings, bytes = strlen(text) + 1;

	b->strings = realloc(b->strings, at + bytes);
	WARN_ON(!b->strings);
	memcpy(b->strings + at, text, bytes);
	b->nr_strings += bytes;
	return cpu_to_le32(at);
}

void model_seal(u8 *file, size_t bytes)
{
	struct neural_model_header *h = (struct neural_model_header *)file;

	h->file_bytes = cpu_to_le64(bytes);
	h->crc = 0;
	h->crc = cpu_to_le32(neural_crc32c(0, file, bytes));
}

struct neural_model_section *model_section(u8 *file, u16 kind)
{
	const struct neural_model_header *h = (struct neural_model_header *)file;
	struct neural_model_section *s;
	u32 i;

	s = (struct neural_model_section *)(file + le16_to_cpu(h->header_bytes));
	for (i = 0; i < le32_to_cpu(h->nr_sections); i++, s++)
		if (le16_to_cpu(s->kind) == kind)
			return s;
	WARN_ON(true);
	return NULL;
}

u8 *model_entry(u8 *file, u16 kind, u32 i)
{
	const struct neural_model_section *s = model_section(file, kind);

	return file + le64_to_cpu(s->offset) + i * le32_to_cpu(s->entry_bytes);
}

/* The lists of the header are operands like all others. */
static u32 list(struct model_builder *b, const u32 *tensors, u32 nr)
{
	const u32 first = b->nr_operands;
	u32 i;

	WARN_ON(first + nr > ARRAY_SIZE(b->operands));
	for (i = 0; i < nr; i++)
		b->operands[b->nr_operands++] = cpu_to_le32(tensors[i]);
	return first;
}

u8 *model_lay_out(const void *head, const struct model_part *parts, u32 nr, size_t *bytes)
{
	const u32 header_bytes = sizeof(struct neural_model_header);
	struct neural_model_section *s;
	size_t at = header_bytes + nr * sizeof(*s);
	void *mem;
	u8 *file;
	u32 i;

	for (i = 0, *bytes = at; i < nr; i++)
		*bytes = ALIGN(*bytes, NEURAL_MODEL_ALIGN) + parts[i].bytes;
	WARN_ON(posix_memalign(&mem, NEURAL_MODEL_ALIGN, *bytes));
	file = mem;
	memset(file, 0, *bytes);
	memcpy(file, head, header_bytes);
	((struct neural_model_header *)file)->nr_sections = cpu_to_le32(nr);
	s = (struct neural_model_section *)(file + header_bytes);
	for (i = 0; i < nr; i++, s++) {
		at = ALIGN(at, NEURAL_MODEL_ALIGN);
		s->kind = cpu_to_le16(parts[i].kind);
		s->flags = cpu_to_le16(parts[i].flags);
		s->entry_bytes = cpu_to_le32(parts[i].entry_bytes);
		s->offset = cpu_to_le64(at);
		s->bytes = cpu_to_le64(parts[i].bytes);
		memcpy(file + at, parts[i].from, parts[i].bytes);
		at += parts[i].bytes;
	}
	model_seal(file, *bytes);
	return file;
}

u32 model_parts(const u8 *file, struct model_part parts[MODEL_PARTS])
{
	const struct neural_model_header *h = (const struct neural_model_header *)file;
	const u32 nr = le32_to_cpu(h->nr_sections);
	const struct neural_model_section *s;
	u32 i;

	WARN_ON(nr > MODEL_PARTS);
	s = (const struct neural_model_section *)(file + le16_to_cpu(h->header_bytes));
	for (i = 0; i < nr; i++, s++)
		parts[i] = (struct model_part){
			le16_to_cpu(s->kind), le16_to_cpu(s->flags),
			le32_to_cpu(s->entry_bytes), file + le64_to_cpu(s->offset),
			le64_to_cpu(s->bytes),
		};
	return nr;
}

u8 *model_builder_finish(struct model_builder *b, size_t *bytes)
{
	struct neural_model_header head = {
		.magic = cpu_to_le32(NEURAL_MODEL_MAGIC),
		.version = cpu_to_le16(NEURAL_MODEL_VERSION),
		.header_bytes = cpu_to_le16(sizeof(head)),
		.inputs = cpu_to_le32(list(b, b->inputs, b->nr_inputs)),
		.nr_inputs = cpu_to_le32(b->nr_inputs),
		.outputs = cpu_to_le32(list(b, b->outputs, b->nr_outputs)),
		.nr_outputs = cpu_to_le32(b->nr_outputs),
	};
	const struct model_part all[] = {
		{ NEURAL_SECTION_TENSORS, 0, sizeof(b->tensors[0]), b->tensors,
		  b->nr_tensors * sizeof(b->tensors[0]) },
		{ NEURAL_SECTION_OPERANDS, 0, sizeof(b->operands[0]), b->operands,
		  b->nr_operands * sizeof(b->operands[0]) },
		{ NEURAL_SECTION_OPS, 0, sizeof(b->ops[0]), b->ops,
		  b->nr_ops * sizeof(b->ops[0]) },
		{ NEURAL_SECTION_STRINGS, 0, 1, b->strings, b->nr_strings },
		{ NEURAL_SECTION_META, 0, sizeof(b->meta), &b->meta,
		  b->has_meta ? sizeof(b->meta) : 0 },
		{ NEURAL_SECTION_DATA, 0, 1, b->data, b->nr_data },
		{ NEURAL_SECTION_RANGES, NEURAL_SECTION_OPTIONAL, sizeof(b->ranges[0]),
		  b->ranges, b->nr_ranges * sizeof(b->ranges[0]) },
	};
	struct model_part parts[ARRAY_SIZE(all)];
	u32 i, nr = 0;
	u8 *file;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].bytes)
			parts[nr++] = all[i];
	file = model_lay_out(&head, parts, nr, bytes);
	model_builder_free(b);
	return file;
}
