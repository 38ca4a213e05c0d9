// SPDX-License-Identifier: GPL-2.0-only
/* Handles keep the module, one reference each, and none is to be had when it is going. */
#include <linux/numa.h>
#include "../../src/handle.h"
#include "handles.h"
#include "model.h"
#include "suites.h"

static const struct neural_layer_desc handles_layer[] = {
	{ NEURAL_LAYER_SOFTMAX, NEURAL_LINEAR, 0, 0 },
};

static int handles_before;

static int handles_init(struct kunit *test)
{
	int ret = model_init(test);

	handles_before = neural_handles_counted();
	return ret;
}

static void handles_exit(struct kunit *test)
{
	WRITE_ONCE(neural_handle_test_going, false);
}

/* @n more than when the case began; a module that is built in has none ever. */
static bool handles_are(int n)
{
	return neural_handles_counted() - handles_before == (handles_before < 0 ? 0 : n);
}

static struct neural_network *handles_make(const char *name)
{
	return neural_network_create_layers(name, 4, handles_layer, 1);
}

static void handles_networks(struct kunit *test)
{
	struct neural_network *nn = handles_make("handles");
	size_t bytes;
	void *file;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, nn);
	KUNIT_EXPECT_TRUE(test, handles_are(1));
	KUNIT_EXPECT_PTR_EQ(test, nn, neural_network_get("handles"));
	KUNIT_EXPECT_TRUE(test, handles_are(2));
	neural_network_ref(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(3));
	file = model_save(test, nn, &bytes);
	KUNIT_EXPECT_TRUE(test, handles_are(3));
	neural_network_destroy(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(2));
	neural_network_put(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(1));
	neural_network_unref(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(0));
	nn = neural_network_load("handles", file, bytes);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, nn);
	KUNIT_EXPECT_TRUE(test, handles_are(1));
	KUNIT_EXPECT_EQ(test, 0, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_candidate(nn, file, bytes, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_network_promote(nn));
	KUNIT_EXPECT_TRUE(test, handles_are(1));
	neural_network_destroy(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(0));
}

static void handles_others(struct kunit *test)
{
	struct neural_network *nn = handles_make(NULL);
	struct neural_context *context;
	struct neural_batch *batch;
	void *mem;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, nn);
	context = neural_context_create(nn);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, context);
	KUNIT_EXPECT_TRUE(test, handles_are(2));
	batch = neural_batch_create(4, 4, 4);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, batch);
	KUNIT_EXPECT_TRUE(test, handles_are(3));
	mem = neural_alloc_numa(100, NUMA_NO_NODE);
	KUNIT_EXPECT_NOT_NULL(test, mem);
	KUNIT_EXPECT_TRUE(test, handles_are(4));
	neural_network_destroy(nn);
	KUNIT_EXPECT_TRUE(test, handles_are(3));
	neural_context_destroy(context);
	neural_batch_destroy(batch);
	neural_free_numa(mem);
	KUNIT_EXPECT_TRUE(test, handles_are(0));
}

/* What was refused, and nothing, are no handles. */
static void handles_refused(struct kunit *test)
{
	struct model *m = model_small(test, "handles");

	KUNIT_EXPECT_TRUE(test, handles_are(1));
	KUNIT_EXPECT_EQ(test, -EEXIST, PTR_ERR_OR_ZERO(handles_make("handles")));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(handles_make(".")));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR_OR_ZERO(neural_network_load("handled", m, sizeof(*m))));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			PTR_ERR_OR_ZERO(neural_network_load_firmware("no_file", NULL)));
	KUNIT_EXPECT_NULL(test, neural_network_get("nobody"));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(neural_context_create(NULL)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR_OR_ZERO(neural_batch_create(0, 1, 1)));
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(0, NUMA_NO_NODE));
	neural_network_put(NULL);
	neural_network_unref(ERR_PTR(-EINVAL));
	neural_network_destroy(NULL);
	neural_context_destroy(NULL);
	neural_batch_destroy(NULL);
	neural_free_numa(NULL);
	KUNIT_EXPECT_TRUE(test, handles_are(1));
}

/* Nobody gets one any more; those there are remain good. */
static void handles_going(struct kunit *test)
{
	struct model *m = model_small(test, "handles");
	const s64 held = model_bytes();
	size_t bytes;
	void *file = model_save(test, m->nn, &bytes);

	WRITE_ONCE(neural_handle_test_going, true);
	KUNIT_EXPECT_EQ(test, -ENODEV, PTR_ERR_OR_ZERO(handles_make("handled")));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			PTR_ERR_OR_ZERO(neural_network_load("handled", file, bytes)));
	KUNIT_EXPECT_EQ(test, -ENODEV, PTR_ERR_OR_ZERO(neural_context_create(m->nn)));
	KUNIT_EXPECT_EQ(test, -ENODEV, PTR_ERR_OR_ZERO(neural_batch_create(4, 4, 4)));
	KUNIT_EXPECT_NULL(test, neural_network_get("handles"));
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(100, NUMA_NO_NODE));
	KUNIT_EXPECT_TRUE(test, handles_are(1));
	neural_network_unref(neural_network_ref(m->nn));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_EXPECT_TRUE(test, model_settles(held));
	KUNIT_EXPECT_TRUE(test, handles_are(1));
}

static struct kunit_case handles_cases[] = {
	KUNIT_CASE(handles_networks),
	KUNIT_CASE(handles_others),
	KUNIT_CASE(handles_refused),
	KUNIT_CASE(handles_going),
	{ }
};

struct kunit_suite neural_handles_suite = {
	.name = "neural_handles",
	.init = handles_init,
	.exit = handles_exit,
	.test_cases = handles_cases,
};
