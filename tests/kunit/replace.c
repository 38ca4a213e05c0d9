// SPDX-License-Identifier: GPL-2.0-only
/* Replacing a model: what is refused changes nothing. */
#include "model.h"
#include "suites.h"

static struct neural_network *replace_begin(struct kunit *test, const struct model *m)
{
	size_t bytes;
	void *file = model_save(test, m->nn, &bytes);

	return model_adopt(test, neural_network_load("replaced", file, bytes));
}

/* Files of networks with another width at one end. */
static void replace_other_rows(struct kunit *test)
{
	static const struct {
		u32 input, output;
	} other[] = {
		{ MODEL_IN + 1, MODEL_OUT }, { MODEL_IN - 1, MODEL_OUT },
		{ MODEL_IN, MODEL_OUT + 1 }, { MODEL_IN, 1 },
	};
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = replace_begin(test, m);
	s32 *zeros = model_alloc(test, (MODEL_IN + 1) * (MODEL_OUT + 1) * sizeof(s32));
	u32 i;

	for (i = 0; i < ARRAY_SIZE(other); i++) {
		const struct neural_layer_desc layer = {
			.kind = NEURAL_LAYER_DENSE, .units = other[i].output,
		};
		struct neural_network *odd;
		size_t bytes;
		void *file;

		odd = model_adopt(test, neural_network_create_layers(NULL, other[i].input,
								     &layer, 1));
		KUNIT_ASSERT_EQ(test, 0,
				neural_network_set_weights(odd, 0, zeros,
							   other[i].input * other[i].output,
							   NULL, 0));
		file = model_save(test, odd, &bytes);
		KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_replace(nn, file, bytes));
		KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	}
}

/* Other layers in between are nobody's business. */
static void replace_other_nodes(struct kunit *test)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, MODEL_OUT, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
		{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
	};
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = replace_begin(test, m), *other;
	s32 *zeros = model_alloc(test, MODEL_IN * MODEL_OUT * sizeof(s32));
	s32 out[MODEL_OUT];
	size_t bytes;
	void *file;

	other = model_adopt(test, neural_network_create_layers(NULL, MODEL_IN, layers,
							       ARRAY_SIZE(layers)));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(other, 0, zeros,
							    MODEL_IN * MODEL_OUT, NULL, 0));
	file = model_save(test, other, &bytes);
	KUNIT_EXPECT_EQ(test, 0, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, m->in, out));
	KUNIT_EXPECT_EQ(test, NEURAL_FP_ONE / MODEL_OUT, out[0] & ~1);
	file = model_save(test, m->nn, &bytes);
	KUNIT_EXPECT_EQ(test, 0, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
}

static void replace_refused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = replace_begin(test, m);
	struct neural_stats before, after;
	size_t bytes, at;
	u8 *file;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &before));
	file = model_save(test, m->nn, &bytes);
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_replace(NULL, file, bytes));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_replace(nn, NULL, bytes));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_replace(nn, file, 0));
	KUNIT_EXPECT_EQ(test, -E2BIG, neural_network_replace(nn, file, SIZE_MAX));
	for (at = 0; at < bytes; at += 97) {
		file[at] ^= 0x10;
		KUNIT_EXPECT_NE_MSG(test, 0, neural_network_replace(nn, file, bytes),
				    "byte %zu", at);
		file[at] ^= 0x10;
	}
	/* One made of layers has weights to set. */
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, neural_network_replace(m->nn, file, bytes));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &after));
	KUNIT_EXPECT_EQ(test, before.bytes, after.bytes);
}

static void replace_account(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = replace_begin(test, m);
	const s64 before = model_bytes();
	size_t bytes;
	void *file;
	u32 i;

	for (i = 1; i <= 6; i++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(m, i % 2));
		file = model_save(test, m->nn, &bytes);
		KUNIT_ASSERT_EQ(test, 0, neural_network_replace(nn, file, bytes));
		KUNIT_EXPECT_TRUE(test, model_answers(nn, m, i % 2));
	}
	KUNIT_EXPECT_TRUE(test, model_settles(before));
}

static struct kunit_case replace_cases[] = {
	KUNIT_CASE(replace_other_rows),
	KUNIT_CASE(replace_other_nodes),
	KUNIT_CASE(replace_refused),
	KUNIT_CASE(replace_account),
	{ }
};

struct kunit_suite neural_replace_suite = {
	.name = "neural_replace",
	.init = model_init,
	.test_cases = replace_cases,
};
