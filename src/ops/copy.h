/* SPDX-License-Identifier: GPL-2.0-only */
/* Moving the elements of a tensor to other places, as loops over bytes. */
#ifndef _NEURAL_OPS_COPY_H
#define _NEURAL_OPS_COPY_H

#include "op.h"

/**
 * struct neural_copy_loop - one of several nested loops
 * @count: turns
 * @from: bytes the source advances by
 * @to: bytes the destination advances by
 */
struct neural_copy_loop {
	u32 count;
	s64 from;
	s64 to;
};

/**
 * struct neural_copy - what goes where
 * @size: bytes moved at once
 * @nr: loops
 * @from: where the source starts
 * @to: where the destination starts
 * @loop: outermost first
 */
struct neural_copy {
	size_t size;
	u32 nr;
	s64 from;
	s64 to;
	struct neural_copy_loop loop[NEURAL_MODEL_RANK];
};

/* Put a loop inside all there are. */
void neural_copy_add(struct neural_copy *copy, u32 count, s64 from, s64 to);

/* Fewer loops and longer pieces, where neighbours on both sides are neighbours. */
void neural_copy_collapse(struct neural_copy *copy);

/* A block of memory with @copy, collapsed, for a step.  NULL: out of memory. */
const struct neural_copy *neural_copy_make(struct neural_account *account,
					   struct neural_copy *copy);

void neural_copy(const struct neural_copy *copy, void *dst, const void *src);

/* Step with a struct neural_copy for parameters. */
void neural_copy_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch);

/* Bytes from an element to the next along each dimension. */
void neural_copy_pitches(const struct neural_tensor *t, s64 pitch[NEURAL_MODEL_RANK]);

#endif /* _NEURAL_OPS_COPY_H */
