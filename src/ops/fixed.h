/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dense layers in fixed point, each tensor with fraction bits of its own.
 *
 * Q16.16 is one case, and runs as src/ops/dense.c does for networks of the API.  In all
 * others a kernel makes the exact sums and the rest is done here, one result at a time.
 */
#ifndef _NEURAL_OPS_FIXED_H
#define _NEURAL_OPS_FIXED_H

#include <linux/neural.h>
#include "op.h"

/**
 * struct neural_fixed_end - what becomes of a sum
 * @dtype: of the result
 * @frac: its fraction bits
 * @shift: of the sum to the right; what rounds it is in the sum already
 * @act: activation
 * @slope: for leaky_relu, Q0.31
 */
struct neural_fixed_end {
	u8 dtype;
	u8 frac;
	u8 shift;
	enum neural_activation act;
	s32 slope;
};

/**
 * struct neural_fixed - a packed layer; header of one block of memory
 * @k: inputs
 * @n: outputs
 * @chunk: of &struct neural_fx_dense16_args; zero for 64-bit inputs
 * @dtype: of the input as it comes
 * @end: of each sum
 * @weights: panels, s16 or s32 as @chunk says
 * @bias: shifted bias and rounding constant per output, padded
 */
struct neural_fixed {
	u32 k;
	u32 n;
	u32 chunk;
	u8 dtype;
	struct neural_fixed_end end;
	const void *weights;
	const s64 *bias;
};

struct neural_fixed_end neural_fixed_end(const struct neural_node *node);

/* Never decreases with @sum. */
s64 neural_fixed_result(const struct neural_fixed_end *end, s64 sum);

/* Element @i of a constant. */
s64 neural_fixed_element(const struct neural_tensor *t, size_t i);

/* What output @j starts its sum from; @node is verified. */
s64 neural_fixed_bias(const struct neural_node *node, u32 j);

/* The largest magnitude @t can have. */
u64 neural_fixed_reach(const struct neural_tensor *t);

int neural_fixed_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_fixed_macs(const struct neural_node *node);
size_t neural_fixed_scratch(const struct neural_step *step, u32 rows);
int neural_fixed_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why);
void neural_fixed_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_FIXED_H */
