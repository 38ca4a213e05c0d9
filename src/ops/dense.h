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
#include "../../simd/thresholds.h"
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

/* Most vectors of one tensor that are run together. */
#define NEURAL_DENSE_BLOCK	16

/*
 * Vectors run together, with @m of @k elements in a tensor and @rows tensors: either
 * one of each, or some of one, so that a panel of them stays inside a section.
 */
static inline u32 neural_dense_block(u32 k, u32 m, u32 rows)
{
	if (m == 1)
		return rows;
	return min(m, clamp_t(u32, NEURAL_SECTION_LIMIT / (NEURAL_Q16_PANEL * k), 1,
			      NEURAL_DENSE_BLOCK));
}

/*
 * Call @fn for x->rows vectors at a time: once where a tensor is one vector (@m is 1),
 * else for up to @block of its @m vectors, @in and @out bytes apart.
 */
void neural_dense_walk(struct neural_exec *x, const struct neural_rows *dst,
		       const struct neural_rows *src, u32 m, u32 block, size_t in,
		       size_t out,
		       void (*fn)(const void *params, struct neural_exec *x,
				  const struct neural_rows *dst,
				  const struct neural_rows *src, void *scratch),
		       const void *params, void *scratch);

size_t neural_dense_scratch(const struct neural_step *step, u32 rows);
void neural_dense_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch);

#endif /* _NEURAL_OPS_DENSE_H */
