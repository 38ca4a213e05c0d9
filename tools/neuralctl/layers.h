/* SPDX-License-Identifier: GPL-2.0-only */
/* Every tensor of one row, as a model computes it. */
#ifndef _NEURALCTL_LAYERS_H
#define _NEURALCTL_LAYERS_H

#include "engine.h"

/*
 * Write to @path the model's inputs and then what each node writes, in order, when
 * @row runs, and to @path.txt which is where.  The engine's plan is one with
 * NEURAL_PLAN_KEEP.  An enum ctl_exit.
 */
int ctl_layers(struct engine *engine, const void *row, const char *path);

#endif /* _NEURALCTL_LAYERS_H */
