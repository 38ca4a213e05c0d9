/* SPDX-License-Identifier: GPL-2.0-only */
/* What holds for every file: it is refused with a reason or it runs. */
#ifndef _NEURAL_TEST_MODEL_RUN_H
#define _NEURAL_TEST_MODEL_RUN_H

#include "../../simd/dispatch.h"
#include "../../src/plan/plan.h"

/*
 * Run @plan over @rows rows from @in to @out, each buffer just as large as it has to
 * be, with what a buffer holds before set to @before, with kernels @set or none.
 */
void model_run(const struct neural_plan *plan, const struct neural_kernel_set *set,
	       const u8 *in, u8 *out, u32 rows, u8 before);

/*
 * Open the @bytes bytes at @file, aligned to anything, and if they are a model of
 * reasonable size run it on inputs made of @seed: in one go and row by row, sharing
 * memory and not, with vector kernels and without, over memory that held one thing or
 * another.  All of that has to give the same, and ends the test if it does not.
 * Returns what neural_model_open() does.
 */
int model_try(const void *file, size_t bytes, u64 seed, struct neural_reason *why);

/* Models that model_try() found too large to be run, and those it ran. */
extern unsigned long model_tried_large, model_tried;

#endif /* _NEURAL_TEST_MODEL_RUN_H */
