/* SPDX-License-Identifier: GPL-2.0-only */
/* DEPTHWISE_CONV_2D: windows of one channel each times weights. */
#ifndef _NEURAL_OPS_DEPTHWISE_H
#define _NEURAL_OPS_DEPTHWISE_H

#include "op.h"

int neural_depthwise_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_depthwise_macs(const struct neural_node *node);
int neural_depthwise_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why);
size_t neural_depthwise_scratch(const struct neural_step *step, u32 rows);
void neural_depthwise_run(const struct neural_step *step, struct neural_exec *x,
			  const struct neural_rows *dst, const struct neural_rows *src,
			  void *scratch);

#endif /* _NEURAL_OPS_DEPTHWISE_H */
