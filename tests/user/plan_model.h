/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the plan_model suite share. */
#ifndef _NEURAL_TEST_PLAN_MODEL_H
#define _NEURAL_TEST_PLAN_MODEL_H

#include "../../src/plan/arena.h"
#include "model_builder.h"
#include "model_run.h"
#include "tap.h"

/*
 * Operations of this suite, in the places of others: their results depend on each byte
 * they read and on where it is, and they can be told to fail.
 */
#define OP_MIX	NEURAL_OP_MUL		/* of two operands, in place where it may */
#define OP_SUM	NEURAL_OP_SUB		/* of two operands, never in place */
#define OP_MAP	NEURAL_OP_RELU		/* of one operand, in place */
#define OP_BIAS	NEURAL_OP_LUT		/* x, constant parameter; in place */
#define OP_TURN	NEURAL_OP_TRANSPOSE	/* backwards, through scratch */

/* Calls of prepare that work before one does not; -1: all. */
extern long plan_fail_after;

/* A random model; what it is made of depends on @seed alone. */
u8 *plan_graph(u64 *seed, size_t *bytes);

/* @file as a model, which has to be one. */
struct neural_model *plan_open(const u8 *file, size_t bytes);

/*
 * Does each step of @plan find in memory what the nodes of @m say it reads, and the caller
 * what the model puts out?
 */
bool plan_sound(const struct neural_model *m, const struct neural_plan *plan, bool kept);

/*
 * Bytes a greedy-by-size planner needs for @nr buffers: the largest first, each at the
 * lowest offset that is free while it lives.
 */
u64 plan_greedy(const struct neural_buffer *buffers, u32 nr);

/* The same for all tensors of @m that are no constants, inputs and outputs included. */
u64 plan_greedy_model(const struct neural_model *m);

/* One line of TAP each. */
void plan_arena_random(void);
void plan_arena_shapes(void);
void plan_random(void);
void plan_outputs(void);
void plan_profile(void);
void plan_sharing(void);
void plan_memory(void);
void plan_refused(void);
void plan_steps(void);

#endif /* _NEURAL_TEST_PLAN_MODEL_H */
