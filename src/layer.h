/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of layers: the module's own copies of what callers set. */
#ifndef _NEURAL_LAYER_H
#define _NEURAL_LAYER_H

#include "network.h"

/*
 * Take a copy of the parameters for layer @layer.  @copy starts as that layer of
 * the network and ends with the new parameters; nothing of the network changes.
 * 0, or an errno with a message in the log.
 */
int neural_layer_copy_dense(struct neural_network *nn, u32 layer,
			    const struct neural_layer_weights *w,
			    struct neural_source *copy);
int neural_layer_copy_batch_norm(struct neural_network *nn, u32 layer,
				 const struct neural_batch_norm *bn,
				 struct neural_source *copy);

/* Does it have the parameters its kind needs? */
bool neural_layer_ready(const struct neural_source *layer);

/* Free the parameters; the description stays. */
void neural_layer_free(struct neural_source *layer);

const char *neural_layer_kind_name(enum neural_layer_kind kind);

#endif /* _NEURAL_LAYER_H */
