// SPDX-License-Identifier: GPL-2.0-only
/* The network of the caller: 8 inputs, 16 relu, 4 outputs, softmax. */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include "../reference/arith.h"
#include "../reference/exp.h"
#include "neural_caller.h"

static s32 caller_hidden[CALLER_HIDDEN * CALLER_IN];
static s32 caller_output[CALLER_OUT * CALLER_HIDDEN];
static s32 caller_bias[CALLER_HIDDEN];

static void caller_demo_weights(void)
{
	u64 seed = 17;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(caller_hidden); i++)
		caller_hidden[i] = reference_between(&seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
	for (i = 0; i < ARRAY_SIZE(caller_output); i++)
		caller_output[i] = reference_between(&seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
	for (i = 0; i < ARRAY_SIZE(caller_bias); i++)
		caller_bias[i] = reference_between(&seed, -NEURAL_FP_ONE, NEURAL_FP_ONE);
}

struct neural_network *caller_demo_create(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, CALLER_HIDDEN, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, CALLER_OUT, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	struct neural_network *nn;
	int ret;

	nn = neural_network_create_layers(CALLER_NAME, CALLER_IN, layers, ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return nn;
	caller_demo_weights();
	ret = neural_network_set_weights(nn, 0, caller_hidden, ARRAY_SIZE(caller_hidden),
					 caller_bias, ARRAY_SIZE(caller_bias));
	if (!ret)
		ret = neural_network_set_weights(nn, 1, caller_output,
						 ARRAY_SIZE(caller_output), NULL, 0);
	if (!ret)
		return nn;
	neural_network_destroy(nn);
	return ERR_PTR(ret);
}

void caller_demo_input(u32 i, s32 in[CALLER_IN])
{
	u64 seed = i;
	u32 k;

	for (k = 0; k < CALLER_IN; k++)
		in[k] = reference_between(&seed, -2 * NEURAL_FP_ONE, 2 * NEURAL_FP_ONE);
}

bool caller_demo_right(u32 i, const s32 out[CALLER_OUT])
{
	s32 in[CALLER_IN], hidden[CALLER_HIDDEN], before[CALLER_OUT];
	u32 j;

	caller_demo_input(i, in);
	for (j = 0; j < CALLER_HIDDEN; j++)
		hidden[j] = reference_relu(reference_dense(caller_hidden + j * CALLER_IN,
							   caller_bias[j], in, CALLER_IN));
	for (j = 0; j < CALLER_OUT; j++)
		before[j] = reference_dense(caller_output + j * CALLER_HIDDEN, 0, hidden,
					    CALLER_HIDDEN);
	return reference_softmax_near(before, out, CALLER_OUT) == CALLER_OUT;
}

int caller_demo_predict(struct neural_network *nn, u32 i, bool cached)
{
	s32 in[CALLER_IN], out[CALLER_OUT] = { };
	int ret;

	caller_demo_input(i, in);
	if (cached)
		ret = neural_network_predict_cached(nn, in, out);
	else
		ret = neural_network_predict(nn, in, out);
	if (ret)
		return ret;
	return caller_demo_right(i, out) ? 0 : -EIO;
}

static s32 caller_wide_words[CALLER_WIDE * CALLER_WIDE];

struct neural_network *caller_wide_create(void)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, CALLER_WIDE, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_TANH, CALLER_WIDE, 0 },
	};
	struct neural_network *nn;
	u64 seed = 23;
	int ret = 0;
	u32 i;

	nn = neural_network_create_layers(CALLER_WIDE_NAME, CALLER_WIDE, layers,
					  ARRAY_SIZE(layers));
	if (IS_ERR(nn))
		return nn;
	for (i = 0; i < ARRAY_SIZE(caller_wide_words); i++)
		caller_wide_words[i] = reference_between(&seed, -NEURAL_FP_ONE / 16,
							 NEURAL_FP_ONE / 16);
	for (i = 0; i < ARRAY_SIZE(layers) && !ret; i++)
		ret = neural_network_set_weights(nn, i, caller_wide_words,
						 ARRAY_SIZE(caller_wide_words), NULL, 0);
	if (!ret)
		return nn;
	neural_network_destroy(nn);
	return ERR_PTR(ret);
}
