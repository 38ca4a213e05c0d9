/* SPDX-License-Identifier: GPL-2.0-only */
/* Softmax over the innermost dimension; see src/q16_softmax.c for the arithmetic. */
#ifndef _NEURAL_OPS_SOFTMAX_H
#define _NEURAL_OPS_SOFTMAX_H

#include "op.h"

/**
 * struct neural_softmax - parameters; a step without them is over the whole row
 * @n: elements of the innermost dimension
 */
struct neural_softmax {
	u32 n;
};

/* Work of one row of @n elements, in multiply-adds. */
u64 neural_softmax_macs(u32 n);

int neural_softmax_fixed_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_softmax_fixed_macs(const struct neural_node *node);
int neural_softmax_fixed_prepare(struct neural_account *account,
				 const struct neural_node *node, u32 part,
				 struct neural_step *step, struct neural_reason *why);
void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			const struct neural_rows *dst, const struct neural_rows *src,
			void *scratch);

#endif /* _NEURAL_OPS_SOFTMAX_H */
