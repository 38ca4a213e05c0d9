/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Model files from a few lines:
 *
 *	struct model_builder *b = model_builder_new();
 *	u32 x = model_input(b, NEURAL_S8, SHAPE(1, 4));
 *	u32 w = model_const(b, NEURAL_S8, SHAPE(3, 4), weights);
 *	u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 3));
 *
 *	b->tensors[y].zero_point = cpu_to_le32(-128);
 *	model_op(b, NEURAL_OP_LUT, OPERANDS(x, w), y, ATTRS(1, 2, 3));
 *	model_output(b, y);
 *	file = model_builder_finish(b, &bytes);
 *	...
 *	free(file);
 *
 * What has been added can be changed in tensors, ops and the rest until it is finished,
 * and the file afterwards, to be sealed anew: this is for making wrong files as well.
 */
#ifndef _NEURAL_TEST_MODEL_BUILDER_H
#define _NEURAL_TEST_MODEL_BUILDER_H

#include "../../src/model/model.h"

#define MODEL_BUILDER_MAX	2048	/* tensors, ops; four times as many operands */
#define MODEL_BUILDER_RANGES	16
#define MODEL_PARTS		7	/* sections of a file */

/**
 * struct model_builder - a model file in the making
 * @tensors: as they will be in the file
 * @ops: likewise
 * @operands: of the ops
 * @meta: likewise, written where @has_meta
 * @ranges: likewise, written where there are any
 * @inputs: model inputs
 * @outputs: model outputs
 * @strings: NUL-terminated, one after the other
 * @data: constants
 */
struct model_builder {
	struct neural_model_tensor tensors[MODEL_BUILDER_MAX];
	struct neural_model_op ops[MODEL_BUILDER_MAX];
	__le32 operands[4 * MODEL_BUILDER_MAX];
	struct neural_model_meta meta;
	struct neural_model_range ranges[MODEL_BUILDER_RANGES];
	u32 inputs[NEURAL_MODEL_MAX_INPUTS];
	u32 outputs[NEURAL_MODEL_MAX_INPUTS];
	u32 nr_tensors;
	u32 nr_ops;
	u32 nr_ranges;
	u32 nr_operands;
	u32 nr_inputs;
	u32 nr_outputs;
	bool has_meta;
	char *strings;
	u32 nr_strings;
	u8 *data;
	size_t nr_data;
};

#define MODEL_LIST(type, ...)						\
	(const type[]) { __VA_ARGS__ },					\
	sizeof((const type[]) { __VA_ARGS__ }) / sizeof(type)
#define SHAPE(...)	MODEL_LIST(u32, __VA_ARGS__)
#define OPERANDS(...)	MODEL_LIST(u32, __VA_ARGS__)
#define ATTRS(...)	MODEL_LIST(s32, __VA_ARGS__)
#define NO_ATTRS	NULL, 0
#define SCALAR		NULL, 0

/* Finished or freed, never both.  No call fails: what does not fit ends the test. */
struct model_builder *model_builder_new(void);
void model_builder_free(struct model_builder *b);

/* Each returns the number of what it added. */
u32 model_tensor(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank);
u32 model_input(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank);
/* @data has all elements, little-endian; two to a byte for S4. */
u32 model_const(struct model_builder *b, u8 dtype, const u32 *dim, u32 rank,
		const void *data);
u32 model_op(struct model_builder *b, u16 code, const u32 *in, u32 nr_in, u32 out,
	     const s32 *attr, u32 nr_attr);
u32 model_output(struct model_builder *b, u32 tensor);
/* Of @count elements from @first on, of input or output @index. */
u32 model_range(struct model_builder *b, u32 flags, u32 index, u32 first, u32 count,
		s64 lo, s64 hi);
/* Its offset. */
__le32 model_string(struct model_builder *b, const char *text);

/* The file, to be free()d, aligned as neural_model_open() wants it. */
u8 *model_builder_finish(struct model_builder *b, size_t *bytes);

/**
 * struct model_part - a section of a file put together by hand
 * @kind: &neural_model_section.kind
 * @flags: &neural_model_section.flags
 * @entry_bytes: &neural_model_section.entry_bytes
 * @from: contents
 * @bytes: of them
 */
struct model_part {
	u16 kind;
	u16 flags;
	u32 entry_bytes;
	const void *from;
	size_t bytes;
};

/* A sealed file of these sections in this order, with a header from @head. */
u8 *model_lay_out(const void *head, const struct model_part *parts, u32 nr, size_t *bytes);

/* The sections of a finished file; how many. */
u32 model_parts(const u8 *file, struct model_part parts[MODEL_PARTS]);

/* Put the size and the checksum of @bytes bytes at @file into its header. */
void model_seal(u8 *file, size_t bytes);

/* Where entry @i of a section of @kind is in a finished file; its table entry. */
u8 *model_entry(u8 *file, u16 kind, u32 i);
struct neural_model_section *model_section(u8 *file, u16 kind);

#endif /* _NEURAL_TEST_MODEL_BUILDER_H */
