/* SPDX-License-Identifier: GPL-2.0-only */
/* Softmax over each row; see src/q16_softmax.c for the arithmetic. */
#ifndef _NEURAL_OPS_SOFTMAX_H
#define _NEURAL_OPS_SOFTMAX_H

#include "op.h"

u64 neural_softmax_cost(const struct neural_step *step);
void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			s32 *dst, const s32 *src, void *scratch);

#endif /* _NEURAL_OPS_SOFTMAX_H */
