// SPDX-License-Identifier: GPL-2.0-only
/*
 * Setting parameters: a new instance is built beside the old one and takes its
 * place in one step, so a prediction runs wholly on the one or on the other.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include "instance.h"
#include "layer.h"
#include "limits.h"
#include "weights.h"

static bool neural_network_ready(const struct neural_network *nn,
				 const struct neural_source *layers)
{
	u32 i;

	for (i = 0; i < nn->nr_layers; i++)
		if (!neural_layer_ready(&layers[i]))
			return false;
	return true;
}

int neural_weights_init(struct neural_network *nn)
{
	struct neural_instance *instance;
	int ret = 0;

	mutex_lock(&nn->lock);
	if (neural_network_ready(nn, nn->layers)) {
		instance = neural_instance_create(nn, nn->layers);
		ret = PTR_ERR_OR_ZERO(instance);
		if (!ret)
			neural_instance_exchange(instance);
	}
	mutex_unlock(&nn->lock);
	return ret;
}

/* A working copy of the layers; parameters are shared until replaced. */
static struct neural_source *neural_weights_begin(struct neural_network *nn)
{
	struct neural_source *next;
	const size_t bytes = array_size(nn->nr_layers, sizeof(*next));

	next = neural_mem_alloc(&nn->account, bytes);
	if (next)
		memcpy(next, nn->layers, bytes);
	return next;
}

static bool neural_weights_shared(const struct neural_source *a,
				  const struct neural_source *b)
{
	return a->weights == b->weights && a->bn.gamma == b->bn.gamma;
}

/* Free the layers of @drop that @keep does not share, and @drop itself. */
static void neural_weights_drop(struct neural_network *nn, struct neural_source *drop,
				const struct neural_source *keep)
{
	u32 i;

	for (i = 0; i < nn->nr_layers; i++)
		if (!neural_weights_shared(&drop[i], &keep[i]))
			neural_layer_free(&drop[i]);
	neural_mem_free(drop);
}

/* Make @next the network's layers, or undo it all. */
static int neural_weights_commit(struct neural_network *nn, struct neural_source *next,
				 int ret)
{
	struct neural_instance *instance = NULL;
	struct neural_source *layers = nn->layers;

	if (!ret && neural_network_ready(nn, next)) {
		instance = neural_instance_create(nn, next);
		if (IS_ERR(instance))
			ret = PTR_ERR(instance);
	}
	if (ret) {
		neural_weights_drop(nn, next, layers);
		return ret;
	}
	nn->layers = next;
	neural_weights_drop(nn, layers, next);
	if (instance)
		neural_instance_exchange(instance);
	return 0;
}

static int neural_weights_error(struct neural_network *nn, int ret)
{
	struct neural_reason why = { };

	ret = neural_account_error(&nn->account, ret, &why);
	if (why.rule)
		pr_warn_ratelimited("neural: %s: %s\n", nn->name, why.rule);
	return ret;
}

/**
 * neural_network_set_all_weights() - parameters of all dense layers in one step
 * @nn: network
 * @w: one entry per layer; those of layers that are not dense are not looked at
 * @nr_layers: entries, has to be the network's number of layers
 *
 * Predictions see either none or all of the new parameters.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for NULL or a wrong number of anything, -ERANGE for weights
 * that could overflow the accumulator for some input, -E2BIG past a module
 * limit, -EDQUOT past a limit of all networks, -EOPNOTSUPP for a network from a model
 * file, see neural_network_replace(), -ENOMEM.  On error nothing has changed.
 */
int neural_network_set_all_weights(struct neural_network *nn,
				   const struct neural_layer_weights *w, u32 nr_layers)
{
	struct neural_source *next;
	int ret = 0;
	u32 i;

	if (!nn || !w || nr_layers != nn->nr_layers)
		return -EINVAL;
	if (!nn->layers)
		return -EOPNOTSUPP;
	mutex_lock(&nn->lock);
	next = neural_weights_begin(nn);
	if (!next) {
		ret = -ENOMEM;
		goto out_unlock;
	}
	for (i = 0; i < nr_layers && !ret; i++)
		if (next[i].desc.kind == NEURAL_LAYER_DENSE)
			ret = neural_layer_copy_dense(nn, i, &w[i], &next[i]);
	ret = neural_weights_commit(nn, next, ret);
out_unlock:
	ret = neural_weights_error(nn, ret);
	mutex_unlock(&nn->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_network_set_all_weights);

/**
 * neural_network_set_weights() - parameters of one dense layer
 * @nn: network
 * @layer: number of the layer, from 0
 * @weights: row-major, weight of input i to output j at [j * inputs + i], Q16.16
 * @nr_weights: elements in @weights, has to be inputs * units of the layer
 * @bias: one per unit, Q16.16, or NULL for none
 * @nr_bias: elements in @bias: the layer's units, or 0 with a NULL @bias
 *
 * The parameters are copied.  Where all layers have theirs, predictions use the
 * new ones from here on; to change several layers in one step see
 * neural_network_set_all_weights().
 *
 * Context: process context, may sleep.
 * Return: as neural_network_set_all_weights().
 */
int neural_network_set_weights(struct neural_network *nn, u32 layer,
			       const s32 *weights, size_t nr_weights,
			       const s32 *bias, size_t nr_bias)
{
	const struct neural_layer_weights w = {
		.weights = weights,
		.nr_weights = nr_weights,
		.bias = bias,
		.nr_bias = nr_bias,
	};
	struct neural_source *next;
	int ret;

	if (!nn || layer >= nn->nr_layers)
		return -EINVAL;
	if (!nn->layers)
		return -EOPNOTSUPP;
	mutex_lock(&nn->lock);
	next = neural_weights_begin(nn);
	ret = next ? neural_layer_copy_dense(nn, layer, &w, &next[layer]) : -ENOMEM;
	if (next)
		ret = neural_weights_commit(nn, next, ret);
	ret = neural_weights_error(nn, ret);
	mutex_unlock(&nn->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_network_set_weights);

/**
 * neural_network_set_batch_norm() - parameters of one batch-norm layer
 * @nn: network
 * @layer: number of the layer, from 0
 * @bn: arrays of the layer's units; copied
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for NULL, a wrong number of anything, or a variance that is
 * not positive with epsilon added; otherwise as neural_network_set_all_weights().
 */
int neural_network_set_batch_norm(struct neural_network *nn, u32 layer,
				  const struct neural_batch_norm *bn)
{
	struct neural_source *next;
	int ret;

	if (!nn || !bn || layer >= nn->nr_layers)
		return -EINVAL;
	if (!nn->layers)
		return -EOPNOTSUPP;
	mutex_lock(&nn->lock);
	next = neural_weights_begin(nn);
	ret = next ? neural_layer_copy_batch_norm(nn, layer, bn, &next[layer]) : -ENOMEM;
	if (next)
		ret = neural_weights_commit(nn, next, ret);
	ret = neural_weights_error(nn, ret);
	mutex_unlock(&nn->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_network_set_batch_norm);
