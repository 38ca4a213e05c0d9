/* SPDX-License-Identifier: GPL-2.0-only */
/* Dense layers, laid out for the kernels between fences. */
#ifndef _NEURAL_KUNIT_DENSE_H
#define _NEURAL_KUNIT_DENSE_H

#include "fence.h"
#include "kernels.h"

#define DENSE_POOL	8192	/* weights and inputs are cut out of a pool each */
#define DENSE_OUTPUTS	2048

/**
 * struct dense_layer - a shape to run
 * @k: inputs
 * @n: outputs
 * @rows: rows
 * @x_stride: distance of two rows of inputs
 * @out_stride: distance of two rows of outputs
 * @chunk: for 16-bit weights
 * @shift: weights are at most 2^(31 - shift) - 1 in size
 */
struct dense_layer {
	u32 k;
	u32 n;
	u32 rows;
	u32 x_stride;
	u32 out_stride;
	u32 chunk;
	u32 shift;
};

/**
 * struct dense_test - what one case works with
 * @test: the test
 * @kernel: the row of the table under test
 * @w: pool of weights, any s32
 * @x: pool of inputs
 * @b: biases
 * @expect: results as they should be
 * @fx: inputs, or their upper digits
 * @flo: their lower digits
 * @fw: packed weights
 * @fbias: rounding biases
 * @fwsum: sums of weights
 * @fout: results
 * @args: for the kernel; the results come first in all of them
 */
struct dense_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	s32 w[DENSE_POOL];
	s32 x[DENSE_POOL];
	s32 b[KERNELS_LONGEST + 1];
	s32 expect[DENSE_OUTPUTS];
	struct fence fx;
	struct fence flo;
	struct fence fw;
	struct fence fbias;
	struct fence fwsum;
	struct fence fout;
	union {
		s32 *out;
		struct neural_q16_dense_args dense;
		struct neural_q16_dense16_args dense16;
		struct neural_q16_dot_args dot;
	} args;
};

/* For the test's parameter; pools filled, fences without buffers. */
struct dense_test *dense_begin(struct kunit *test);

/* Weight of input @i to output @j. */
s32 dense_weight(const struct dense_test *t, const struct dense_layer *l, u32 j, u32 i);

/* Everything but the results in its place, and in @args. */
void dense_place(struct dense_test *t, const struct dense_layer *l, enum fence_side side);

#endif /* _NEURAL_KUNIT_DENSE_H */
