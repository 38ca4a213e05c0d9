// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "layer.h"
#include "plan/shape.h"

static int neural_layer_refuse(const struct neural_network *nn, u32 layer, int err,
			       const char *rule)
{
	pr_warn_ratelimited("neural: %s layer %u: %s\n", nn->name, layer, rule);
	return err;
}

static int neural_layer_check(const struct neural_network *nn, u32 layer,
			      enum neural_layer_kind kind)
{
	if (layer >= nn->nr_layers)
		return neural_layer_refuse(nn, layer, -EINVAL, "no such layer");
	if (nn->layers[layer].desc.kind != kind)
		return neural_layer_refuse(nn, layer, -EINVAL,
					   "parameters of another kind of layer");
	return 0;
}

static s32 *neural_layer_dup(struct neural_network *nn, const s32 *from, size_t nr)
{
	s32 *to = neural_mem_alloc(&nn->account, nr * sizeof(*to));

	if (to && from)
		memcpy(to, from, nr * sizeof(*to));
	return to;
}

int neural_layer_copy_dense(struct neural_network *nn, u32 layer,
			    const struct neural_layer_weights *w,
			    struct neural_source *copy)
{
	size_t nr;
	u32 units;
	int ret;

	ret = neural_layer_check(nn, layer, NEURAL_LAYER_DENSE);
	if (ret)
		return ret;
	if (!w->weights || (!w->bias && w->nr_bias))
		return neural_layer_refuse(nn, layer, -EINVAL, "NULL parameters");
	*copy = nn->layers[layer];
	units = copy->desc.units;
	ret = neural_shape_weights(copy, &nr);
	if (ret)
		return neural_layer_refuse(nn, layer, ret, "weights are too large");
	if (w->nr_weights != nr)
		return neural_layer_refuse(nn, layer, -EINVAL,
					   "number of weights is not inputs times units");
	if (w->bias && w->nr_bias != units)
		return neural_layer_refuse(nn, layer, -EINVAL,
					   "number of biases is not that of units");
	copy->weights = neural_layer_dup(nn, w->weights, nr);
	copy->bias = neural_layer_dup(nn, w->bias, units);
	if (copy->weights && copy->bias)
		return 0;
	neural_layer_free(copy);
	return neural_layer_refuse(nn, layer, -ENOMEM, "out of memory");
}

int neural_layer_copy_batch_norm(struct neural_network *nn, u32 layer,
				 const struct neural_batch_norm *bn,
				 struct neural_source *copy)
{
	u32 units;
	int ret;

	ret = neural_layer_check(nn, layer, NEURAL_LAYER_BATCH_NORM);
	if (ret)
		return ret;
	if (!bn->gamma || !bn->beta || !bn->mean || !bn->variance)
		return neural_layer_refuse(nn, layer, -EINVAL, "NULL parameters");
	*copy = nn->layers[layer];
	units = copy->desc.units;
	if (bn->units != units)
		return neural_layer_refuse(nn, layer, -EINVAL,
					   "number of units is not the layer's");
	copy->bn = (struct neural_batch_norm){
		.gamma = neural_layer_dup(nn, bn->gamma, units),
		.beta = neural_layer_dup(nn, bn->beta, units),
		.mean = neural_layer_dup(nn, bn->mean, units),
		.variance = neural_layer_dup(nn, bn->variance, units),
		.units = units,
		.epsilon = bn->epsilon,
	};
	if (neural_layer_ready(copy))
		return 0;
	neural_layer_free(copy);
	return neural_layer_refuse(nn, layer, -ENOMEM, "out of memory");
}

bool neural_layer_ready(const struct neural_source *layer)
{
	switch (layer->desc.kind) {
	case NEURAL_LAYER_DENSE:
		return layer->weights && layer->bias;
	case NEURAL_LAYER_BATCH_NORM:
		return layer->bn.gamma && layer->bn.beta && layer->bn.mean &&
		       layer->bn.variance;
	default:
		return true;
	}
}

void neural_layer_free(struct neural_source *layer)
{
	neural_mem_free(layer->weights);
	neural_mem_free(layer->bias);
	neural_mem_free(layer->bn.gamma);
	neural_mem_free(layer->bn.beta);
	neural_mem_free(layer->bn.mean);
	neural_mem_free(layer->bn.variance);
	layer->weights = NULL;
	layer->bias = NULL;
	layer->bn = (struct neural_batch_norm){ };
}

const char *neural_layer_kind_name(enum neural_layer_kind kind)
{
	static const char *const names[] = {
		[NEURAL_LAYER_DENSE] = "dense",
		[NEURAL_LAYER_SOFTMAX] = "softmax",
		[NEURAL_LAYER_BATCH_NORM] = "batch_norm",
	};

	return names[kind];
}
