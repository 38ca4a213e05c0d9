// SPDX-License-Identifier: GPL-2.0-only
#include "../reference/arith.h"
#include "fuzz.h"

/* A section of the file, if what the file says of it can be believed. */
struct table {
	u8 *at;
	u32 entry;
	u32 nr;
};

static const u32 limits[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 63, 64, 255, 256, 0x7f, 0x80, 0x7fff,
	0x8000, 0xffff, 0x10000, 1U << 20, 1U << 29, 1U << 30, (1U << 30) + 1, 0x40000000,
	0x7fffffff, 0x80000000, 0x80000001, 0xffffff80, 0xfffffffe, 0xffffffff,
};

static u32 below(u64 *seed, u32 n)
{
	return reference_random(seed) % n;
}

static u32 number(u64 *seed, u32 old)
{
	switch (below(seed, 6)) {
	case 0:
		return limits[below(seed, ARRAY_SIZE(limits))];
	case 1:
		return old + 1;
	case 2:
		return old - 1;
	case 3:
		return old ^ 1U << below(seed, 32);
	case 4:
		return below(seed, 9);
	default:
		return reference_random(seed) >> below(seed, 32);
	}
}

static struct table find(u8 *data, size_t size, u16 kind, u32 least)
{
	const struct neural_model_header *h = (struct neural_model_header *)data;
	struct neural_model_section s;
	struct table t = { };
	u64 at, bytes;
	u32 i;

	for (i = 0; i < 16 && i < le32_to_cpu(h->nr_sections); i++) {
		at = le16_to_cpu(h->header_bytes) + i * sizeof(s);
		if (at + sizeof(s) > size)
			break;
		memcpy(&s, data + at, sizeof(s));
		at = le64_to_cpu(s.offset);
		bytes = le64_to_cpu(s.bytes);
		if (le16_to_cpu(s.kind) != kind || at > size || bytes > size - at ||
		    le32_to_cpu(s.entry_bytes) < least)
			continue;
		t = (struct table){ data + at, le32_to_cpu(s.entry_bytes) };
		t.nr = bytes / t.entry;
	}
	return t;
}

static void change(u8 *at, u64 *seed)
{
	u32 v;

	memcpy(&v, at, sizeof(v));
	v = cpu_to_le32(number(seed, le32_to_cpu(v)));
	memcpy(at, &v, sizeof(v));
}

static void mutate_tensor(u8 *at, const struct table *all, u64 *seed)
{
	struct neural_model_tensor t, other;
	u32 d = below(seed, NEURAL_MODEL_RANK);

	memcpy(&t, at, sizeof(t));
	memcpy(&other, all->at + (size_t)below(seed, all->nr) * all->entry, sizeof(other));
	switch (below(seed, 12)) {
	case 0:
		t.dtype = 1 + below(seed, 5);
		break;
	case 1:
		t.rank = below(seed, 8);
		break;
	case 2:
		t.zero_point = cpu_to_le32((s32)below(seed, 256) - 128);
		break;
	case 3:
		t.frac = cpu_to_le32(below(seed, 33));
		break;
	case 4:
		t.data = cpu_to_le64(64 * below(seed, 32));
		break;
	case 5:
		t.flags ^= cpu_to_le16(NEURAL_TENSOR_CONST);
		break;
	case 6:
		memcpy(t.dim, other.dim, sizeof(t.dim));
		t.rank = other.rank;
		break;
	case 7:
		t.dim[d] = other.dim[below(seed, NEURAL_MODEL_RANK)];
		break;
	case 8:
		t = other;
		break;
	case 9:
		if (t.rank < NEURAL_MODEL_RANK)
			t.dim[t.rank++] = cpu_to_le32(1 + below(seed, 4));
		break;
	case 10:
		if (t.rank && t.rank <= NEURAL_MODEL_RANK)
			t.dim[--t.rank] = 0;
		break;
	default:
		change((u8 *)&t.dim[d], seed);
		break;
	}
	memcpy(at, &t, sizeof(t));
}

static void mutate_op(u8 *at, const struct table *all, u64 *seed)
{
	struct neural_model_op op, other;

	memcpy(&op, at, sizeof(op));
	memcpy(&other, all->at + (size_t)below(seed, all->nr) * all->entry, sizeof(other));
	switch (below(seed, 8)) {
	case 0:
		op.code = cpu_to_le16(below(seed, NEURAL_NR_OPS + 1));
		break;
	case 1:
		op.nr_inputs = below(seed, 7);
		break;
	case 2:
		op.operands = cpu_to_le32(below(seed, 64));
		break;
	case 3:
		memcpy(op.attr, other.attr, sizeof(op.attr));
		break;
	default:
		change((u8 *)&op.attr[below(seed, NEURAL_MODEL_ATTRS)], seed);
		break;
	}
	memcpy(at, &op, sizeof(op));
}

static void mutate_header(u8 *data, u64 *seed)
{
	struct neural_model_header *h = (struct neural_model_header *)data;

	switch (below(seed, 4)) {
	case 0:
		h->inputs = cpu_to_le32(below(seed, 64));
		break;
	case 1:
		h->nr_inputs = cpu_to_le32(below(seed, 4));
		break;
	case 2:
		h->outputs = cpu_to_le32(below(seed, 64));
		break;
	default:
		h->nr_outputs = cpu_to_le32(below(seed, 5));
		break;
	}
}

/* An entry of @kind, if there is one. */
static bool mutate_entry(u8 *data, size_t size, u16 kind, u32 least, u64 *seed)
{
	const struct table t = find(data, size, kind, least);
	const struct table tensors = find(data, size, NEURAL_SECTION_TENSORS, 1);
	u8 *at;

	if (!t.nr)
		return false;
	at = t.at + (size_t)below(seed, t.nr) * t.entry;
	if (kind == NEURAL_SECTION_TENSORS) {
		mutate_tensor(at, &t, seed);
	} else if (kind == NEURAL_SECTION_OPS) {
		mutate_op(at, &t, seed);
	} else if (kind == NEURAL_SECTION_OPERANDS) {
		const u32 v = below(seed, 8) ? below(seed, tensors.nr + 1) : NEURAL_MODEL_NONE;

		memcpy(at, &v, sizeof(v));
	} else if (kind == NEURAL_SECTION_RANGES) {
		change(at + 4 * below(seed, sizeof(struct neural_model_range) / 4), seed);
	} else if (t.nr >= 4 && below(seed, 2)) {
		/* Constants are words as often as bytes. */
		change(t.at + below(seed, t.nr / 4) * 4, seed);
	} else {
		*at = number(seed, *at);
	}
	return true;
}

static void mutate_once(u8 *data, size_t size, u64 *seed)
{
	static const struct {
		u16 kind;
		u32 least;
	} tables[] = {
		{ NEURAL_SECTION_TENSORS, sizeof(struct neural_model_tensor) },
		{ NEURAL_SECTION_OPS, sizeof(struct neural_model_op) },
		{ NEURAL_SECTION_OPERANDS, sizeof(__le32) },
		{ NEURAL_SECTION_DATA, 1 },
		{ NEURAL_SECTION_STRINGS, 1 },
		{ NEURAL_SECTION_RANGES, sizeof(struct neural_model_range) },
	};
	static const u8 often[] = {
		0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7
	};
	const u32 which = often[below(seed, ARRAY_SIZE(often))];

	if (which < ARRAY_SIZE(tables) &&
	    mutate_entry(data, size, tables[which].kind, tables[which].least, seed))
		return;
	if (which == ARRAY_SIZE(tables))
		mutate_header(data, seed);
	else
		data[below(seed, size)] = number(seed, 0);
}

void fuzz_mutate(u8 *data, size_t size, u64 *seed)
{
	u32 n = 1 + below(seed, below(seed, 3) ? 2 : 6);

	if (size < sizeof(struct neural_model_header))
		return;
	while (n--)
		mutate_once(data, size, seed);
}

void fuzz_seal(u8 *data, size_t size)
{
	if (size >= sizeof(struct neural_model_header))
		model_seal(data, size);
}
