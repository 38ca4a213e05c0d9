/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plan: the steps of a network with packed parameters, immutable once built.
 *
 * Model inputs are read where the caller has them and outputs written where the
 * caller wants them; what is between them is in the arena.
 */
#ifndef _NEURAL_PLAN_PLAN_H
#define _NEURAL_PLAN_PLAN_H

#include "../model/model.h"
#include "../ops/op.h"
#include "../ops/source.h"

/* Most rows run together; see neural_plan_rows(). */
#define NEURAL_PLAN_ROWS	16

/* Rows that run together have no more than this between them, or there is one. */
#define NEURAL_PLAN_CACHE	(1U << 20)

/**
 * struct neural_plan - how to run a network
 * @nr_steps: steps
 * @in_bytes: size of an input row
 * @out_bytes: size of an output row
 * @rows: rows run together
 * @row_bytes: the arena's tensors, of one row
 * @scratch_bytes: the largest scratch of any step
 * @arena_bytes: tensors of @rows rows, and the scratch
 * @macs: work of one row, in multiply-adds
 * @constants: operands of NEURAL_SPACE_CONST, owned by the plan; NULL for none
 * @steps: in order of execution
 */
struct neural_plan {
	u32 nr_steps;
	u32 rows;
	size_t in_bytes;
	size_t out_bytes;
	size_t row_bytes;
	size_t scratch_bytes;
	size_t arena_bytes;
	u64 macs;
	void *constants;
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

/* Every tensor has a place of its own and keeps its value: for looking at them. */
#define NEURAL_PLAN_KEEP	1U

/*
 * Bytes of the tensors of one row that are neither constants nor the caller's, placed
 * by the time they live; 0 or a negative errno.  What a plan of @model with @flags will
 * have as row_bytes.  May sleep.
 */
int neural_plan_model_bytes(struct neural_account *account,
			    const struct neural_model *model, unsigned int flags,
			    size_t *row_bytes, struct neural_reason *why);

/*
 * Build a plan that runs @model, which need not stay.  @flags: NEURAL_PLAN_*.  0 and
 * *@plan, or a negative errno and @why.  May sleep.
 */
int neural_plan_build_model(struct neural_account *account,
			    const struct neural_model *model, unsigned int flags,
			    struct neural_plan **plan, struct neural_reason *why);

/*
 * How many rows run together, and sizes that follow from it: @row_bytes and the
 * steps are there.  @widest is the most elements of any operand.
 */
void neural_plan_size(struct neural_plan *plan, u32 widest);

/* Run @rows rows, any number.  @x has section and arena set.  Any context. */
void neural_plan_run(const struct neural_plan *plan, struct neural_exec *x,
		     const void *in, void *out, u32 rows);

#endif /* _NEURAL_PLAN_PLAN_H */
