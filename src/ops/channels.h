/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What S8 operations with weights have per output: weights, bias, multiplier, shift.
 *
 * Such a node reads x, w, [bias], multiplier and shift, in this order.
 */
#ifndef _NEURAL_OPS_CHANNELS_H
#define _NEURAL_OPS_CHANNELS_H

#include "node.h"

/* Most inputs of one output: a panel of them is the largest kernel call there is. */
#define NEURAL_CHANNEL_INPUTS	65536

/* Operands that are parameters, and the one that may be missing: for the op table. */
#define NEURAL_CHANNEL_PARAMS	0x1e
#define NEURAL_CHANNEL_OPTIONAL	0x04
#define NEURAL_CHANNEL_OPERANDS	5

/**
 * struct neural_channels - the operands of a node, by output
 * @x: input
 * @w: weights, S8 or S4
 * @bias: S32, or NULL
 * @multiplier: S32, one or one per output
 * @shift: likewise
 * @n: outputs
 * @k: inputs of each
 * @w_output: elements of @w from one output to the next
 * @w_input: and from one input to the next
 * @padded: inputs may be missing and count as zero then
 */
struct neural_channels {
	const struct neural_tensor *x;
	const struct neural_tensor *w;
	const struct neural_tensor *bias;
	const struct neural_tensor *multiplier;
	const struct neural_tensor *shift;
	u32 n;
	u32 k;
	u32 w_output;
	u32 w_input;
	bool padded;
};

/**
 * struct neural_channel_params - the parameters as kernels read them
 * @bias: per output, 64-byte aligned and padded with zeros to whole panels, as are:
 * @multiplier: per output
 * @shift: per output
 */
struct neural_channel_params {
	const s32 *bias;
	const s32 *multiplier;
	const s32 *shift;
};

/* Operands of @node; how weights are laid out is left to the operation. */
void neural_channels_init(struct neural_channels *c, const struct neural_node *node);

/* The weight as stored; what its zero point means is left to the caller. */
s32 neural_channels_weight(const struct neural_channels *c, u32 output, u32 input);

/*
 * Types and sizes, and the proof for each output that no input from x->lo to x->hi
 * makes its sum overflow, neither before the multiplier nor in a shift to the left.
 * Negative errno with @why, its unit the output.  Process context.
 */
int neural_channels_verify(const struct neural_channels *c, struct neural_reason *why);

/* Bytes of the parameters of @n outputs, whole cache lines. */
size_t neural_channel_bytes(u32 n);

/*
 * Put them at @block, which is aligned to a cache line and zeroed.  @fold: the bias
 * includes what the zero point of the input costs, so that a kernel need not take it
 * off every input.
 */
void neural_channels_fill(const struct neural_channels *c, bool fold, void *block,
			  struct neural_channel_params *params);

#endif /* _NEURAL_OPS_CHANNELS_H */
