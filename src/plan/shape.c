// SPDX-License-Identifier: GPL-2.0-only
#include "shape.h"

static int neural_shape_layer(struct neural_source *source, struct neural_reason *why)
{
	struct neural_layer_desc *desc = &source->desc;

	if (desc->activation > NEURAL_TANH)
		return neural_refuse(why, -EINVAL, "unknown activation", 0);
	if (desc->slope < 0)
		return neural_refuse(why, -EINVAL, "slope is negative", 0);
	if (!desc->slope)
		desc->slope = NEURAL_LEAKY_SLOPE_DEFAULT;

	switch (desc->kind) {
	case NEURAL_LAYER_DENSE:
		if (!desc->units || desc->units > NEURAL_MAX_UNITS)
			return neural_refuse(why, -EINVAL, "units out of range", 0);
		return 0;
	case NEURAL_LAYER_SOFTMAX:
		if (desc->activation != NEURAL_LINEAR)
			return neural_refuse(why, -EINVAL,
					     "softmax with an activation", 0);
		break;
	case NEURAL_LAYER_BATCH_NORM:
		break;
	default:
		return neural_refuse(why, -EINVAL, "unknown layer kind", 0);
	}
	if (!desc->units)
		desc->units = source->in;
	if (desc->units != source->in)
		return neural_refuse(why, -EINVAL, "layer cannot change the width", 0);
	return 0;
}

int neural_shape_resolve(u32 input, const struct neural_layer_desc *layers,
			 u32 nr_layers, struct neural_source *source,
			 struct neural_reason *why)
{
	u32 i, width = input;
	int ret;

	why->layer = 0;
	if (!input || input > NEURAL_MAX_UNITS)
		return neural_refuse(why, -EINVAL, "inputs out of range", 0);
	if (!nr_layers || nr_layers > NEURAL_MAX_LAYERS)
		return neural_refuse(why, -EINVAL, "number of layers out of range", 0);

	for (i = 0; i < nr_layers; i++) {
		source[i] = (struct neural_source){ .desc = layers[i], .in = width };
		why->layer = i;
		ret = neural_shape_layer(&source[i], why);
		if (ret)
			return ret;
		width = source[i].desc.units;
	}
	return 0;
}

int neural_shape_weights(const struct neural_source *source, size_t *nr)
{
	size_t bytes;

	if (check_mul_overflow((size_t)source->in, (size_t)source->desc.units, nr) ||
	    check_mul_overflow(*nr, sizeof(s32), &bytes))
		return -EOVERFLOW;
	return 0;
}
