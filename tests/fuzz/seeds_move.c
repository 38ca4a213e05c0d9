// SPDX-License-Identifier: GPL-2.0-only
/* What moves elements, and the graphs around them. */
#include "seeds.h"

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

static void embedding(struct model_builder *b)
{
	const u32 x = model_input(b, NEURAL_S16, SHAPE(4));
	const u32 table = s8_const(b, SHAPE(10, 6));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(4, 6));

	model_op(b, NEURAL_OP_EMBEDDING, OPERANDS(x, table), y, NO_ATTRS);
	model_output(b, y);
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

const struct seed seeds_move[] = {
	{ "concat", concat }, { "reshape", reshape }, { "pad", pad },
	{ "transpose", transpose }, { "slice", slice }, { "resize", resize },
	{ "embedding", embedding }, { "branch", branch }, { "ranges", ranges },
};

const u32 nr_seeds_move = ARRAY_SIZE(seeds_move);
