/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine of the module, run by this program on a model file. */
#ifndef _NEURALCTL_ENGINE_H
#define _NEURALCTL_ENGINE_H

#include "../../src/plan/plan.h"
#include "net.h"
#include "signature.h"

/**
 * struct engine - a model file, opened
 * @net: its inputs and outputs, and a way to run it
 * @path: of the file
 * @file: mapped, read-only
 * @bytes: its size
 * @signature: behind the model
 * @model: verified
 * @plan: NULL before engine_plan()
 * @x: memory to run the plan in
 */
struct engine {
	struct ctl_net net;
	const char *path;
	void *file;
	size_t bytes;
	struct signature signature;
	struct neural_model *model;
	struct neural_plan *plan;
	struct neural_exec x;
};

/*
 * Map the file and verify it.  0, or a negative errno: with a rule in @why where it was
 * refused; where it could not be read there is none and a word is said.  To be closed
 * in any case.
 */
int engine_check(struct engine *engine, const char *path, struct neural_reason *why);
/* The same, but an enum ctl_exit, a word said always, and closed where not CTL_OK. */
int engine_open(struct engine *engine, const char *path);
/* Make its plan: NEURAL_PLAN_*. */
int engine_plan(struct engine *engine, unsigned int flags);
/* Memory to run it.  Then @net can. */
int engine_start(struct engine *engine);
void engine_close(struct engine *engine);

/* Use the kernels of this level; an enum ctl_exit. */
int engine_level(const char *name);

/* Sum of all constants, in bytes. */
u64 engine_weights(const struct engine *engine);

/* What an op is called. */
const char *engine_op_name(const struct neural_node *node);

#endif /* _NEURALCTL_ENGINE_H */
