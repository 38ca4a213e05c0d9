/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums and differences of two S8 tensors. */
#ifndef _NEURAL_OPS_ADD_H
#define _NEURAL_OPS_ADD_H

#include "op.h"

/* The code of the node says whether it is a sum or a difference. */
int neural_add_verify(const struct neural_node *node, struct neural_reason *why);
int neural_add_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why);
void neural_add_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);

#endif /* _NEURAL_OPS_ADD_H */
