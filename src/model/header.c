// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

/* The checksum with its own field taken as zero. */
static u32 neural_header_crc(const struct neural_parse *p)
{
	const size_t field = offsetof(struct neural_model_header, crc);
	const __le32 zero = 0;
	size_t at = field + sizeof(zero), size;
	u32 crc;

	crc = neural_crc32c(0, p->file, field);
	crc = neural_crc32c(crc, &zero, sizeof(zero));
	for (; at < p->bytes; at += size) {
		size = min_t(size_t, p->bytes - at, NEURAL_PARSE_CHUNK);
		crc = neural_crc32c(crc, p->file + at, size);
		neural_pause();
	}
	return crc;
}

/* What says whether the rest is ours to read. */
static int neural_header_identify(struct neural_parse *p,
				  const struct neural_model_header *h)
{
	if (le32_to_cpu(h->magic) != NEURAL_MODEL_MAGIC)
		return neural_parse_bad(p, -EINVAL, "not a model file", 0,
					offsetof(struct neural_model_header, magic));
	if (le16_to_cpu(h->version) != NEURAL_MODEL_VERSION)
		return neural_parse_bad(p, -EOPNOTSUPP, "unknown version", 0,
					offsetof(struct neural_model_header, version));
	if (le64_to_cpu(h->file_bytes) != p->bytes)
		return neural_parse_bad(p, -EINVAL, "file has another size", 0,
					offsetof(struct neural_model_header, file_bytes));
	if (le32_to_cpu(h->crc) != neural_header_crc(p))
		return neural_parse_bad(p, -EINVAL, "checksum does not match", 0,
					offsetof(struct neural_model_header, crc));
	if (h->flags)
		return neural_parse_bad(p, -EOPNOTSUPP, "unknown flags", 0,
					offsetof(struct neural_model_header, flags));
	return 0;
}

static int neural_header_limits(struct neural_parse *p)
{
	const struct neural_model *m = p->model;

	if (p->nr_sections > NEURAL_MODEL_MAX_SECTIONS)
		return neural_parse_bad(p, -E2BIG, "too many sections", 0,
					offsetof(struct neural_model_header, nr_sections));
	if (!m->nr_inputs)
		return neural_parse_bad(p, -EINVAL, "model has no inputs", 0,
					offsetof(struct neural_model_header, nr_inputs));
	if (m->nr_inputs > NEURAL_MODEL_MAX_INPUTS)
		return neural_parse_bad(p, -E2BIG, "too many model inputs", 0,
					offsetof(struct neural_model_header, nr_inputs));
	if (!m->nr_outputs)
		return neural_parse_bad(p, -EINVAL, "model has no outputs", 0,
					offsetof(struct neural_model_header, nr_outputs));
	if (m->nr_outputs > NEURAL_MODEL_MAX_INPUTS)
		return neural_parse_bad(p, -E2BIG, "too many model outputs", 0,
					offsetof(struct neural_model_header, nr_outputs));
	return 0;
}

int neural_parse_header(struct neural_parse *p)
{
	struct neural_model_header h;
	int ret;

	if (p->bytes < sizeof(h))
		return neural_parse_bad(p, -EINVAL, "file is too short", 0, p->bytes);
	if (p->bytes > NEURAL_MODEL_MAX_BYTES)
		return neural_parse_bad(p, -E2BIG, "file is too large", 0, 0);
	memcpy(&h, p->file, sizeof(h));
	ret = neural_header_identify(p, &h);
	if (ret)
		return ret;

	p->header_bytes = le16_to_cpu(h.header_bytes);
	if (p->header_bytes < sizeof(h) || p->header_bytes > p->bytes)
		return neural_parse_bad(p, -EINVAL, "header size is out of range", 0,
					offsetof(struct neural_model_header, header_bytes));
	if (!neural_parse_zero(h.reserved, sizeof(h.reserved)) ||
	    !neural_parse_zero(p->file + sizeof(h), p->header_bytes - sizeof(h)))
		return neural_parse_bad(p, -EINVAL, "reserved bytes are not zero", 0,
					offsetof(struct neural_model_header, reserved));
	p->nr_sections = le32_to_cpu(h.nr_sections);
	p->inputs = le32_to_cpu(h.inputs);
	p->outputs = le32_to_cpu(h.outputs);
	p->model->nr_inputs = le32_to_cpu(h.nr_inputs);
	p->model->nr_outputs = le32_to_cpu(h.nr_outputs);
	return neural_header_limits(p);
}
