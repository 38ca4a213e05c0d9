// SPDX-License-Identifier: GPL-2.0-only
/*
 * seeds DIRECTORY: write the models that fuzzing starts from, one for each operation
 * and some of several, and nothing that is refused.
 */
#include "fuzz.h"

#define HALF	0x40000000
#define FULL	S8_MIN, S8_MAX

static s32 words[256];
static s8 bytes[8192];

static u32 s8_const(struct model_builder *b, const u32 *dim, u32 rank)
{
	return model_const(b, NEURAL_S8, dim, rank, bytes);
}

static u32 s32_const(struct model_builder *b, u32 n, s32 value)
{
	u32 i;

	for (i = 0; i < n; i++)
		words[i] = value;
	return model_const(b, NEURAL_S32, SHAPE(n), words);
}

static u32 fixed(struct model_builder *b, u32 t, u32 frac)
{
	b->tensors[t].frac = cpu_to_le32(frac);
	return t;
}

static u32 zero_at(struct model_builder *b, u32 t, s32 zero_point)
{
	b->tensors[t].zero_point = cpu_to_le32(zero_point);
	return t;
}

static void dense(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S16, SHAPE(2, 5)), 8);
	const u32 w = model_const(b, NEURAL_S8, SHAPE(18, 5), bytes);
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
	const u32 w = model_const(b, NEURAL_S4, SHAPE(3, 8), bytes);
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

static void concat(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S16, SHAPE(2, 3, 2));
	const u32 z = model_input(b, NEURAL_S16, SHAPE(2, 1, 2));
	const u32 y = model_tensor(b, NEURAL_S16, SHAPE(2, 7, 2));

	model_op(b, NEURAL_OP_CONCAT, OPERANDS(x, z, x), y, ATTRS(1));
	model_output(b, y);
}

static void reshape(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S64, SHAPE(2, 3));
	const u32 y = model_tensor(b, NEURAL_S64, SHAPE(6));
	const u32 z = model_tensor(b, NEURAL_S64, SHAPE(3, 2));

	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(x), y, NO_ATTRS);
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(y), z, NO_ATTRS);
	model_output(b, z);
	model_output(b, x);
}

static void pad(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(2, 3));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(4, 5));

	model_op(b, NEURAL_OP_PAD, OPERANDS(x), y,
		 ATTRS(1, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, -9));
	model_output(b, y);
}

static void transpose(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S32, SHAPE(2, 3, 4));
	const u32 y = model_tensor(b, NEURAL_S32, SHAPE(4, 2, 3));

	model_op(b, NEURAL_OP_TRANSPOSE, OPERANDS(x), y, ATTRS(2, 0, 1));
	model_output(b, y);
}

static void slice(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(5, 6));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(2, 3));

	model_op(b, NEURAL_OP_SLICE, OPERANDS(x), y,
		 ATTRS(1, 5, 0, 0, 0, 0, 2, -2, 0, 0, 0, 0));
	model_output(b, y);
}

static void resize(struct model_builder *b)
{
	const s32 line[3] = { 0, 1, 1 }, column[4] = { 0, 0, 2, 1 };
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 2, 3, 2));
	const u32 lines = model_const(b, NEURAL_S32, SHAPE(3), line);
	const u32 columns = model_const(b, NEURAL_S32, SHAPE(4), column);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 3, 4, 2));

	model_op(b, NEURAL_OP_RESIZE_NEAREST, OPERANDS(x, lines, columns), y, NO_ATTRS);
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

static void embedding(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S16, SHAPE(4));
	const u32 table = s8_const(b, SHAPE(10, 6));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(4, 6));

	model_op(b, NEURAL_OP_EMBEDDING, OPERANDS(x, table), y, NO_ATTRS);
	model_output(b, y);
}

static void layer_norm(struct model_builder *b)
{
	const u32 x = zero_at(b, model_input(b, NEURAL_S8, SHAPE(2, 6)), 5);
	const u32 gamma = fixed(b, model_const(b, NEURAL_S16, SHAPE(6), bytes), 12);
	const u32 beta = fixed(b, s32_const(b, 6, -70000), 16);
	const u32 y = zero_at(b, model_tensor(b, NEURAL_S8, SHAPE(2, 6)), -4);

	model_op(b, NEURAL_OP_LAYER_NORM, OPERANDS(x, gamma, beta), y,
		 ATTRS(HALF, -11, 66, FULL));
	model_output(b, y);
}

static void rms_norm(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(2, 6));
	const u32 gamma = fixed(b, model_const(b, NEURAL_S16, SHAPE(6), bytes), 12);
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

/* From here on: large enough for vector kernels and for more than one tile of them. */
static void wide_dense(struct model_builder *b)
{
	const u32 x = fixed(b, model_input(b, NEURAL_S32, SHAPE(1, 33)), 16);
	const u32 w = fixed(b, model_const(b, NEURAL_S16, SHAPE(37, 33), bytes), 12);
	const u32 y = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(1, 37)), 16);

	model_op(b, NEURAL_OP_DENSE, OPERANDS(x, w), y, ATTRS(12, 0, 2, 1 << 28));
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

/* A branch, a name for a tensor and one for a node, constants that are read. */
static void branch(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 6));
	const u32 table = s8_const(b, SHAPE(256));
	const u32 p = model_tensor(b, NEURAL_S8, SHAPE(1, 6));
	const u32 q = model_tensor(b, NEURAL_S8, SHAPE(2, 3));
	const u32 r = model_tensor(b, NEURAL_S8, SHAPE(2, 3));
	const u32 s = model_tensor(b, NEURAL_S8, SHAPE(2, 3));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(2, 6));

	model_op(b, NEURAL_OP_LUT, OPERANDS(x, table), p, NO_ATTRS);
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(p), q, NO_ATTRS);
	model_op(b, NEURAL_OP_RELU, OPERANDS(q), r, ATTRS(HALF, 1, 0, 100));
	model_op(b, NEURAL_OP_ADD, OPERANDS(r, s8_const(b, SHAPE(2, 3))), s,
		 ATTRS(20, HALF, 0, HALF, 0, HALF, -18, FULL));
	model_op(b, NEURAL_OP_CONCAT, OPERANDS(q, s), y, ATTRS(1));
	b->ops[0].name = model_string(b, "lut");
	b->tensors[x].name = model_string(b, "x");
	b->has_meta = true;
	b->meta.name = model_string(b, "branch");
	b->meta.labels = model_string(b, "label");
	b->meta.nr_labels = cpu_to_le32(1);
	model_output(b, y);
	model_output(b, q);
}

/* Ranges of two inputs of different types, and of an output. */
static void ranges(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 5));
	const u32 ids = fixed(b, model_input(b, NEURAL_S32, SHAPE(1, 2)), 16);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(5));
	const u32 z = fixed(b, model_tensor(b, NEURAL_S32, SHAPE(2)), 16);

	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(x), y, NO_ATTRS);
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(ids), z, NO_ATTRS);
	model_output(b, y);
	model_output(b, z);
	model_range(b, 0, 0, 0, 2, -3, 3);
	model_range(b, 0, 0, 3, 1, S8_MIN, S8_MAX);
	model_range(b, 0, 1, 0, 2, -65536, 65536);
	model_range(b, NEURAL_RANGE_OUTPUT, 0, 0, 5, -100, 100);
}

static const struct {
	const char *name;
	void (*fill)(struct model_builder *b);
} seeds[] = {
	{ "dense", dense }, { "dense_q16", dense_q16 }, { "scale", scale },
	{ "softmax_fixed", softmax_fixed }, { "fully_connected", fully_connected },
	{ "fully_connected_s4", fully_connected_s4 }, { "conv", conv },
	{ "depthwise", depthwise }, { "average_pool", average_pool },
	{ "max_pool", max_pool }, { "mean", mean }, { "add", add }, { "sub", sub },
	{ "mul", mul }, { "concat", concat }, { "reshape", reshape }, { "pad", pad },
	{ "transpose", transpose }, { "slice", slice }, { "resize", resize },
	{ "softmax", softmax }, { "relu", relu }, { "leaky_relu", leaky_relu },
	{ "hard_swish", hard_swish }, { "logistic", logistic }, { "tanh", hyperbolic },
	{ "requantize", requantize }, { "lut", lut }, { "quantize", quantize },
	{ "embedding", embedding }, { "layer_norm", layer_norm }, { "rms_norm", rms_norm },
	{ "matmul", matmul }, { "branch", branch },
	{ "wide_dense", wide_dense }, { "wide_fully_connected", wide_fully_connected },
	{ "wide_conv", wide_conv }, { "wide_depthwise", wide_depthwise },
	{ "wide_maps", wide_maps }, { "ranges", ranges },
};

static bool write_to(const char *directory, const char *name, const u8 *file, size_t size)
{
	char path[4096];
	FILE *to;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	to = fopen(path, "wb");
	if (!to)
		return false;
	ok = fwrite(file, 1, size, to) == size;
	return !fclose(to) && ok;
}

int main(int argc, char **argv)
{
	int failed = 0;
	u32 i;

	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIRECTORY\n");
		return 2;
	}
	neural_simd_init();
	for (i = 0; i < ARRAY_SIZE(bytes); i++)
		bytes[i] = (s8)(i * 37 + 11);
	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		struct model_builder *b = model_builder_new();
		struct neural_reason why;
		size_t size;
		u8 *file;

		seeds[i].fill(b);
		file = model_builder_finish(b, &size);
		if (model_try(file, size, i, &why)) {
			fprintf(stderr, "%s: %s, node %u\n", seeds[i].name, why.rule, why.layer);
			failed = 1;
		} else if (!write_to(argv[1], seeds[i].name, file, size)) {
			perror(seeds[i].name);
			failed = 1;
		}
		free(file);
	}
	return failed;
}
