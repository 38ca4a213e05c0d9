// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

/**
 * struct neural_section_rule - what a kind of section has to be like
 * @entry_bytes: smallest entry
 * @exact: entries are not larger either
 * @required: there is no model without
 * @most: entries; bytes are as many as a file has, which U32_MAX can count
 * @too_many: what more of them are refused for
 */
struct neural_section_rule {
	u32 entry_bytes;
	bool exact;
	bool required;
	u32 most;
	const char *too_many;
};

static const struct neural_section_rule neural_section_rules[NEURAL_SECTION_KINDS] = {
	[NEURAL_SECTION_TENSORS] = {
		.entry_bytes = sizeof(struct neural_model_tensor),
		.required = true,
		.most = NEURAL_MODEL_MAX_TENSORS,
		.too_many = "too many tensors",
	},
	[NEURAL_SECTION_OPERANDS] = {
		.entry_bytes = sizeof(__le32),
		.required = true,
		.most = NEURAL_MODEL_MAX_OPERANDS,
		.too_many = "too many operands",
	},
	[NEURAL_SECTION_OPS] = {
		.entry_bytes = sizeof(struct neural_model_op),
		.required = true,
		.most = NEURAL_MODEL_MAX_OPS,
		.too_many = "too many operations",
	},
	[NEURAL_SECTION_STRINGS] = {
		.entry_bytes = 1,
		.exact = true,
		.most = U32_MAX,
	},
	[NEURAL_SECTION_META] = {
		.entry_bytes = sizeof(struct neural_model_meta),
		.most = 1,
		.too_many = "more than one description",
	},
	[NEURAL_SECTION_DATA] = {
		.entry_bytes = 1,
		.exact = true,
		.most = U32_MAX,
	},
	[NEURAL_SECTION_RANGES] = {
		.entry_bytes = sizeof(struct neural_model_range),
		.most = NEURAL_MODEL_MAX_RANGES,
		.too_many = "too many ranges",
	},
};

/**
 * struct neural_section_entry - struct neural_model_section in our byte order
 * @kind: &neural_model_section.kind
 * @flags: &neural_model_section.flags
 * @entry_bytes: &neural_model_section.entry_bytes
 * @offset: &neural_model_section.offset
 * @bytes: &neural_model_section.bytes
 * @number: of the entry
 * @at: where the entry itself is in the file
 */
struct neural_section_entry {
	u32 kind;
	u32 flags;
	u32 entry_bytes;
	u64 offset;
	u64 bytes;
	u32 number;
	u64 at;
};

static int neural_section_bad(struct neural_parse *p, const struct neural_section_entry *e,
			      int err, const char *rule)
{
	return neural_parse_bad(p, err, rule, e->number, e->at);
}

/* Where it is; sections before it end at @end. */
static int neural_section_bounds(struct neural_parse *p,
				 const struct neural_section_entry *e, u64 end)
{
	if (!IS_ALIGNED(e->offset, NEURAL_MODEL_ALIGN))
		return neural_section_bad(p, e, -EINVAL, "section is not aligned");
	if (e->offset < end)
		return neural_section_bad(p, e, -EINVAL,
					  "section begins before the one before ends");
	if (e->offset > p->bytes || e->bytes > p->bytes - e->offset)
		return neural_section_bad(p, e, -EINVAL, "section leaves the file");
	if (!neural_parse_zero(p->file + end, e->offset - end))
		return neural_section_bad(p, e, -EINVAL,
					  "bytes before the section are not zero");
	return 0;
}

/* What a later version appended to the entries means nothing to us only while zero. */
static int neural_section_tails(struct neural_parse *p, const struct neural_table *t,
				u32 known)
{
	u32 i;

	if (t->entry_bytes == known)
		return 0;
	for (i = 0; i < t->nr; i++) {
		const u64 at = neural_table_offset(p, t, i) + known;

		if (!neural_parse_zero(p->file + at, t->entry_bytes - known))
			return neural_parse_bad(p, -EINVAL,
						"additional bytes are not zero", i, at);
	}
	return 0;
}

static int neural_section_entries(struct neural_parse *p,
				  const struct neural_section_entry *e)
{
	const struct neural_section_rule *rule = &neural_section_rules[e->kind];
	struct neural_table *t = &p->table[e->kind];
	u64 nr;

	if (e->entry_bytes < rule->entry_bytes ||
	    (rule->exact && e->entry_bytes != rule->entry_bytes))
		return neural_section_bad(p, e, -EINVAL, "entries have the wrong size");
	nr = div_u64(e->bytes, e->entry_bytes);
	if (nr * e->entry_bytes != e->bytes)
		return neural_section_bad(p, e, -EINVAL, "section ends within an entry");
	if (nr > rule->most)
		return neural_section_bad(p, e, -E2BIG, rule->too_many);
	t->at = p->file + e->offset;
	t->bytes = e->bytes;
	t->entry_bytes = e->entry_bytes;
	t->nr = nr;
	return neural_section_tails(p, t, rule->entry_bytes);
}

static int neural_section_one(struct neural_parse *p, const struct neural_section_entry *e)
{
	if (e->flags & ~NEURAL_SECTION_OPTIONAL)
		return neural_section_bad(p, e, -EOPNOTSUPP, "unknown flags of a section");
	if (!e->kind || e->kind >= NEURAL_SECTION_KINDS)
		return e->flags & NEURAL_SECTION_OPTIONAL ? 0 :
		       neural_section_bad(p, e, -EOPNOTSUPP, "unknown section");
	return neural_section_entries(p, e);
}

static int neural_section_read(struct neural_parse *p, u32 i,
			       struct neural_section_entry *e)
{
	const u64 at = p->header_bytes + (u64)i * sizeof(struct neural_model_section);
	struct neural_model_section s;

	memcpy(&s, p->file + at, sizeof(s));
	*e = (struct neural_section_entry){
		.kind = le16_to_cpu(s.kind),
		.flags = le16_to_cpu(s.flags),
		.entry_bytes = le32_to_cpu(s.entry_bytes),
		.offset = le64_to_cpu(s.offset),
		.bytes = le64_to_cpu(s.bytes),
		.number = i,
		.at = at,
	};
	if (s.reserved)
		return neural_section_bad(p, e, -EINVAL, "reserved bytes are not zero");
	return 0;
}

static int neural_section_all(struct neural_parse *p, u64 end)
{
	struct neural_section_entry e, before;
	u32 i, k;
	int ret;

	for (i = 0; i < p->nr_sections; i++) {
		ret = neural_section_read(p, i, &e);
		for (k = 0; !ret && k < i; k++) {
			ret = neural_section_read(p, k, &before);
			if (!ret && before.kind == e.kind)
				ret = neural_section_bad(p, &e, -EINVAL, "section is there twice");
		}
		if (!ret)
			ret = neural_section_bounds(p, &e, end);
		if (!ret)
			ret = neural_section_one(p, &e);
		if (ret)
			return ret;
		end = e.offset + e.bytes;
	}
	if (!neural_parse_zero(p->file + end, p->bytes - end))
		return neural_parse_bad(p, -EINVAL, "bytes behind the sections are not zero",
					0, end);
	return 0;
}

int neural_parse_sections(struct neural_parse *p)
{
	const u64 table = (u64)p->nr_sections * sizeof(struct neural_model_section);
	u32 kind;
	int ret;

	if (table > p->bytes - p->header_bytes)
		return neural_parse_bad(p, -EINVAL, "section table leaves the file", 0,
					p->header_bytes);
	ret = neural_section_all(p, p->header_bytes + table);
	if (ret)
		return ret;
	for (kind = 1; kind < NEURAL_SECTION_KINDS; kind++)
		if (neural_section_rules[kind].required && !p->table[kind].at)
			return neural_parse_bad(p, -EINVAL, "section is missing", kind,
						p->header_bytes);
	return 0;
}
