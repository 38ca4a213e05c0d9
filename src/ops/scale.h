/* SPDX-License-Identifier: GPL-2.0-only */
/* Batch-norm that had no dense layer to be folded into: y = x * scale + shift. */
#ifndef _NEURAL_OPS_SCALE_H
#define _NEURAL_OPS_SCALE_H

#include <linux/neural.h>
#include "op.h"

/**
 * struct neural_scale - parameters; header of one block of memory
 * @act: activation
 * @slope: for leaky_relu, Q0.31
 * @scale: factor per element, Q16.16
 * @shift: addend per element, Q16.16
 */
struct neural_scale {
	enum neural_activation act;
	s32 slope;
	const s32 *scale;
	const s32 *shift;
};

void neural_scale_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_SCALE_H */
