/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dense layer: packed weights and the walk over them.
 *
 * Outputs are computed in panels of NEURAL_Q16_PANEL.  What is left over is put
 * into a last, partly empty panel, or where it is few outputs kept as single rows
 * (the tail), whichever is cheaper.  All levels read the same packing, so a step
 * may fall back to the generic kernel between any two tiles.
 */
#ifndef _NEURAL_OPS_DENSE_H
#define _NEURAL_OPS_DENSE_H

#include <linux/neural.h>
#include "op.h"

/**
 * struct neural_dense - a packed layer; header of one block of memory
 * @k: inputs
 * @n: outputs in panels
 * @tail: outputs kept as single rows, after those in panels
 * @chunk: zero for 32-bit weights; else weights are 16 bits wide and this is the
 *	chunk of &struct neural_q16_dense16_args
 * @act: activation
 * @slope: for leaky_relu, Q0.31
 * @weights: panels, 64-byte aligned, s32 or s16 as @chunk says
 * @bias: rounding bias per output in panels, padded
 * @wsum: sum of weights per output in panels, padded
 * @tail_weights: rows of the tail
 * @tail_bias: rounding bias per output of the tail
 */
struct neural_dense {
	u32 k;
	u32 n;
	u32 tail;
	u32 chunk;
	enum neural_activation act;
	s32 slope;
	const void *weights;
	const s64 *bias;
	const s64 *wsum;
	const s32 *tail_weights;
	const s64 *tail_bias;
};

size_t neural_dense_scratch(const struct neural_step *step, u32 rows);
void neural_dense_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_DENSE_H */
