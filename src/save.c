// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "alloc.h"
#include "instance.h"
#include "model/write.h"

static const void *neural_save_layers(struct neural_network *nn, size_t *bytes)
{
	struct neural_reason why;
	void *file;
	int ret;

	if (!neural_instance_of(nn))
		return ERR_PTR(-ENODATA);
	ret = neural_model_write(&nn->account, nn->layers, nn->nr_layers, nn->name, &file,
				 bytes, &why);
	if (!ret)
		return file;
	pr_warn_ratelimited("neural: %s: not saved, layer %u unit %u: %s\n", nn->name,
			    why.layer, why.unit, why.rule);
	return ERR_PTR(ret);
}

static ssize_t neural_save_copy(void *buf, size_t size, const void *file, size_t bytes)
{
	if (!buf)
		return bytes;
	if (size < bytes)
		return -ENOSPC;
	memcpy(buf, file, bytes);
	return bytes;
}

/**
 * neural_network_save() - a network as a model file
 * @nn: network
 * @buf: room for the file, or NULL to ask for its size
 * @size: bytes there
 *
 * Of a network from a model file, that file.  Of one made of layers, a file that loads
 * to a network with the same answers, bit for bit; batch-norm is in it as it is computed
 * with, folded into the layer before or as a factor and an addend per unit.
 *
 * Context: process context, may sleep.
 * Return: bytes of the file; -EINVAL for a NULL network, -ENOSPC for too little room,
 * -ENODATA before all layers have their parameters, -ENOMEM.
 */
ssize_t neural_network_save(struct neural_network *nn, void *buf, size_t size)
{
	const void *file;
	size_t bytes;
	ssize_t ret;

	if (!nn)
		return -EINVAL;
	mutex_lock(&nn->lock);
	if (nn->model) {
		/* All of it: what is behind the model may be its signature. */
		file = nn->model->file;
		ret = neural_save_copy(buf, size, file, neural_mem_size(file));
	} else {
		file = neural_save_layers(nn, &bytes);
		ret = PTR_ERR_OR_ZERO(file);
		if (!ret) {
			ret = neural_save_copy(buf, size, file, bytes);
			neural_mem_free(file);
		}
	}
	mutex_unlock(&nn->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(neural_network_save);
