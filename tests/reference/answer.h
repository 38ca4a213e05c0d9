/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a random network has to answer.
 *
 * Sigmoid, tanh and softmax are those of src/, which the numerics suites hold to
 * the real functions: within one LSB there is more than one right answer, and here
 * every bit is compared.
 */
#ifndef _NEURAL_TEST_REFERENCE_ANSWER_H
#define _NEURAL_TEST_REFERENCE_ANSWER_H

#include "../../src/q16.h"
#include "../../src/q16_softmax.h"
#include "network.h"

static inline s32 reference_activate(const struct neural_layer_desc *desc, s32 x)
{
	switch (desc->activation) {
	case NEURAL_RELU:
		return reference_relu(x);
	case NEURAL_LEAKY_RELU:
		return reference_leaky_relu(x, desc->slope ?: NEURAL_LEAKY_SLOPE_DEFAULT);
	case NEURAL_SIGMOID:
		return neural_q16_sigmoid(x);
	case NEURAL_TANH:
		return neural_q16_tanh(x);
	default:
		return x;
	}
}

/* Output @j of a dense layer with batch-norm @bn behind it, before the activation. */
static inline s32 reference_folded(const struct reference_layer *l,
				   const struct reference_layer *bn, u32 j, const s32 *x)
{
	const s64 factor = reference_norm_factor(bn->bn.gamma[j], bn->root[j]);
	const s32 bias = l->bias ? l->bias[j] : 0;
	s64 acc = reference_norm_mul((s64)bias - bn->bn.mean[j], factor) + bn->bn.beta[j];
	u32 i;

	acc = acc * NEURAL_FP_ONE + NEURAL_FP_ONE / 2;
	for (i = 0; i < l->in; i++)
		acc += x[i] * reference_norm_mul(l->weights[j * l->in + i], factor);
	return reference_saturate(reference_floor(acc, NEURAL_FP_SHIFT));
}

/* Layer @i from @x to @y; returns how many layers that was. */
static inline u32 reference_layer_run(const struct reference_network *net, u32 i,
				      const s32 *x, s32 *y)
{
	const struct reference_layer *l = &net->layers[i];
	const bool folds = reference_folds(net, i);
	u32 j;

	if (l->desc.kind == NEURAL_LAYER_SOFTMAX)
		neural_q16_softmax(y, x, l->out);
	for (j = 0; j < l->out && l->desc.kind != NEURAL_LAYER_SOFTMAX; j++) {
		if (l->desc.kind == NEURAL_LAYER_BATCH_NORM)
			y[j] = reference_norm(x[j],
					      reference_norm_factor(l->bn.gamma[j],
								    l->root[j]),
					      l->bn.mean[j], l->bn.beta[j]);
		else if (folds)
			y[j] = reference_folded(l, l + 1, j, x);
		else
			y[j] = reference_dense(l->weights + j * l->in,
					       l->bias ? l->bias[j] : 0, x, l->in);
		y[j] = reference_activate(&l[folds].desc, y[j]);
	}
	return 1 + folds;
}

static inline void reference_network_run(struct reference_network *net, const s32 *x,
					 s32 *y)
{
	u32 i, used;

	for (i = 0; i < net->nr; i += used) {
		s32 *to = x == net->a ? net->b : net->a;

		used = reference_layer_run(net, i, x, to);
		x = to;
	}
	for (i = 0; i < net->output; i++)
		y[i] = x[i];
}

#endif /* _NEURAL_TEST_REFERENCE_ANSWER_H */
