// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions a layer may end in, on networks of one input, where what goes into
 * the function is one product and known.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../reference/arith.h"
#include "../reference/exp.h"
#include "self_test.h"

#define UNITS	77	/* whole vectors of every level, and some left over */
#define TURNS	20

static s32 weights[UNITS], bias[UNITS], before[UNITS], out[UNITS];

/* A network of @layers with its first one set, and what that one gives for @x. */
static struct neural_network *make(const struct neural_layer_desc *layers, u32 nr, s32 x,
				   u64 *seed)
{
	struct neural_network *nn = neural_network_create_layers(NULL, 1, layers, nr);
	u32 i;
	int ret;

	if (IS_ERR(nn))
		return nn;
	for (i = 0; i < UNITS; i++) {
		weights[i] = reference_between(seed, -3 * NEURAL_FP_ONE, 3 * NEURAL_FP_ONE);
		bias[i] = reference_between(seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
		before[i] = reference_dense(&weights[i], bias[i], &x, 1);
	}
	ret = neural_network_set_weights(nn, 0, weights, UNITS, bias, UNITS);
	if (!ret)
		return nn;
	neural_network_destroy(nn);
	return ERR_PTR(ret);
}

static bool is_right(const struct neural_layer_desc *layer, s32 x, s32 y)
{
	switch (layer->activation) {
	case NEURAL_LINEAR:
		return y == x;
	case NEURAL_RELU:
		return y == reference_relu(x);
	case NEURAL_LEAKY_RELU:
		return y == reference_leaky_relu(x, layer->slope);
	case NEURAL_SIGMOID:
		return reference_sigmoid_near(x, y);
	case NEURAL_TANH:
		return reference_tanh_near(x, y);
	}
	return false;
}

const char *neural_test_activations(struct neural_test_model *m, u64 *seed)
{
	struct neural_layer_desc layer = { .kind = NEURAL_LAYER_DENSE, .units = UNITS };
	const char *failed = NULL;
	struct neural_network *nn;
	u32 i, turn;
	s32 x;

	for (turn = 0; turn < TURNS && !failed; turn++) {
		layer.activation = turn % (NEURAL_TANH + 1);
		layer.slope = reference_between(seed, 1, NEURAL_FP_MAX);
		x = turn < TURNS / 2 ? reference_between(seed, -(4 << 16), 4 << 16) :
				       reference_any(seed);
		nn = make(&layer, 1, x, seed);
		if (IS_ERR(nn))
			return "a network is refused";
		if (neural_network_predict(nn, &x, out))
			failed = "a prediction is refused";
		for (i = 0; i < UNITS && !failed; i++)
			if (!is_right(&layer, before[i], out[i]))
				failed = "an activation is wrong";
		neural_network_destroy(nn);
	}
	return failed;
}

const char *neural_test_softmax(struct neural_test_model *m, u64 *seed)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, UNITS, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, UNITS, 0 },
	};
	const char *failed = NULL;
	struct neural_network *nn;
	u32 turn;
	s32 x;

	for (turn = 0; turn < TURNS && !failed; turn++) {
		x = turn < TURNS / 2 ? reference_between(seed, -(4 << 16), 4 << 16) :
				       reference_any(seed);
		nn = make(layers, ARRAY_SIZE(layers), x, seed);
		if (IS_ERR(nn))
			return "a network is refused";
		if (neural_network_predict(nn, &x, out))
			failed = "a prediction is refused";
		else if (reference_softmax_near(before, out, UNITS) != UNITS)
			failed = "softmax is off by more than one";
		neural_network_destroy(nn);
	}
	return failed;
}

/*
 * Of a variance, epsilon included, that is the square of @root the square root is
 * no question.  Behind relu the layer stands by itself, else it is folded in, where
 * the weights that go into it are rounded.
 */
static const char *check_norm(enum neural_activation act, u32 root, u64 *seed)
{
	const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, act, UNITS, 0 },
		{ NEURAL_LAYER_BATCH_NORM, NEURAL_LINEAR, 0, 0 },
	};
	static s32 gamma[UNITS], beta[UNITS], mean[UNITS], variance[UNITS];
	const struct neural_batch_norm bn = {
		.gamma = gamma, .beta = beta, .mean = mean, .variance = variance,
		.units = UNITS, .epsilon = (u64)root * root & 0xffff,
	};
	const s32 x = reference_between(seed, -(4 << 16), 4 << 16);
	struct neural_network *nn = make(layers, ARRAY_SIZE(layers), x, seed);
	const char *failed = NULL;
	u32 i;

	if (IS_ERR(nn))
		return "a network is refused";
	for (i = 0; i < UNITS; i++) {
		gamma[i] = reference_between(seed, -2 * NEURAL_FP_ONE, 2 * NEURAL_FP_ONE);
		beta[i] = reference_between(seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
		mean[i] = reference_between(seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
		variance[i] = (u64)root * root >> 16;
	}
	if (neural_network_set_batch_norm(nn, 1, &bn) ||
	    neural_network_predict(nn, &x, out))
		failed = "batch-norm is refused";
	for (i = 0; i < UNITS && !failed; i++) {
		const s64 factor = reference_norm_factor(gamma[i], root);
		s32 w = reference_norm_mul(weights[i], factor), b, expect;

		b = reference_norm_mul((s64)bias[i] - mean[i], factor) + beta[i];
		if (act == NEURAL_LINEAR)
			expect = reference_dense(&w, b, &x, 1);
		else
			expect = reference_norm(reference_relu(before[i]), factor, mean[i],
						beta[i]);
		if (out[i] != expect)
			failed = "batch-norm is wrong";
	}
	neural_network_destroy(nn);
	return failed;
}

const char *neural_test_batch_norm(struct neural_test_model *m, u64 *seed)
{
	const char *failed = NULL;
	u32 turn;

	for (turn = 0; turn < TURNS && !failed; turn++)
		failed = check_norm(turn % 2 ? NEURAL_RELU : NEURAL_LINEAR,
				    reference_between(seed, 1 << 15, 1 << 20), seed);
	return failed;
}
