/* SPDX-License-Identifier: GPL-2.0-only */
/* Instance: the immutable plan predictions run on, and the memory they run in. */
#ifndef _NEURAL_INSTANCE_H
#define _NEURAL_INSTANCE_H

#include <linux/percpu-refcount.h>
#include <linux/topology.h>
#include <linux/workqueue.h>
#include "context.h"
#include "network.h"
#include "plan/plan.h"

/**
 * struct neural_instance - one set of parameters, packed
 * @nn: whose; pinned
 * @plan: what to run, and what to look at
 * @replicas: one like it for each node whose CPUs have memory there, @plan among them, by
 *	node; NULL where there is only @plan
 * @profile: time per layer or node
 * @ranges: of its inputs and outputs
 * @nr_layers: how many of them
 * @contexts: scratch memory
 * @generation: number of this set of parameters; 0 before it is in force
 * @ref: long predictions under way; short ones are RCU readers
 * @free_work: free it, once nobody is left
 */
struct neural_instance {
	struct neural_network *nn;
	struct neural_plan *plan;
	struct neural_plan **replicas;
	struct neural_profile *profile;
	struct neural_ranges *ranges;
	u32 nr_layers;
	struct neural_contexts contexts;
	u64 generation;
	struct percpu_ref ref;
	struct work_struct free_work;
};

/* What to run on this CPU: whatever node it is on, the results are the same. */
static inline const struct neural_plan *
neural_instance_plan(const struct neural_instance *instance)
{
	struct neural_plan *const *replicas = instance->replicas;
	const struct neural_plan *near = replicas ? replicas[numa_mem_id()] : NULL;

	return near ?: instance->plan;
}

int neural_instances_init(void);
void neural_instances_exit(void);

/*
 * Build from @layers, of which there are nn->nr_layers, charged to @nn; an error
 * pointer with a message in the log.  Process context.
 */
struct neural_instance *neural_instance_create(struct neural_network *nn,
					       const struct neural_source *layers);

/* The same from @model, which need not stay; without a message, but @why. */
struct neural_instance *
neural_instance_create_model(struct neural_network *nn, const struct neural_model *model,
			     struct neural_reason *why);

/*
 * Make @instance what predictions run on, and retire the one before.  Under the lock
 * of its network.
 */
void neural_instance_exchange(struct neural_instance *instance);

/* The instance of @nn, or NULL.  Under its lock. */
struct neural_instance *neural_instance_of(const struct neural_network *nn);

/* Take the time from zero.  Under the lock of its network; NULL is fine. */
void neural_instance_forget_profile(struct neural_instance *instance);

/* No new prediction can find it any more; free it after the last one.  Any context. */
void neural_instance_retire(struct neural_instance *instance);

/* Where instances and networks are freed. */
extern struct workqueue_struct *neural_wq;

#endif /* _NEURAL_INSTANCE_H */
