// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/resource.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include "../../src/alloc.h"
#include "../reference/answer.h"
#include "model.h"

KUNIT_DEFINE_ACTION_WRAPPER(model_kvfree, kvfree, const void *);
KUNIT_DEFINE_ACTION_WRAPPER(model_unbatch, neural_batch_destroy, struct neural_batch *);
KUNIT_DEFINE_ACTION_WRAPPER(model_undo, neural_network_destroy, struct neural_network *);

void *model_alloc(struct kunit *test, size_t size)
{
	void *mem = kvzalloc(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, model_kvfree, mem));
	return mem;
}

struct neural_network *model_adopt(struct kunit *test, struct neural_network *nn)
{
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, nn);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, model_undo, nn));
	return nn;
}

void model_destroy(struct kunit *test, struct neural_network *nn)
{
	kunit_release_action(test, model_undo, nn);
}

struct neural_batch *model_batch(struct kunit *test, u32 rows, u32 input, u32 output)
{
	struct neural_batch *batch = neural_batch_create(rows, input, output);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, batch);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, model_unbatch, batch));
	return batch;
}

void *model_save(struct kunit *test, struct neural_network *nn, size_t *bytes)
{
	const ssize_t size = neural_network_save(nn, NULL, 0);
	void *file;

	KUNIT_ASSERT_GT(test, size, 0);
	file = model_alloc(test, size);
	KUNIT_ASSERT_EQ(test, size, neural_network_save(nn, file, size));
	*bytes = size;
	return file;
}

struct neural_network *model_create(struct kunit *test, const struct reference_network *net)
{
	struct neural_layer_desc descs[REFERENCE_LAYERS];
	struct neural_network *nn;
	u32 i;

	for (i = 0; i < net->nr; i++)
		descs[i] = net->layers[i].desc;
	nn = neural_network_create_layers(NULL, net->input, descs, net->nr);
	model_adopt(test, nn);
	for (i = 0; i < net->nr; i++) {
		const struct reference_layer *l = &net->layers[i];
		int ret = 0;

		if (l->desc.kind == NEURAL_LAYER_DENSE)
			ret = neural_network_set_weights(nn, i, l->weights, l->in * l->out,
							 l->bias, l->bias ? l->out : 0);
		else if (l->desc.kind == NEURAL_LAYER_BATCH_NORM)
			ret = neural_network_set_batch_norm(nn, i, &l->bn);
		KUNIT_ASSERT_EQ_MSG(test, 0, ret, "layer %u", i);
	}
	return nn;
}

static void model_expect(struct model *m, u32 which)
{
	s32 hidden[MODEL_HIDDEN];
	u32 j;

	for (j = 0; j < MODEL_HIDDEN; j++)
		hidden[j] = reference_relu(reference_dense(m->hidden[which] + j * MODEL_IN, 0,
							   m->in, MODEL_IN));
	for (j = 0; j < MODEL_OUT; j++)
		m->out[which][j] = reference_dense(m->output[which] + j * MODEL_HIDDEN, 0,
						   hidden, MODEL_HIDDEN);
}

int model_set(struct model *m, u32 which)
{
	const struct neural_layer_weights w[] = {
		{ .weights = m->hidden[which], .nr_weights = ARRAY_SIZE(m->hidden[0]) },
		{ .weights = m->output[which], .nr_weights = ARRAY_SIZE(m->output[0]) },
	};

	return neural_network_set_all_weights(m->nn, w, ARRAY_SIZE(w));
}

struct model *model_small(struct kunit *test, const char *name)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, MODEL_HIDDEN, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, MODEL_OUT, 0 },
	};
	struct model *m = model_alloc(test, sizeof(*m));
	u64 seed = 11;
	u32 i, which;

	for (which = 0; which < 2; which++) {
		for (i = 0; i < ARRAY_SIZE(m->hidden[0]); i++)
			m->hidden[which][i] = reference_between(&seed, -20000, 20000);
		for (i = 0; i < ARRAY_SIZE(m->output[0]); i++)
			m->output[which][i] = reference_between(&seed, -20000, 20000);
	}
	for (i = 0; i < MODEL_IN; i++)
		m->in[i] = reference_between(&seed, -(2 << 16), 2 << 16);
	model_expect(m, 0);
	model_expect(m, 1);
	KUNIT_ASSERT_MEMNEQ(test, m->out[0], m->out[1], sizeof(m->out[0]));
	m->nn = neural_network_create_layers(name, MODEL_IN, layers, ARRAY_SIZE(layers));
	model_adopt(test, m->nn);
	KUNIT_ASSERT_EQ(test, 0, model_set(m, 0));
	return m;
}

bool model_answers(struct neural_network *nn, const struct model *m, u32 which)
{
	s32 out[MODEL_OUT] = { };

	return !neural_network_predict(nn, m->in, out) &&
	       !memcmp(out, m->out[which], sizeof(out));
}

s64 model_bytes(void)
{
	return atomic64_read(&neural_account_total.now);
}

int model_init(struct kunit *test)
{
	static s64 base = -1;
	u32 same = 0;
	s64 now;

	if (base < 0) {
		/* Whoever was there before may just be going. */
		for (now = model_bytes(); same < 10; same = now == base ? same + 1 : 0) {
			base = now;
			msleep(20);
			now = model_bytes();
		}
	}
	KUNIT_EXPECT_TRUE(test, model_settles(base));
	/* One leak is one failure. */
	base = model_bytes();
	return 0;
}

/* Memory is freed by work items after grace periods. */
bool model_settles(s64 bytes)
{
	u32 i;

	for (i = 0; i < 500 && model_bytes() != bytes; i++)
		msleep(20);
	return model_bytes() == bytes;
}
