/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers as given: what a plan is built from. */
#ifndef _NEURAL_OPS_SOURCE_H
#define _NEURAL_OPS_SOURCE_H

#include <linux/neural.h>
#include "node.h"

/**
 * struct neural_source - one layer with its parameters
 * @desc: kind, activation, slope (resolved, not 0), units (resolved, not 0)
 * @in: width of its input
 * @weights: dense: @desc.units rows of @in
 * @weights16: dense: the same in 16 bits, where @weights is NULL
 * @bias: dense: one per unit; NULL for zeros
 * @reach: dense: no input is larger in magnitude; 0 where any s32 may come
 * @bn: batch-norm: arrays of @desc.units
 */
struct neural_source {
	struct neural_layer_desc desc;
	u32 in;
	const s32 *weights;
	const s16 *weights16;
	const s32 *bias;
	u32 reach;
	struct neural_batch_norm bn;
};

/* A batch-norm behind a linear dense layer has no step of its own. */
static inline bool neural_source_folds(const struct neural_source *source, u32 nr, u32 i)
{
	return source[i].desc.kind == NEURAL_LAYER_DENSE &&
	       source[i].desc.activation == NEURAL_LINEAR && i + 1 < nr &&
	       source[i + 1].desc.kind == NEURAL_LAYER_BATCH_NORM;
}

#endif /* _NEURAL_OPS_SOURCE_H */
