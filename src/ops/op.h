/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations: what a node of a model and a step of a plan may be.
 *
 * One designated-initialiser row per operation, in src/ops/ops.c, at the code it has
 * in a model file.
 */
#ifndef _NEURAL_OPS_OP_H
#define _NEURAL_OPS_OP_H

#include "../env.h"
#include "../../simd/section.h"
#include "node.h"

struct neural_step;

/* Tensors a step reads that are not parameters. */
#define NEURAL_STEP_INPUTS	2

/**
 * struct neural_profile - time spent in one layer
 * @runs: times it ran
 * @ns: in how long altogether
 */
struct neural_profile {
	u64 runs;
	u64 ns;
};

/**
 * struct neural_exec - one execution of a plan
 * @section: its use of the vector unit
 * @arena: memory of the context, of the plan's arena_bytes, 64-byte aligned
 * @in: rows the caller gave
 * @out: rows the caller gets; does not overlap @in
 * @rows: rows in this go, at most the plan's
 * @profile: by layer, where time is to be taken; else NULL
 */
struct neural_exec {
	struct neural_section section;
	u8 *arena;
	const u8 *in;
	u8 *out;
	u32 rows;
	struct neural_profile *profile;
};

/**
 * struct neural_rows - where the rows of one tensor are
 * @at: first row
 * @stride: bytes from one row to the next; 0 for a constant, which is one row for all
 *
 * A row is the whole tensor of one execution, whatever its shape.  Aligned to the
 * size of an element.
 */
struct neural_rows {
	void *at;
	size_t stride;
};

/**
 * struct neural_op - one operation
 * @name: as shown to users
 * @min_in: fewest operands a node reads, NULL ones at the end included
 * @max_in: most
 * @optional: bit i: operand i may be NULL
 * @params: bit i: operand i has to be a constant, and is packed by @prepare; the
 *	others are read when the step runs, at most NEURAL_STEP_INPUTS of them
 *	(any number with @each)
 * @in_place: the output may take the place of operand 0 where sizes are equal
 * @alias: the output is operand 0 under another shape: no step, where it can be had
 *	without copying; @run copies
 * @each: one step per operand, in order, each with the operand as its only input;
 *	@prepare is told which
 * @verify: check the node's attributes, and the types and shapes of its operands;
 *	prove that no sum can overflow; set lo and hi of node->out.  Operand counts,
 *	NULL and constant operands are as the row says when it is called.  0, or a
 *	negative errno and a rule.  NULL: the row is of a step no file can have
 * @macs: work of one row in multiply-adds; of a verified node; never overflows
 * @scratch: bytes needed beside input and output for @rows rows; NULL for none
 * @prepare: make step->params, one block of neural_mem_alloc() owned by the plan, or
 *	leave it NULL; of a verified node; @part counts steps of @each.  0, or a negative
 *	errno and a rule with nothing allocated.  NULL: no parameters
 * @run: do it, for x->rows rows; @src has the operands that are not parameters, in
 *	order; @scratch is 64-byte aligned; runs in any context, never fails
 */
struct neural_op {
	const char *name;
	u8 min_in;
	u8 max_in;
	u8 optional;
	u8 params;
	bool in_place;
	bool alias;
	bool each;
	int (*verify)(const struct neural_node *node, struct neural_reason *why);
	u64 (*macs)(const struct neural_node *node);
	size_t (*scratch)(const struct neural_step *step, u32 rows);
	int (*prepare)(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why);
	void (*run)(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);
};

/* By enum neural_model_op_code; entry 0 is empty. */
extern const struct neural_op neural_ops[NEURAL_NR_OPS];

/* Where a tensor is while a plan runs. */
enum neural_space {
	NEURAL_SPACE_INPUT,	/* the caller's rows */
	NEURAL_SPACE_OUTPUT,	/* the caller's rows */
	NEURAL_SPACE_ARENA,
	NEURAL_SPACE_CONST,	/* the plan's constants */
};

/**
 * struct neural_operand - a tensor of a step
 * @space: where it is
 * @offset: bytes from the start: of a row in the caller's spaces, of the constants; in
 *	the arena this times the rows of the plan
 * @bytes: of one row of it
 */
struct neural_operand {
	enum neural_space space;
	u32 offset;
	u32 bytes;
};

/**
 * struct neural_step - one step of a plan
 * @op: what to do
 * @params: with what; one block of neural_mem_alloc(), immutable, owned by the
 *	plan; NULL where the op has none
 * @in: elements read, of the first operand
 * @out: elements written
 * @macs: work of one row, in multiply-adds
 * @layer: the layer or node this step came from, for reports
 * @nr_src: operands read that are not parameters
 * @run: of @op, or what @op's prepare chose in its place
 * @dst: where it writes
 * @src: where it reads
 */
struct neural_step {
	const struct neural_op *op;
	const void *params;
	u32 in;
	u32 out;
	u64 macs;
	u32 layer;
	u32 nr_src;
	void (*run)(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);
	struct neural_operand dst;
	struct neural_operand src[NEURAL_STEP_INPUTS];
};

/* Row @r of @rows. */
static inline void *neural_row(const struct neural_rows *rows, u32 r)
{
	return (u8 *)rows->at + r * rows->stride;
}

#endif /* _NEURAL_OPS_OP_H */
