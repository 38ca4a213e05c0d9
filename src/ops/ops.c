// SPDX-License-Identifier: GPL-2.0-only
/* The table of operations. */
#include "copy.h"
#include "dense.h"
#include "fixed.h"
#include "move.h"
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
	[NEURAL_OP_CONCAT] = {
		.name = "concat",
		.min_in = 1,
		.max_in = U8_MAX,
		.each = true,
		.verify = neural_concat_verify,
		.macs = neural_move_macs,
		.prepare = neural_concat_prepare,
		.run = neural_copy_run,
	},
	[NEURAL_OP_RESHAPE] = {
		.name = "reshape",
		.min_in = 1,
		.max_in = 1,
		.alias = true,
		.verify = neural_reshape_verify,
		.macs = neural_move_macs,
		.prepare = neural_reshape_prepare,
		.run = neural_copy_run,
	},
	[NEURAL_OP_PAD] = {
		.name = "pad",
		.min_in = 1,
		.max_in = 1,
		.verify = neural_pad_verify,
		.macs = neural_move_macs,
		.prepare = neural_pad_prepare,
		.run = neural_pad_run,
	},
	[NEURAL_OP_TRANSPOSE] = {
		.name = "transpose",
		.min_in = 1,
		.max_in = 1,
		.verify = neural_transpose_verify,
		.macs = neural_move_macs,
		.prepare = neural_transpose_prepare,
		.run = neural_copy_run,
	},
	[NEURAL_OP_SLICE] = {
		.name = "slice",
		.min_in = 1,
		.max_in = 1,
		.verify = neural_slice_verify,
		.macs = neural_move_macs,
		.prepare = neural_slice_prepare,
		.run = neural_copy_run,
	},
	[NEURAL_OP_RESIZE_NEAREST] = {
		.name = "resize_nearest",
		.min_in = 3,
		.max_in = 3,
		.params = BIT(1) | BIT(2),
		.verify = neural_resize_verify,
		.macs = neural_move_macs,
		.prepare = neural_resize_prepare,
		.run = neural_resize_run,
	},
	[NEURAL_OP_EMBEDDING] = {
		.name = "embedding",
		.min_in = 2,
		.max_in = 2,
		.params = BIT(1),
		.verify = neural_embedding_verify,
		.macs = neural_move_macs,
		.prepare = neural_embedding_prepare,
		.run = neural_embedding_run,
	},
};
