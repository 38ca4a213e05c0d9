/* SPDX-License-Identifier: GPL-2.0-only */
/* logistic and tanh over S8. */
#ifndef _NEURAL_OPS_SIGMOID_H
#define _NEURAL_OPS_SIGMOID_H

#include "op.h"

int neural_logistic_verify(const struct neural_node *node, struct neural_reason *why);
int neural_logistic_prepare(struct neural_account *account,
			    const struct neural_node *node, u32 part,
			    struct neural_step *step, struct neural_reason *why);
int neural_tanh_verify(const struct neural_node *node, struct neural_reason *why);
int neural_tanh_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);

#endif /* _NEURAL_OPS_SIGMOID_H */
