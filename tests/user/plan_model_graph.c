// SPDX-License-Identifier: GPL-2.0-only
/* Random models of the operations of the plan_model suite. */
#include "../reference/arith.h"
#include "plan_model.h"

#define NODES	40

/* A model in the making: tensors that have a value, and how large each is. */
struct graph {
	struct model_builder *b;
	u64 *seed;
	u32 ready[NODES + 8];
	u32 nr_ready;
	u32 bytes[MODEL_BUILDER_MAX];
	u8 dtype[MODEL_BUILDER_MAX];
};

static u32 below(struct graph *g, u32 n)
{
	return reference_random(g->seed) % n;
}

static u32 some_size(struct graph *g)
{
	return 8 * (1 + below(g, below(g, 4) ? 8 : 60));
}

/* A tensor of @bytes bytes, a multiple of eight, but none that any operation refuses. */
static u32 tensor(struct graph *g, u8 dtype, u32 bytes)
{
	const u32 n = bytes * 8 / neural_dtype_bits(dtype);
	u32 t;

	if (n % 2 == 0 && n != 26 && below(g, 2))
		t = model_tensor(g->b, dtype, SHAPE(n / 2, 2));
	else if (n == 13 || below(g, 2))
		t = model_tensor(g->b, dtype, SHAPE(1, n));
	else
		t = model_tensor(g->b, dtype, SHAPE(n));
	g->bytes[t] = bytes;
	g->dtype[t] = dtype;
	return t;
}

static u32 constant(struct graph *g)
{
	u8 data[8 * 61];
	u32 i, t, bytes = some_size(g);

	for (i = 0; i < bytes; i++)
		data[i] = below(g, 256);
	t = model_const(g->b, NEURAL_S8, SHAPE(1, bytes), data);
	g->bytes[t] = bytes;
	g->dtype[t] = NEURAL_S8;
	return t;
}

/* Mostly one of the last few, so that there are chains as well as bushes. */
static u32 operand(struct graph *g)
{
	const u32 back = below(g, 3) ? min(g->nr_ready, 3U) : g->nr_ready;

	return g->ready[g->nr_ready - 1 - below(g, back)];
}

static u8 some_type(struct graph *g)
{
	return NEURAL_S8 + below(g, 4);
}

static u32 join(struct graph *g)
{
	u32 in[5], nr = 1 + below(g, 5), i, out, bytes = 0;

	for (i = 0; i < nr; i++) {
		in[i] = below(g, 8) ? operand(g) : constant(g);
		bytes += g->bytes[in[i]];
	}
	out = tensor(g, some_type(g), bytes);
	model_op(g->b, NEURAL_OP_CONCAT, in, nr, out, NO_ATTRS);
	return out;
}

static u32 node(struct graph *g)
{
	const u32 a = operand(g), b = below(g, 6) ? operand(g) : constant(g);
	u32 out;

	switch (below(g, 8)) {
	case 0:
		return join(g);
	case 1:
		out = tensor(g, some_type(g), some_size(g));
		model_op(g->b, OP_SUM, OPERANDS(a, b), out, NO_ATTRS);
		return out;
	case 2:
		out = tensor(g, some_type(g), g->bytes[a]);
		model_op(g->b, OP_MIX, OPERANDS(a, b), out, NO_ATTRS);
		return out;
	case 3:
		out = tensor(g, some_type(g), g->bytes[a]);
		model_op(g->b, OP_BIAS, OPERANDS(a, constant(g)), out, NO_ATTRS);
		return out;
	case 4:
		out = tensor(g, g->dtype[a], g->bytes[a]);
		model_op(g->b, OP_TURN, OPERANDS(a), out, NO_ATTRS);
		return out;
	case 5:
		out = tensor(g, g->dtype[a], g->bytes[a]);
		model_op(g->b, OP_MAP, OPERANDS(a), out, NO_ATTRS);
		return out;
	case 6:
		/* Of a constant, now and then. */
		out = tensor(g, g->dtype[b], g->bytes[b]);
		model_op(g->b, NEURAL_OP_RESHAPE, OPERANDS(b), out, NO_ATTRS);
		return out;
	default:
		out = tensor(g, g->dtype[a], g->bytes[a]);
		model_op(g->b, NEURAL_OP_RESHAPE, OPERANDS(a), out, NO_ATTRS);
		return out;
	}
}

u8 *plan_graph(u64 *seed, size_t *bytes)
{
	struct graph *g = calloc(1, sizeof(*g));
	u32 i, nr;
	u8 *file;

	g->b = model_builder_new();
	g->seed = seed;
	for (i = 0, nr = 1 + below(g, 3); i < nr; i++) {
		g->ready[g->nr_ready] = tensor(g, some_type(g), some_size(g));
		g->b->inputs[g->b->nr_inputs++] = g->ready[g->nr_ready++];
	}
	for (i = 0, nr = 1 + below(g, NODES); i < nr; i++)
		g->ready[g->nr_ready++] = node(g);
	/* The last, and what may be anything, twice or an input. */
	model_output(g->b, g->ready[g->nr_ready - 1]);
	for (i = below(g, 4); i; i--)
		model_output(g->b, g->ready[below(g, g->nr_ready)]);
	file = model_builder_finish(g->b, bytes);
	free(g);
	return file;
}
