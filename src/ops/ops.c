// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations. */
#include "dense.h"
#include "fixed.h"
#include "op.h"
#include "scale.h"
#include "softmax.h"

const struct neural_op neural_ops[NEURAL_NR_OPS] = {
	[NEURAL_OP_DENSE] = {
		.name = "dense",
		.min_in = 2,
		.max_in = 3,
		.optional = BIT(2),
		.params = BIT(1) | BIT(2),
		.verify = neural_fixed_verify,
		.macs = neural_fixed_macs,
		.scratch = neural_fixed_scratch,
		.prepare = neural_fixed_prepare,
		.run = neural_dense_run,
	},
	[NEURAL_OP_SCALE] = {
		.name = "scale",
		.min_in = 3,
		.max_in = 3,
		.params = BIT(1) | BIT(2),
		.in_place = true,
		.verify = neural_scale_verify,
		.macs = neural_scale_macs,
		.prepare = neural_scale_prepare,
		.run = neural_scale_run,
	},
	[NEURAL_OP_SOFTMAX_FIXED] = {
		.name = "softmax",
		.min_in = 1,
		.max_in = 1,
		.in_place = true,
		.verify = neural_softmax_fixed_verify,
		.macs = neural_softmax_fixed_macs,
		.prepare = neural_softmax_fixed_prepare,
		.run = neural_softmax_run,
	},
};
