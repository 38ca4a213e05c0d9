/* SPDX-License-Identifier: GPL-2.0-only */
/* Softmax over each row; see src/q16_softmax.c for the arithmetic. */
#ifndef _NEURAL_OPS_SOFTMAX_H
#define _NEURAL_OPS_SOFTMAX_H

#include "op.h"

/* Work of one row of @n elements, in multiply-adds. */
u64 neural_softmax_macs(u32 n);
void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			const struct neural_rows *dst, const struct neural_rows *src,
			void *scratch);

#endif /* _NEURAL_OPS_SOFTMAX_H */
