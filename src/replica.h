/* SPDX-License-Identifier: GPL-2.0-only */
/* Plans of an instance: one, or one on each node. */
#ifndef _NEURAL_REPLICA_H
#define _NEURAL_REPLICA_H

#include "instance.h"

/*
 * Build what @instance runs, from @layers or, where that is NULL, from @model; as its
 * network has it, and charged to that.  0, or a negative errno and @why: -ENOMEM also
 * where a copy would not be on its node.  Process context, under the network's lock.
 */
int neural_replicas_build(struct neural_instance *instance,
			  const struct neural_source *layers,
			  const struct neural_model *model, struct neural_reason *why);
void neural_replicas_free(struct neural_instance *instance);

/*
 * Have the parameters of @nn on every node, or once, from now on; of every network and of
 * new ones where @nn is NULL.  Predictions go on meanwhile.  0, or a negative errno and
 * @nn is as it was; of several networks those before it have changed.  Process context.
 */
int neural_replicate(struct neural_network *nn, u32 on);

#endif /* _NEURAL_REPLICA_H */
