// SPDX-License-Identifier: GPL-2.0-only
/* Rows of other types than s32. */
#include <linux/string.h>
#include "../../src/config.h"
#include "../reference/mixed.h"
#include "model.h"
#include "suites.h"

#define MIXED_ROWS	37	/* more than run together */

static struct neural_network *mixed_begin(struct kunit *test)
{
	struct mixed_file *file = model_alloc(test, sizeof(*file));

	mixed_fill(file);
	return model_adopt(test, neural_network_load("mixed", file, sizeof(*file)));
}

static void mixed_facts(struct kunit *test)
{
	struct neural_network *nn = mixed_begin(test);

	KUNIT_EXPECT_EQ(test, 6, neural_network_input_size(nn));
	KUNIT_EXPECT_EQ(test, 6, neural_network_output_size(nn));
	KUNIT_EXPECT_EQ(test, MIXED_BYTES, neural_network_input_bytes(nn));
	KUNIT_EXPECT_EQ(test, MIXED_BYTES, neural_network_output_bytes(nn));
}

static void mixed_not_words(struct kunit *test)
{
	struct neural_network *nn = mixed_begin(test);
	struct neural_batch *batch = model_batch(test, 1, 6, 6);
	s32 in[6] = { }, out[6] = { };

	KUNIT_ASSERT_EQ(test, 0, neural_batch_add_input(batch, in));
	KUNIT_EXPECT_EQ(test, -EPROTOTYPE, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, -EPROTOTYPE, neural_network_predict_cached(nn, in, out));
	KUNIT_EXPECT_EQ(test, -EPROTOTYPE, neural_batch_predict(nn, batch));
}

/* All rows come back, and what lies in between is as it was. */
static void mixed_rows(struct kunit *test)
{
	static const u8 gaps[] = MIXED_GAPS;
	struct neural_network *nn = mixed_begin(test);
	u8 (*in)[MIXED_BYTES] = model_alloc(test, MIXED_ROWS * MIXED_BYTES);
	u8 (*out)[MIXED_BYTES] = model_alloc(test, MIXED_ROWS * MIXED_BYTES);
	u32 rows, r, i;

	for (r = 0; r < MIXED_ROWS; r++)
		for (i = 0; i < MIXED_BYTES; i++)
			in[r][i] = r * 7 + i * 31;
	for (rows = 1; rows <= MIXED_ROWS; rows++) {
		memset(out, 0xa5, MIXED_ROWS * MIXED_BYTES);
		KUNIT_ASSERT_EQ(test, 0,
				neural_network_predict_rows(nn, in, rows * MIXED_BYTES, out,
							    rows * MIXED_BYTES, rows));
		for (r = 0; r < rows; r++) {
			for (i = 0; i < ARRAY_SIZE(gaps); i++) {
				KUNIT_EXPECT_EQ(test, 0xa5, out[r][gaps[i]]);
				out[r][gaps[i]] = in[r][gaps[i]];
			}
			KUNIT_EXPECT_MEMEQ(test, out[r], in[r], MIXED_BYTES);
		}
		if (rows < MIXED_ROWS)
			KUNIT_EXPECT_NULL(test, memchr_inv(out[rows], 0xa5,
							   (MIXED_ROWS - rows) * MIXED_BYTES));
	}
}

/* Four of one type are not four of another, and fraction bits count. */
static void mixed_replaced(struct kunit *test)
{
	struct neural_network *nn = mixed_begin(test);
	struct mixed_file *file = model_alloc(test, sizeof(*file));
	u32 i;

	mixed_fill(file);
	KUNIT_EXPECT_EQ(test, 0, neural_network_replace(nn, file, sizeof(*file)));
	for (i = 0; i < 2; i++) {
		mixed_fill(file);
		if (i) {
			file->tensors[1].frac = cpu_to_le32(16);
			file->tensors[MIXED_TENSORS + 1].frac = cpu_to_le32(16);
		} else {
			file->tensors[1].dtype = NEURAL_S16;
			file->tensors[MIXED_TENSORS + 1].dtype = NEURAL_S16;
		}
		file_seal(&file->header, sizeof(*file));
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    neural_network_replace(nn, file, sizeof(*file)), "%u", i);
	}
	/* On its own it is as good as any. */
	model_adopt(test, neural_network_load("other", file, sizeof(*file)));
}

/* The cache takes rows of bytes: it may be had, and is not in the way. */
static void mixed_cache(struct kunit *test)
{
	struct neural_network *nn = mixed_begin(test);
	char entries[] = "cache_entries 64";
	u64 in[2] = { 5, 6 }, out[2] = { };

	KUNIT_EXPECT_EQ(test, 0, neural_config_apply(nn, entries));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_rows(nn, in, sizeof(in), out,
							     sizeof(out), 1));
	KUNIT_EXPECT_MEMEQ(test, in, out, sizeof(in));
}

static struct kunit_case mixed_cases[] = {
	KUNIT_CASE(mixed_facts),
	KUNIT_CASE(mixed_not_words),
	KUNIT_CASE(mixed_rows),
	KUNIT_CASE(mixed_replaced),
	KUNIT_CASE(mixed_cache),
	{ }
};

struct kunit_suite neural_mixed_suite = {
	.name = "neural_mixed",
	.init = model_init,
	.test_cases = mixed_cases,
};
