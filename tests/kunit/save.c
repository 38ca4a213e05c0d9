// SPDX-License-Identifier: GPL-2.0-only
/* What is saved loads to the same bits. */
#include "../reference/answer.h"
#include "model.h"
#include "suites.h"

#define SAVE_ROWS	5

struct save_test {
	struct reference_network net;
	s32 in[SAVE_ROWS][REFERENCE_WIDTH];
	s32 expect[REFERENCE_WIDTH];
	s32 out[REFERENCE_WIDTH];
};

/* Saved, loaded, and saved again. */
static void save_round(struct kunit *test, struct save_test *t, struct neural_network *nn)
{
	const size_t in_bytes = t->net.input * sizeof(s32);
	const size_t out_bytes = t->net.output * sizeof(s32);
	struct neural_network *loaded;
	size_t bytes, again;
	void *file, *copy;
	u32 r;

	file = model_save(test, nn, &bytes);
	loaded = model_adopt(test, neural_network_load("saved", file, bytes));
	KUNIT_ASSERT_EQ(test, t->net.input, neural_network_input_size(loaded));
	KUNIT_ASSERT_EQ(test, t->net.output, neural_network_output_size(loaded));
	KUNIT_ASSERT_EQ(test, in_bytes, neural_network_input_bytes(loaded));
	KUNIT_ASSERT_EQ(test, out_bytes, neural_network_output_bytes(loaded));
	for (r = 0; r < SAVE_ROWS; r++) {
		reference_network_run(&t->net, t->in[r], t->expect);
		KUNIT_ASSERT_EQ(test, 0, neural_network_predict(loaded, t->in[r], t->out));
		KUNIT_ASSERT_MEMEQ_MSG(test, t->out, t->expect, out_bytes, "row %u", r);
	}
	copy = model_save(test, loaded, &again);
	KUNIT_ASSERT_EQ(test, bytes, again);
	KUNIT_EXPECT_MEMEQ(test, file, copy, bytes);
	model_destroy(test, loaded);
}

static void save_random(struct kunit *test)
{
	struct save_test *t = model_alloc(test, sizeof(*t));
	struct neural_network *nn;
	u64 seed = 21;
	u32 i, r;

	for (i = 0; i < 60; i++) {
		reference_network_fill(&t->net, &seed, i >= 57);
		for (r = 0; r < SAVE_ROWS; r++)
			reference_input(t->in[r], t->net.input, &seed);
		nn = model_create(test, &t->net);
		save_round(test, t, nn);
		model_destroy(test, nn);
	}
}

static void save_sizes(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const s64 before = model_bytes();
	const ssize_t size = neural_network_save(m->nn, NULL, 0);
	u8 *file = model_alloc(test, size + 1);

	KUNIT_EXPECT_GT(test, size, sizeof(m->hidden[0]) / 2);
	KUNIT_EXPECT_EQ(test, size, neural_network_save(m->nn, NULL, 1));
	KUNIT_EXPECT_EQ(test, -ENOSPC, neural_network_save(m->nn, file, 0));
	KUNIT_EXPECT_EQ(test, -ENOSPC, neural_network_save(m->nn, file, size - 1));
	KUNIT_EXPECT_NULL(test, memchr_inv(file, 0, size + 1));
	KUNIT_EXPECT_EQ(test, size, neural_network_save(m->nn, file, size + 1));
	KUNIT_EXPECT_EQ(test, 0, file[size]);
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_save(NULL, file, size));
	KUNIT_EXPECT_EQ(test, before, model_bytes());
}

static void save_nothing_yet(struct kunit *test)
{
	struct neural_network *nn = model_adopt(test, neural_network_create(2, 2, 2));

	KUNIT_EXPECT_EQ(test, -ENODATA, neural_network_save(nn, NULL, 0));
}

/* The parameters in force, not those it once had. */
static void save_follows(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *loaded;
	size_t bytes;
	void *file;
	u32 which;

	for (which = 0; which < 2; which++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(m, which));
		file = model_save(test, m->nn, &bytes);
		loaded = model_adopt(test, neural_network_load("saved", file, bytes));
		KUNIT_EXPECT_TRUE(test, model_answers(loaded, m, which));
		KUNIT_EXPECT_FALSE(test, model_answers(loaded, m, !which));
		model_destroy(test, loaded);
	}
}

static struct kunit_case save_cases[] = {
	KUNIT_CASE(save_random),
	KUNIT_CASE(save_sizes),
	KUNIT_CASE(save_nothing_yet),
	KUNIT_CASE(save_follows),
	{ }
};

struct kunit_suite neural_save_suite = {
	.name = "neural_save",
	.init = model_init,
	.test_cases = save_cases,
};
