/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What model files laid out by hand have in common.  For the kernel and for programs;
 * little-endian machines.
 */
#ifndef _NEURAL_TEST_REFERENCE_FILE_H
#define _NEURAL_TEST_REFERENCE_FILE_H

#include "../../include/uapi/linux/neural_model.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <endian.h>
#include <string.h>
#define cpu_to_le16(x)	htole16(x)
#define cpu_to_le32(x)	htole32(x)
#define cpu_to_le64(x)	htole64(x)
#endif

/* Bit by bit, with the field of the header taken as zero: set it to that before. */
static inline __u32 file_crc(const void *file, size_t bytes)
{
	const __u8 *at = file;
	__u32 crc = ~0U;
	unsigned int bit;
	size_t i;

	for (i = 0; i < bytes; i++) {
		crc ^= at[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* A header that is the beginning of a file of @bytes bytes. */
static inline void file_header(struct neural_model_header *header, size_t bytes,
			       unsigned int sections)
{
	header->magic = cpu_to_le32(NEURAL_MODEL_MAGIC);
	header->version = cpu_to_le16(NEURAL_MODEL_VERSION);
	header->header_bytes = cpu_to_le16(sizeof(*header));
	header->file_bytes = cpu_to_le64(bytes);
	header->nr_sections = cpu_to_le32(sections);
}

/* The last thing: the checksum of @header and all behind it. */
static inline void file_seal(struct neural_model_header *header, size_t bytes)
{
	header->crc = 0;
	header->crc = cpu_to_le32(file_crc(header, bytes));
}

/* @nr entries of @entry bytes, @at in the file that begins at @file. */
static inline void file_section(struct neural_model_section *section, __u16 kind,
				const void *file, const void *at, unsigned int entry,
				unsigned int nr)
{
	section->kind = cpu_to_le16(kind);
	section->entry_bytes = cpu_to_le32(entry);
	section->offset = cpu_to_le64((const char *)at - (const char *)file);
	section->bytes = cpu_to_le64((__u64)entry * nr);
}

/* One that takes @nr_in operands from @operands on and gives the next. */
static inline void file_op(struct neural_model_op *op, __u16 code, unsigned int nr_in,
			   unsigned int operands)
{
	op->code = cpu_to_le16(code);
	op->nr_inputs = nr_in;
	op->nr_outputs = 1;
	op->name = cpu_to_le32(NEURAL_MODEL_NONE);
	op->operands = cpu_to_le32(operands);
}

#endif /* _NEURAL_TEST_REFERENCE_FILE_H */
