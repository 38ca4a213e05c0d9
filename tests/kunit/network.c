// SPDX-License-Identifier: GPL-2.0-only
/* Making, finding and dropping networks. */
#include "model.h"
#include "suites.h"

#define DENSE(_units, _act)						\
	{ .kind = NEURAL_LAYER_DENSE, .activation = (_act), .units = (_units) }

static void network_refused_sizes(struct kunit *test)
{
	static const struct {
		u32 input, hidden, output;
		int ret;
	} cases[] = {
		{ 0, 4, 4, -EINVAL },
		{ 4, 0, 4, -EINVAL },
		{ 4, 4, 0, -EINVAL },
		{ NEURAL_MAX_UNITS + 1, 4, 4, -EINVAL },
		{ 4, NEURAL_MAX_UNITS + 1, 4, -EINVAL },
		{ 4, 4, U32_MAX, -EINVAL },
		{ U32_MAX, U32_MAX, U32_MAX, -EINVAL },
		/* Inside the limits of each, and 16 GiB together. */
		{ NEURAL_MAX_UNITS, NEURAL_MAX_UNITS, 4, -E2BIG },
	};
	const s64 bytes = model_bytes();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct neural_network *nn = neural_network_create(cases[i].input,
								  cases[i].hidden,
								  cases[i].output);

		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(nn), cases[i].ret, "case %u", i);
		neural_network_destroy(nn);
	}
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static void network_refused_layers(struct kunit *test)
{
	static const struct neural_layer_desc bad[] = {
		DENSE(4, NEURAL_TANH + 1),
		{ .kind = NEURAL_LAYER_BATCH_NORM + 1, .units = 4 },
		{ .kind = NEURAL_LAYER_SOFTMAX, .units = 5 },
		{ .kind = NEURAL_LAYER_SOFTMAX, .activation = NEURAL_RELU },
		{ .kind = NEURAL_LAYER_BATCH_NORM, .units = 3 },
		{ .kind = NEURAL_LAYER_DENSE, .units = 4, .slope = -1 },
	};
	const s64 bytes = model_bytes();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    PTR_ERR(neural_network_create_layers(NULL, 4, &bad[i], 1)),
				    "layer %u", i);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_network_create_layers(NULL, 4, NULL, 1)));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_network_create_layers(NULL, 4, bad, 0)));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_network_create_layers(NULL, 4, bad,
							     NEURAL_MAX_LAYERS + 1)));
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static void network_names(struct kunit *test)
{
	static const struct neural_layer_desc layer = DENSE(2, NEURAL_RELU);
	static const char *const bad[] = {
		"", ".", ".hidden", "a/b", "a b", "a\n", "network_7",
		"a-name-of-thirty-two-characters-",
	};
	const char *longest = "a-name-of-thirty-one.characters";
	struct neural_network *nn;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    PTR_ERR(neural_network_create_layers(bad[i], 2, &layer, 1)),
				    "'%s'", bad[i]);
	nn = model_adopt(test, neural_network_create_layers(longest, 2, &layer, 1));
	KUNIT_EXPECT_STREQ(test, longest, neural_network_name(nn));
	KUNIT_EXPECT_EQ(test, -EEXIST,
			PTR_ERR(neural_network_create_layers(longest, 2, &layer, 1)));
	/* A name is free as soon as its network is destroyed. */
	model_destroy(test, nn);
	nn = model_adopt(test, neural_network_create_layers(longest, 2, &layer, 1));
	KUNIT_EXPECT_PTR_EQ(test, nn, neural_network_get(longest));
	neural_network_put(nn);
}

static void network_facts(struct kunit *test)
{
	struct neural_network *a = model_adopt(test, neural_network_create(5, 6, 7));
	struct neural_network *b = model_adopt(test, neural_network_create(8, 9, 10));
	char name[NEURAL_NAME_LEN];

	KUNIT_EXPECT_EQ(test, 5, neural_network_input_size(a));
	KUNIT_EXPECT_EQ(test, 7, neural_network_output_size(a));
	KUNIT_EXPECT_NE(test, neural_network_id(a), neural_network_id(b));
	snprintf(name, sizeof(name), "network_%u", neural_network_id(b));
	KUNIT_EXPECT_STREQ(test, name, neural_network_name(b));
	KUNIT_EXPECT_PTR_EQ(test, b, neural_network_get(name));
	neural_network_put(b);
	KUNIT_EXPECT_NULL(test, neural_network_get("nobody"));
	KUNIT_EXPECT_NULL(test, neural_network_get(NULL));
}

/* Whoever holds a handle predicts on; nobody else finds the network. */
static void network_outlives_destroy(struct kunit *test)
{
	const s64 bytes = model_bytes();
	struct model *m = model_small(test, "outliving");
	struct neural_network *held = neural_network_get("outliving");

	KUNIT_ASSERT_PTR_EQ(test, held, m->nn);
	KUNIT_EXPECT_PTR_EQ(test, held, neural_network_ref(held));
	model_destroy(test, m->nn);
	KUNIT_EXPECT_NULL(test, neural_network_get("outliving"));
	KUNIT_EXPECT_TRUE(test, model_answers(held, m, 0));
	neural_network_put(held);
	KUNIT_EXPECT_TRUE(test, model_answers(held, m, 0));
	KUNIT_EXPECT_GT(test, model_bytes(), bytes);
	neural_network_unref(held);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static void network_nothing(struct kunit *test)
{
	neural_network_destroy(NULL);
	neural_network_destroy(ERR_PTR(-ENOMEM));
	neural_network_put(NULL);
	neural_network_unref(ERR_PTR(-EINVAL));
	KUNIT_EXPECT_NULL(test, neural_network_get(""));
}

static void network_account(struct kunit *test)
{
	const s64 bytes = model_bytes();
	struct model *m = model_small(test, NULL);
	struct neural_stats before, after;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &before));
	KUNIT_EXPECT_GE(test, before.bytes, sizeof(m->hidden[0]) + sizeof(m->output[0]));
	KUNIT_EXPECT_GE(test, before.bytes_peak, before.bytes);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes + before.bytes));
	/* Replacing needs both for a while, and then as much as before. */
	for (i = 0; i < 4; i++)
		KUNIT_ASSERT_EQ(test, 0, model_set(m, i % 2));
	KUNIT_EXPECT_TRUE(test, model_settles(bytes + before.bytes));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &after));
	KUNIT_EXPECT_EQ(test, after.bytes, before.bytes);
	KUNIT_EXPECT_GT(test, after.bytes_peak, before.bytes);
	model_destroy(test, m->nn);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static struct kunit_case network_cases[] = {
	KUNIT_CASE(network_refused_sizes),
	KUNIT_CASE(network_refused_layers),
	KUNIT_CASE(network_names),
	KUNIT_CASE(network_facts),
	KUNIT_CASE(network_outlives_destroy),
	KUNIT_CASE(network_nothing),
	KUNIT_CASE(network_account),
	{ }
};

struct kunit_suite neural_network_suite = {
	.name = "neural_network",
	.init = model_init,
	.test_cases = network_cases,
};
