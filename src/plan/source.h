/* SPDX-License-Identifier: GPL-2.0-only */
/* Layers as given: what a plan is built from. */
#ifndef _NEURAL_PLAN_SOURCE_H
#define _NEURAL_PLAN_SOURCE_H

#include <linux/neural.h>
#include "../env.h"

/**
 * struct neural_source - one layer with its parameters
 * @desc: kind, activation, slope (resolved, not 0), units (resolved, not 0)
 * @in: width of its input
 * @weights: dense: @desc.units rows of @in
 * @bias: dense: one per unit
 * @bn: batch-norm: arrays of @desc.units
 */
struct neural_source {
	struct neural_layer_desc desc;
	u32 in;
	const s32 *weights;
	const s32 *bias;
	struct neural_batch_norm bn;
};

/**
 * struct neural_reason - why parameters were refused
 * @rule: what was broken, NULL if nothing
 * @layer: in which layer
 * @unit: at which output
 */
struct neural_reason {
	const char *rule;
	u32 layer;
	u32 unit;
};

static inline int neural_refuse(struct neural_reason *why, int err,
				const char *rule, u32 unit)
{
	why->rule = rule;
	why->unit = unit;
	return err;
}

#endif /* _NEURAL_PLAN_SOURCE_H */
