/* SPDX-License-Identifier: GPL-2.0-only */
/* Networks for tests; what is left of them goes when the test ends. */
#ifndef _NEURAL_KUNIT_MODEL_H
#define _NEURAL_KUNIT_MODEL_H

#include <kunit/test.h>
#include <linux/neural.h>

struct reference_network;

/* First in each test: the one before has left nothing. */
int model_init(struct kunit *test);

/* Memory that may be large, zeroed. */
void *model_alloc(struct kunit *test, size_t size);

/* @nn is destroyed when the test ends, or by model_destroy(). */
struct neural_network *model_adopt(struct kunit *test, struct neural_network *nn);
void model_destroy(struct kunit *test, struct neural_network *nn);

struct neural_batch *model_batch(struct kunit *test, u32 rows, u32 input, u32 output);

/* A model file of @nn, of *@bytes bytes. */
void *model_save(struct kunit *test, struct neural_network *nn, size_t *bytes);

/* The same network as @net, with all its parameters. */
struct neural_network *model_create(struct kunit *test, const struct reference_network *net);

/**
 * struct model - a small network and two sets of parameters for it
 * @nn: MODEL_IN inputs, MODEL_HIDDEN relu, MODEL_OUT linear; set to the first
 * @weights: both sets: hidden layer, then output layer
 * @in: an input
 * @out: what it gives with each set
 */
#define MODEL_IN	48
#define MODEL_HIDDEN	40
#define MODEL_OUT	20

struct model {
	struct neural_network *nn;
	s32 hidden[2][MODEL_HIDDEN * MODEL_IN];
	s32 output[2][MODEL_OUT * MODEL_HIDDEN];
	s32 in[MODEL_IN];
	s32 out[2][MODEL_OUT];
};

struct model *model_small(struct kunit *test, const char *name);

/* Take set @which of the parameters. */
int model_set(struct model *m, u32 which);

/* Does @nn answer @m's input as with set @which? */
bool model_answers(struct neural_network *nn, const struct model *m, u32 which);

/* Bytes the module holds, and waiting for it to hold @bytes again. */
s64 model_bytes(void);
bool model_settles(s64 bytes);

#endif /* _NEURAL_KUNIT_MODEL_H */
