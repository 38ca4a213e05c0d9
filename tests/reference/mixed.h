/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model file with inputs and outputs of several types, laid out by hand: it gives back
 * what it gets.  For the kernel and for programs; little-endian machines.
 */
#ifndef _NEURAL_TEST_REFERENCE_MIXED_H
#define _NEURAL_TEST_REFERENCE_MIXED_H

#include "file.h"

/* A row: three s8, a gap of one byte, two s32, an s16, a gap of two. */
#define MIXED_BYTES	16
#define MIXED_TENSORS	3
#define MIXED_GAPS	{ 3, 14, 15 }

#define MIXED_STRINGS							\
	"mixed\0what it gets\0third\0first\0second\0"

/**
 * struct mixed_file - the file
 * @header: of it
 * @sections: table
 * @to_tensors: sections begin at multiples of NEURAL_MODEL_ALIGN
 * @tensors: inputs, then outputs
 * @operands: inputs, outputs, and two for each op
 * @to_ops: likewise
 * @ops: a reshape for each input
 * @to_strings: likewise
 * @strings: name, description, labels
 * @meta: which is which
 */
struct mixed_file {
	struct neural_model_header header;
	struct neural_model_section sections[5];
	__u8 to_tensors[32];
	struct neural_model_tensor tensors[2 * MIXED_TENSORS];
	__le32 operands[4 * MIXED_TENSORS];
	__u8 to_ops[16];
	struct neural_model_op ops[MIXED_TENSORS];
	__u8 to_strings[32];
	char strings[64];
	struct neural_model_meta meta;
};

static inline void mixed_tensors(struct mixed_file *file)
{
	static const __u8 types[MIXED_TENSORS] = { NEURAL_S8, NEURAL_S32, NEURAL_S16 };
	static const __u32 dims[MIXED_TENSORS] = { 3, 2, 1 };
	unsigned int i;

	for (i = 0; i < MIXED_TENSORS; i++) {
		struct neural_model_tensor *in = &file->tensors[i];
		struct neural_model_tensor *out = &file->tensors[MIXED_TENSORS + i];

		in->name = cpu_to_le32(NEURAL_MODEL_NONE);
		in->dtype = types[i];
		in->rank = 1;
		in->dim[0] = cpu_to_le32(dims[i]);
		*out = *in;
		out->rank = 2;
		out->dim[0] = cpu_to_le32(1);
		out->dim[1] = in->dim[0];
		file->operands[i] = cpu_to_le32(i);
		file->operands[MIXED_TENSORS + i] = cpu_to_le32(MIXED_TENSORS + i);
		file->operands[2 * MIXED_TENSORS + 2 * i] = cpu_to_le32(i);
		file->operands[2 * MIXED_TENSORS + 2 * i + 1] = cpu_to_le32(MIXED_TENSORS + i);
		file_op(&file->ops[i], NEURAL_OP_RESHAPE, 1, 2 * MIXED_TENSORS + 2 * i);
	}
}

static inline void mixed_fill(struct mixed_file *file)
{
	struct neural_model_section *s = file->sections;

	memset(file, 0, sizeof(*file));
	file_header(&file->header, sizeof(*file), 5);
	file->header.nr_inputs = cpu_to_le32(MIXED_TENSORS);
	file->header.outputs = cpu_to_le32(MIXED_TENSORS);
	file->header.nr_outputs = cpu_to_le32(MIXED_TENSORS);
	file_section(s, NEURAL_SECTION_TENSORS, file, file->tensors, sizeof(*file->tensors),
		     2 * MIXED_TENSORS);
	file_section(s + 1, NEURAL_SECTION_OPERANDS, file, file->operands,
		     sizeof(*file->operands), 4 * MIXED_TENSORS);
	file_section(s + 2, NEURAL_SECTION_OPS, file, file->ops, sizeof(*file->ops),
		     MIXED_TENSORS);
	file_section(s + 3, NEURAL_SECTION_STRINGS, file, file->strings, 1,
		     sizeof(file->strings));
	file_section(s + 4, NEURAL_SECTION_META, file, &file->meta, sizeof(file->meta), 1);
	mixed_tensors(file);
	memcpy(file->strings, MIXED_STRINGS, sizeof(MIXED_STRINGS));
	file->meta.description = cpu_to_le32(6);
	file->meta.producer = cpu_to_le32(NEURAL_MODEL_NONE);
	file->meta.labels = cpu_to_le32(19);
	file->meta.nr_labels = cpu_to_le32(3);
	file_seal(&file->header, sizeof(*file));
}

#endif /* _NEURAL_TEST_REFERENCE_MIXED_H */
