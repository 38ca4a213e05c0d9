// SPDX-License-Identifier: GPL-2.0-only
/* Layers in fixed point. */
#include "seeds.h"

static void dense(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S16, SHAPE(2, 5)), 8);
	const u32 w = model_const(b, NEURAL_S8, SHAPE(18, 5), seed_bytes);
	const u32 bias = fixed(b, s32_const(b, 18, 77), 8);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S16, SHAPE(2, 18)), 6);

	model_op(b, NEURAL_OP_DENSE, OPERANDS(x, w, bias), y, ATTRS(2, 0, 1, 0));
	model_output(b, y);
}

static void dense_q16(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(1, 4)), 16);
	const s32 weights[12] = { 1, -1, 1 << 16, -70000, 3 << 15, 0, 12345, -54321 };
	const u32 w = fixed(b, model_const(b, NEURAL_S32, SHAPE(3, 4), weights), 16);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(1, 3)), 16);

	model_op(b, NEURAL_OP_DENSE, OPERANDS(x, w), y, ATTRS(16, 16, 4, 0));
	model_output(b, y);
}

static void scale(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(2, 3)), 16);
	const u32 factor = fixed(b, s32_const(b, 3, 65537), 16);
	const u32 addend = fixed(b, s32_const(b, 3, -5), 16);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(2, 3)), 16);

	model_op(b, NEURAL_OP_SCALE, OPERANDS(x, factor, addend), y, ATTRS(16, 16, 3, 0));
	model_output(b, y);
}

static void softmax_fixed(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(2, 3)), 16);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(2, 3)), 16);

	model_op(b, NEURAL_OP_SOFTMAX_FIXED, OPERANDS(x), y, NO_ATTRS);
	model_output(b, y);
}

/* From here on: large enough for vector kernels and for more than one tile of them. */
static void wide_dense(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(1, 33)), 16);
	const u32 w = fixed(b, model_const(b, NEURAL_S16, SHAPE(37, 33), seed_bytes), 12);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(1, 37)), 16);

	model_op(b, NEURAL_OP_DENSE, OPERANDS(x, w), y, ATTRS(12, 0, 2, 1 << 28));
	model_output(b, y);
}

const struct seed seeds_fixed[] = {
	{ "dense", dense }, { "dense_q16", dense_q16 }, { "scale", scale },
	{ "softmax_fixed", softmax_fixed }, { "wide_dense", wide_dense },
};

const u32 nr_seeds_fixed = ARRAY_SIZE(seeds_fixed);
