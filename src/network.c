// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a network: made by its creator, freed after the last handle and the last
 * prediction.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include "cache.h"
#include "instance.h"
#include "layer.h"
#include "network.h"
#include "ops/op.h"
#include "params.h"
#include "plan/shape.h"
#include "registry.h"
#include "stats.h"
#include "weights.h"

static struct kmem_cache *neural_network_cache;
static LIST_HEAD(neural_surfaces);

/* Networks whose memory is not yet free, for unload to wait for. */
static atomic_t neural_networks_alive;
static DECLARE_WAIT_QUEUE_HEAD(neural_networks_gone);

void neural_surface_register(struct neural_surface *surface)
{
	list_add_tail(&surface->list, &neural_surfaces);
}

static void neural_network_free(struct neural_network *nn)
{
	u32 i;

	neural_cache_free(rcu_dereference_protected(nn->cache, true));
	if (nn->layers)
		for (i = 0; i < nn->nr_layers; i++)
			neural_layer_free(&nn->layers[i]);
	neural_mem_free(nn->layers);
	neural_mem_free(nn->profile);
	free_percpu(nn->counters);
	WARN_ON_ONCE(atomic64_read(&nn->account.now));
	mutex_destroy(&nn->lock);
	kmem_cache_free(neural_network_cache, nn);
	if (atomic_dec_and_test(&neural_networks_alive))
		wake_up_all(&neural_networks_gone);
}

static void neural_network_free_work(struct work_struct *work)
{
	neural_network_free(container_of(to_rcu_work(work), struct neural_network,
					 free_work));
}

void neural_network_pin(struct neural_network *nn)
{
	refcount_inc(&nn->pins);
}

/* A grace period later, because neural_network_get() may just be looking at it. */
void neural_network_unpin(struct neural_network *nn)
{
	if (refcount_dec_and_test(&nn->pins))
		queue_rcu_work(neural_wq, &nn->free_work);
}

static void neural_network_release(struct kref *ref)
{
	struct neural_network *nn = container_of(ref, struct neural_network, ref);
	struct neural_instance *instance = rcu_dereference_protected(nn->instance, true);

	rcu_assign_pointer(nn->instance, NULL);
	neural_instance_retire(instance);
	neural_network_unpin(nn);
}

/**
 * neural_network_ref() - take another handle
 * @nn: network a handle is held on
 *
 * Context: any.
 * Return: @nn.
 */
struct neural_network *neural_network_ref(struct neural_network *nn)
{
	kref_get(&nn->ref);
	return nn;
}
EXPORT_SYMBOL_GPL(neural_network_ref);

/**
 * neural_network_unref() - drop a handle
 * @nn: network, or NULL or an error pointer for nothing
 *
 * With the last handle the network goes; its memory after the last prediction.
 *
 * Context: any but NMI.
 */
void neural_network_unref(struct neural_network *nn)
{
	if (!IS_ERR_OR_NULL(nn))
		kref_put(&nn->ref, neural_network_release);
}
EXPORT_SYMBOL_GPL(neural_network_unref);

/**
 * neural_network_put() - drop the handle neural_network_get() gave
 * @nn: network, or NULL for nothing
 *
 * Context: any but NMI.
 */
void neural_network_put(struct neural_network *nn)
{
	neural_network_unref(nn);
}
EXPORT_SYMBOL_GPL(neural_network_put);

static int neural_network_init_layers(struct neural_network *nn, u32 input,
				      const struct neural_layer_desc *layers, u32 nr)
{
	struct neural_reason why = { };
	u64 bytes = 0;
	size_t weights;
	u32 i;
	int ret;

	nn->layers = neural_mem_alloc(&nn->account, array_size(nr, sizeof(*nn->layers)));
	nn->profile = neural_mem_alloc(&nn->account,
				       array_size(nr, sizeof(*nn->profile)));
	if (!nn->layers || !nn->profile)
		return -ENOMEM;
	ret = neural_shape_resolve(input, layers, nr, nn->layers, &why);
	if (ret) {
		pr_warn_ratelimited("neural: layer %u: %s\n", why.layer, why.rule);
		return ret;
	}
	nn->nr_layers = nr;
	for (i = 0; i < nr; i++) {
		if (nn->layers[i].desc.kind != NEURAL_LAYER_DENSE)
			continue;
		ret = neural_shape_weights(&nn->layers[i], &weights);
		if (ret)
			return ret;
		bytes += (u64)weights * sizeof(s32);
	}
	if (bytes > neural_param_max_model_bytes()) {
		pr_warn_ratelimited("neural: %llu bytes of weights are more than neural_max_model_bytes\n",
				    bytes);
		return -E2BIG;
	}
	nn->input = input;
	nn->output = nn->layers[nr - 1].desc.units;
	return 0;
}

static int neural_network_init(struct neural_network *nn, const char *name, u32 input,
			       const struct neural_layer_desc *layers, u32 nr)
{
	int ret;

	kref_init(&nn->ref);
	refcount_set(&nn->pins, 1);
	mutex_init(&nn->lock);
	INIT_RCU_WORK(&nn->free_work, neural_network_free_work);
	neural_account_init(&nn->account, neural_param_numa_policy(),
			    neural_param_numa_node());
	nn->simd = true;
	nn->level = -1;
	nn->cache_timeout_ms = neural_param_cache_timeout_ms();
	nn->counters = alloc_percpu(struct neural_counters);
	if (!nn->counters)
		return -ENOMEM;
	ret = neural_network_init_layers(nn, input, layers, nr);
	if (ret)
		return ret;
	return neural_registry_add(nn, name);
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
 * -EINVAL for a NULL pointer, a bad name or a layer outside the limits, -EEXIST
 * for a name in use, -E2BIG past neural_max_model_bytes, -EOVERFLOW for sizes
 * past the address space, -ENOMEM.
 */
struct neural_network *
neural_network_create_layers(const char *name, u32 input,
			     const struct neural_layer_desc *layers, u32 nr_layers)
{
	struct neural_surface *surface;
	struct neural_network *nn;
	int ret;

	if (!layers || !nr_layers || nr_layers > NEURAL_MAX_LAYERS ||
	    (name && !neural_registry_name_ok(name)))
		return ERR_PTR(-EINVAL);
	nn = kmem_cache_zalloc(neural_network_cache, GFP_KERNEL);
	if (!nn)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&neural_networks_alive);
	ret = neural_network_init(nn, name, input, layers, nr_layers);
	if (ret) {
		neural_network_free(nn);
		return ERR_PTR(ret);
	}
	ret = neural_weights_init(nn);
	if (ret) {
		neural_network_destroy(nn);
		return ERR_PTR(ret);
	}
	list_for_each_entry(surface, &neural_surfaces, list)
		if (surface->add(nn))
			pr_warn("neural: %s is not shown everywhere\n", nn->name);
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

/**
 * neural_network_destroy() - take a network away
 * @nn: handle from neural_network_create() or neural_network_create_layers(), or
 *	NULL or an error pointer for nothing
 *
 * Its name is free at once and it disappears from sysfs and debugfs.  Whoever
 * still holds a handle may go on predicting.
 *
 * Context: process context, may sleep.
 */
void neural_network_destroy(struct neural_network *nn)
{
	struct neural_surface *surface;

	if (IS_ERR_OR_NULL(nn))
		return;
	list_for_each_entry_reverse(surface, &neural_surfaces, list)
		surface->remove(nn);
	neural_registry_remove(nn);
	neural_network_unref(nn);
}
EXPORT_SYMBOL_GPL(neural_network_destroy);

/**
 * neural_network_id() - stable number of a network
 * @nn: network
 *
 * Context: any.
 */
u32 neural_network_id(const struct neural_network *nn)
{
	return nn->id;
}
EXPORT_SYMBOL_GPL(neural_network_id);

/**
 * neural_network_name() - name of a network
 * @nn: network
 *
 * Context: any.
 */
const char *neural_network_name(const struct neural_network *nn)
{
	return nn->name;
}
EXPORT_SYMBOL_GPL(neural_network_name);

/**
 * neural_network_input_size() - elements a prediction reads
 * @nn: network
 *
 * Context: any.
 */
u32 neural_network_input_size(const struct neural_network *nn)
{
	return nn->input;
}
EXPORT_SYMBOL_GPL(neural_network_input_size);

/**
 * neural_network_output_size() - elements a prediction writes
 * @nn: network
 *
 * Context: any.
 */
u32 neural_network_output_size(const struct neural_network *nn)
{
	return nn->output;
}
EXPORT_SYMBOL_GPL(neural_network_output_size);

/**
 * neural_network_get_stats() - counters of a network
 * @nn: network
 * @stats: filled in
 *
 * Context: any but NMI.
 * Return: 0, or -EINVAL for a NULL pointer.
 */
int neural_network_get_stats(struct neural_network *nn, struct neural_stats *stats)
{
	if (!nn || !stats)
		return -EINVAL;
	neural_stats_sum(nn->counters, stats);
	stats->bytes = atomic64_read(&nn->account.now);
	stats->bytes_peak = atomic64_read(&nn->account.peak);
	return 0;
}
EXPORT_SYMBOL_GPL(neural_network_get_stats);

int neural_networks_init(void)
{
	neural_network_cache = KMEM_CACHE(neural_network, SLAB_HWCACHE_ALIGN);
	return neural_network_cache ? 0 : -ENOMEM;
}

/* Module users pin the module, so what is left was leaked by one that is gone. */
void neural_networks_exit(void)
{
	struct neural_network *nn;
	u32 id = 0;

	while ((nn = neural_network_next(&id))) {
		pr_warn("neural: %s was never destroyed\n", nn->name);
		neural_network_destroy(nn);
		neural_network_unref(nn);
	}
	wait_event(neural_networks_gone, !atomic_read(&neural_networks_alive));
	/* The grace periods those frees came from. */
	rcu_barrier();
	kmem_cache_destroy(neural_network_cache);
}
