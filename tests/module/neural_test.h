/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of neural_test.ko share. */
#ifndef _NEURAL_TEST_H
#define _NEURAL_TEST_H

#include <linux/neural.h>

/**
 * struct neural_test_sizes - the module's parameters
 * @input: inputs of the network
 * @hidden: hidden units
 * @output: outputs
 * @iterations: predictions timed
 * @batch: rows of a batch
 * @seed: of everything random
 * @json: times are also said as lines of JSON
 */
struct neural_test_sizes {
	u32 input;
	u32 hidden;
	u32 output;
	u32 iterations;
	u32 batch;
	u64 seed;
	bool json;
};

/**
 * struct neural_test_model - a network of those sizes, and what it was made of
 * @nn: the network: relu, then linear
 * @sizes: its sizes
 * @hidden: weights of the hidden layer
 * @output: weights of the output layer
 * @bias: of both, hidden units first
 * @in: an input
 * @middle: the hidden units, for the reference
 * @out: an output
 * @expect: what the reference makes of it
 */
struct neural_test_model {
	struct neural_network *nn;
	const struct neural_test_sizes *sizes;
	s32 *hidden;
	s32 *output;
	s32 *bias;
	s32 *in;
	s32 *middle;
	s32 *out;
	s32 *expect;
};

int neural_test_model_init(struct neural_test_model *m,
			   const struct neural_test_sizes *sizes);
void neural_test_model_free(struct neural_test_model *m);

/* New weights of at most @most in size; 0, or what setting them returned. */
int neural_test_model_set(struct neural_test_model *m, u64 *seed, s32 most);

/* Each case by name; 0, or -EIO with the case that failed in the log. */
int neural_test_run(const struct neural_test_sizes *sizes);

/* Percentiles of @iterations calls on @nn; 0 or a negative errno. */
int neural_test_latency(struct neural_network *nn, const struct neural_test_sizes *sizes);

/* A table of what the cache costs, for networks of several sizes; 0 or a negative errno. */
int neural_test_cache(const struct neural_test_sizes *sizes);

#endif /* _NEURAL_TEST_H */
