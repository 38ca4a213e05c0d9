// SPDX-License-Identifier: GPL-2.0-only
/* Where the memory of a network is. */
#include <linux/cpumask.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include "../src/cache.h"
#include "../src/candidate.h"
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

static void neural_nodes_add_plan(const struct neural_plan *plan, u64 *pages)
{
	u32 i;

	neural_nodes_add(plan, pages);
	neural_nodes_add(plan->constants, pages);
	for (i = 0; i < plan->nr_steps; i++)
		neural_nodes_add(plan->steps[i].params, pages);
}

static void neural_nodes_add_model(const struct neural_model *model, u64 *pages)
{
	neural_nodes_add(model, pages);
	neural_nodes_add(model->file, pages);
}

static void neural_nodes_add_contexts(const struct neural_contexts *contexts, u64 *pages)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		neural_nodes_add(contexts->cpu[cpu], pages);
	neural_nodes_add(contexts->spare, pages);
}

/**
 * struct neural_nodes_walk - somebody who wants to know
 * @row: is told
 * @arg: for it
 * @pages: of the row
 */
struct neural_nodes_walk {
	void (*row)(void *arg, const char *what, int replica, const u64 *pages);
	void *arg;
	u64 *pages;
};

static void neural_nodes_row(struct neural_nodes_walk *w, const char *what, int replica)
{
	w->row(w->arg, what, replica, w->pages);
	memset(w->pages, 0, MAX_NUMNODES * sizeof(*w->pages));
}

/* As they were set or came in a file. */
static void neural_nodes_walk_parameters(struct neural_nodes_walk *w,
					 const struct neural_network *nn)
{
	u32 i;

	neural_nodes_add(nn->layers, w->pages);
	if (nn->layers)
		for (i = 0; i < nn->nr_layers; i++)
			neural_nodes_add_layer(&nn->layers[i], w->pages);
	if (nn->model)
		neural_nodes_add_model(nn->model, w->pages);
	neural_nodes_row(w, "parameters", -1);
}

static void neural_nodes_walk_instance(struct neural_nodes_walk *w,
				       const struct neural_instance *instance)
{
	unsigned int i;

	for (i = 0; instance->replicas && i < nr_node_ids; i++) {
		if (!instance->replicas[i])
			continue;
		neural_nodes_add_plan(instance->replicas[i], w->pages);
		neural_nodes_row(w, "weights", i);
	}
	if (!instance->replicas) {
		neural_nodes_add_plan(instance->plan, w->pages);
		neural_nodes_row(w, "weights", -1);
	}
	neural_nodes_add(instance->profile, w->pages);
	neural_nodes_add_contexts(&instance->contexts, w->pages);
	neural_nodes_row(w, "arenas", -1);
}

/* All of it: file, weights on whatever nodes they are, and room for its outputs. */
static void neural_nodes_walk_candidate(struct neural_nodes_walk *w,
					const struct neural_candidate *candidate)
{
	const struct neural_instance *instance = candidate->instance;
	unsigned int i;

	neural_nodes_add(candidate, w->pages);
	neural_nodes_add_model(candidate->model, w->pages);
	neural_nodes_add_contexts(&candidate->out, w->pages);
	for (i = 0; instance->replicas && i < nr_node_ids; i++)
		if (instance->replicas[i])
			neural_nodes_add_plan(instance->replicas[i], w->pages);
	if (!instance->replicas)
		neural_nodes_add_plan(instance->plan, w->pages);
	neural_nodes_add(instance->profile, w->pages);
	neural_nodes_add_contexts(&instance->contexts, w->pages);
	neural_nodes_row(w, "candidate", -1);
}

int neural_debugfs_walk_nodes(struct neural_network *nn,
			      void (*row)(void *arg, const char *what, int replica,
					  const u64 *pages),
			      void *arg)
{
	struct neural_nodes_walk w = { .row = row, .arg = arg };
	struct neural_candidate *candidate;
	struct neural_instance *instance;
	struct neural_cache *cache;

	w.pages = kcalloc(MAX_NUMNODES, sizeof(*w.pages), GFP_KERNEL);
	if (!w.pages)
		return -ENOMEM;
	mutex_lock(&nn->lock);
	neural_nodes_walk_parameters(&w, nn);
	instance = neural_instance_of(nn);
	if (instance)
		neural_nodes_walk_instance(&w, instance);
	candidate = neural_candidate_of(nn);
	if (candidate)
		neural_nodes_walk_candidate(&w, candidate);
	cache = rcu_dereference_protected(nn->cache, lockdep_is_held(&nn->lock));
	if (cache) {
		neural_cache_nodes(cache, w.pages);
		neural_nodes_row(&w, "cache", -1);
	}
	mutex_unlock(&nn->lock);
	kfree(w.pages);
	return 0;
}

static void neural_nodes_sum(void *arg, const char *what, int replica, const u64 *pages)
{
	u64 *sum = arg;
	int node;

	for_each_online_node(node)
		sum[node] += pages[node];
}

u64 *neural_debugfs_nodes(struct neural_network *nn)
{
	u64 *pages = kcalloc(MAX_NUMNODES, sizeof(*pages), GFP_KERNEL);

	if (pages && neural_debugfs_walk_nodes(nn, neural_nodes_sum, pages)) {
		kfree(pages);
		return NULL;
	}
	return pages;
}
