/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations: what a step of a plan may be.
 *
 * One designated-initialiser row per operation, in src/ops/ops.c.  An operation
 * works on rows of s32 that lie one behind the other.
 */
#ifndef _NEURAL_OPS_OP_H
#define _NEURAL_OPS_OP_H

#include "../env.h"
#include "../../simd/section.h"

struct neural_step;

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
 * @arena: memory of the context: both slots and the scratch
 * @in: rows the caller gave
 * @out: rows the caller gets; does not overlap @in
 * @rows: rows in this go, at most the plan's
 * @profile: by layer, where time is to be taken; else NULL
 */
struct neural_exec {
	struct neural_section section;
	u8 *arena;
	const s32 *in;
	s32 *out;
	u32 rows;
	struct neural_profile *profile;
};

/**
 * struct neural_op - one operation
 * @name: as shown to users
 * @in_place: may write where it reads
 * @scratch: bytes needed beside input and output for @rows rows; NULL for none
 * @cost: work of one row, in multiply-adds
 * @run: do it; @dst and @src are rows of the step's widths, @scratch is 64-byte
 *	aligned; runs in any context, never fails
 */
struct neural_op {
	const char *name;
	bool in_place;
	size_t (*scratch)(const struct neural_step *step, u32 rows);
	u64 (*cost)(const struct neural_step *step);
	void (*run)(const struct neural_step *step, struct neural_exec *x,
		    s32 *dst, const s32 *src, void *scratch);
};

enum neural_op_id {
	NEURAL_OP_DENSE,
	NEURAL_OP_SCALE,
	NEURAL_OP_SOFTMAX,
	NEURAL_NR_OPS
};

extern const struct neural_op neural_ops[NEURAL_NR_OPS];

enum neural_slot {
	NEURAL_SLOT_INPUT,	/* the caller's */
	NEURAL_SLOT_OUTPUT,	/* the caller's */
	NEURAL_SLOT_PING,
	NEURAL_SLOT_PONG,
};

/**
 * struct neural_step - one step of a plan
 * @op: what to do
 * @params: with what; one block of neural_mem_alloc(), immutable, owned by the
 *	plan; NULL where the op has none
 * @in: width of a row read
 * @out: width of a row written
 * @src: where the rows read are
 * @dst: where the rows written go
 * @layer: the layer this step came from, for reports
 */
struct neural_step {
	const struct neural_op *op;
	const void *params;
	u32 in;
	u32 out;
	enum neural_slot src;
	enum neural_slot dst;
	u32 layer;
};

#endif /* _NEURAL_OPS_OP_H */
