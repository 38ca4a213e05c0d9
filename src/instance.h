/* SPDX-License-Identifier: GPL-2.0-only */
/* Instance: the immutable plan predictions run on, and the memory they run in. */
#ifndef _NEURAL_INSTANCE_H
#define _NEURAL_INSTANCE_H

#include <linux/percpu-refcount.h>
#include <linux/workqueue.h>
#include "context.h"
#include "network.h"
#include "plan/plan.h"

/**
 * struct neural_instance - one set of parameters, packed
 * @nn: whose; pinned
 * @plan: what to run
 * @contexts: scratch memory
 * @generation: number of this set of parameters
 * @ref: long predictions under way; short ones are RCU readers
 * @free_work: free it, once nobody is left
 */
struct neural_instance {
	struct neural_network *nn;
	struct neural_plan *plan;
	struct neural_contexts contexts;
	u64 generation;
	struct percpu_ref ref;
	struct work_struct free_work;
};

int neural_instances_init(void);
void neural_instances_exit(void);

/*
 * Build from @layers, charged to @nn; an error pointer with a message in the log.
 * Process context.
 */
struct neural_instance *neural_instance_create(struct neural_network *nn,
					       const struct neural_source *layers);

/* No new prediction can find it any more; free it after the last one.  Any context. */
void neural_instance_retire(struct neural_instance *instance);

/* Where instances and networks are freed. */
extern struct workqueue_struct *neural_wq;

#endif /* _NEURAL_INSTANCE_H */
