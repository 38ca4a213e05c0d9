/* SPDX-License-Identifier: GPL-2.0-only */
/* S8 values on another scale: as they are, or bent at zero. */
#ifndef _NEURAL_OPS_RELU_H
#define _NEURAL_OPS_RELU_H

#include "op.h"

int neural_requantize_verify(const struct neural_node *node, struct neural_reason *why);
int neural_requantize_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why);
int neural_relu_verify(const struct neural_node *node, struct neural_reason *why);
int neural_relu_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);
int neural_leaky_relu_verify(const struct neural_node *node, struct neural_reason *why);
int neural_leaky_relu_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why);

#endif /* _NEURAL_OPS_RELU_H */
