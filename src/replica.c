// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replicas share nothing: each is built anew, bound to its node, from what the network
 * keeps.  Packing gives the same bytes every time, so whichever of them a prediction runs
 * on, it gives the same.
 */
#include <linux/cpumask.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "alloc.h"
#include "params.h"
#include "replica.h"
#include "../simd/dispatch.h"

static int neural_replica_build(struct neural_instance *instance,
				const struct neural_source *layers,
				const struct neural_model *model,
				struct neural_plan **plan, struct neural_reason *why)
{
	struct neural_account *account = &instance->nn->account;

	if (model)
		return neural_plan_build_model(account, model, 0, plan, why);
	return neural_plan_build(account, layers, instance->nr_layers,
				 neural_simd_available(), plan, why);
}

static int neural_replicas_build_all(struct neural_instance *instance,
				     const struct neural_source *layers,
				     const struct neural_model *model,
				     struct neural_reason *why)
{
	struct neural_account *account = &instance->nn->account;
	const int policy = account->policy, node = account->node;
	unsigned int cpu;
	int ret = 0;

	account->policy = NEURAL_NUMA_BOUND;
	for_each_possible_cpu(cpu) {
		account->node = cpu_to_mem(cpu);
		if (account->node < 0 || !node_state(account->node, N_MEMORY) ||
		    instance->replicas[account->node])
			continue;
		ret = neural_replica_build(instance, layers, model,
					   &instance->replicas[account->node], why);
		if (ret)
			break;
		if (!instance->plan)
			instance->plan = instance->replicas[account->node];
	}
	account->policy = policy;
	account->node = node;
	return ret;
}

int neural_replicas_build(struct neural_instance *instance,
			  const struct neural_source *layers,
			  const struct neural_model *model, struct neural_reason *why)
{
	int ret;

	if (instance->nn->replicate) {
		instance->replicas = kcalloc(nr_node_ids, sizeof(*instance->replicas),
					     GFP_KERNEL);
		if (!instance->replicas)
			return neural_refuse(why, -ENOMEM, "out of memory", 0);
		ret = neural_replicas_build_all(instance, layers, model, why);
		/* There is none where no CPU has memory beside it. */
		if (ret || instance->plan)
			return ret;
	}
	return neural_replica_build(instance, layers, model, &instance->plan, why);
}

void neural_replicas_free(struct neural_instance *instance)
{
	unsigned int node;

	for (node = 0; instance->replicas && node < nr_node_ids; node++)
		if (instance->replicas[node] != instance->plan)
			neural_plan_free(instance->replicas[node]);
	kfree(instance->replicas);
	neural_plan_free(instance->plan);
}

/* Another instance of the same parameters, if there are any yet. */
static int neural_replicate_instance(struct neural_network *nn)
{
	struct neural_instance *instance;
	struct neural_reason why = { };

	if (!neural_instance_of(nn))
		return 0;
	if (nn->model)
		instance = neural_instance_create_model(nn, nn->model, &why);
	else
		instance = neural_instance_create(nn, nn->layers);
	if (IS_ERR(instance))
		return neural_account_error(&nn->account, PTR_ERR(instance), &why);
	neural_instance_exchange(instance);
	return 0;
}

static int neural_replicate_one(struct neural_network *nn, bool on)
{
	int ret = 0;

	mutex_lock(&nn->lock);
	if (nn->replicate != on) {
		nn->replicate = on;
		ret = neural_replicate_instance(nn);
		if (ret) {
			nn->replicate = !on;
			pr_warn("neural: %s: replicate stays %d, error %d\n", nn->name,
				!on, -ret);
		}
	}
	mutex_unlock(&nn->lock);
	return ret;
}

int neural_replicate(struct neural_network *nn, u32 on)
{
	int ret = 0;
	u32 id;

	if (nn)
		return neural_replicate_one(nn, on);
	neural_param_set_numa_replicate(on);
	for (id = 0; !ret && (nn = neural_network_next(&id)); id++) {
		ret = neural_replicate_one(nn, on);
		neural_network_drop(nn);
	}
	return ret;
}
