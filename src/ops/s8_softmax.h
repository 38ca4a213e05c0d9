/* SPDX-License-Identifier: GPL-2.0-only */
/* Softmax over the last dimension, S8. */
#ifndef _NEURAL_OPS_S8_SOFTMAX_H
#define _NEURAL_OPS_S8_SOFTMAX_H

#include "op.h"

int neural_s8_softmax_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_s8_softmax_macs(const struct neural_node *node);
int neural_s8_softmax_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why);
void neural_s8_softmax_run(const struct neural_step *step, struct neural_exec *x,
			   const struct neural_rows *dst, const struct neural_rows *src,
			   void *scratch);

#endif /* _NEURAL_OPS_S8_SOFTMAX_H */
