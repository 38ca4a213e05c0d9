/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A factor and an addend for each channel: y = x * scale + shift.  Also what batch-norm
 * is that had no dense layer to be folded into.
 */
#ifndef _NEURAL_OPS_SCALE_H
#define _NEURAL_OPS_SCALE_H

#include <linux/neural.h>
#include "op.h"

/**
 * struct neural_scale - parameters; header of one block of memory
 * @n: channels, the innermost dimension
 * @act: activation
 * @slope: for leaky_relu, Q0.31
 * @scale: factor per channel, Q16.16
 * @shift: addend per channel, Q16.16
 */
struct neural_scale {
	u32 n;
	enum neural_activation act;
	s32 slope;
	const s32 *scale;
	const s32 *shift;
};

int neural_scale_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_scale_macs(const struct neural_node *node);
int neural_scale_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why);
void neural_scale_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_SCALE_H */
