// SPDX-License-Identifier: GPL-2.0-only
/* Setting parameters: what is refused changes nothing. */
#include "model.h"
#include "suites.h"

static void weights_none_yet(struct kunit *test)
{
	struct neural_network *nn = model_adopt(test, neural_network_create(2, 2, 2));
	s32 in[2] = { }, out[2] = { 77, 78 }, zeros[4] = { };
	struct neural_stats stats;

	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict_cached(nn, in, out));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_weights(nn, 0, zeros, 4, NULL, 0));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 77, out[0]);
	KUNIT_EXPECT_EQ(test, 78, out[1]);
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_weights(nn, 1, zeros, 4, NULL, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 0, out[0]);
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &stats));
	KUNIT_EXPECT_EQ(test, 3, stats.errors);
	KUNIT_EXPECT_EQ(test, 1, stats.predictions);
}

/* A network without parameters has all of them. */
static void weights_none_needed(struct kunit *test)
{
	static const struct neural_layer_desc layer = { .kind = NEURAL_LAYER_SOFTMAX };
	static const s32 zeros[4];
	struct neural_network *nn;
	s32 x[4] = { };

	nn = model_adopt(test, neural_network_create_layers(NULL, 4, &layer, 1));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, zeros, x));
	KUNIT_EXPECT_EQ(test, NEURAL_FP_ONE / 4, x[0]);
	KUNIT_EXPECT_EQ(test, NEURAL_FP_ONE / 4, x[3]);
}

/* After each refusal the network still answers as it did. */
static void weights_refused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const s32 *w = m->hidden[1];
	const size_t nr = ARRAY_SIZE(m->hidden[1]);
	const struct {
		u32 layer;
		const s32 *w;
		size_t nr;
		const s32 *b;
		size_t nr_b;
	} bad[] = {
		{ 0, NULL, nr, NULL, 0 },
		{ 0, w, nr - 1, NULL, 0 },
		{ 0, w, nr + 1, NULL, 0 },
		{ 0, w, 0, NULL, 0 },
		{ 0, w, nr + (1ULL << 32), NULL, 0 },
		{ 0, w, nr, w, MODEL_HIDDEN - 1 },
		{ 0, w, nr, w, 0 },
		{ 0, w, nr, NULL, MODEL_HIDDEN },
		{ 1, w, nr, NULL, 0 },
		{ 2, w, nr, NULL, 0 },
		{ U32_MAX, w, nr, NULL, 0 },
	};
	struct neural_stats before, after;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    neural_network_set_weights(m->nn, bad[i].layer, bad[i].w,
							       bad[i].nr, bad[i].b,
							       bad[i].nr_b), "case %u", i);
		KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	}
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_weights(NULL, 0, w, nr, NULL, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	KUNIT_EXPECT_EQ(test, after.bytes, before.bytes);
}

/* All or none: the first layer is good, the second one is not. */
static void weights_all_refused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_layer_weights w[] = {
		{ .weights = m->hidden[1], .nr_weights = ARRAY_SIZE(m->hidden[1]) },
		{ .weights = m->output[1], .nr_weights = ARRAY_SIZE(m->output[1]) - 1 },
	};

	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_all_weights(m->nn, w, 2));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	w[1].nr_weights++;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_all_weights(m->nn, w, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_all_weights(m->nn, w, 3));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_all_weights(m->nn, NULL, 2));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_all_weights(NULL, w, 2));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_all_weights(m->nn, w, 2));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 1));
}

/* 2^32 - 1 in absolute weights is what no input can make overflow; no more. */
static void weights_overflow(struct kunit *test)
{
	static const struct neural_layer_desc layer = {
		.kind = NEURAL_LAYER_DENSE, .units = 1,
	};
	static const s32 most[] = { NEURAL_FP_MAX, NEURAL_FP_MIN };
	static const s32 more[] = { NEURAL_FP_MIN, NEURAL_FP_MIN };
	static const s32 bias = 1 << 16;
	const s32 in[] = { NEURAL_FP_MIN, NEURAL_FP_MAX };
	struct neural_network *nn;
	s32 out;

	nn = model_adopt(test, neural_network_create_layers(NULL, 2, &layer, 1));
	KUNIT_EXPECT_EQ(test, -ERANGE, neural_network_set_weights(nn, 0, more, 2, NULL, 0));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict(nn, in, &out));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_weights(nn, 0, most, 2, NULL, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, &out));
	KUNIT_EXPECT_EQ(test, NEURAL_FP_MIN, out);
	KUNIT_EXPECT_EQ(test, -ERANGE, neural_network_set_weights(nn, 0, most, 2, &bias, 1));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, &out));
	KUNIT_EXPECT_EQ(test, NEURAL_FP_MIN, out);
}

static void weights_batch_norm(struct kunit *test)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, 1, 0 },
		{ NEURAL_LAYER_BATCH_NORM, NEURAL_LINEAR, 0, 0 },
	};
	s32 one = NEURAL_FP_ONE, zero = 0, negative = -1, largest = NEURAL_FP_MAX, tiny = 1;
	struct neural_batch_norm bn = {
		.gamma = &one, .beta = &zero, .mean = &zero, .variance = &one, .units = 1,
	};
	const s32 in = 3 * NEURAL_FP_ONE;
	struct neural_network *nn;
	s32 out = 0;

	nn = model_adopt(test, neural_network_create_layers(NULL, 1, layers, 2));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_weights(nn, 0, &one, 1, NULL, 0));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict(nn, &in, &out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 0, &bn));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 2, &bn));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 1, NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(NULL, 1, &bn));
	bn.units = 2;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 1, &bn));
	bn.units = 1;
	bn.mean = NULL;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 1, &bn));
	bn.mean = &zero;
	bn.variance = &negative;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 1, &bn));
	bn.variance = &zero;
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_batch_norm(nn, 1, &bn));
	bn.variance = &tiny;
	bn.gamma = &largest;
	KUNIT_EXPECT_EQ(test, -ERANGE, neural_network_set_batch_norm(nn, 1, &bn));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_predict(nn, &in, &out));
	bn.variance = &one;
	bn.gamma = &in;
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_batch_norm(nn, 1, &bn));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, &in, &out));
	KUNIT_EXPECT_EQ(test, 9 * NEURAL_FP_ONE, out);
}

static void weights_predict_nothing(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_stats stats;
	s32 out[MODEL_OUT];

	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict(NULL, m->in, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict(m->nn, NULL, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict(m->nn, m->in, NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict_cached(NULL, m->in, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict_cached(m->nn, NULL, out));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict_cached(m->nn, m->in, NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_get_stats(NULL, &stats));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_get_stats(m->nn, NULL));
}

static struct kunit_case weights_cases[] = {
	KUNIT_CASE(weights_none_yet),
	KUNIT_CASE(weights_none_needed),
	KUNIT_CASE(weights_refused),
	KUNIT_CASE(weights_all_refused),
	KUNIT_CASE(weights_overflow),
	KUNIT_CASE(weights_batch_norm),
	KUNIT_CASE(weights_predict_nothing),
	{ }
};

struct kunit_suite neural_weights_suite = {
	.name = "neural_weights",
	.init = model_init,
	.test_cases = weights_cases,
};
