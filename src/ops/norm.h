/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layer and RMS normalisation over the innermost dimension, of S8.
 *
 * Sums are exact, so the mean never is a rounded number; see Documentation/numerics.rst.
 */
#ifndef _NEURAL_OPS_NORM_H
#define _NEURAL_OPS_NORM_H

#include "../../simd/s8_map_args.h"
#include "op.h"

/* What the products are proved not to overflow for. */
#define NEURAL_NORM_MAX_UNITS	NEURAL_S8_NORM_MOST

/* Both operations: RMS differs in code, operand counts and what is subtracted. */
int neural_norm_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_norm_macs(const struct neural_node *node);
int neural_norm_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);
void neural_norm_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch);

#endif /* _NEURAL_OPS_NORM_H */
