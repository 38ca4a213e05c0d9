/* SPDX-License-Identifier: GPL-2.0-only */
/* Are these layers a network, and how wide is each? */
#ifndef _NEURAL_PLAN_SHAPE_H
#define _NEURAL_PLAN_SHAPE_H

#include "../ops/source.h"

/*
 * Check @layers for a network of @input inputs and fill @source with the
 * resolved description of each, parameters still absent.  -EINVAL with @why for
 * anything outside the limits of <linux/neural.h>.
 */
int neural_shape_resolve(u32 input, const struct neural_layer_desc *layers,
			 u32 nr_layers, struct neural_source *source,
			 struct neural_reason *why);

/* Elements in the weights of a dense layer; -EOVERFLOW past size_t in bytes. */
int neural_shape_weights(const struct neural_source *source, size_t *nr);

#endif /* _NEURAL_PLAN_SHAPE_H */
