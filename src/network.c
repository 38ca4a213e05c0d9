// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a network: made by its creator, freed after the last handle and the last
 * prediction.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/wait.h>
#include "cache.h"
#include "candidate.h"
#include "handle.h"
#include "instance.h"
#include "layer.h"
#include "limits.h"
#include "load.h"
#include "network.h"
#include "params.h"
#include "registry.h"
#include "stats.h"

/* A line that all CPUs have, and keep: what predictions read is apart from what is written. */
static_assert(offsetofend(struct neural_network, out_bytes) <= SMP_CACHE_BYTES);
static_assert(IS_ALIGNED(offsetof(struct neural_network, ref), SMP_CACHE_BYTES));

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
	neural_load_drop(nn->model);
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

/* A grace period later, because neural_network_find() may just be looking at it. */
void neural_network_unpin(struct neural_network *nn)
{
	if (refcount_dec_and_test(&nn->pins))
		queue_rcu_work(neural_wq, &nn->free_work);
}

static void neural_network_release(struct kref *ref)
{
	struct neural_network *nn = container_of(ref, struct neural_network, ref);
	struct neural_instance *instance = rcu_dereference_protected(nn->instance, true);

	neural_candidate_retire(rcu_dereference_protected(nn->candidate, true));
	RCU_INIT_POINTER(nn->candidate, NULL);
	neural_limits_uncharge(NEURAL_LIMIT_NETWORKS, 1);
	rcu_assign_pointer(nn->instance, NULL);
	neural_instance_retire(instance);
	neural_network_unpin(nn);
}

struct neural_network *neural_network_hold(struct neural_network *nn)
{
	kref_get(&nn->ref);
	return nn;
}

void neural_network_drop(struct neural_network *nn)
{
	if (!IS_ERR_OR_NULL(nn))
		kref_put(&nn->ref, neural_network_release);
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
	neural_handle_again();
	return neural_network_hold(nn);
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
	if (IS_ERR_OR_NULL(nn))
		return;
	neural_network_drop(nn);
	neural_handle_end();
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

static int neural_network_init(struct neural_network *nn, const char *name)
{
	kref_init(&nn->ref);
	refcount_set(&nn->pins, 1);
	mutex_init(&nn->lock);
	INIT_RCU_WORK(&nn->free_work, neural_network_free_work);
	neural_account_init(&nn->account, neural_param_numa_policy(),
			    neural_param_numa_node());
	if (name)
		strscpy(nn->name, name, sizeof(nn->name));
	nn->simd = true;
	nn->level = -1;
	nn->cache_bypass = true;
	nn->replicate = neural_param_numa_replicate();
	nn->cache_timeout_ms = neural_param_cache_timeout_ms();
	nn->checks.file = true;
	neural_guard_init(&nn->guard);
	nn->counters = alloc_percpu(struct neural_counters);
	return nn->counters ? 0 : -ENOMEM;
}

struct neural_network *neural_network_new(const char *name)
{
	struct neural_network *nn;
	int ret;

	if (name && !neural_registry_name_ok(name))
		return ERR_PTR(-EINVAL);
	if (!neural_limits_charge(NEURAL_LIMIT_NETWORKS, 1)) {
		pr_warn_ratelimited("neural: " NEURAL_LIMITS_NETWORKS "\n");
		return ERR_PTR(-EDQUOT);
	}
	nn = kmem_cache_zalloc(neural_network_cache, GFP_KERNEL);
	ret = nn ? 0 : -ENOMEM;
	if (nn) {
		atomic_inc(&neural_networks_alive);
		ret = neural_network_init(nn, name);
		if (ret)
			neural_network_free(nn);
	}
	if (!ret)
		return nn;
	neural_limits_uncharge(NEURAL_LIMIT_NETWORKS, 1);
	return ERR_PTR(ret);
}

void neural_network_show(struct neural_network *nn)
{
	struct neural_surface *surface;

	list_for_each_entry(surface, &neural_surfaces, list)
		if (surface->add(nn))
			pr_warn("neural: %s is not shown everywhere\n", nn->name);
}

void neural_network_remove(struct neural_network *nn)
{
	struct neural_surface *surface;

	list_for_each_entry_reverse(surface, &neural_surfaces, list)
		surface->remove(nn);
	neural_registry_remove(nn);
	neural_network_drop(nn);
}

/**
 * neural_network_destroy() - take a network away
 * @nn: handle from neural_network_create(), neural_network_create_layers(),
 *	neural_network_load() or neural_network_load_firmware(), or NULL or an error
 *	pointer for nothing
 *
 * Its name is free at once and it disappears from sysfs and debugfs.  Whoever
 * still holds a handle may go on predicting.
 *
 * Context: process context, may sleep.
 */
void neural_network_destroy(struct neural_network *nn)
{
	if (IS_ERR_OR_NULL(nn))
		return;
	neural_network_remove(nn);
	neural_handle_end();
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
 * neural_network_input_bytes() - size of an input row
 * @nn: network
 *
 * Context: any.
 */
size_t neural_network_input_bytes(const struct neural_network *nn)
{
	return nn->in_bytes;
}
EXPORT_SYMBOL_GPL(neural_network_input_bytes);

/**
 * neural_network_output_bytes() - size of an output row
 * @nn: network
 *
 * Context: any.
 */
size_t neural_network_output_bytes(const struct neural_network *nn)
{
	return nn->out_bytes;
}
EXPORT_SYMBOL_GPL(neural_network_output_bytes);

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
	stats->breaker_opened = atomic64_read(&nn->guard.opened);
	stats->breaker = neural_guard_state(&nn->guard);
	return 0;
}
EXPORT_SYMBOL_GPL(neural_network_get_stats);

int neural_networks_init(void)
{
	neural_network_cache = KMEM_CACHE(neural_network, SLAB_HWCACHE_ALIGN);
	return neural_network_cache ? 0 : -ENOMEM;
}

/*
 * Handles keep the module, so what is left was loaded by way of the device, unless the
 * module is removed by force.
 */
void neural_networks_exit(void)
{
	struct neural_network *nn;
	u32 id = 0;

	while ((nn = neural_network_next(&id))) {
		if (!test_bit(NEURAL_NETWORK_LOADED, &nn->state))
			pr_warn("neural: %s was never destroyed\n", nn->name);
		neural_network_remove(nn);
		neural_network_drop(nn);
	}
	wait_event(neural_networks_gone, !atomic_read(&neural_networks_alive));
	/* The grace periods those frees came from. */
	rcu_barrier();
	kmem_cache_destroy(neural_network_cache);
}
