// SPDX-License-Identifier: GPL-2.0-only
/* Ranges of inputs and outputs: read as they are, and each way to get them wrong. */
#include "model.h"

/* Two inputs and two outputs of different types, so that a row has a gap. */
static struct model_builder *two(void)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 5));
	const u32 z = model_input(b, NEURAL_S32, SHAPE(2));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(5));

	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(x), y, NO_ATTRS);
	model_output(b, y);
	model_output(b, z);
	return b;
}

/* Four that are right. */
static struct model_builder *right(void)
{
	struct model_builder *b = two();

	model_range(b, 0, 0, 0, 2, -3, 3);
	model_range(b, 0, 0, 3, 1, S8_MIN, S8_MAX);
	model_range(b, 0, 1, 1, 1, S32_MIN, -5);
	model_range(b, NEURAL_RANGE_OUTPUT, 1, 0, 2, 7, 7);
	return b;
}

static bool is(const struct neural_range *r, bool output, u8 width, u32 index, u32 first,
	       u32 count, size_t at, s64 lo, s64 hi)
{
	return r->output == output && r->width == width && r->index == index &&
	       r->first == first && r->count == count && r->at == at && r->lo == lo &&
	       r->hi == hi;
}

void model_ranges(void)
{
	struct neural_reason why;
	struct neural_model *m;
	size_t bytes;
	u8 *file = model_builder_finish(right(), &bytes);
	bool ok = !neural_model_open(NULL, file, bytes, &m, &why);

	if (ok) {
		ok = m->nr_ranges == 4 && m->nr_in_ranges == 3 &&
		     is(&m->ranges[0], false, 1, 0, 0, 2, 0, -3, 3) &&
		     is(&m->ranges[1], false, 1, 0, 3, 1, 3, S8_MIN, S8_MAX) &&
		     is(&m->ranges[2], false, 4, 1, 1, 1, 12, S32_MIN, -5) &&
		     is(&m->ranges[3], true, 4, 1, 0, 2, 8, 7, 7);
		neural_model_close(m);
	}
	ok = ok && !model_try(file, bytes, 1, &why);
	free(file);
	/* Without, there are none. */
	file = model_builder_finish(two(), &bytes);
	ok = ok && !neural_model_open(NULL, file, bytes, &m, &why) && !m->nr_ranges &&
	     !m->nr_in_ranges;
	if (ok)
		neural_model_close(m);
	free(file);
	tap_ok(ok && !neural_shim_live_bytes, "ranges are where the file says");
}

void model_ranges_refused(void)
{
	static const struct {
		const char *rule;
		int ret;
		u32 which;
		struct neural_model_range range;
	} cases[] = {
		{ NULL, 0, 0, { 0, 0, 0, 1, -3, 3 } },
		{ NULL, 0, 1, { 0, 0, 2, 3, 0, 0 } },
		{ NULL, 0, 2, { 0, 1, 0, 2, S32_MIN, S32_MAX } },
		{ NULL, 0, 3, { 1, 0, 0, 5, 0, 0 } },
		{ "unknown flags of a range", -EOPNOTSUPP, 0, { 2, 0, 0, 2, -3, 3 } },
		{ "unknown flags of a range", -EOPNOTSUPP, 3, { 1U << 31 | 1, 1, 0, 2, 7, 7 } },
		{ "range is of no input or output", -EINVAL, 2, { 0, 2, 0, 1, 0, 0 } },
		{ "range is of no input or output", -EINVAL, 3, { 1, U32_MAX, 0, 1, 0, 0 } },
		{ "range leaves its tensor", -EINVAL, 0, { 0, 0, 0, 0, -3, 3 } },
		{ "range leaves its tensor", -EINVAL, 1, { 0, 0, 5, 1, 0, 0 } },
		{ "range leaves its tensor", -EINVAL, 1, { 0, 0, 3, 3, 0, 0 } },
		{ "range leaves its tensor", -EINVAL, 1, { 0, 0, U32_MAX, 2, 0, 0 } },
		{ "range leaves its tensor", -EINVAL, 2, { 0, 1, 1, U32_MAX, 0, 0 } },
		{ "range ends before it begins", -EINVAL, 0, { 0, 0, 0, 2, 1, 0 } },
		{ "range ends before it begins", -EINVAL, 3, { 1, 1, 0, 2, S64_MAX, S64_MIN } },
		{ "range leaves the type of its tensor", -EINVAL, 0, { 0, 0, 0, 2, -129, 3 } },
		{ "range leaves the type of its tensor", -EINVAL, 1, { 0, 0, 3, 1, 0, 128 } },
		{ "range leaves the type of its tensor", -EINVAL, 3,
		  { 1, 1, 0, 2, S64_MIN, S64_MAX } },
		{ "range is out of order", -EINVAL, 1, { 0, 0, 1, 1, 0, 0 } },
		{ "range is out of order", -EINVAL, 1, { 0, 0, 0, 5, 0, 0 } },
		{ "range is out of order", -EINVAL, 2, { 0, 0, 3, 1, 0, 0 } },
		{ "range is out of order", -EINVAL, 1, { 1, 0, 0, 1, 0, 0 } },
	};
	unsigned int failed = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct neural_model_range *r = &cases[i].range;
		/* Of one that comes where no input should be, the next one is wrong. */
		const u32 unit = cases[i].which + (i == ARRAY_SIZE(cases) - 1);
		struct model_builder *b = right();
		struct neural_reason why;
		size_t bytes;
		u64 at;
		u8 *file;
		int ret;

		b->nr_ranges = cases[i].which;
		model_range(b, r->flags, r->index, r->first, r->count, r->lo, r->hi);
		b->nr_ranges = 4;
		file = model_builder_finish(b, &bytes);
		at = model_entry(file, NEURAL_SECTION_RANGES, unit) - file;
		ret = model_try(file, bytes, i, &why);
		tap_check(&failed, ret == cases[i].ret &&
			  !strcmp(why.rule ?: "", cases[i].rule ?: "") &&
			  (!ret || (why.unit == unit && why.offset == at)),
			  "case %u: %d, %s, %u, %llu", i, ret, why.rule, why.unit,
			  (unsigned long long)why.offset);
		free(file);
	}
	tap_ok(!failed, "%zu ranges, most of them refused by name and place",
	       ARRAY_SIZE(cases));
}
