/* SPDX-License-Identifier: GPL-2.0-only */
/* A single operation with its operands: verified, prepared and run without a model. */
#ifndef _NEURAL_TEST_OP_CASE_H
#define _NEURAL_TEST_OP_CASE_H

#include "../../simd/dispatch.h"
#include "../../src/ops/op.h"

/**
 * struct op_case - a node and what it points to
 * @node: the node; @in and @out of it are below
 * @in: its operands
 * @t: operands; the last is the output
 */
struct op_case {
	struct neural_node node;
	struct neural_tensor *in[2];
	struct neural_tensor t[3];
};

/* All of one shape, S8, zero points and attributes 0. */
void op_case_init(struct op_case *c, u16 code, u32 rank, const u32 *dim);

/* Give tensor @t another shape. */
void op_case_shape(struct neural_tensor *t, u8 dtype, u32 rank, const u32 *dim);

/* As a model would have it verified: 0 or an errno, and *@rule. */
int op_case_verify(struct op_case *c, const char **rule);

/**
 * struct op_buffer - rows of an operand
 * @data: as they are in a plan
 * @stride: bytes from one to the next
 */
struct op_buffer {
	void *data;
	size_t stride;
};

/* Prepare, run and free: 0 or what preparing failed with.  @vector: kernels may be. */
int op_case_run(struct op_case *c, const struct op_buffer *out,
		const struct op_buffer *in, u32 rows, bool vector);

#endif /* _NEURAL_TEST_OP_CASE_H */
