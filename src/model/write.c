// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file is walked through twice, first to find out how long everything is and then
 * to write it.  Batch-norm goes in as it is computed with, folded or as a factor and an
 * addend, so that whoever loads the file needs not know of it.
 */
#include "../ops/pack.h"
#include "write.h"

#define NEURAL_WRITE_KINDS	(NEURAL_SECTION_DATA + 1)
#define NEURAL_WRITE_FRAC	16
#define NEURAL_WRITE_PRODUCER	"neural"

/* Summed up in one go. */
#define NEURAL_WRITE_CHUNK	(1U << 20)

/**
 * struct neural_write - a file in the making
 * @account: who pays
 * @layers: what it is made from
 * @nr: how many
 * @name: of the model
 * @why: what went wrong
 * @row: a row of weights, as long as the widest layer takes
 * @file: the bytes, NULL while they are counted
 * @at: where each section begins, by kind
 * @used: entries of each section so far, bytes of strings and data
 */
struct neural_write {
	struct neural_account *account;
	const struct neural_source *layers;
	u32 nr;
	const char *name;
	struct neural_reason *why;
	s32 *row;
	u8 *file;
	u64 at[NEURAL_WRITE_KINDS];
	u64 used[NEURAL_WRITE_KINDS];
};

static u32 neural_write_entry_bytes(u32 kind)
{
	switch (kind) {
	case NEURAL_SECTION_TENSORS:
		return sizeof(struct neural_model_tensor);
	case NEURAL_SECTION_OPERANDS:
		return sizeof(__le32);
	case NEURAL_SECTION_OPS:
		return sizeof(struct neural_model_op);
	case NEURAL_SECTION_META:
		return sizeof(struct neural_model_meta);
	default:
		return 1;
	}
}

/* Append @nr entries to a section; the number of the first. */
static u32 neural_write_append(struct neural_write *w, u32 kind, const void *from, u32 nr)
{
	const u32 size = neural_write_entry_bytes(kind);
	const u64 first = w->used[kind];

	if (w->file)
		memcpy(w->file + w->at[kind] + first * size, from, (size_t)nr * size);
	w->used[kind] += nr;
	return first;
}

/* Room for a constant of @bytes bytes; NULL while they are counted. */
static void *neural_write_data(struct neural_write *w, u64 bytes, u64 *offset)
{
	*offset = ALIGN(w->used[NEURAL_SECTION_DATA], (u64)NEURAL_MODEL_ALIGN);
	w->used[NEURAL_SECTION_DATA] = *offset + bytes;
	return w->file ? w->file + w->at[NEURAL_SECTION_DATA] + *offset : NULL;
}

/* A tensor of @rows rows of @width elements, or of @width alone where @rows is 0. */
static u32 neural_write_tensor(struct neural_write *w, u8 dtype, u32 rows, u32 width)
{
	struct neural_model_tensor raw = {
		.name = cpu_to_le32(NEURAL_MODEL_NONE),
		.dtype = dtype,
		.rank = rows ? 2 : 1,
		.frac = cpu_to_le32(NEURAL_WRITE_FRAC),
	};

	raw.dim[0] = cpu_to_le32(rows ?: width);
	if (rows)
		raw.dim[1] = cpu_to_le32(width);
	return neural_write_append(w, NEURAL_SECTION_TENSORS, &raw, 1);
}

/* The same with contents, which are to be written to *@data unless that is NULL. */
static u32 neural_write_constant(struct neural_write *w, u8 dtype, u32 rows, u32 width,
				 void **data)
{
	const u32 tensor = neural_write_tensor(w, dtype, rows, width);
	const u64 elements = (u64)(rows ?: 1) * width;
	struct neural_model_tensor raw;
	u64 offset;
	u8 *entry;

	*data = neural_write_data(w, elements * neural_dtype_bits(dtype) / 8, &offset);
	if (!*data)
		return tensor;
	entry = w->file + w->at[NEURAL_SECTION_TENSORS] + tensor * sizeof(raw);
	memcpy(&raw, entry, sizeof(raw));
	raw.flags = cpu_to_le16(NEURAL_TENSOR_CONST);
	raw.data = cpu_to_le64(offset);
	memcpy(entry, &raw, sizeof(raw));
	return tensor;
}

/* An operation that reads @nr tensors and writes the last of @tensors. */
static void neural_write_op(struct neural_write *w, u16 code, const u32 *tensors, u32 nr,
			    const struct neural_layer_desc *desc)
{
	struct neural_model_op raw = {
		.code = cpu_to_le16(code),
		.nr_inputs = nr,
		.nr_outputs = 1,
		.name = cpu_to_le32(NEURAL_MODEL_NONE),
		.operands = cpu_to_le32(w->used[NEURAL_SECTION_OPERANDS]),
	};
	u32 i;

	for (i = 0; i <= nr; i++) {
		const __le32 operand = cpu_to_le32(tensors[i]);

		neural_write_append(w, NEURAL_SECTION_OPERANDS, &operand, 1);
	}
	if (desc) {
		raw.attr[NEURAL_DENSE_SHIFT] = cpu_to_le32(NEURAL_WRITE_FRAC);
		raw.attr[NEURAL_DENSE_BIAS_SHIFT] = cpu_to_le32(NEURAL_WRITE_FRAC);
		raw.attr[NEURAL_DENSE_ACTIVATION] = cpu_to_le32(desc->activation);
		if (desc->activation == NEURAL_LEAKY_RELU)
			raw.attr[NEURAL_DENSE_SLOPE] = cpu_to_le32(desc->slope);
	}
	neural_write_append(w, NEURAL_SECTION_OPS, &raw, 1);
}

/* All rows, in 16 bits or in 32; without @weights only whether 16 are enough. */
static int neural_write_rows(struct neural_write *w, const struct neural_source *dense,
			     const struct neural_source *bn, void *weights, s32 *bias,
			     bool *narrow)
{
	const u32 k = dense->in;
	u32 i, j;
	s32 b;
	int ret;

	for (j = 0; j < dense->desc.units; j++) {
		neural_pause();
		ret = neural_pack_folded(dense, bn, j, w->row, &b, w->why);
		if (ret)
			return ret;
		if (!weights) {
			for (i = 0; i < k; i++)
				*narrow = *narrow && w->row[i] == (s16)w->row[i];
			continue;
		}
		bias[j] = b;
		for (i = 0; i < k; i++)
			if (*narrow)
				((s16 *)weights)[(size_t)j * k + i] = w->row[i];
			else
				((s32 *)weights)[(size_t)j * k + i] = w->row[i];
	}
	return 0;
}

static int neural_write_dense(struct neural_write *w, const struct neural_source *dense,
			      const struct neural_source *bn, u32 *tensor)
{
	const u32 units = dense->desc.units;
	void *weights = NULL, *bias = NULL;
	bool narrow = true;
	u32 operands[4];
	int ret;

	ret = neural_write_rows(w, dense, bn, NULL, NULL, &narrow);
	if (ret)
		return ret;
	operands[0] = *tensor;
	operands[1] = neural_write_constant(w, narrow ? NEURAL_S16 : NEURAL_S32, units,
					    dense->in, &weights);
	operands[2] = neural_write_constant(w, NEURAL_S32, 0, units, &bias);
	operands[3] = neural_write_tensor(w, NEURAL_S32, 0, units);
	neural_write_op(w, NEURAL_OP_DENSE, operands, 3, bn ? &bn->desc : &dense->desc);
	*tensor = operands[3];
	return weights ? neural_write_rows(w, dense, bn, weights, bias, &narrow) : 0;
}

static int neural_write_scale(struct neural_write *w, const struct neural_source *bn,
			      u32 *tensor)
{
	const size_t bytes = bn->desc.units * sizeof(s32);
	const struct neural_scale *scale;
	void *factor, *addend;
	u32 operands[4];
	int ret;

	ret = neural_pack_scale(w->account, bn, &scale, w->why);
	if (ret)
		return ret;
	operands[0] = *tensor;
	operands[1] = neural_write_constant(w, NEURAL_S32, 0, bn->desc.units, &factor);
	operands[2] = neural_write_constant(w, NEURAL_S32, 0, bn->desc.units, &addend);
	operands[3] = neural_write_tensor(w, NEURAL_S32, 0, bn->desc.units);
	neural_write_op(w, NEURAL_OP_SCALE, operands, 3, &bn->desc);
	*tensor = operands[3];
	if (factor) {
		memcpy(factor, scale->scale, bytes);
		memcpy(addend, scale->shift, bytes);
	}
	neural_mem_free(scale);
	return 0;
}

static int neural_write_layers(struct neural_write *w, u32 *tensor)
{
	u32 i, used, operands[2];
	int ret = 0;

	for (i = 0; i < w->nr && !ret; i += used) {
		const struct neural_source *layer = &w->layers[i];

		used = 1;
		w->why->layer = i;
		switch (layer->desc.kind) {
		case NEURAL_LAYER_DENSE:
			if (neural_source_folds(w->layers, w->nr, i))
				used = 2;
			ret = neural_write_dense(w, layer, used == 2 ? layer + 1 : NULL,
						 tensor);
			break;
		case NEURAL_LAYER_BATCH_NORM:
			ret = neural_write_scale(w, layer, tensor);
			break;
		case NEURAL_LAYER_SOFTMAX:
			operands[0] = *tensor;
			operands[1] = neural_write_tensor(w, NEURAL_S32, 0,
							  layer->desc.units);
			neural_write_op(w, NEURAL_OP_SOFTMAX_FIXED, operands, 1, NULL);
			*tensor = operands[1];
			break;
		}
	}
	return ret;
}

static void neural_write_meta(struct neural_write *w)
{
	struct neural_model_meta meta = {
		.description = cpu_to_le32(NEURAL_MODEL_NONE),
		.labels = cpu_to_le32(NEURAL_MODEL_NONE),
	};
	u32 at;

	at = neural_write_append(w, NEURAL_SECTION_STRINGS, w->name, strlen(w->name) + 1);
	meta.name = cpu_to_le32(at);
	at = neural_write_append(w, NEURAL_SECTION_STRINGS, NEURAL_WRITE_PRODUCER,
				 sizeof(NEURAL_WRITE_PRODUCER));
	meta.producer = cpu_to_le32(at);
	neural_write_append(w, NEURAL_SECTION_META, &meta, 1);
}

/* Everything but header and section table; the operands that list inputs and outputs. */
static int neural_write_body(struct neural_write *w, u32 *inputs, u32 *outputs)
{
	u32 tensor = neural_write_tensor(w, NEURAL_S32, 0, w->layers[0].in);
	__le32 operand = cpu_to_le32(tensor);
	int ret;

	*inputs = neural_write_append(w, NEURAL_SECTION_OPERANDS, &operand, 1);
	ret = neural_write_layers(w, &tensor);
	if (ret)
		return ret;
	operand = cpu_to_le32(tensor);
	*outputs = neural_write_append(w, NEURAL_SECTION_OPERANDS, &operand, 1);
	neural_write_meta(w);
	return 0;
}

/* Where sections of this many entries go; the size of the file. */
static u64 neural_write_layout(struct neural_write *w)
{
	u64 at = sizeof(struct neural_model_header) +
		 NEURAL_SECTION_DATA * sizeof(struct neural_model_section);
	u32 kind;

	for (kind = 1; kind < NEURAL_WRITE_KINDS; kind++) {
		w->at[kind] = ALIGN(at, (u64)NEURAL_MODEL_ALIGN);
		at = w->at[kind] + w->used[kind] * neural_write_entry_bytes(kind);
	}
	return at;
}

static void neural_write_sections(struct neural_write *w)
{
	u8 *at = w->file + sizeof(struct neural_model_header);
	u32 kind;

	for (kind = 1; kind < NEURAL_WRITE_KINDS; kind++) {
		const u32 size = neural_write_entry_bytes(kind);
		const struct neural_model_section raw = {
			.kind = cpu_to_le16(kind),
			.entry_bytes = cpu_to_le32(size),
			.offset = cpu_to_le64(w->at[kind]),
			.bytes = cpu_to_le64(w->used[kind] * size),
		};

		memcpy(at, &raw, sizeof(raw));
		at += sizeof(raw);
	}
}

static u32 neural_write_crc(const u8 *file, u64 bytes)
{
	u32 crc = 0;
	u64 at, size;

	for (at = 0; at < bytes; at += size) {
		size = min(bytes - at, (u64)NEURAL_WRITE_CHUNK);
		crc = neural_crc32c(crc, file + at, size);
		neural_pause();
	}
	return crc;
}

static void neural_write_header(struct neural_write *w, u64 bytes, u32 inputs, u32 outputs)
{
	struct neural_model_header raw = {
		.magic = cpu_to_le32(NEURAL_MODEL_MAGIC),
		.version = cpu_to_le16(NEURAL_MODEL_VERSION),
		.header_bytes = cpu_to_le16(sizeof(raw)),
		.file_bytes = cpu_to_le64(bytes),
		.nr_sections = cpu_to_le32(NEURAL_SECTION_DATA),
		.inputs = cpu_to_le32(inputs),
		.nr_inputs = cpu_to_le32(1),
		.outputs = cpu_to_le32(outputs),
		.nr_outputs = cpu_to_le32(1),
	};

	memcpy(w->file, &raw, sizeof(raw));
	raw.crc = cpu_to_le32(neural_write_crc(w->file, bytes));
	memcpy(w->file, &raw, sizeof(raw));
}

static int neural_write_twice(struct neural_write *w, void **file, size_t *bytes)
{
	u32 inputs, outputs;
	u64 total;
	int ret;

	ret = neural_write_body(w, &inputs, &outputs);
	if (ret)
		return ret;
	total = neural_write_layout(w);
	w->file = neural_mem_alloc(w->account, total);
	if (!w->file)
		return neural_refuse(w->why, -ENOMEM, "out of memory", 0);
	memset(w->used, 0, sizeof(w->used));
	ret = neural_write_body(w, &inputs, &outputs);
	if (ret) {
		neural_mem_free(w->file);
		return ret;
	}
	neural_write_sections(w);
	neural_write_header(w, total, inputs, outputs);
	*file = w->file;
	*bytes = total;
	return 0;
}

int neural_model_write(struct neural_account *account, const struct neural_source *layers,
		       u32 nr, const char *name, void **file, size_t *bytes,
		       struct neural_reason *why)
{
	struct neural_write w = {
		.account = account,
		.layers = layers,
		.nr = nr,
		.name = name,
		.why = why,
	};
	u32 i, widest = 1;
	int ret;

	*why = (struct neural_reason){ };
	for (i = 0; i < nr; i++)
		widest = max(widest, layers[i].in);
	w.row = neural_mem_alloc(account, (size_t)widest * sizeof(*w.row));
	if (!w.row)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	ret = neural_write_twice(&w, file, bytes);
	neural_mem_free(w.row);
	return ret;
}
