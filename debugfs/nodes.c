// SPDX-License-Identifier: GPL-2.0-only
/* Where the memory of a network is. */
#include <linux/cpumask.h>
#include <linux/slab.h>
#include "../src/cache.h"
#include "../src/instance.h"
#include "debugfs.h"

static void neural_nodes_add(const void *mem, u64 *pages)
{
	if (mem)
		neural_mem_nodes(mem, pages);
	cond_resched();
}

static void neural_nodes_add_layer(const struct neural_source *layer, u64 *pages)
{
	neural_nodes_add(layer->weights, pages);
	neural_nodes_add(layer->bias, pages);
	neural_nodes_add(layer->bn.gamma, pages);
	neural_nodes_add(layer->bn.beta, pages);
	neural_nodes_add(layer->bn.mean, pages);
	neural_nodes_add(layer->bn.variance, pages);
}

static void neural_nodes_add_instance(const struct neural_instance *instance, u64 *pages)
{
	unsigned int i;

	neural_nodes_add(instance->plan, pages);
	neural_nodes_add(instance->plan->constants, pages);
	neural_nodes_add(instance->profile, pages);
	for (i = 0; i < instance->plan->nr_steps; i++)
		neural_nodes_add(instance->plan->steps[i].params, pages);
	for_each_possible_cpu(i)
		neural_nodes_add(instance->contexts.cpu[i], pages);
	neural_nodes_add(instance->contexts.spare, pages);
}

u64 *neural_debugfs_nodes(struct neural_network *nn)
{
	u64 *pages = kcalloc(MAX_NUMNODES, sizeof(*pages), GFP_KERNEL);
	struct neural_instance *instance;
	struct neural_cache *cache;
	u32 i;

	if (!pages)
		return NULL;
	mutex_lock(&nn->lock);
	neural_nodes_add(nn->layers, pages);
	if (nn->layers)
		for (i = 0; i < nn->nr_layers; i++)
			neural_nodes_add_layer(&nn->layers[i], pages);
	if (nn->model) {
		neural_nodes_add(nn->model, pages);
		neural_nodes_add(nn->model->file, pages);
	}
	instance = neural_instance_of(nn);
	if (instance)
		neural_nodes_add_instance(instance, pages);
	cache = rcu_dereference_protected(nn->cache, lockdep_is_held(&nn->lock));
	if (cache)
		neural_cache_nodes(cache, pages);
	mutex_unlock(&nn->lock);
	return pages;
}
