/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layer and RMS normalisation over the innermost dimension, of S8.
 *
 * Sums are exact, so the mean never is a rounded number; see Documentation/numerics.rst.
 */
#ifndef _NEURAL_OPS_NORM_H
#define _NEURAL_OPS_NORM_H

#include "op.h"

/* What the products are proved not to overflow for. */
#define NEURAL_NORM_MAX_UNITS	16384

/**
 * struct neural_norm - parameters; header of one block of memory
 * @n: elements normalised together
 * @zero: what is subtracted from an element first
 * @centre: subtract the mean
 * @epsilon: added to the variance, Q16.16
 * @drop: fraction bits of a product with gamma past those of Q16.16
 * @multiplier: from Q16.16 to steps of the output, Q0.31
 * @shift: with it
 * @zero_point: of the output
 * @min: least result
 * @max: largest
 * @gamma: factor per element
 * @beta: addend per element, Q16.16; NULL for none
 */
struct neural_norm {
	u32 n;
	s32 zero;
	bool centre;
	u32 epsilon;
	u32 drop;
	s32 multiplier;
	s32 shift;
	s32 zero_point;
	s32 min;
	s32 max;
	const s16 *gamma;
	const s32 *beta;
};

/* Both operations: RMS differs in code, operand counts and what is subtracted. */
int neural_norm_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_norm_macs(const struct neural_node *node);
int neural_norm_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);
void neural_norm_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch);

#endif /* _NEURAL_OPS_NORM_H */
