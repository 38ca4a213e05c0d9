// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

/**
 * struct neural_tensor_entry - a tensor as the file has it
 * @raw: the entry
 * @number: of the tensor
 * @at: where the entry is in the file
 */
struct neural_tensor_entry {
	struct neural_model_tensor raw;
	u32 number;
	u64 at;
};

static int neural_tensor_bad(struct neural_parse *p, const struct neural_tensor_entry *e,
			     int err, const char *rule)
{
	return neural_parse_bad(p, err, rule, e->number, e->at);
}

/*
 * Dimensions, and the sizes that follow.  Neither factor of a product is above 2^32 and
 * the one so far never above NEURAL_MODEL_MAX_ELEMENTS, so none overflows.
 */
static int neural_tensor_shape(struct neural_parse *p, const struct neural_tensor_entry *e,
			       struct neural_tensor *t)
{
	u64 elements = 1, bytes;
	u32 d, dim;

	t->rank = e->raw.rank;
	if (t->rank > NEURAL_MODEL_RANK)
		return neural_tensor_bad(p, e, -E2BIG, "tensor has too many dimensions");
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		dim = le32_to_cpu(e->raw.dim[d]);
		t->dim[d] = d < t->rank ? dim : 1;
		if (d >= t->rank && dim)
			return neural_tensor_bad(p, e, -EINVAL,
						 "dimension past the last is not zero");
		if (!t->dim[d])
			return neural_tensor_bad(p, e, -EINVAL, "dimension is zero");
		elements *= t->dim[d];
		if (elements > NEURAL_MODEL_MAX_ELEMENTS)
			return neural_tensor_bad(p, e, -E2BIG, "tensor is too large");
	}
	bytes = DIV_ROUND_UP(elements * neural_dtype_bits(t->dtype), 8);
	if (bytes > S32_MAX)
		return neural_tensor_bad(p, e, -E2BIG, "tensor is too large");
	t->elements = elements;
	t->bytes = bytes;
	return 0;
}

static int neural_tensor_numbers(struct neural_parse *p,
				 const struct neural_tensor_entry *e,
				 struct neural_tensor *t)
{
	const bool integer = t->dtype == NEURAL_S8 || t->dtype == NEURAL_S16;
	const bool fixed = t->dtype != NEURAL_S8 && t->dtype != NEURAL_S4;

	t->lo = neural_dtype_min(t->dtype);
	t->hi = neural_dtype_max(t->dtype);
	t->zero_point = le32_to_cpu(e->raw.zero_point);
	if (integer ? t->zero_point < t->lo || t->zero_point > t->hi : t->zero_point)
		return neural_tensor_bad(p, e, -EINVAL, "zero point is out of range");
	t->frac = le32_to_cpu(e->raw.frac);
	if (t->frac > (fixed ? 31 : 0))
		return neural_tensor_bad(p, e, -EINVAL, "fraction bits out of range");
	if (t->frac && t->zero_point)
		return neural_tensor_bad(p, e, -EINVAL,
					 "fraction bits and a zero point together");
	/* Not negative, nor infinite, nor no number at all: by its bits. */
	t->scale = le32_to_cpu(e->raw.scale);
	if (t->scale >= 0x7f800000)
		return neural_tensor_bad(p, e, -EINVAL, "scale is not a positive number");
	return 0;
}

/*
 * Constants may share bytes: none is ever written, and a file that repeats weights is
 * smaller for it.
 */
static int neural_tensor_data(struct neural_parse *p, const struct neural_tensor_entry *e,
			      struct neural_tensor *t)
{
	const struct neural_table *data = &p->table[NEURAL_SECTION_DATA];
	const u64 offset = le64_to_cpu(e->raw.data);
	const u32 flags = le16_to_cpu(e->raw.flags);

	if (flags & ~NEURAL_TENSOR_CONST)
		return neural_tensor_bad(p, e, -EOPNOTSUPP, "unknown flags of a tensor");
	if (!(flags & NEURAL_TENSOR_CONST)) {
		if (offset)
			return neural_tensor_bad(p, e, -EINVAL,
						 "tensor with data is no constant");
		if (t->dtype == NEURAL_S4)
			return neural_tensor_bad(p, e, -EINVAL,
						 "4-bit tensor is no constant");
		return 0;
	}
	if (!IS_ALIGNED(offset, NEURAL_MODEL_ALIGN))
		return neural_tensor_bad(p, e, -EINVAL, "constant is not aligned");
	if (offset > data->bytes || t->bytes > data->bytes - offset)
		return neural_tensor_bad(p, e, -EINVAL, "constant leaves the data section");
	t->data = data->at + offset;
	t->defined = true;
	if (t->dtype == NEURAL_S4 && t->elements % 2 &&
	    data->at[offset + t->bytes - 1] >> 4)
		return neural_tensor_bad(p, e, -EINVAL, "padding of a constant is not zero");
	return 0;
}

static int neural_tensor_one(struct neural_parse *p, u32 i)
{
	const struct neural_table *table = &p->table[NEURAL_SECTION_TENSORS];
	struct neural_tensor *t = &p->model->tensors[i];
	struct neural_tensor_entry e = { .number = i };
	int ret;

	e.at = neural_table_offset(p, table, i);
	neural_table_get(table, i, &e.raw, sizeof(e.raw));
	if (!neural_parse_zero(e.raw.reserved, sizeof(e.raw.reserved)))
		return neural_tensor_bad(p, &e, -EINVAL, "reserved bytes are not zero");
	t->dtype = e.raw.dtype;
	if (t->dtype < NEURAL_S8 || t->dtype > NEURAL_S4)
		return neural_tensor_bad(p, &e, -EINVAL, "unknown element type");
	ret = neural_tensor_shape(p, &e, t);
	if (!ret)
		ret = neural_tensor_numbers(p, &e, t);
	if (!ret)
		ret = neural_tensor_data(p, &e, t);
	if (!ret)
		ret = neural_parse_string(p, le32_to_cpu(e.raw.name), &t->name, i, e.at);
	return ret;
}

int neural_parse_tensors(struct neural_parse *p)
{
	u32 i;
	int ret;

	for (i = 0; i < p->model->nr_tensors; i++) {
		ret = neural_tensor_one(p, i);
		if (ret)
			return ret;
		neural_pause();
	}
	return 0;
}
