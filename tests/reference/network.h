/* SPDX-License-Identifier: GPL-2.0-only */
/* Random networks and inputs. */
#ifndef _NEURAL_TEST_REFERENCE_NETWORK_H
#define _NEURAL_TEST_REFERENCE_NETWORK_H

#include "../../src/env.h"
#include "arith.h"

#define REFERENCE_LAYERS	6
#define REFERENCE_WIDTH		300
#define REFERENCE_POOL		(200 * 1024)	/* parameters, in words */

/**
 * struct reference_layer - a layer and its parameters
 * @desc: as given to the engine; units may be 0
 * @in: width of its input
 * @out: width of its output
 * @weights: dense
 * @bias: dense, may be NULL
 * @bn: batch-norm
 * @root: batch-norm: the square roots of the variances, epsilon included
 */
struct reference_layer {
	struct neural_layer_desc desc;
	u32 in;
	u32 out;
	s32 *weights;
	s32 *bias;
	struct neural_batch_norm bn;
	u32 *root;
};

struct reference_network {
	u32 input;
	u32 output;
	u32 nr;
	struct reference_layer layers[REFERENCE_LAYERS];
	s32 a[REFERENCE_WIDTH];
	s32 b[REFERENCE_WIDTH];
	u32 used;
	s32 pool[REFERENCE_POOL];
};

static inline s32 *reference_take(struct reference_network *net, u32 n)
{
	s32 *p = net->pool + net->used;

	net->used += n;
	return p;
}

/* Does layer @i take the batch-norm behind it in? */
static inline bool reference_folds(const struct reference_network *net, u32 i)
{
	return net->layers[i].desc.kind == NEURAL_LAYER_DENSE &&
	       net->layers[i].desc.activation == NEURAL_LINEAR && i + 1 < net->nr &&
	       net->layers[i + 1].desc.kind == NEURAL_LAYER_BATCH_NORM;
}

/* Weights of one layer are of one size: 16 bits, around one, or what just fits. */
static inline void reference_fill_dense(struct reference_network *net, u32 i, u64 *seed)
{
	struct reference_layer *l = &net->layers[i];
	s32 most = 1 << (9 + reference_random(seed) % 9);
	u32 j;

	if (!reference_folds(net, i) && reference_random(seed) % 4 == 0)
		most = min_t(u32, 0xfffe0000U / l->in, NEURAL_FP_MAX);
	l->weights = reference_take(net, l->in * l->out);
	for (j = 0; j < l->in * l->out; j++)
		l->weights[j] = reference_between(seed, -most, most);
	l->bias = reference_random(seed) % 4 ? reference_take(net, l->out) : NULL;
	for (j = 0; l->bias && j < l->out; j++)
		l->bias[j] = reference_between(seed, -(1 << 17), 1 << 17);
}

/*
 * Squares of roots that differ by 2^15 are alike in their lower 16 bits, so one
 * epsilon makes all of them.
 */
static inline void reference_fill_norm(struct reference_network *net, u32 i, u64 *seed)
{
	struct reference_layer *l = &net->layers[i];
	s32 *gamma = reference_take(net, l->out), *beta = reference_take(net, l->out);
	s32 *mean = reference_take(net, l->out), *variance = reference_take(net, l->out);
	const u32 root = (1 << 15) + reference_random(seed) % (1 << 15);
	u32 j;

	l->root = (u32 *)reference_take(net, l->out);
	for (j = 0; j < l->out; j++) {
		gamma[j] = reference_between(seed, -(1 << 17), 1 << 17);
		beta[j] = reference_between(seed, -(1 << 18), 1 << 18);
		mean[j] = reference_between(seed, -(1 << 18), 1 << 18);
		l->root[j] = root + ((reference_random(seed) % 256) << 15);
		variance[j] = (u64)l->root[j] * l->root[j] >> 16;
	}
	l->bn = (struct neural_batch_norm){
		.gamma = gamma, .beta = beta, .mean = mean, .variance = variance,
		.units = l->out, .epsilon = root * root & 0xffff,
	};
}

static inline enum neural_layer_kind reference_kind(u64 *seed)
{
	switch (reference_random(seed) % 8) {
	case 0:
		return NEURAL_LAYER_SOFTMAX;
	case 1:
	case 2:
		return NEURAL_LAYER_BATCH_NORM;
	default:
		return NEURAL_LAYER_DENSE;
	}
}

/* Up to REFERENCE_LAYERS layers up to 70 wide, or two up to REFERENCE_WIDTH. */
static inline void reference_network_fill(struct reference_network *net, u64 *seed,
					  bool wide)
{
	const u32 most = wide ? REFERENCE_WIDTH : 70;
	u32 i, width;

	net->used = 0;
	net->nr = wide ? 2 : 1 + reference_random(seed) % REFERENCE_LAYERS;
	net->input = 1 + reference_random(seed) % most;
	for (i = 0, width = net->input; i < net->nr; i++) {
		struct reference_layer *l = &net->layers[i];

		*l = (struct reference_layer){ .in = width };
		l->desc.kind = reference_kind(seed);
		if (l->desc.kind == NEURAL_LAYER_DENSE)
			width = 1 + reference_random(seed) % most;
		l->out = width;
		if (l->desc.kind == NEURAL_LAYER_DENSE || reference_random(seed) % 2)
			l->desc.units = width;
		if (l->desc.kind != NEURAL_LAYER_SOFTMAX)
			l->desc.activation = reference_random(seed) % (NEURAL_TANH + 1);
		if (reference_random(seed) % 2)
			l->desc.slope = reference_random(seed) >> 1;
	}
	net->output = width;
	for (i = 0; i < net->nr; i++) {
		if (net->layers[i].desc.kind == NEURAL_LAYER_DENSE)
			reference_fill_dense(net, i, seed);
		else if (net->layers[i].desc.kind == NEURAL_LAYER_BATCH_NORM)
			reference_fill_norm(net, i, seed);
	}
}

static inline void reference_input(s32 *x, u32 n, u64 *seed)
{
	const bool tame = reference_random(seed) % 2;
	u32 i;

	for (i = 0; i < n; i++)
		x[i] = tame ? reference_between(seed, -(4 << 16), 4 << 16) :
			      reference_any(seed);
}

#endif /* _NEURAL_TEST_REFERENCE_NETWORK_H */
