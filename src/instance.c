// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/slab.h>
#include "instance.h"
#include "params.h"
#include "../simd/dispatch.h"

struct workqueue_struct *neural_wq;
static struct kmem_cache *neural_instance_cache;

static void neural_instance_free(struct neural_instance *instance)
{
	neural_contexts_free(&instance->contexts);
	neural_plan_free(instance->plan);
	neural_network_unpin(instance->nn);
	kmem_cache_free(neural_instance_cache, instance);
}

static void neural_instance_free_work(struct work_struct *work)
{
	struct neural_instance *instance =
		container_of(work, struct neural_instance, free_work);

	percpu_ref_exit(&instance->ref);
	neural_instance_free(instance);
}

/* At least one grace period after neural_instance_retire(), so no reader is left. */
static void neural_instance_unused(struct percpu_ref *ref)
{
	struct neural_instance *instance =
		container_of(ref, struct neural_instance, ref);

	queue_work(neural_wq, &instance->free_work);
}

static int neural_instance_check(const struct neural_network *nn,
				 const struct neural_plan *plan)
{
	if (plan->macs > neural_param_max_macs()) {
		pr_warn("neural: %s: %llu multiply-adds are more than neural_max_macs\n",
			nn->name, plan->macs);
		return -E2BIG;
	}
	if (plan->arena_bytes > neural_param_max_arena_bytes()) {
		pr_warn("neural: %s: %zu bytes of scratch are more than neural_max_arena_bytes\n",
			nn->name, plan->arena_bytes);
		return -E2BIG;
	}
	return 0;
}

static int neural_instance_build(struct neural_network *nn,
				 struct neural_instance *instance,
				 const struct neural_source *layers)
{
	struct neural_reason why;
	int ret;

	ret = neural_plan_build(&nn->account, layers, nn->nr_layers,
				neural_simd_available(), &instance->plan, &why);
	if (ret) {
		pr_warn_ratelimited("neural: %s layer %u unit %u: %s\n", nn->name,
				    why.layer, why.unit, why.rule);
		return ret;
	}
	ret = neural_instance_check(nn, instance->plan);
	if (ret)
		return ret;
	ret = neural_contexts_init(&instance->contexts, &nn->account,
				   instance->plan->arena_bytes,
				   instance->plan->macs > NEURAL_SECTION_MACS);
	if (ret)
		return ret;
	return percpu_ref_init(&instance->ref, neural_instance_unused, 0, GFP_KERNEL);
}

struct neural_instance *neural_instance_create(struct neural_network *nn,
					       const struct neural_source *layers)
{
	struct neural_instance *instance;
	int ret;

	instance = kmem_cache_zalloc(neural_instance_cache, GFP_KERNEL);
	if (!instance)
		return ERR_PTR(-ENOMEM);
	instance->nn = nn;
	neural_network_pin(nn);
	ret = neural_instance_build(nn, instance, layers);
	if (ret) {
		neural_instance_free(instance);
		return ERR_PTR(ret);
	}
	INIT_WORK(&instance->free_work, neural_instance_free_work);
	instance->generation = ++nn->generation;
	return instance;
}

void neural_instance_retire(struct neural_instance *instance)
{
	if (instance)
		percpu_ref_kill(&instance->ref);
}

int neural_instances_init(void)
{
	neural_instance_cache = KMEM_CACHE(neural_instance, SLAB_HWCACHE_ALIGN);
	if (!neural_instance_cache)
		return -ENOMEM;
	neural_wq = alloc_workqueue("neural", 0, 0);
	if (!neural_wq) {
		kmem_cache_destroy(neural_instance_cache);
		return -ENOMEM;
	}
	return 0;
}

/* All networks are gone, and their instances with them. */
void neural_instances_exit(void)
{
	destroy_workqueue(neural_wq);
	kmem_cache_destroy(neural_instance_cache);
}
