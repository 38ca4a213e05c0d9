// SPDX-License-Identifier: GPL-2.0-only
/* Each rule of the model file broken once, by a few bytes of the small model. */
#include "model.h"

/* In the table of sections of a file, in the place of a kind. */
#define SECTION_TABLE	0xfffe
#define HEADER		0xffff

#define POKES	6	/* most that one rule takes */

/* Where in a file. */
struct place {
	u16 kind;
	u32 entry;
	u32 byte;
};

struct poke {
	struct place place;
	u32 bytes;
	u64 value;
};

struct rule {
	const char *rule;
	int ret;
	u32 layer;
	u32 unit;
	struct place at;
	struct poke poke[POKES];
};

#define MEMBER(_type, _member)						\
	sizeof(((struct neural_model_##_type *)0)->_member)
#define POKE(_kind, _entry, _type, _member, _value)			\
	{ { _kind, _entry, offsetof(struct neural_model_##_type, _member) },	\
	  MEMBER(_type, _member), _value }
#define HEAD(_member, _value)	POKE(HEADER, 0, header, _member, _value)
#define SECTION(_i, _member, _value) POKE(SECTION_TABLE, _i, section, _member, _value)
#define TENSOR(_i, _member, _value) POKE(NEURAL_SECTION_TENSORS, _i, tensor, _member, _value)
#define OP(_i, _member, _value)	POKE(NEURAL_SECTION_OPS, _i, op, _member, _value)
#define META(_member, _value)	POKE(NEURAL_SECTION_META, 0, meta, _member, _value)
#define OPERAND(_i, _value)	{ { NEURAL_SECTION_OPERANDS, _i, 0 }, 4, _value }
#define STRING(_byte, _value)	{ { NEURAL_SECTION_STRINGS, 0, _byte }, 1, _value }
#define DATA(_byte, _value)	{ { NEURAL_SECTION_DATA, 0, _byte }, 1, _value }

#define AT_HEAD(_member)						\
	{ HEADER, 0, offsetof(struct neural_model_header, _member) }
#define AT_SECTION(_i)	{ SECTION_TABLE, _i, 0 }
#define AT_TENSOR(_i)	{ NEURAL_SECTION_TENSORS, _i, 0 }
#define AT_OP(_i)	{ NEURAL_SECTION_OPS, _i, 0 }
#define AT_OPERAND(_i)	{ NEURAL_SECTION_OPERANDS, _i, 0 }
#define AT_STRING(_byte) { NEURAL_SECTION_STRINGS, 0, _byte }
#define AT_META		{ NEURAL_SECTION_META, 0, 0 }

#define NONE	NEURAL_MODEL_NONE

/* Sections in the order of the file */
enum { TENSORS, OPERAND_LIST, OPS, STRINGS, META_INFO, DATA_BYTES };

static const struct rule rules[] = {
	{ "not a model file", -EINVAL, 0, 0, AT_HEAD(magic), { HEAD(magic, 0) } },
	{ "unknown version", -EOPNOTSUPP, 0, 0, AT_HEAD(version), { HEAD(version, 2) } },
	{ "unknown flags", -EOPNOTSUPP, 0, 0, AT_HEAD(flags), { HEAD(flags, 1) } },
	{ "header size is out of range", -EINVAL, 0, 0, AT_HEAD(header_bytes),
	  { HEAD(header_bytes, 63) } },
	{ "header size is out of range", -EINVAL, 0, 0, AT_HEAD(header_bytes),
	  { HEAD(header_bytes, 0xffff) } },
	{ "reserved bytes are not zero", -EINVAL, 0, 0, AT_HEAD(reserved),
	  { HEAD(reserved[4], 1 << 31) } },
	{ "reserved bytes are not zero", -EINVAL, 0, 0, AT_HEAD(reserved),
	  { HEAD(header_bytes, 65) } },
	{ "too many sections", -E2BIG, 0, 0, AT_HEAD(nr_sections), { HEAD(nr_sections, 17) } },
	{ "model has no inputs", -EINVAL, 0, 0, AT_HEAD(nr_inputs), { HEAD(nr_inputs, 0) } },
	{ "too many model inputs", -E2BIG, 0, 0, AT_HEAD(nr_inputs), { HEAD(nr_inputs, 17) } },
	{ "model has no outputs", -EINVAL, 0, 0, AT_HEAD(nr_outputs),
	  { HEAD(nr_outputs, 0) } },
	{ "too many model outputs", -E2BIG, 0, 0, AT_HEAD(nr_outputs),
	  { HEAD(nr_outputs, 17) } },

	{ "reserved bytes are not zero", -EINVAL, 0, OPS, AT_SECTION(OPS),
	  { SECTION(OPS, reserved, 1ULL << 63) } },
	{ "section is there twice", -EINVAL, 0, OPS, AT_SECTION(OPS),
	  { SECTION(OPS, kind, NEURAL_SECTION_TENSORS) } },
	{ "section is not aligned", -EINVAL, 0, OPS, AT_SECTION(OPS),
	  { SECTION(OPS, offset, 8 * 64 + 32) } },
	{ "section begins before the one before ends", -EINVAL, 0, OPS, AT_SECTION(OPS),
	  { SECTION(OPS, offset, 0) } },
	{ "section leaves the file", -EINVAL, 0, DATA_BYTES, AT_SECTION(DATA_BYTES),
	  { SECTION(DATA_BYTES, offset, 1ULL << 40) } },
	{ "section leaves the file", -EINVAL, 0, DATA_BYTES, AT_SECTION(DATA_BYTES),
	  { SECTION(DATA_BYTES, bytes, U64_MAX) } },
	{ "bytes before the section are not zero", -EINVAL, 0, META_INFO,
	  AT_SECTION(META_INFO), { SECTION(STRINGS, bytes, 1) } },
	{ "bytes behind the sections are not zero", -EINVAL, 0, 0,
	  { NEURAL_SECTION_DATA, 0, 64 }, { SECTION(DATA_BYTES, bytes, 64) } },
	{ "unknown flags of a section", -EOPNOTSUPP, 0, TENSORS, AT_SECTION(TENSORS),
	  { SECTION(TENSORS, flags, 2) } },
	{ "unknown section", -EOPNOTSUPP, 0, META_INFO, AT_SECTION(META_INFO),
	  { SECTION(META_INFO, kind, 300) } },
	{ "unknown section", -EOPNOTSUPP, 0, META_INFO, AT_SECTION(META_INFO),
	  { SECTION(META_INFO, kind, 0) } },
	{ "section is missing", -EINVAL, 0, NEURAL_SECTION_OPS, AT_SECTION(0),
	  { SECTION(OPS, kind, 300), SECTION(OPS, flags, NEURAL_SECTION_OPTIONAL) } },
	{ "entries have the wrong size", -EINVAL, 0, TENSORS, AT_SECTION(TENSORS),
	  { SECTION(TENSORS, entry_bytes, 63) } },
	{ "entries have the wrong size", -EINVAL, 0, OPERAND_LIST, AT_SECTION(OPERAND_LIST),
	  { SECTION(OPERAND_LIST, entry_bytes, 0) } },
	{ "entries have the wrong size", -EINVAL, 0, STRINGS, AT_SECTION(STRINGS),
	  { SECTION(STRINGS, entry_bytes, 2) } },
	{ "section ends within an entry", -EINVAL, 0, TENSORS, AT_SECTION(TENSORS),
	  { SECTION(TENSORS, entry_bytes, 65) } },
	{ "additional bytes are not zero", -EINVAL, 0, 0,
	  { NEURAL_SECTION_OPERANDS, 0, 4 }, { SECTION(OPERAND_LIST, entry_bytes, 8) } },

	{ "strings do not end in NUL", -EINVAL, 0, 0, AT_STRING(32), { STRING(32, 'x') } },
	{ "string is not UTF-8", -EINVAL, 0, 8, AT_STRING(8), { STRING(8, 0xff) } },
	{ "string is not UTF-8", -EINVAL, 0, 10, AT_STRING(10), { STRING(10, 0xe0) } },
	{ "string is not UTF-8", -EINVAL, 0, 8, AT_STRING(8), { STRING(9, 'x') } },
	{ "string is not UTF-8", -EINVAL, 0, 13, AT_STRING(13), { STRING(13, 0xf4) } },
	{ "string is not UTF-8", -EINVAL, 0, 8, AT_STRING(8), { STRING(8, 0xc1) } },
	{ "string is not UTF-8", -EINVAL, 0, 31, AT_STRING(31), { STRING(31, 0xc2) } },
	{ "string is not UTF-8", -EINVAL, 0, 10, AT_STRING(10),
	  { STRING(10, 0xed), STRING(11, 0xa0) } },
	{ "string has a control character", -EINVAL, 0, 2, AT_STRING(2), { STRING(2, 27) } },
	{ "string has a control character", -EINVAL, 0, 2, AT_STRING(2), { STRING(2, 127) } },
	{ "string has a control character", -EINVAL, 0, 8, AT_STRING(8),
	  { STRING(8, 0xc2), STRING(9, 0x9b) } },
	{ "string is out of range", -EINVAL, 0, 0, AT_META, { META(name, 33) } },
	{ "no string begins there", -EINVAL, 0, 0, AT_META, { META(description, 1) } },
	{ "string is out of range", -EINVAL, 0, 0, AT_META, { META(producer, NONE - 1) } },
	{ "string is out of range", -EINVAL, 0, 0, AT_META, { META(labels, 1 << 31) } },
	{ "fewer labels than there should be", -EINVAL, 0, 4, AT_META, { META(nr_labels, 5) } },
	{ "fewer labels than there should be", -EINVAL, 0, 4, AT_META,
	  { META(nr_labels, U32_MAX) } },
	{ "fewer labels than there should be", -EINVAL, 0, 0, AT_META, { META(labels, NONE) } },
	{ "reserved bytes are not zero", -EINVAL, 0, 0, AT_META, { META(reserved[2], 1) } },
	{ "entries have the wrong size", -EINVAL, 0, META_INFO, AT_SECTION(META_INFO),
	  { SECTION(META_INFO, entry_bytes, 16) } },

	{ "reserved bytes are not zero", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, reserved[2], 1) } },
	{ "unknown element type", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dtype, 0) } },
	{ "unknown element type", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dtype, 6) } },
	{ "tensor has too many dimensions", -E2BIG, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, rank, 7) } },
	{ "dimension past the last is not zero", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dim[2], 1) } },
	{ "dimension is zero", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dim[0], 0) } },
	{ "tensor is too large", -E2BIG, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dim[0], (1U << 30) / 3 + 1) } },
	{ "tensor is too large", -E2BIG, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, dim[0], U32_MAX), TENSOR(SAMPLE_Y, dim[1], U32_MAX) } },
	{ "tensor is too large", -E2BIG, 0, SAMPLE_OUT, AT_TENSOR(SAMPLE_OUT),
	  { TENSOR(SAMPLE_OUT, dim[0], 1U << 28), TENSOR(SAMPLE_OUT, dtype, NEURAL_S64) } },
	{ "zero point is out of range", -EINVAL, 0, SAMPLE_W, AT_TENSOR(SAMPLE_W),
	  { TENSOR(SAMPLE_W, zero_point, 128) } },
	{ "zero point is out of range", -EINVAL, 0, SAMPLE_W, AT_TENSOR(SAMPLE_W),
	  { TENSOR(SAMPLE_W, zero_point, (u32)-129) } },
	{ "zero point is out of range", -EINVAL, 0, SAMPLE_S4, AT_TENSOR(SAMPLE_S4),
	  { TENSOR(SAMPLE_S4, zero_point, 1) } },
	{ "zero point is out of range", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, zero_point, 1), TENSOR(SAMPLE_Y, dtype, NEURAL_S32) } },
	{ "fraction bits out of range", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, frac, 32) } },
	{ "fraction bits out of range", -EINVAL, 0, SAMPLE_W, AT_TENSOR(SAMPLE_W),
	  { TENSOR(SAMPLE_W, frac, 1) } },
	{ "fraction bits and a zero point together", -EINVAL, 0, SAMPLE_Y,
	  AT_TENSOR(SAMPLE_Y), { TENSOR(SAMPLE_Y, zero_point, 1) } },
	{ "scale is not a positive number", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, scale, 0x7f800000) } },
	{ "scale is not a positive number", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, scale, 0x80000000) } },
	{ "unknown flags of a tensor", -EOPNOTSUPP, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, flags, 2) } },
	{ "tensor with data is no constant", -EINVAL, 0, SAMPLE_Y, AT_TENSOR(SAMPLE_Y),
	  { TENSOR(SAMPLE_Y, data, 64) } },
	{ "4-bit tensor is no constant", -EINVAL, 0, SAMPLE_S4, AT_TENSOR(SAMPLE_S4),
	  { TENSOR(SAMPLE_S4, flags, 0), TENSOR(SAMPLE_S4, data, 0) } },
	{ "constant is not aligned", -EINVAL, 0, SAMPLE_C, AT_TENSOR(SAMPLE_C),
	  { TENSOR(SAMPLE_C, data, 32) } },
	{ "constant leaves the data section", -EINVAL, 0, SAMPLE_C, AT_TENSOR(SAMPLE_C),
	  { TENSOR(SAMPLE_C, data, 128) } },
	{ "constant leaves the data section", -EINVAL, 0, SAMPLE_C, AT_TENSOR(SAMPLE_C),
	  { TENSOR(SAMPLE_C, data, 192) } },
	{ "constant leaves the data section", -EINVAL, 0, SAMPLE_C, AT_TENSOR(SAMPLE_C),
	  { TENSOR(SAMPLE_C, data, -64ULL) } },
	{ "padding of a constant is not zero", -EINVAL, 0, SAMPLE_S4, AT_TENSOR(SAMPLE_S4),
	  { DATA(129, 0x13) } },
	{ "string is out of range", -EINVAL, 0, SAMPLE_X, AT_TENSOR(SAMPLE_X),
	  { TENSOR(SAMPLE_X, name, 33) } },

	{ "operand is no tensor", -EINVAL, 0, 8, AT_OPERAND(8), { OPERAND(8, 7) } },
	{ "operand is no tensor", -EINVAL, 0, 2, AT_OPERAND(2), { OPERAND(2, NONE - 1) } },
	{ "operands leave their section", -EINVAL, 0, 0, AT_HEAD(inputs), { HEAD(inputs, 12) } },
	{ "operands leave their section", -EINVAL, 0, 0, AT_HEAD(outputs),
	  { HEAD(outputs, U32_MAX) } },
	{ "operand is missing", -EINVAL, 0, 0, AT_HEAD(inputs), { HEAD(inputs, 2) } },
	{ "operand is missing", -EINVAL, 0, 0, AT_HEAD(outputs), { HEAD(outputs, 2) } },
	{ "model input is a constant", -EINVAL, 0, 0, AT_HEAD(inputs), { HEAD(inputs, 1) } },
	{ "model input is there twice", -EINVAL, 0, 1, AT_HEAD(inputs),
	  { HEAD(nr_inputs, 2), OPERAND(11, SAMPLE_X) } },
	{ "model inputs are too large", -E2BIG, 0, 0, AT_HEAD(inputs),
	  { TENSOR(SAMPLE_X, dim[1], 1 << 29), HEAD(nr_inputs, 2),
	    TENSOR(SAMPLE_OUT, dim[0], 1 << 29) } },
	{ "model outputs are too large", -E2BIG, 0, 0, AT_HEAD(outputs),
	  { TENSOR(SAMPLE_X, dim[0], 1 << 27), TENSOR(SAMPLE_Y, dim[0], 1 << 27),
	    TENSOR(SAMPLE_R, dim[0], 3 << 27), TENSOR(SAMPLE_OUT, dim[0], (6 << 27) + 2),
	    HEAD(outputs, SAMPLE_CONCAT + 2), HEAD(nr_outputs, 4) } },
	{ "model output is a constant", -EINVAL, 0, 0, AT_HEAD(outputs), { HEAD(outputs, 7) } },
	{ "model output is never written", -EINVAL, 0, 0, AT_HEAD(outputs),
	  { TENSOR(SAMPLE_S4, flags, 0), TENSOR(SAMPLE_S4, data, 0),
	    TENSOR(SAMPLE_S4, dtype, NEURAL_S8), OPERAND(SAMPLE_OUTPUTS, SAMPLE_S4) } },

	{ "unknown operation", -EOPNOTSUPP, 1, 0, AT_OP(1), { OP(1, code, 0) } },
	{ "unknown operation", -EOPNOTSUPP, 1, 0, AT_OP(1), { OP(1, code, NEURAL_NR_OPS) } },
	{ "unknown operation", -EOPNOTSUPP, 1, 0, AT_OP(1), { OP(1, code, 0xffff) } },
	{ "reserved bytes are not zero", -EINVAL, 1, 0, AT_OP(1), { OP(1, reserved, 1) } },
	{ "attribute past the last is not zero", -EINVAL, 0, 4, AT_OP(0), { OP(0, attr[4], 1) } },
	{ "attribute past the last is not zero", -EINVAL, 1, 0, AT_OP(1),
	  { OP(1, attr[0], 1 << 31) } },
	{ "string is out of range", -EINVAL, 2, 0, AT_OP(2), { OP(2, name, 100) } },
	{ "wrong number of operands", -EINVAL, 1, 0, AT_OP(1), { OP(1, nr_inputs, 0) } },
	{ "wrong number of operands", -EINVAL, 1, 0, AT_OP(1), { OP(1, nr_inputs, 2) } },
	{ "operation has to have one output", -EINVAL, 1, 0, AT_OP(1), { OP(1, nr_outputs, 0) } },
	{ "operation has to have one output", -EINVAL, 1, 0, AT_OP(1), { OP(1, nr_outputs, 2) } },
	{ "operands leave their section", -EINVAL, 1, 0, AT_OP(1), { OP(1, operands, 11) } },
	{ "operands leave their section", -EINVAL, 2, 0, AT_OP(2), { OP(2, operands, U32_MAX) } },
	{ "operand is missing", -EINVAL, 0, 1, AT_OP(0), { OPERAND(1, NONE) } },
	{ "operand is missing", -EINVAL, 0, 0, AT_OP(0), { OPERAND(3, NONE) } },
	{ "operand is missing", -EINVAL, 2, 2, AT_OP(2), { OPERAND(SAMPLE_CONCAT + 2, NONE) } },
	{ "operand is read before it is written", -EINVAL, 1, 0, AT_OP(1),
	  { OPERAND(SAMPLE_RESHAPE, SAMPLE_OUT) } },
	{ "operand is read before it is written", -EINVAL, 1, 0, AT_OP(1),
	  { OPERAND(SAMPLE_RESHAPE, SAMPLE_R) } },
	{ "operand has to be a constant", -EINVAL, 0, 1, AT_OP(0), { OPERAND(1, SAMPLE_X) } },
	{ "constant is written", -EINVAL, 0, 0, AT_OP(0), { OPERAND(3, SAMPLE_S4) } },
	{ "tensor is written twice", -EINVAL, 1, 0, AT_OP(1),
	  { OPERAND(SAMPLE_RESHAPE + 1, SAMPLE_Y) } },
	{ "tensor is written twice", -EINVAL, 0, 0, AT_OP(0), { OPERAND(3, SAMPLE_X) } },
	/* What an operation itself refuses is at its node too. */
	{ "weights are not S8, S16 or S32", -EINVAL, 0, 0, AT_OP(0),
	  { TENSOR(SAMPLE_W, dtype, NEURAL_S4) } },
};

static u8 *locate(u8 *file, const struct place *p)
{
	const struct neural_model_header *h = (struct neural_model_header *)file;

	if (p->kind == HEADER)
		return file + p->byte;
	if (p->kind == SECTION_TABLE)
		return file + le16_to_cpu(h->header_bytes) + p->byte +
		       p->entry * sizeof(struct neural_model_section);
	return model_entry(file, p->kind, p->entry) + p->byte;
}

void model_rules(void)
{
	unsigned int failed = 0;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct rule *r = &rules[i];
		struct neural_reason why;
		size_t bytes;
		u8 *file = model_sample(&bytes), *to[POKES];
		u64 at = locate(file, &r->at) - file;
		int ret;

		for (k = 0; k < POKES && r->poke[k].bytes; k++)
			to[k] = locate(file, &r->poke[k].place);
		while (k--)
			memcpy(to[k], &r->poke[k].value, r->poke[k].bytes);
		/* The table follows the header. */
		if (r->at.kind == SECTION_TABLE)
			at = locate(file, &r->at) - file;
		model_seal(file, bytes);
		ret = model_try(file, bytes, i, &why);
		tap_check(&failed, ret == r->ret && !strcmp(why.rule ?: "", r->rule) &&
			  why.layer == r->layer && why.unit == r->unit && why.offset == at,
			  "%s, %d, %u, %u, %llu: %s, %d, %u, %u, %llu", r->rule, r->ret,
			  r->layer, r->unit, (unsigned long long)at, why.rule, ret, why.layer,
			  why.unit, (unsigned long long)why.offset);
		free(file);
	}
	tap_ok(!failed, "%zu breaches of a rule, by name and place", ARRAY_SIZE(rules));
}
