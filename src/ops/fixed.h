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
 * @n: outputs in panels
 * @tail: outputs kept apart, after those in panels; fx_dot makes them
 * @digits: digits an input is split into, for 16-bit weights; zero for 32-bit ones, and
 *	inputs of 64 bits
 * @chunk: of &struct neural_fx_dense16_args
 * @small: likewise
 * @narrow: no input takes more than 32 bits
 * @whole: the kernel makes results; else it makes sums, and they are ended here
 * @dtype: of the input as it comes
 * @end: of each sum
 * @kernel: what is left of it to the kernel
 * @weights: panels, s16 or s32 as @digits says
 * @bias: shifted bias and rounding constant per output, padded, s32 where @small; with
 *	what undoes the offset of digits
 * @tail_weights: pairs of outputs, see &struct neural_fx_dot_args
 * @tail_bias: shifted bias and rounding constant
 */
struct neural_fixed {
	u32 k;
	u32 n;
	u32 tail;
	u32 digits;
	u32 chunk;
	bool small;
	bool narrow;
	bool whole;
	u8 dtype;
	struct neural_fixed_end end;
	struct neural_fx_end kernel;
	const void *weights;
	const void *bias;
	const s32 *tail_weights;
	const s64 *tail_bias;
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

/* Bytes of scratch one vector of inputs takes as the kernels of panels read it. */
size_t neural_fixed_wide(const struct neural_fixed *f);

/* Inputs as those kernels read them: in @scratch, or where they are. */
void neural_fixed_widen(const struct neural_fixed *f, struct neural_exec *x,
			const struct neural_rows *src, void *scratch,
			struct neural_rows *wide);

int neural_fixed_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_fixed_macs(const struct neural_node *node);
size_t neural_fixed_scratch(const struct neural_step *step, u32 rows);
int neural_fixed_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why);
void neural_fixed_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_FIXED_H */
