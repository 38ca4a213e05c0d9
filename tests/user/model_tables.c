// SPDX-License-Identifier: GPL-2.0-only
/* Files of another make than the builder's: order, size and number of tables. */
#include "model.h"

static int try_parts(const void *head, const struct model_part *parts, u32 nr,
		     struct neural_reason *why)
{
	size_t bytes;
	u8 *file = model_lay_out(head, parts, nr, &bytes);
	int ret = model_try(file, bytes, nr, why);

	free(file);
	return ret;
}

/* @part with @more bytes of @value behind each entry. */
static struct model_part widen(const struct model_part *part, u32 more, u8 value)
{
	const u32 nr = part->bytes / part->entry_bytes;
	struct model_part wide = {
		part->kind, part->flags, part->entry_bytes + more, NULL,
		(part->entry_bytes + more) * nr,
	};
	u8 *to = malloc(wide.bytes);
	u32 i;

	memset(to, value, wide.bytes);
	for (i = 0; i < nr; i++)
		memcpy(to + i * wide.entry_bytes, part->from + i * part->entry_bytes,
		       part->entry_bytes);
	wide.from = to;
	return wide;
}

void model_tables(void)
{
	static const u8 unknown[5] = { 1, 2, 3, 4, 5 };
	struct model_part parts[MODEL_PARTS], other[MODEL_PARTS + 2];
	struct neural_reason why;
	unsigned int failed = 0;
	size_t bytes;
	u8 *file = model_sample(&bytes);
	const u32 nr = model_parts(file, parts);
	u32 i, k;
	int ret;

	/* Any order is as good. */
	for (i = 0; i < nr; i++) {
		for (k = 0; k < nr; k++)
			other[k] = parts[(k * 5 + i) % nr];
		tap_check(&failed, !try_parts(file, other, nr, &why), "order %u: %s", i,
			  why.rule);
	}
	/* The same one again, at the end. */
	for (i = 0; i < nr; i++) {
		memcpy(other, parts, sizeof(parts));
		other[nr] = parts[i];
		ret = try_parts(file, other, nr + 1, &why);
		tap_check(&failed, ret == -EINVAL && why.unit == nr &&
			  !strcmp(why.rule, "section is there twice"), "twice %u: %d", i, ret);
	}
	/* What a reader does not know it may pass by, or not. */
	for (i = 0; i < 4; i++) {
		memcpy(other, parts, sizeof(parts));
		other[nr] = (struct model_part){ 300, i & 1, i & 2 ? 5 : 0, unknown, 5 };
		other[nr + 1] = (struct model_part){ 301, i & 1, 1, unknown, 5 };
		ret = try_parts(file, other, nr + 2, &why);
		tap_check(&failed, ret == (i & 1 ? 0 : -EOPNOTSUPP), "unknown %u: %d", i, ret);
	}
	/* What comes later is longer. */
	for (i = 0; i < nr; i++) {
		const bool table = parts[i].entry_bytes > 1;

		for (k = 0; k < 2; k++) {
			memcpy(other, parts, sizeof(parts));
			other[i] = widen(&parts[i], 3, k);
			ret = try_parts(file, other, nr, &why);
			tap_check(&failed, ret == (table && !k ? 0 : -EINVAL),
				  "wider %u, %u: %d", i, k, ret);
			free((void *)other[i].from);
		}
	}
	free(file);
	tap_ok(!failed, "sections in any order, unknown ones, longer entries");
}

/* A file of one section of @bytes zeros. */
static int one_section(u16 kind, u32 entry_bytes, u64 bytes, struct neural_reason *why)
{
	struct neural_model_header head = {
		.magic = cpu_to_le32(NEURAL_MODEL_MAGIC),
		.version = cpu_to_le16(NEURAL_MODEL_VERSION),
		.header_bytes = cpu_to_le16(sizeof(head)),
		.nr_inputs = cpu_to_le32(1),
		.nr_outputs = cpu_to_le32(1),
	};
	struct model_part part = { kind, 0, entry_bytes, calloc(1, bytes), bytes };
	int ret = try_parts(&head, &part, 1, why);

	free((void *)part.from);
	return ret;
}

/* One more than there may be; with as many, something else is wrong. */
void model_many(void)
{
	static const struct {
		u16 kind;
		u32 entry_bytes;
		u32 most;
		const char *rule;
	} limits[] = {
		{ NEURAL_SECTION_TENSORS, 64, NEURAL_MODEL_MAX_TENSORS, "too many tensors" },
		{ NEURAL_SECTION_OPERANDS, 4, NEURAL_MODEL_MAX_OPERANDS, "too many operands" },
		{ NEURAL_SECTION_OPS, 96, NEURAL_MODEL_MAX_OPS, "too many operations" },
		{ NEURAL_SECTION_META, 32, 1, "more than one description" },
		{ NEURAL_SECTION_RANGES, 32, NEURAL_MODEL_MAX_RANGES, "too many ranges" },
	};
	static u8 aligned[64] __aligned(64);
	unsigned int failed = 0, i;
	struct neural_reason why;
	struct neural_model *m;
	int ret;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		const u64 bytes = (u64)limits[i].most * limits[i].entry_bytes;

		ret = one_section(limits[i].kind, limits[i].entry_bytes, bytes, &why);
		tap_check(&failed, ret == -EINVAL && !strcmp(why.rule, "section is missing"),
			  "%s, one less: %d, %s", limits[i].rule, ret, why.rule);
		ret = one_section(limits[i].kind, limits[i].entry_bytes,
				  bytes + limits[i].entry_bytes, &why);
		tap_check(&failed, ret == -E2BIG && !strcmp(why.rule, limits[i].rule),
			  "%s: %d, %s", limits[i].rule, ret, why.rule);
	}
	/* Refused before a byte of it is looked at. */
	ret = neural_model_open(NULL, aligned, NEURAL_MODEL_MAX_BYTES + 1ULL, &m, &why);
	tap_check(&failed, ret == -E2BIG && !strcmp(why.rule, "file is too large"),
		  "too large: %d", ret);
	tap_ok(!failed, "one more than there may be");
}

/* Refusals that more than a few bytes lead to. */
void model_lists(void)
{
	unsigned int failed = 0;
	struct neural_reason why;
	struct model_part parts[MODEL_PARTS];
	size_t bytes;
	u8 *file = model_sample(&bytes);
	u32 nr = model_parts(file, parts);
	int ret;

	tap_check(&failed, model_try(file, 63, 0, &why) == -EINVAL && why.offset == 63 &&
		  !strcmp(why.rule, "file is too short"), "short: %s", why.rule);
	tap_check(&failed, model_try(file, bytes - 1, 0, &why) == -EINVAL && why.offset == 8 &&
		  !strcmp(why.rule, "file has another size"), "size: %s", why.rule);
	file[bytes - 1] ^= 1;
	tap_check(&failed, model_try(file, bytes, 0, &why) == -EINVAL && why.offset == 16 &&
		  !strcmp(why.rule, "checksum does not match"), "checksum: %s", why.rule);
	file[bytes - 1] ^= 1;

	/* A header that has a table behind it, and nothing is. */
	model_seal(file, sizeof(struct neural_model_header));
	ret = model_try(file, sizeof(struct neural_model_header), 0, &why);
	tap_check(&failed, ret == -EINVAL && why.offset == 64 &&
		  !strcmp(why.rule, "section table leaves the file"), "table: %s", why.rule);

	/* No operation, though a section for them. */
	parts[2].bytes = 0;
	ret = try_parts(file, parts, nr, &why);
	tap_check(&failed, ret == -EINVAL && !strcmp(why.rule, "model has no operations"),
		  "no operations: %d, %s", ret, why.rule);
	free(file);
	tap_ok(!failed, "nothing, less and other than there should be");
}
