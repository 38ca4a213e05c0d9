/* SPDX-License-Identifier: GPL-2.0-only */
/* CONV_2D: windows of all channels times weights, as rows of a matrix. */
#ifndef _NEURAL_OPS_CONV_H
#define _NEURAL_OPS_CONV_H

#include "channels.h"
#include "op.h"
#include "window.h"

/* Strides, dilations and padding of a convolution of either kind into @image. */
void neural_conv_attrs(struct neural_image *image, const struct neural_node *node);

int neural_conv_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_conv_macs(const struct neural_node *node);
size_t neural_conv_scratch(const struct neural_step *step, u32 rows);

/*
 * Make @step, of either kind, one for neural_conv_run(): weights and parameters are those
 * in @c, inputs of an output in the order of the window's cells, row by row.
 */
int neural_conv_pack(struct neural_account *account, const struct neural_node *node,
		     const struct neural_channels *c, struct neural_step *step,
		     struct neural_reason *why);
int neural_conv_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why);
void neural_conv_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch);

#endif /* _NEURAL_OPS_CONV_H */
