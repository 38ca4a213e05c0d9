// SPDX-License-Identifier: GPL-2.0-only
/* What inputs usually are and what outputs are to be. */
#include "parse.h"

/* Where input or output @index is in a row. */
static size_t neural_range_tensor_at(struct neural_tensor *const *list, u32 index)
{
	size_t at = 0;
	u32 i;

	for (i = 0; i <= index; i++) {
		at = ALIGN(at, (size_t)neural_dtype_bits(list[i]->dtype) / 8);
		if (i < index)
			at += list[i]->bytes;
	}
	return at;
}

/* In order, so that none is about an element another is about. */
static bool neural_range_follows(const struct neural_range *before,
				 const struct neural_range *r)
{
	if (r->output != before->output)
		return r->output;
	if (r->index != before->index)
		return r->index > before->index;
	return r->first >= before->first && r->first - before->first >= before->count;
}

static int neural_range_place(struct neural_parse *p, struct neural_range *r, u32 i, u64 at)
{
	struct neural_model *m = p->model;
	struct neural_tensor *const *list = r->output ? m->outputs : m->inputs;
	const struct neural_tensor *t;

	if (r->index >= (r->output ? m->nr_outputs : m->nr_inputs))
		return neural_parse_bad(p, -EINVAL, "range is of no input or output", i, at);
	t = list[r->index];
	if (!r->count || r->first >= t->elements || r->count > t->elements - r->first)
		return neural_parse_bad(p, -EINVAL, "range leaves its tensor", i, at);
	if (r->lo > r->hi)
		return neural_parse_bad(p, -EINVAL, "range ends before it begins", i, at);
	if (r->lo < neural_dtype_min(t->dtype) || r->hi > neural_dtype_max(t->dtype))
		return neural_parse_bad(p, -EINVAL, "range leaves the type of its tensor", i,
					at);
	if (i && !neural_range_follows(&m->ranges[i - 1], r))
		return neural_parse_bad(p, -EINVAL, "range is out of order", i, at);
	r->width = neural_dtype_bits(t->dtype) / 8;
	r->at = neural_range_tensor_at(list, r->index) + (size_t)r->first * r->width;
	return 0;
}

static int neural_range_one(struct neural_parse *p, u32 i)
{
	const struct neural_table *table = &p->table[NEURAL_SECTION_RANGES];
	const u64 at = neural_table_offset(p, table, i);
	struct neural_range *r = &p->model->ranges[i];
	struct neural_model_range raw;
	u32 flags;

	neural_table_get(table, i, &raw, sizeof(raw));
	flags = le32_to_cpu(raw.flags);
	if (flags & ~NEURAL_RANGE_OUTPUT)
		return neural_parse_bad(p, -EOPNOTSUPP, "unknown flags of a range", i, at);
	*r = (struct neural_range){
		.output = flags & NEURAL_RANGE_OUTPUT,
		.index = le32_to_cpu(raw.index),
		.first = le32_to_cpu(raw.first),
		.count = le32_to_cpu(raw.count),
		.lo = le64_to_cpu(raw.lo),
		.hi = le64_to_cpu(raw.hi),
	};
	return neural_range_place(p, r, i, at);
}

int neural_parse_ranges(struct neural_parse *p)
{
	u32 i;
	int ret;

	for (i = 0; i < p->model->nr_ranges; i++) {
		ret = neural_range_one(p, i);
		if (ret)
			return ret;
		p->model->nr_in_ranges += !p->model->ranges[i].output;
	}
	return 0;
}
