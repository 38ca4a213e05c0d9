// SPDX-License-Identifier: GPL-2.0-only
/* Batches: the same answers as one by one. */
#include "../reference/arith.h"
#include "model.h"
#include "suites.h"

#define BATCH_ROWS	37	/* two times the rows a plan runs together, and some */

static void batch_refused(struct kunit *test)
{
	const s64 bytes = model_bytes();

	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_batch_create(0, 4, 4)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_batch_create(4, 0, 4)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_batch_create(4, 4, 0)));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_batch_create(NEURAL_MAX_BATCH + 1, 4, 4)));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_batch_create(4, NEURAL_MAX_UNITS + 1, 4)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_batch_create(4, 4, U32_MAX)));
	/* Inside the limits, and 16 GiB. */
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			PTR_ERR(neural_batch_create(NEURAL_MAX_BATCH, NEURAL_MAX_UNITS, 1)));
	KUNIT_EXPECT_EQ(test, bytes, model_bytes());
}

static void batch_misused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *bare = neural_network_create(MODEL_IN, 4, MODEL_OUT);
	struct neural_batch *batch = model_batch(test, 2, MODEL_IN, MODEL_OUT);
	struct neural_batch *other = model_batch(test, 2, MODEL_IN, MODEL_OUT + 1);

	model_adopt(test, bare);
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_predict(m->nn, batch));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_add_input(NULL, m->in));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_add_input(batch, NULL));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_add_input(batch, m->in));
	KUNIT_EXPECT_EQ(test, 1, neural_batch_add_input(batch, m->in));
	KUNIT_EXPECT_EQ(test, -ENOSPC, neural_batch_add_input(batch, m->in));
	KUNIT_EXPECT_EQ(test, 2, neural_batch_count(batch));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_count(NULL));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 0));
	KUNIT_EXPECT_NULL(test, neural_batch_output(NULL, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_predict(NULL, batch));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_predict(m->nn, NULL));
	KUNIT_EXPECT_EQ(test, -ENODATA, neural_batch_predict(bare, batch));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 0));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_add_input(other, m->in));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_batch_predict(m->nn, other));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_predict(m->nn, batch));
	KUNIT_EXPECT_NOT_NULL(test, neural_batch_output(batch, 1));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 2));
	neural_batch_reset(batch);
	neural_batch_reset(NULL);
	KUNIT_EXPECT_EQ(test, 0, neural_batch_count(batch));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 0));
	neural_batch_destroy(NULL);
}

static void batch_as_one_by_one(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_batch *batch = model_batch(test, BATCH_ROWS, MODEL_IN, MODEL_OUT);
	s32 (*in)[MODEL_IN] = model_alloc(test, BATCH_ROWS * sizeof(*in));
	struct neural_stats stats;
	s32 out[MODEL_OUT];
	u64 seed = 12;
	u32 i, r, rows;

	for (rows = 1; rows <= BATCH_ROWS; rows++) {
		neural_batch_reset(batch);
		for (r = 0; r < rows; r++) {
			for (i = 0; i < MODEL_IN; i++)
				in[r][i] = reference_any(&seed) >> (r % 12);
			KUNIT_ASSERT_EQ(test, r, neural_batch_add_input(batch, in[r]));
		}
		KUNIT_ASSERT_EQ(test, 0, neural_batch_predict(m->nn, batch));
		for (r = 0; r < rows; r++) {
			KUNIT_ASSERT_EQ(test, 0, neural_network_predict(m->nn, in[r], out));
			KUNIT_EXPECT_MEMEQ(test, out, neural_batch_output(batch, r),
					   sizeof(out));
		}
	}
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, BATCH_ROWS * (BATCH_ROWS + 1), stats.predictions);
}

static void batch_memory(struct kunit *test)
{
	const s64 bytes = model_bytes();
	void *mem = neural_alloc_numa(1000, NUMA_NO_NODE);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)mem, NEURAL_CACHE_LINE_SIZE));
	KUNIT_EXPECT_NULL(test, memchr_inv(mem, 0, 1000));
	KUNIT_EXPECT_EQ(test, bytes + 1000, model_bytes());
	neural_free_numa(mem);
	neural_free_numa(NULL);
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(0, NUMA_NO_NODE));
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(SIZE_MAX, NUMA_NO_NODE));
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(16, MAX_NUMNODES));
	KUNIT_EXPECT_NULL(test, neural_alloc_numa(16, -7));
	KUNIT_EXPECT_EQ(test, bytes, model_bytes());
}

static struct kunit_case batch_cases[] = {
	KUNIT_CASE(batch_refused),
	KUNIT_CASE(batch_misused),
	KUNIT_CASE(batch_as_one_by_one),
	KUNIT_CASE(batch_memory),
	{ }
};

struct kunit_suite neural_batch_suite = {
	.name = "neural_batch",
	.init = model_init,
	.test_cases = batch_cases,
};
