// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations. */
#include "dense.h"
#include "op.h"
#include "scale.h"
#include "softmax.h"

const struct neural_op neural_ops[NEURAL_NR_OPS] = {
	[NEURAL_OP_DENSE] = {
		.name = "dense",
		.scratch = neural_dense_scratch,
		.run = neural_dense_run,
	},
	[NEURAL_OP_SCALE] = {
		.name = "scale",
		.in_place = true,
		.run = neural_scale_run,
	},
	[NEURAL_OP_SOFTMAX_FIXED] = {
		.name = "softmax",
		.in_place = true,
		.run = neural_softmax_run,
	},
};
