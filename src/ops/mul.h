/* SPDX-License-Identifier: GPL-2.0-only */
/* Products of two S8 tensors, element by element. */
#ifndef _NEURAL_OPS_MUL_H
#define _NEURAL_OPS_MUL_H

#include "op.h"

int neural_mul_verify(const struct neural_node *node, struct neural_reason *why);
int neural_mul_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why);
void neural_mul_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);

#endif /* _NEURAL_OPS_MUL_H */
