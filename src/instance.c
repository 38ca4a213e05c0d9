// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/slab.h>
#include <trace/events/neural.h>
#include "instance.h"
#include "limits.h"
#include "params.h"
#include "replica.h"

struct workqueue_struct *neural_wq;
static struct kmem_cache *neural_instance_cache;

static void neural_instance_free(struct neural_instance *instance)
{
	/* Nothing, where it had not got that far. */
	percpu_ref_exit(&instance->ref);
	neural_contexts_free(&instance->contexts);
	neural_replicas_free(instance);
	neural_mem_free(instance->profile);
	neural_mem_free(instance->ranges);
	neural_network_unpin(instance->nn);
	kmem_cache_free(neural_instance_cache, instance);
}

static void neural_instance_free_work(struct work_struct *work)
{
	struct neural_instance *instance =
		container_of(work, struct neural_instance, free_work);

	neural_instance_free(instance);
}

/* At least one grace period after neural_instance_retire(), so no reader is left. */
static void neural_instance_unused(struct percpu_ref *ref)
{
	struct neural_instance *instance =
		container_of(ref, struct neural_instance, ref);

	queue_work(neural_wq, &instance->free_work);
}

static int neural_instance_check(const struct neural_plan *plan,
				 struct neural_reason *why)
{
	if (plan->macs > neural_param_max_macs())
		return neural_refuse(why, -E2BIG,
				     "more multiply-adds than neural_max_macs", 0);
	if (plan->arena_bytes > neural_param_max_arena_bytes())
		return neural_refuse(why, -E2BIG,
				     "more scratch memory than neural_max_arena_bytes", 0);
	return 0;
}

/* What is left once there is a plan. */
static int neural_instance_complete(struct neural_instance *instance,
				    const struct neural_model *model,
				    struct neural_reason *why)
{
	struct neural_account *account = &instance->nn->account;
	int ret;

	why->layer = 0;
	ret = neural_instance_check(instance->plan, why);
	if (ret)
		return ret;
	instance->profile = neural_mem_alloc(account, array_size(instance->nr_layers,
								 sizeof(*instance->profile)));
	instance->ranges = neural_ranges_create(instance->nn, model);
	ret = instance->profile && instance->ranges ? 0 : -ENOMEM;
	if (!ret)
		ret = neural_contexts_init(&instance->contexts, account,
					   instance->plan->arena_bytes,
					   instance->plan->macs >
					   neural_param_section_macs());
	if (!ret)
		ret = percpu_ref_init(&instance->ref, neural_instance_unused, 0,
				      GFP_KERNEL);
	return ret ? neural_refuse(why, ret, "out of memory", 0) : 0;
}

static struct neural_instance *neural_instance_new(struct neural_network *nn, u32 nr_layers,
						   struct neural_reason *why)
{
	struct neural_instance *instance;

	instance = kmem_cache_zalloc(neural_instance_cache, GFP_KERNEL);
	if (!instance) {
		neural_refuse(why, -ENOMEM, "out of memory", 0);
		return NULL;
	}
	instance->nn = nn;
	instance->nr_layers = nr_layers;
	neural_network_pin(nn);
	return instance;
}

/* With the plan, or why there is none. */
static struct neural_instance *neural_instance_finish(struct neural_instance *instance,
						      const struct neural_model *model,
						      int ret, struct neural_reason *why)
{
	if (!ret)
		ret = neural_instance_complete(instance, model, why);
	if (!ret && !neural_limits_charge(NEURAL_LIMIT_MACS, instance->plan->macs))
		ret = neural_refuse(why, -EDQUOT, NEURAL_LIMITS_MACS, 0);
	if (ret) {
		neural_instance_free(instance);
		return ERR_PTR(ret);
	}
	INIT_WORK(&instance->free_work, neural_instance_free_work);
	return instance;
}

struct neural_instance *neural_instance_create(struct neural_network *nn,
					       const struct neural_source *layers)
{
	struct neural_instance *instance;
	struct neural_reason why = { };
	int ret;

	instance = neural_instance_new(nn, nn->nr_layers, &why);
	if (!instance)
		return ERR_PTR(-ENOMEM);
	ret = neural_replicas_build(instance, layers, NULL, &why);
	instance = neural_instance_finish(instance, NULL, ret, &why);
	if (IS_ERR(instance))
		instance = ERR_PTR(neural_account_error(&nn->account, PTR_ERR(instance),
							&why));
	if (IS_ERR(instance))
		pr_warn_ratelimited("neural: %s layer %u unit %u: %s\n", nn->name,
				    why.layer, why.unit, why.rule);
	return instance;
}

struct neural_instance *
neural_instance_create_model(struct neural_network *nn, const struct neural_model *model,
			     struct neural_reason *why)
{
	struct neural_instance *instance = neural_instance_new(nn, model->nr_nodes, why);
	int ret;

	if (!instance)
		return ERR_PTR(-ENOMEM);
	ret = neural_replicas_build(instance, NULL, model, why);
	return neural_instance_finish(instance, model, ret, why);
}

void neural_instance_exchange(struct neural_instance *instance)
{
	struct neural_network *nn = instance->nn;
	struct neural_instance *old;

	WRITE_ONCE(nn->generation, nn->generation + 1);
	/* Predictions may be running on it already, where it was a candidate. */
	WRITE_ONCE(instance->generation, nn->generation);
	neural_ranges_prepare(nn, instance);
	old = rcu_replace_pointer(nn->instance, instance, lockdep_is_held(&nn->lock));
	neural_ranges_watch(nn, instance);
	if (!old)
		return;
	trace_neural_swap(nn->id, nn->name, old->generation, instance->generation);
	neural_instance_retire(old);
}

struct neural_instance *neural_instance_of(const struct neural_network *nn)
{
	return rcu_dereference_protected(nn->instance, lockdep_is_held(&nn->lock));
}

void neural_instance_forget_profile(struct neural_instance *instance)
{
	u32 i;

	for (i = 0; instance && i < instance->nr_layers; i++) {
		WRITE_ONCE(instance->profile[i].runs, 0);
		WRITE_ONCE(instance->profile[i].ns, 0);
	}
}

void neural_instance_retire(struct neural_instance *instance)
{
	if (!instance)
		return;
	neural_limits_uncharge(NEURAL_LIMIT_MACS, instance->plan->macs);
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
