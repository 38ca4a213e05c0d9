// SPDX-License-Identifier: GPL-2.0-only
/* Layers of S8 with weights, and windows. */
#include "seeds.h"

static void fully_connected(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 5)), -3);
	const u32 w = s8_const(b, SHAPE(17, 5));
	const u32 bias = s32_const(b, 17, 1000);
	const u32 multiplier = s32_const(b, 1, HALF);
	const u32 shift = s32_const(b, 1, -5);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(2, 17)), 4);

	model_op(b, NEURAL_OP_FULLY_CONNECTED, OPERANDS(x, w, bias, multiplier, shift), y,
		 ATTRS(FULL));
	model_output(b, y);
}

static void fully_connected_s4(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 8));
	const u32 w = model_const(b, NEURAL_S4, SHAPE(3, 8), seed_bytes);
	const u32 multiplier = s32_const(b, 3, HALF + 12345);
	const u32 shift = s32_const(b, 3, -4);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 3));

	model_op(b, NEURAL_OP_FULLY_CONNECTED,
		 OPERANDS(x, w, NEURAL_MODEL_NONE, multiplier, shift), y, ATTRS(-10, 100));
	model_output(b, y);
}

static void conv(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 5, 4, 3)), 7);
	const u32 w = s8_const(b, SHAPE(5, 3, 2, 3));
	const u32 bias = s32_const(b, 5, -99);
	const u32 multiplier = s32_const(b, 5, HALF);
	const u32 shift = s32_const(b, 5, -6);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(1, 3, 4, 5)), -1);

	model_op(b, NEURAL_OP_CONV_2D, OPERANDS(x, w, bias, multiplier, shift), y,
		 ATTRS(2, 1, 1, 1, 1, 1, 0, 1, FULL));
	model_output(b, y);
}

static void depthwise(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 4, 4, 2)), -7);
	const u32 w = s8_const(b, SHAPE(1, 2, 2, 4));
	const u32 multiplier = s32_const(b, 4, HALF);
	const u32 shift = s32_const(b, 4, -3);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(1, 2, 4, 4)), 9);

	model_op(b, NEURAL_OP_DEPTHWISE_CONV_2D,
		 OPERANDS(x, w, NEURAL_MODEL_NONE, multiplier, shift), y,
		 ATTRS(1, 1, 2, 1, 0, 0, 1, 0, -100, 127));
	model_output(b, y);
}

static void pool(struct model_builder *b, u16 code)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 4, 5, 3));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 2, 5, 3));

	model_op(b, code, OPERANDS(x), y, ATTRS(2, 2, 2, 1, 0, 0, 1, 0, FULL));
	model_output(b, y);
}

static void average_pool(struct model_builder *b)
{
	pool(b, NEURAL_OP_AVERAGE_POOL_2D);
}

static void max_pool(struct model_builder *b)
{
	pool(b, NEURAL_OP_MAX_POOL_2D);
}

static void mean(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 3, 4, 2)), 5);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 2));

	model_op(b, NEURAL_OP_MEAN, OPERANDS(x), y, ATTRS(6, HALF, -3));
	model_output(b, y);
}

static void wide_fully_connected(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(3, 67)), -128);
	const u32 w = s8_const(b, SHAPE(35, 67));
	const u32 bias = s32_const(b, 35, -4000);
	const u32 multiplier = s32_const(b, 1, HALF + 99999);
	const u32 shift = s32_const(b, 1, -8);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(3, 35));

	model_op(b, NEURAL_OP_FULLY_CONNECTED, OPERANDS(x, w, bias, multiplier, shift), y,
		 ATTRS(FULL));
	model_output(b, y);
}

static void wide_conv(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 6, 7, 17)), 3);
	const u32 w = s8_const(b, SHAPE(19, 3, 3, 17));
	const u32 multiplier = s32_const(b, 19, HALF);
	const u32 shift = s32_const(b, 19, -8);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(1, 6, 4, 19)), -9);
	const u32 z = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(1, 6, 4, 19)), -9);

	model_op(b, NEURAL_OP_CONV_2D,
		 OPERANDS(x, w, NEURAL_MODEL_NONE, multiplier, shift), y,
		 ATTRS(1, 2, 1, 1, 1, 1, 1, 1, FULL));
	model_op(b, NEURAL_OP_ADD, OPERANDS(y, y), z,
		 ATTRS(20, HALF, 0, HALF, -1, HALF, -18, FULL));
	model_output(b, z);
}

static void wide_depthwise(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 9, 5, 35)), -1);
	const u32 w = s8_const(b, SHAPE(1, 3, 3, 35));
	const u32 bias = s32_const(b, 35, 50);
	const u32 multiplier = s32_const(b, 35, HALF);
	const u32 shift = s32_const(b, 35, -5);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 5, 5, 35));
	const u32 z = model_tensor(b, NEURAL_S8, SHAPE(1, 2, 2, 35));

	model_op(b, NEURAL_OP_DEPTHWISE_CONV_2D, OPERANDS(x, w, bias, multiplier, shift), y,
		 ATTRS(2, 1, 1, 1, 1, 1, 1, 1, FULL));
	model_op(b, NEURAL_OP_AVERAGE_POOL_2D, OPERANDS(y), z,
		 ATTRS(3, 3, 2, 2, 0, 0, 0, 0, FULL));
	model_output(b, z);
}

const struct seed seeds_window[] = {
	{ "fully_connected", fully_connected },
	{ "fully_connected_s4", fully_connected_s4 }, { "conv", conv },
	{ "depthwise", depthwise }, { "average_pool", average_pool },
	{ "max_pool", max_pool }, { "mean", mean },
	{ "wide_fully_connected", wide_fully_connected }, { "wide_conv", wide_conv },
	{ "wide_depthwise", wide_depthwise },
};

const u32 nr_seeds_window = ARRAY_SIZE(seeds_window);
