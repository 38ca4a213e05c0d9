// SPDX-License-Identifier: GPL-2.0-only
/* Networks made of layers. */
#include <linux/module.h>
#include "handle.h"
#include "layer.h"
#include "limits.h"
#include "network.h"
#include "params.h"
#include "plan/shape.h"
#include "registry.h"
#include "weights.h"

/* Bytes of all weights there will be, or an errno. */
static s64 neural_create_bytes(const struct neural_network *nn)
{
	size_t weights;
	u64 bytes = 0;
	u32 i;
	int ret;

	for (i = 0; i < nn->nr_layers; i++) {
		if (nn->layers[i].desc.kind != NEURAL_LAYER_DENSE)
			continue;
		ret = neural_shape_weights(&nn->layers[i], &weights);
		if (ret)
			return ret;
		bytes += (u64)weights * sizeof(s32);
	}
	return bytes;
}

static int neural_create_init(struct neural_network *nn, u32 input,
			      const struct neural_layer_desc *layers, u32 nr)
{
	struct neural_reason why = { };
	s64 bytes;
	int ret;

	nn->layers = neural_mem_alloc(&nn->account, array_size(nr, sizeof(*nn->layers)));
	if (!nn->layers)
		return -ENOMEM;
	ret = neural_shape_resolve(input, layers, nr, nn->layers, &why);
	if (ret) {
		pr_warn_ratelimited("neural: layer %u: %s\n", why.layer, why.rule);
		return ret;
	}
	nn->nr_layers = nr;
	bytes = neural_create_bytes(nn);
	if (bytes < 0)
		return bytes;
	if (bytes > neural_param_max_model_bytes()) {
		pr_warn_ratelimited("neural: %lld bytes of weights are more than neural_max_model_bytes\n",
				    bytes);
		return -E2BIG;
	}
	nn->words = true;
	nn->input = input;
	nn->output = nn->layers[nr - 1].desc.units;
	nn->in_bytes = nn->input * sizeof(s32);
	nn->out_bytes = nn->output * sizeof(s32);
	nn->align = sizeof(s32);
	return 0;
}

static int neural_create_error(struct neural_network *nn, int ret)
{
	struct neural_reason why = { };

	ret = neural_account_error(&nn->account, ret, &why);
	if (why.rule)
		pr_warn_ratelimited("neural: %s: %s\n", nn->name, why.rule);
	return ret;
}

static struct neural_network *neural_create(const char *name, u32 input,
					    const struct neural_layer_desc *layers,
					    u32 nr_layers)
{
	struct neural_network *nn = neural_network_new(name);
	int ret;

	if (IS_ERR(nn))
		return nn;
	ret = neural_create_init(nn, input, layers, nr_layers);
	ret = neural_create_error(nn, ret);
	if (ret)
		goto out_drop;
	ret = neural_registry_add(nn);
	if (ret)
		goto out_drop;
	ret = neural_create_error(nn, neural_weights_init(nn));
	if (ret)
		goto out_remove;
	neural_network_show(nn);
	return nn;

out_remove:
	neural_registry_remove(nn);
out_drop:
	neural_network_drop(nn);
	return ERR_PTR(ret);
}

/**
 * neural_network_create_layers() - make a network from a list of layers
 * @name: unique, up to NEURAL_NAME_LEN - 1 letters, digits, '_', '-', '.', not
 *	beginning with '.' or "network_"; NULL for "network_<id>"
 * @input: inputs, 1 .. NEURAL_MAX_UNITS
 * @layers: description of each layer, first one first
 * @nr_layers: how many, 1 .. NEURAL_MAX_LAYERS
 *
 * The network predicts once every dense and batch-norm layer has its parameters,
 * see neural_network_set_weights() and neural_network_set_batch_norm().
 *
 * Context: process context, may sleep.
 * Return: a handle, to be given to neural_network_destroy(), or an error pointer:
 * -EINVAL for a NULL pointer, a bad name or a layer outside the limits, -ENODEV where
 * the module is going, -EEXIST for a name in use, -E2BIG past neural_max_model_bytes,
 * -EDQUOT past neural_max_networks, neural_max_total_bytes or neural_max_total_macs,
 * -EOVERFLOW for sizes past the address space, -ENOMEM.
 */
struct neural_network *
neural_network_create_layers(const char *name, u32 input,
			     const struct neural_layer_desc *layers, u32 nr_layers)
{
	struct neural_network *nn;

	if (!layers || !nr_layers || nr_layers > NEURAL_MAX_LAYERS)
		return ERR_PTR(-EINVAL);
	if (!neural_handle_new())
		return ERR_PTR(-ENODEV);
	nn = neural_create(name, input, layers, nr_layers);
	if (IS_ERR(nn))
		neural_handle_end();
	return nn;
}
EXPORT_SYMBOL_GPL(neural_network_create_layers);

/**
 * neural_network_create() - make a network with one hidden layer
 * @input: inputs, 1 .. NEURAL_MAX_UNITS
 * @hidden: relu units in the hidden layer, 1 .. NEURAL_MAX_UNITS
 * @output: linear outputs, 1 .. NEURAL_MAX_UNITS
 *
 * Its name is "network_<id>".
 *
 * Context: process context, may sleep.
 * Return: as neural_network_create_layers().
 */
struct neural_network *neural_network_create(u32 input, u32 hidden, u32 output)
{
	const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, hidden, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, output, 0 },
	};

	return neural_network_create_layers(NULL, input, layers, ARRAY_SIZE(layers));
}
EXPORT_SYMBOL_GPL(neural_network_create);
