// SPDX-License-Identifier: GPL-2.0-only
/* Models of the shapes that are compared with other libraries; tests/bench/peer.h. */
#include "../user/model_builder.h"
#include "net.h"
#include "peer.h"

/* Weights and parameters of a layer that has @n outputs of @k inputs. */
struct layer {
	u32 w;
	u32 bias;
	u32 multiplier;
	u32 shift;
};

static s8 *bytes(size_t n)
{
	s8 *p = bench_alloc(n);
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (s32)(bench_random() % 255) - 127;
	return p;
}

/* Sums of @k products are some thousand times the root of @k: make bytes of them. */
static struct layer layer(struct model_builder *b, const u32 *dim, u32 rank, u32 n, u32 k)
{
	s32 *bias = bench_alloc(n * sizeof(s32)), *shift = bench_alloc(n * sizeof(s32));
	s32 *multiplier = bench_alloc(n * sizeof(s32));
	u32 i;

	for (i = 0; i < n; i++) {
		bias[i] = (s32)(bench_random() % 2048) - 1024;
		multiplier[i] = (1 << 30) + bench_random() % (1U << 30);
		shift[i] = -7 - fls64(k) / 2;
	}
	return (struct layer){
		.w = model_const(b, NEURAL_S8, dim, rank, bytes((size_t)n * k)),
		.bias = model_const(b, NEURAL_S32, SHAPE(n), bias),
		.multiplier = model_const(b, NEURAL_S32, SHAPE(n), multiplier),
		.shift = model_const(b, NEURAL_S32, SHAPE(n), shift),
	};
}

static u32 fully_connected(struct model_builder *b, u32 x, u32 m, u32 k, u32 n, bool relu)
{
	const struct layer l = layer(b, SHAPE(n, k), n, k);
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(m, n));

	b->tensors[y].zero_point = cpu_to_le32(relu ? S8_MIN : 3);
	model_op(b, NEURAL_OP_FULLY_CONNECTED,
		 OPERANDS(x, l.w, l.bias, l.multiplier, l.shift), y, ATTRS(S8_MIN, S8_MAX));
	return y;
}

static void mlp(struct model_builder *b, const struct bench_shape *s)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 h = fully_connected(b, x, 1, s->in, s->hidden, true);

	model_output(b, fully_connected(b, h, 1, s->hidden, s->out, false));
}

/* The whole product is one row of the model. */
static void gemm(struct model_builder *b, const struct bench_shape *s)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(s->in, s->in));

	model_output(b, fully_connected(b, x, s->in, s->in, s->in, false));
}

static void conv(struct model_builder *b, const struct bench_shape *s)
{
	const u32 pad = s->kernel / 2, cells = s->kernel * s->kernel;
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, s->height, s->width, s->in));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, s->height, s->width, s->out));
	const struct layer l = s->depthwise ?
		layer(b, SHAPE(1, s->kernel, s->kernel, s->out), s->out, cells) :
		layer(b, SHAPE(s->out, s->kernel, s->kernel, s->in), s->out, cells * s->in);

	b->tensors[x].zero_point = cpu_to_le32(-3);
	b->tensors[y].zero_point = cpu_to_le32(S8_MIN);
	model_op(b, s->depthwise ? NEURAL_OP_DEPTHWISE_CONV_2D : NEURAL_OP_CONV_2D,
		 OPERANDS(x, l.w, l.bias, l.multiplier, l.shift), y,
		 ATTRS(1, 1, 1, 1, pad, pad, pad, pad, S8_MIN, S8_MAX));
	model_output(b, y);
}

/* A layer in fixed point: weights of @bits bits, a sum that is shifted by @shift. */
static u32 dense(struct model_builder *b, u32 x, u32 k, u32 n, u8 wtype, u8 ytype, u32 frac,
		 bool relu)
{
	const size_t elements = (size_t)n * k;
	s32 *bias = bench_alloc(n * sizeof(s32)), *w = bench_alloc(elements * sizeof(s32));
	s16 *narrow = bench_alloc(elements * sizeof(s16));
	u32 wt, bt, y;
	size_t i;

	for (i = 0; i < elements; i++) {
		w[i] = bench_normal(0.1);
		narrow[i] = w[i] / 64;
	}
	wt = model_const(b, wtype, SHAPE(n, k), wtype == NEURAL_S16 ? (void *)narrow : w);
	bt = model_const(b, NEURAL_S32, SHAPE(n), bias);
	y = model_tensor(b, ytype, SHAPE(1, n));
	b->tensors[wt].frac = cpu_to_le32(frac);
	b->tensors[bt].frac = cpu_to_le32(frac);
	b->tensors[y].frac = cpu_to_le32(frac);
	model_op(b, NEURAL_OP_DENSE, OPERANDS(x, wt, bt), y,
		 ATTRS(frac, frac, relu ? NEURAL_RELU : NEURAL_LINEAR));
	return y;
}

/* LinnOS: digits, 16-bit weights, and no shift anywhere. */
static void integers(struct model_builder *b, const struct bench_shape *s)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 h = dense(b, x, s->in, s->hidden, NEURAL_S16, NEURAL_S32, 0, true);

	model_output(b, dense(b, h, s->hidden, s->out, NEURAL_S16, NEURAL_S64, 0, false));
}

/* The same with @more layers between, whose sums leave 32 bits, and then 48. */
static void add_deep_integers(const char *name, u32 more)
{
	struct model_builder *b = model_builder_new();
	u32 x = model_input(b, NEURAL_S8, SHAPE(1, 31));
	size_t size;
	u8 *file;

	x = dense(b, x, 31, 256, NEURAL_S16, NEURAL_S32, 0, true);
	for (; more; more--)
		x = dense(b, x, 256, 256, NEURAL_S16, NEURAL_S64, 0, true);
	model_output(b, dense(b, x, 256, 2, NEURAL_S16, NEURAL_S64, 0, false));
	file = model_builder_finish(b, &size);
	bench_net_add(name, file, size, 1, BENCH_NET_MACS);
}

static void q16(struct model_builder *b, const struct bench_shape *s)
{
	u32 x = model_input(b, NEURAL_S32, SHAPE(1, s->in));
	u32 k = s->in;

	b->tensors[x].frac = cpu_to_le32(16);
	if (s->hidden) {
		x = dense(b, x, k, s->hidden, NEURAL_S32, NEURAL_S32, 16, true);
		k = s->hidden;
	}
	model_output(b, dense(b, x, k, s->out, NEURAL_S32, NEURAL_S32, 16, false));
}

/* Sums of 64 products are some thousands: a byte is one in 256 of them. */
static void product(struct model_builder *b, const struct bench_shape *s)
{
	const u32 a = model_input(b, NEURAL_S8, SHAPE(s->hidden, s->in, s->in));
	const u32 w = model_input(b, NEURAL_S8, SHAPE(s->hidden, s->in, s->in));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(s->hidden, s->in, s->in));

	model_op(b, NEURAL_OP_BATCH_MATMUL, OPERANDS(a, w), y,
		 ATTRS(1 << 30, -9, 0, 0, S8_MIN, S8_MAX));
	model_output(b, y);
}

/* A step is a sixteenth: 2^30 << 23 in Q5.26, and no further than 31. */
static void softmax(struct model_builder *b, const struct bench_shape *s)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, s->in));

	b->tensors[y].zero_point = cpu_to_le32(S8_MIN);
	model_op(b, NEURAL_OP_SOFTMAX, OPERANDS(x), y, ATTRS(1 << 30, 23, -248));
	model_output(b, y);
}

/* Likewise, of what is within 8. */
static void logistic(struct model_builder *b, const struct bench_shape *s)
{
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, s->in));

	b->tensors[y].zero_point = cpu_to_le32(S8_MIN);
	model_op(b, NEURAL_OP_LOGISTIC, OPERANDS(x), y, ATTRS(127, 1 << 30, 24));
	model_output(b, y);
}

/* Scales of one, two and three. */
static void sum(struct model_builder *b, const struct bench_shape *s)
{
	const u32 a = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 c = model_input(b, NEURAL_S8, SHAPE(1, s->in));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, s->in));

	model_op(b, NEURAL_OP_ADD, OPERANDS(a, c), y,
		 ATTRS(20, 1 << 30, -1, 1 << 30, 0, 1431655765, -18, S8_MIN, S8_MAX));
	model_output(b, y);
}

static void (*const builders[])(struct model_builder *b, const struct bench_shape *s) = {
	[BENCH_MLP] = mlp,
	[BENCH_GEMM] = gemm,
	[BENCH_CONV] = conv,
	[BENCH_INTEGERS] = integers,
	[BENCH_Q16] = q16,
	[BENCH_PRODUCT] = product,
	[BENCH_SOFTMAX] = softmax,
	[BENCH_LOGISTIC] = logistic,
	[BENCH_ADD] = sum,
};

void bench_nets_add(void)
{
	size_t size;
	u8 *file;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bench_shapes); i++) {
		const struct bench_shape *s = &bench_shapes[i];
		struct model_builder *b = model_builder_new();

		builders[s->kind](b, s);
		file = model_builder_finish(b, &size);
		bench_net_add(s->name, file, size, s->rows,
			      (s->best_only ? BENCH_NET_BEST : 0) |
			      (s->kind < BENCH_SOFTMAX ? BENCH_NET_MACS : 0));
	}
	add_deep_integers("linnos+1", 1);
	add_deep_integers("linnos+2", 2);
}
