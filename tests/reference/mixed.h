/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model file with inputs and outputs of several types, laid out by hand: it gives back
 * what it gets.  For the kernel and for programs; little-endian machines.
 */
#ifndef _NEURAL_TEST_REFERENCE_MIXED_H
#define _NEURAL_TEST_REFERENCE_MIXED_H

#include "../../include/uapi/linux/neural_model.h"

#ifndef cpu_to_le32
#include <endian.h>
#include <string.h>
#define cpu_to_le16(x)	htole16(x)
#define cpu_to_le32(x)	htole32(x)
#define cpu_to_le64(x)	htole64(x)
#endif

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

/* Bit by bit, with the field of the header taken as zero. */
static inline __u32 mixed_crc(const struct mixed_file *file)
{
	const __u8 *at = (const __u8 *)file;
	__u32 crc = ~0U;
	unsigned int i, bit;

	for (i = 0; i < sizeof(*file); i++) {
		crc ^= at[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static inline void mixed_section(struct mixed_file *file, unsigned int i, __u16 kind,
				 const void *at, unsigned int entry, unsigned int nr)
{
	file->sections[i].kind = cpu_to_le16(kind);
	file->sections[i].entry_bytes = cpu_to_le32(entry);
	file->sections[i].offset = cpu_to_le64((const char *)at - (const char *)file);
	file->sections[i].bytes = cpu_to_le64((__u64)entry * nr);
}

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
		file->ops[i].code = cpu_to_le16(NEURAL_OP_RESHAPE);
		file->ops[i].nr_inputs = 1;
		file->ops[i].nr_outputs = 1;
		file->ops[i].name = cpu_to_le32(NEURAL_MODEL_NONE);
		file->ops[i].operands = cpu_to_le32(2 * MIXED_TENSORS + 2 * i);
	}
}

static inline void mixed_fill(struct mixed_file *file)
{
	memset(file, 0, sizeof(*file));
	file->header.magic = cpu_to_le32(NEURAL_MODEL_MAGIC);
	file->header.version = cpu_to_le16(NEURAL_MODEL_VERSION);
	file->header.header_bytes = cpu_to_le16(sizeof(file->header));
	file->header.file_bytes = cpu_to_le64(sizeof(*file));
	file->header.nr_sections = cpu_to_le32(5);
	file->header.nr_inputs = cpu_to_le32(MIXED_TENSORS);
	file->header.outputs = cpu_to_le32(MIXED_TENSORS);
	file->header.nr_outputs = cpu_to_le32(MIXED_TENSORS);
	mixed_section(file, 0, NEURAL_SECTION_TENSORS, file->tensors,
		      sizeof(*file->tensors), 2 * MIXED_TENSORS);
	mixed_section(file, 1, NEURAL_SECTION_OPERANDS, file->operands,
		      sizeof(*file->operands), 4 * MIXED_TENSORS);
	mixed_section(file, 2, NEURAL_SECTION_OPS, file->ops, sizeof(*file->ops),
		      MIXED_TENSORS);
	mixed_section(file, 3, NEURAL_SECTION_STRINGS, file->strings, 1,
		      sizeof(file->strings));
	mixed_section(file, 4, NEURAL_SECTION_META, &file->meta, sizeof(file->meta), 1);
	mixed_tensors(file);
	memcpy(file->strings, MIXED_STRINGS, sizeof(MIXED_STRINGS));
	file->meta.description = cpu_to_le32(6);
	file->meta.producer = cpu_to_le32(NEURAL_MODEL_NONE);
	file->meta.labels = cpu_to_le32(19);
	file->meta.nr_labels = cpu_to_le32(3);
	file->header.crc = cpu_to_le32(mixed_crc(file));
}

#endif /* _NEURAL_TEST_REFERENCE_MIXED_H */
