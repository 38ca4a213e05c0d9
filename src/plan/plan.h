/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plan: the steps of a network with packed parameters, immutable once built.
 *
 * The first step reads the caller's rows and the last writes the caller's; what
 * is between them alternates between two slots of the arena, or stays in place.
 */
#ifndef _NEURAL_PLAN_PLAN_H
#define _NEURAL_PLAN_PLAN_H

#include "../ops/op.h"
#include "source.h"

/* Most rows run together; see neural_plan_rows(). */
#define NEURAL_PLAN_ROWS	16

/**
 * struct neural_plan - how to run a network
 * @nr_steps: steps
 * @input: width of an input row
 * @output: width of an output row
 * @rows: rows run together
 * @slot_bytes: one slot of the arena, for @rows rows
 * @scratch_bytes: the largest scratch of any step
 * @arena_bytes: both slots and the scratch
 * @macs: work of one row, in multiply-adds
 * @steps: in order of execution
 */
struct neural_plan {
	u32 nr_steps;
	u32 input;
	u32 output;
	u32 rows;
	size_t slot_bytes;
	size_t scratch_bytes;
	size_t arena_bytes;
	u64 macs;
	struct neural_step steps[];
};

/*
 * Build a plan from @nr layers.  0 and *@plan, or a negative errno and @why.
 * May sleep.
 */
int neural_plan_build(struct neural_account *account, const struct neural_source *source,
		      u32 nr, bool narrow, struct neural_plan **plan,
		      struct neural_reason *why);
void neural_plan_free(struct neural_plan *plan);

/* Run @rows rows, any number.  @x has section and arena set.  Any context. */
void neural_plan_run(const struct neural_plan *plan, struct neural_exec *x,
		     const s32 *in, s32 *out, u32 rows);

#endif /* _NEURAL_PLAN_PLAN_H */
