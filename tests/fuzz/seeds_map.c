// SPDX-License-Identifier: GPL-2.0-only
/* What goes by element, or by vector. */
#include "seeds.h"

static void sum(struct model_builder *b, u16 code)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 3, 4)), -5);
	const u32 z = zero_at(b, model_input(b, NEURAL_S8, SHAPE(4)), 3);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(1, 3, 4)), 8);

	model_op(b, code, OPERANDS(x, z), y,
		 ATTRS(20, HALF, 0, HALF, -1, HALF, -18, FULL));
	model_output(b, y);
}

static void add(struct model_builder *b)
{
	sum(b, NEURAL_OP_ADD);
}

static void sub(struct model_builder *b)
{
	sum(b, NEURAL_OP_SUB);
}

static void mul(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 4)), -5);
	const u32 z = zero_at(b, s8_const(b, SHAPE(2, 1)), 3);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(2, 4)), 8);

	model_op(b, NEURAL_OP_MUL, OPERANDS(x, z), y, ATTRS(HALF, -6, FULL));
	model_output(b, y);
}

/* One operand to one of the same shape. */
static void map(struct model_builder *b, u16 code, s32 zero_point, const s32 *attr, u32 nr)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(3, 4)), -2);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(3, 4)), zero_point);

	model_op(b, code, OPERANDS(x), y, attr, nr);
	model_output(b, y);
}

static void softmax(struct model_builder *b)
{
	map(b, NEURAL_OP_SOFTMAX, -128, ATTRS(HALF, 22, -248));
}

static void relu(struct model_builder *b)
{
	map(b, NEURAL_OP_RELU, 1, ATTRS(HALF, 1, 1, 127));
}

static void leaky_relu(struct model_builder *b)
{
	map(b, NEURAL_OP_LEAKY_RELU, 1, ATTRS(HALF, 1, HALF, -3));
}

static void hard_swish(struct model_builder *b)
{
	map(b, NEURAL_OP_HARD_SWISH, 1, ATTRS(0x4000, -2, 0x4000, 2));
}

static void logistic(struct model_builder *b)
{
	map(b, NEURAL_OP_LOGISTIC, -128, ATTRS(100, HALF, 21));
}

static void hyperbolic(struct model_builder *b)
{
	map(b, NEURAL_OP_TANH, 0, ATTRS(100, HALF, 21));
}

static void requantize(struct model_builder *b)
{
	map(b, NEURAL_OP_REQUANTIZE, 6, ATTRS(HALF, 1));
}

static void lut(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(7));
	const u32 table = s8_const(b, SHAPE(256));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(7));

	model_op(b, NEURAL_OP_LUT, OPERANDS(x, table), y, NO_ATTRS);
	model_output(b, y);
}

static void quantize(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(5)), 16);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(5)), 3);
	const u32 z = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(5)), 16);

	model_op(b, NEURAL_OP_QUANTIZE, OPERANDS(x), y, ATTRS(HALF, -10));
	model_op(b, NEURAL_OP_DEQUANTIZE, OPERANDS(y), z, ATTRS(HALF, 10));
	model_output(b, z);
}

static void layer_norm(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 6)), 5);
	const u32 gamma = fixed(b, model_const(b, NEURAL_S16, SHAPE(6), seed_bytes), 12);
	const u32 beta = fixed(b, s32_const(b, 6, -70000), 16);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(2, 6)), -4);

	model_op(b, NEURAL_OP_LAYER_NORM, OPERANDS(x, gamma, beta), y,
		 ATTRS(HALF, -11, 66, FULL));
	model_output(b, y);
}

static void rms_norm(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(2, 6));
	const u32 gamma = fixed(b, model_const(b, NEURAL_S16, SHAPE(6), seed_bytes), 12);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(2, 6));

	model_op(b, NEURAL_OP_RMS_NORM, OPERANDS(x, gamma), y, ATTRS(HALF, -11, 66, FULL));
	model_output(b, y);
}

static void matmul(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 3, 4)), 2);
	const u32 z = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 5, 4)), -2);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(2, 3, 5));

	model_op(b, NEURAL_OP_BATCH_MATMUL, OPERANDS(x, z), y, ATTRS(HALF, -6, 0, 1, FULL));
	model_output(b, y);
}

/* More columns than are packed at once, and one factor transposed. */
static void wide_matmul(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 21, 9)), 5);
	const u32 y = zero_at(b, model_input(b, NEURAL_S8, SHAPE(1, 21, 70)), -7);
	const u32 z = model_tensor(b, NEURAL_S8, SHAPE(2, 9, 70));

	model_op(b, NEURAL_OP_BATCH_MATMUL, OPERANDS(x, y), z, ATTRS(HALF, -8, 1, 0, FULL));
	model_output(b, z);
}

static void wide_maps(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(5, 131)), 1);
	const u32 y = zero_at(b, model_input(b, NEURAL_S8, SHAPE(5, 131)), 2);
	const u32 p = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(5, 131)), 3);
	const u32 q = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(5, 131)), -128);
	const u32 r = model_tensor(b, NEURAL_S8, SHAPE(5, 131));
	const u32 t = model_tensor(b, NEURAL_S8, SHAPE(5, 1));

	model_op(b, NEURAL_OP_SUB, OPERANDS(x, y), p,
		 ATTRS(20, HALF, 0, HALF, 0, HALF, -18, FULL));
	model_op(b, NEURAL_OP_SOFTMAX, OPERANDS(p), q, ATTRS(HALF, 22, -248));
	model_op(b, NEURAL_OP_MUL, OPERANDS(q, x), r, ATTRS(HALF, -5, FULL));
	model_op(b, NEURAL_OP_MEAN, OPERANDS(r), t, ATTRS(2, HALF, -6));
	model_output(b, t);
	model_output(b, q);
}

const struct seed seeds_map[] = {
	{ "add", add }, { "sub", sub }, { "mul", mul }, { "softmax", softmax },
	{ "relu", relu }, { "leaky_relu", leaky_relu }, { "hard_swish", hard_swish },
	{ "logistic", logistic }, { "tanh", hyperbolic }, { "requantize", requantize },
	{ "lut", lut }, { "quantize", quantize }, { "layer_norm", layer_norm },
	{ "rms_norm", rms_norm }, { "matmul", matmul }, { "wide_maps", wide_maps },
	{ "wide_matmul", wide_matmul },
};

const u32 nr_seeds_map = ARRAY_SIZE(seeds_map);
