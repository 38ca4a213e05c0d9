/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows as a prediction cache sees them: bytes in, spans of bytes out. */
#ifndef _NEURAL_CACHE_SHAPE_H
#define _NEURAL_CACHE_SHAPE_H

#include <linux/types.h>
#include <uapi/linux/neural_model.h>

/**
 * struct neural_cache_span - bytes of a row without a gap
 * @offset: in the row
 * @bytes: how many
 */
struct neural_cache_span {
	u32 offset;
	u32 bytes;
};

/**
 * struct neural_cache_shape - rows of a network
 * @in_bytes: size of an input row; all of it is the key
 * @out_bytes: size of an output row
 * @nr_spans: what a prediction writes of it
 * @spans: where; what lies between them is the caller's and neither kept nor written
 */
struct neural_cache_shape {
	size_t in_bytes;
	size_t out_bytes;
	u32 nr_spans;
	struct neural_cache_span spans[NEURAL_MODEL_MAX_INPUTS];
};

#endif /* _NEURAL_CACHE_SHAPE_H */
