/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of src/model share while a model is being opened. */
#ifndef _NEURAL_MODEL_PARSE_H
#define _NEURAL_MODEL_PARSE_H

#include "model.h"

/* Bytes gone over in one go: others may run in between. */
#define NEURAL_PARSE_CHUNK	(1U << 20)

/* Kinds of sections this reader knows: 1 .. NEURAL_SECTION_KINDS - 1. */
#define NEURAL_SECTION_KINDS	(NEURAL_SECTION_RANGES + 1)

/**
 * struct neural_table - a section, in bounds
 * @at: first byte, NULL where the file has no such section
 * @bytes: size
 * @entry_bytes: size of one entry in this file, at least as large as we know it
 * @nr: entries
 */
struct neural_table {
	const u8 *at;
	u64 bytes;
	u32 entry_bytes;
	u32 nr;
};

/**
 * struct neural_parse - a file on its way to a model
 * @file: its bytes
 * @bytes: how many
 * @header_bytes: size of the header in this file
 * @nr_sections: entries of the section table behind it
 * @inputs: first operand that lists model inputs
 * @outputs: first operand that lists model outputs
 * @limit: on multiply-adds of a row
 * @table: sections by kind
 * @model: what becomes of it
 * @why: what it is refused for
 */
struct neural_parse {
	const u8 *file;
	size_t bytes;
	u32 header_bytes;
	u32 nr_sections;
	u32 inputs;
	u32 outputs;
	const struct neural_model_limit *limit;
	struct neural_table table[NEURAL_SECTION_KINDS];
	struct neural_model *model;
	struct neural_reason *why;
};

/* In this order, each relying on what those before have proved. */
int neural_parse_header(struct neural_parse *p);
int neural_parse_sections(struct neural_parse *p);
int neural_parse_strings(struct neural_parse *p);
int neural_parse_meta(struct neural_parse *p);
int neural_parse_tensors(struct neural_parse *p);
int neural_parse_inputs(struct neural_parse *p);
int neural_parse_nodes(struct neural_parse *p);
int neural_parse_outputs(struct neural_parse *p);
int neural_parse_ranges(struct neural_parse *p);

/*
 * The string at @offset of the strings section, "" for NONE, in *@text.  0, or -EINVAL
 * and a rule.
 */
int neural_parse_string(struct neural_parse *p, u32 offset, const char **text, u32 unit,
			u64 at);

/* The tensor operand number @i names, NULL for NONE; @i is known to be one. */
struct neural_tensor *neural_parse_operand(const struct neural_parse *p, u32 i);

/* Refused for entry @unit of some table, @at bytes into the file. */
static inline int neural_parse_bad(struct neural_parse *p, int err, const char *rule,
				   u32 unit, u64 at)
{
	p->why->offset = at;
	return neural_refuse(p->why, err, rule, unit);
}

/* Where entry @i of @table is in the file. */
static inline u64 neural_table_offset(const struct neural_parse *p,
				      const struct neural_table *table, u32 i)
{
	return table->at - p->file + (u64)i * table->entry_bytes;
}

/* The part of entry @i that we know: entries are aligned to nothing. */
static inline void neural_table_get(const struct neural_table *table, u32 i, void *to,
				    size_t size)
{
	memcpy(to, table->at + (size_t)i * table->entry_bytes, size);
}

static inline bool neural_parse_zero(const void *from, u64 size)
{
	const u8 *at = from;

	while (size--) {
		if (*at++)
			return false;
		if (!(size % NEURAL_PARSE_CHUNK))
			neural_pause();
	}
	return true;
}

#endif /* _NEURAL_MODEL_PARSE_H */
