/* SPDX-License-Identifier: GPL-2.0-only */
/* From fixed point to S8 and back. */
#ifndef _NEURAL_OPS_QUANTIZE_H
#define _NEURAL_OPS_QUANTIZE_H

#include "op.h"

/* The attributes are the same, and so is what becomes of them. */
int neural_quantize_verify(const struct neural_node *node, struct neural_reason *why);
int neural_dequantize_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_quantize_macs(const struct neural_node *node);
int neural_quantize_prepare(struct neural_account *account,
			    const struct neural_node *node, u32 part,
			    struct neural_step *step, struct neural_reason *why);
int neural_dequantize_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why);
void neural_quantize_run(const struct neural_step *step, struct neural_exec *x,
			 const struct neural_rows *dst, const struct neural_rows *src,
			 void *scratch);
void neural_dequantize_run(const struct neural_step *step, struct neural_exec *x,
			   const struct neural_rows *dst, const struct neural_rows *src,
			   void *scratch);

#endif /* _NEURAL_OPS_QUANTIZE_H */
