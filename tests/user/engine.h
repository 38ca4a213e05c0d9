/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the engine suite share. */
#ifndef _NEURAL_TEST_ENGINE_H
#define _NEURAL_TEST_ENGINE_H

#include "../../simd/dispatch.h"
#include "../../src/ops/dense.h"
#include "../../src/plan/plan.h"
#include "../../src/plan/shape.h"
#include "../reference/answer.h"
#include "tap.h"

/* The plan of @net, or NULL and why in @ret and @why. */
struct neural_plan *engine_build(const struct reference_network *net, bool narrow,
				 int *ret, struct neural_reason *why);

/*
 * Run @plan over @rows rows, each buffer just as large as it has to be, with
 * kernels @set, or without vector kernels if that is NULL.  Returns the section as
 * it was left.
 */
struct neural_section engine_run(const struct neural_plan *plan,
				 const struct neural_kernel_set *set, const s32 *in,
				 s32 *out, u32 rows);

/* @rows random rows for @net, and what it has to answer. */
void engine_fill(struct reference_network *net, u64 *seed, s32 *in, s32 *out, u32 rows);

/* Four layers wide enough to be several sections long each. */
struct neural_plan *engine_wide(bool narrow);

/* The same, with sections of @bound multiply-adds; engine_run() takes several in turn. */
struct neural_section engine_run_bound(const struct neural_plan *plan,
				       const struct neural_kernel_set *set, u32 bound,
				       const s32 *in, s32 *out, u32 rows);

#define ENGINE_ROWS	40

/* One line of TAP each. */
void engine_random(void);
void engine_random_wide(void);
void engine_coverage(void);
void engine_fallback(void);
void engine_sections(void);
void engine_shapes(void);
void engine_limits(void);
void engine_refused(void);
void engine_memory(void);

#endif /* _NEURAL_TEST_ENGINE_H */
