// SPDX-License-Identifier: GPL-2.0-only
/* Strings of a model: fit to be printed, and the ones that describe it. */
#include "parse.h"

/* Bytes that follow a first byte of UTF-8, or -1; what they are at least in *@least. */
static int neural_string_more(u8 first, u32 *code, u32 *least)
{
	if (first < 0x80) {
		*code = first;
		*least = 0;
		return 0;
	}
	if (first >= 0xc0 && first < 0xe0) {
		*code = first & 0x1f;
		*least = 0x80;
		return 1;
	}
	if (first >= 0xe0 && first < 0xf0) {
		*code = first & 0x0f;
		*least = 0x800;
		return 2;
	}
	if (first >= 0xf0 && first < 0xf8) {
		*code = first & 0x07;
		*least = 0x10000;
		return 3;
	}
	return -1;
}

/*
 * Length of the character at @at, 0 if it is not one.  The byte after the last is NUL
 * and therefore ends whatever is cut off.
 */
static u32 neural_string_char(const u8 *at, u32 *code)
{
	u32 least;
	int i, more = neural_string_more(*at, code, &least);

	for (i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	if (more < 0 || *code < least || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return more + 1;
}

/*
 * Names end up in logs and on terminals, which must not take orders from a file: no
 * control characters, no line breaks.
 */
int neural_parse_strings(struct neural_parse *p)
{
	const struct neural_table *t = &p->table[NEURAL_SECTION_STRINGS];
	const u64 start = t->at ? t->at - p->file : 0;
	u32 at, size, code, seen = 0;

	if (!t->nr)
		return 0;
	if (t->at[t->nr - 1])
		return neural_parse_bad(p, -EINVAL, "strings do not end in NUL", 0,
					start + t->nr - 1);
	for (at = 0; at < t->nr; at += size) {
		size = neural_string_char(t->at + at, &code);
		if (!size)
			return neural_parse_bad(p, -EINVAL, "string is not UTF-8", at,
						start + at);
		if (code && (code < 0x20 || (code >= 0x7f && code < 0xa0)))
			return neural_parse_bad(p, -EINVAL,
						"string has a control character", at,
						start + at);
		if (!(++seen % NEURAL_PARSE_CHUNK))
			neural_pause();
	}
	return 0;
}

u32 neural_string_fit(const char *text, u32 most)
{
	u32 len = strnlen(text, (size_t)most + 1);

	if (len <= most)
		return len;
	/* All but the first byte of a character begin with 10. */
	for (len = most; len && ((u8)text[len] & 0xc0) == 0x80; len--)
		;
	return len;
}

int neural_parse_string(struct neural_parse *p, u32 offset, const char **text, u32 unit,
			u64 at)
{
	const struct neural_table *t = &p->table[NEURAL_SECTION_STRINGS];

	*text = "";
	if (offset == NEURAL_MODEL_NONE)
		return 0;
	if (offset >= t->nr)
		return neural_parse_bad(p, -EINVAL, "string is out of range", unit, at);
	if (offset && t->at[offset - 1])
		return neural_parse_bad(p, -EINVAL, "no string begins there", unit, at);
	*text = (const char *)t->at + offset;
	return 0;
}

/* As many strings as there are said to be. */
static int neural_meta_labels(struct neural_parse *p, u32 labels, u64 at)
{
	const struct neural_table *t = &p->table[NEURAL_SECTION_STRINGS];
	struct neural_model_text *text = &p->model->text;
	u32 i, end = labels;
	int ret;

	ret = neural_parse_string(p, labels, &text->labels, 0, at);
	if (ret)
		return ret;
	if (labels == NEURAL_MODEL_NONE) {
		text->labels = NULL;
		end = t->nr;
	}
	for (i = 0; i < text->nr_labels; i++) {
		if (end >= t->nr)
			return neural_parse_bad(p, -EINVAL,
						"fewer labels than there should be", i, at);
		end += strlen((const char *)t->at + end) + 1;
		neural_pause();
	}
	text->label_bytes = text->labels ? end - labels : 0;
	return 0;
}

int neural_parse_meta(struct neural_parse *p)
{
	const struct neural_table *t = &p->table[NEURAL_SECTION_META];
	struct neural_model_text *text = &p->model->text;
	struct neural_model_meta meta;
	u64 at;
	int ret;

	text->name = "";
	text->description = "";
	text->producer = "";
	if (!t->nr)
		return 0;
	at = neural_table_offset(p, t, 0);
	neural_table_get(t, 0, &meta, sizeof(meta));
	if (!neural_parse_zero(meta.reserved, sizeof(meta.reserved)))
		return neural_parse_bad(p, -EINVAL, "reserved bytes are not zero", 0, at);
	text->nr_labels = le32_to_cpu(meta.nr_labels);
	ret = neural_parse_string(p, le32_to_cpu(meta.name), &text->name, 0, at);
	if (!ret)
		ret = neural_parse_string(p, le32_to_cpu(meta.description),
					  &text->description, 0, at);
	if (!ret)
		ret = neural_parse_string(p, le32_to_cpu(meta.producer), &text->producer,
					  0, at);
	if (!ret)
		ret = neural_meta_labels(p, le32_to_cpu(meta.labels), at);
	return ret;
}
