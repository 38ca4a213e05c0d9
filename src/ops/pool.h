/* SPDX-License-Identifier: GPL-2.0-only */
/* AVERAGE_POOL_2D, MAX_POOL_2D: windows of one channel each, to one value. */
#ifndef _NEURAL_OPS_POOL_H
#define _NEURAL_OPS_POOL_H

#include "op.h"

int neural_pool_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_pool_macs(const struct neural_node *node);
int neural_pool_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);
void neural_average_pool_run(const struct neural_step *step, struct neural_exec *x,
			     const struct neural_rows *dst, const struct neural_rows *src,
			     void *scratch);
void neural_max_pool_run(const struct neural_step *step, struct neural_exec *x,
			 const struct neural_rows *dst, const struct neural_rows *src,
			 void *scratch);

#endif /* _NEURAL_OPS_POOL_H */
