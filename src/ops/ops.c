// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations. */
#include "dense.h"
#include "op.h"
#include "scale.h"
#include "softmax.h"

const struct neural_op neural_ops[] = {
	[NEURAL_OP_DENSE] = {
		.name = "dense",
		.scratch = neural_dense_scratch,
		.cost = neural_dense_cost,
		.run = neural_dense_run,
	},
	[NEURAL_OP_SCALE] = {
		.name = "scale",
		.in_place = true,
		.cost = neural_scale_cost,
		.run = neural_scale_run,
	},
	[NEURAL_OP_SOFTMAX] = {
		.name = "softmax",
		.in_place = true,
		.cost = neural_softmax_cost,
		.run = neural_softmax_run,
	},
};

static_assert(ARRAY_SIZE(neural_ops) == NEURAL_NR_OPS, "an op has no row");
