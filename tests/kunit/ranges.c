// SPDX-License-Identifier: GPL-2.0-only
/* Ranges of inputs are counted, answers out of bounds are not given. */
#include <linux/limits.h>
#include <uapi/linux/neural_model.h>
#include "../../src/config.h"
#include "../../src/network.h"
#include "model.h"
#include "suites.h"

#define RANGES_SECTIONS	6	/* of a file that was saved */
#define RANGES_HEAD	sizeof(struct neural_model_header)
#define RANGES_TABLE	sizeof(struct neural_model_section)

static int ranges_word(struct neural_network *nn, const char *words)
{
	char line[64];

	strscpy(line, words, sizeof(line));
	return neural_config_apply(nn, line);
}

/* A counter of @nn by its place in struct neural_stats. */
static u64 ranges_counter(struct neural_network *nn, size_t at)
{
	struct neural_stats s = { };

	neural_network_get_stats(nn, &s);
	return *(const u64 *)((const u8 *)&s + at);
}

#define COUNTED(_nn, _field)	ranges_counter(_nn, offsetof(struct neural_stats, _field))

static struct neural_model_range range(u32 flags, u32 first, u32 count, s64 lo, s64 hi)
{
	return (struct neural_model_range){
		.flags = cpu_to_le32(flags),
		.first = cpu_to_le32(first),
		.count = cpu_to_le32(count),
		.lo = cpu_to_le64(lo),
		.hi = cpu_to_le64(hi),
	};
}

/* The file of @nn with a section more: its table is one entry longer, the rest moves. */
static u8 *ranges_file(struct kunit *test, struct neural_network *nn,
		       const struct neural_model_range *ranges, u32 nr, size_t *bytes)
{
	const size_t from = ALIGN(RANGES_HEAD + RANGES_SECTIONS * RANGES_TABLE,
				  NEURAL_MODEL_ALIGN);
	const size_t to = ALIGN(RANGES_HEAD + (RANGES_SECTIONS + 1) * RANGES_TABLE,
				NEURAL_MODEL_ALIGN);
	struct neural_model_section *section;
	struct neural_model_header *head;
	size_t old_bytes, at;
	u8 *old = model_save(test, nn, &old_bytes), *file;
	u32 i;

	at = ALIGN(old_bytes + to - from, NEURAL_MODEL_ALIGN);
	*bytes = at + nr * sizeof(*ranges);
	file = model_alloc(test, *bytes);
	memcpy(file, old, RANGES_HEAD + RANGES_SECTIONS * RANGES_TABLE);
	memcpy(file + to, old + from, old_bytes - from);
	memcpy(file + at, ranges, nr * sizeof(*ranges));
	head = (struct neural_model_header *)file;
	KUNIT_ASSERT_EQ(test, RANGES_SECTIONS, le32_to_cpu(head->nr_sections));
	head->nr_sections = cpu_to_le32(RANGES_SECTIONS + 1);
	head->file_bytes = cpu_to_le64(*bytes);
	section = (struct neural_model_section *)(file + RANGES_HEAD);
	for (i = 0; i < RANGES_SECTIONS; i++, section++)
		section->offset = cpu_to_le64(le64_to_cpu(section->offset) + to - from);
	*section = (struct neural_model_section){
		.kind = cpu_to_le16(NEURAL_SECTION_RANGES),
		.flags = cpu_to_le16(NEURAL_SECTION_OPTIONAL),
		.entry_bytes = cpu_to_le32(sizeof(*ranges)),
		.offset = cpu_to_le64(at),
		.bytes = cpu_to_le64(nr * sizeof(*ranges)),
	};
	head->crc = 0;
	head->crc = cpu_to_le32(neural_crc32c(0, file, *bytes));
	return file;
}

/* The first two inputs between -5 and 5, all others but the last small. */
static struct neural_network *ranges_load(struct kunit *test, struct model *m)
{
	const struct neural_model_range ranges[] = {
		range(0, 0, 2, -5, 5),
		range(0, 2, MODEL_IN - 3, -65536, 65536),
	};
	size_t bytes;
	u8 *file = ranges_file(test, m->nn, ranges, ARRAY_SIZE(ranges), &bytes);

	return model_adopt(test, neural_network_load("ranges", file, bytes));
}

static void ranges_counted(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = ranges_load(test, m);
	const size_t out_bytes = 3 * MODEL_OUT * sizeof(s32);
	s32 *in = model_alloc(test, 3 * sizeof(m->in)), *out = model_alloc(test, out_bytes);

	/* Nobody has asked for it. */
	in[0] = 6;
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range));
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "ranges 1"));
	in[0] = 5;
	in[1] = -5;
	in[2] = 65536;
	in[MODEL_IN - 2] = -65536;
	in[MODEL_IN - 1] = NEURAL_FP_MIN;
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range));
	in[1] = -6;
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 1, COUNTED(nn, out_of_range));
	KUNIT_EXPECT_EQ(test, 1, COUNTED(nn, out_of_range_most));
	/* Of three rows the first and the last. */
	memcpy(in + 2 * MODEL_IN, in, sizeof(m->in));
	in[2 * MODEL_IN] = NEURAL_FP_MAX;
	in[3 * MODEL_IN - 2] = -65537;
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_rows(nn, in, 3 * sizeof(m->in), out,
							     out_bytes, 3));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, out_of_range));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, out_of_range_most));
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "ranges 0"));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, out_of_range));
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "reset_stats"));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range_most));
	/* The answer is that of any other input. */
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
}

/* Each set of parameters has its own ranges, or none. */
static void ranges_replaced(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = ranges_load(test, m);
	s32 in[MODEL_IN] = { [0] = 100 }, out[MODEL_OUT];
	size_t with_bytes, without_bytes;
	u8 *with = model_save(test, nn, &with_bytes);
	u8 *without = model_save(test, m->nn, &without_bytes);

	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "ranges 1"));
	KUNIT_ASSERT_EQ(test, 0, neural_network_replace(nn, without, without_bytes));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range));
	KUNIT_EXPECT_EQ(test, 0, nn->watch);
	KUNIT_ASSERT_EQ(test, 0, neural_network_replace(nn, with, with_bytes));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict(nn, in, out));
	KUNIT_EXPECT_EQ(test, 1, COUNTED(nn, out_of_range));
	KUNIT_EXPECT_EQ(test, with_bytes, neural_network_save(nn, NULL, 0));
	KUNIT_EXPECT_NE(test, with_bytes, without_bytes);
}

/* @ret and what is left of the output, of the small model's input. */
static void ranges_expect(struct kunit *test, struct neural_network *nn,
			  const struct model *m, int ret)
{
	s32 out[MODEL_OUT];

	memset(out, 0x5a, sizeof(out));
	KUNIT_EXPECT_EQ(test, ret, neural_network_predict(nn, m->in, out));
	if (ret)
		KUNIT_EXPECT_NULL(test, memchr_inv(out, 0, sizeof(out)));
	else
		KUNIT_EXPECT_MEMEQ(test, m->out[0], out, sizeof(out));
}

static void ranges_bounds_of_file(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const s64 last = m->out[0][MODEL_OUT - 1];
	struct neural_model_range bounds = range(NEURAL_RANGE_OUTPUT, MODEL_OUT - 1, 1,
						 NEURAL_FP_MIN, last - 1);
	struct neural_network *nn;
	size_t bytes, right_bytes;
	u8 *file = ranges_file(test, m->nn, &bounds, 1, &bytes), *right;

	bounds = range(NEURAL_RANGE_OUTPUT, MODEL_OUT - 1, 1, last, last);
	right = ranges_file(test, m->nn, &bounds, 1, &right_bytes);
	nn = model_adopt(test, neural_network_load("bounds", file, bytes));
	ranges_expect(test, nn, m, -ERANGE);
	KUNIT_EXPECT_EQ(test, 1, COUNTED(nn, out_of_bounds));
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "bounds off"));
	ranges_expect(test, nn, m, 0);
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "bounds file"));
	ranges_expect(test, nn, m, -ERANGE);
	KUNIT_ASSERT_EQ(test, 0, neural_network_replace(nn, right, right_bytes));
	ranges_expect(test, nn, m, 0);
	KUNIT_EXPECT_EQ(test, 2, COUNTED(nn, out_of_bounds));
	KUNIT_EXPECT_EQ(test, 0, COUNTED(nn, out_of_range));
}

/* Smallest and largest of the answer. */
static void ranges_extremes(const struct model *m, s64 *lo, s64 *hi)
{
	u32 i;

	*lo = S64_MAX;
	*hi = S64_MIN;
	for (i = 0; i < MODEL_OUT; i++) {
		*lo = min_t(s64, *lo, m->out[0][i]);
		*hi = max_t(s64, *hi, m->out[0][i]);
	}
}

static int ranges_set(struct neural_network *nn, s64 lo, s64 hi)
{
	char line[64];

	snprintf(line, sizeof(line), "bounds %lld  %lld", lo, hi);
	return neural_config_apply(nn, line);
}

/* Of a network made of layers too. */
static void ranges_bounds_set(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_batch *batch = model_batch(test, 3, MODEL_IN, MODEL_OUT);
	struct neural_network *nn = m->nn;
	s32 zeros[MODEL_IN] = { };
	s64 lo, hi;

	ranges_extremes(m, &lo, &hi);
	KUNIT_ASSERT_LT(test, lo, 0);
	KUNIT_ASSERT_GT(test, hi, 0);
	KUNIT_ASSERT_EQ(test, 0, ranges_set(nn, lo, hi));
	ranges_expect(test, nn, m, 0);
	KUNIT_ASSERT_EQ(test, 0, ranges_set(nn, lo + 1, hi));
	ranges_expect(test, nn, m, -ERANGE);
	KUNIT_ASSERT_EQ(test, 0, ranges_set(nn, lo, hi - 1));
	ranges_expect(test, nn, m, -ERANGE);
	/* One row is wrong, so none is right. */
	KUNIT_ASSERT_EQ(test, 0, neural_batch_add_input(batch, zeros));
	KUNIT_ASSERT_EQ(test, 1, neural_batch_add_input(batch, m->in));
	KUNIT_ASSERT_EQ(test, 2, neural_batch_add_input(batch, zeros));
	KUNIT_EXPECT_EQ(test, -ERANGE, neural_batch_predict(nn, batch));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 0));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, out_of_bounds));
	KUNIT_ASSERT_EQ(test, 0, ranges_set(nn, S64_MIN, S64_MAX));
	KUNIT_EXPECT_EQ(test, 0, neural_batch_predict(nn, batch));
	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "bounds off"));
	KUNIT_EXPECT_EQ(test, 0, nn->watch);
	ranges_expect(test, nn, m, 0);
}

/* What is in the cache has been given before there were bounds. */
static void ranges_bounds_cached(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = m->nn;
	s32 out[MODEL_OUT];
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, ranges_word(nn, "cache_entries 64"));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 0, neural_network_predict_cached(nn, m->in, out));
	KUNIT_EXPECT_GT(test, COUNTED(nn, cache_hits), 0);
	KUNIT_ASSERT_EQ(test, 0, ranges_set(nn, 0, 0));
	for (i = 0; i < 4; i++) {
		memset(out, 0x5a, sizeof(out));
		KUNIT_EXPECT_EQ(test, -ERANGE, neural_network_predict_cached(nn, m->in, out));
		KUNIT_EXPECT_NULL(test, memchr_inv(out, 0, sizeof(out)));
	}
	KUNIT_EXPECT_EQ(test, 4, COUNTED(nn, out_of_bounds));
}

static void ranges_words(struct kunit *test)
{
	static const char *const bad[] = {
		"ranges", "ranges 2", "ranges on", "bounds", "bounds 1", "bounds on",
		"bounds 2 1", "bounds 1 2 3", "bounds +1 2", "bounds 1 x", "bounds - 1",
		"bounds -9223372036854775809 0", "bounds 0 9223372036854775808", "bounds 0x1 2",
	};
	struct model *m = model_small(test, NULL);
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, ranges_word(m->nn, "bounds -3 -3"));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, ranges_word(m->nn, bad[i]), "'%s'", bad[i]);
	ranges_expect(test, m->nn, m, -ERANGE);
	/* All networks. */
	KUNIT_ASSERT_EQ(test, 0, ranges_word(NULL, "bounds file"));
	ranges_expect(test, m->nn, m, 0);
}

static struct kunit_case ranges_cases[] = {
	KUNIT_CASE(ranges_counted),
	KUNIT_CASE(ranges_replaced),
	KUNIT_CASE(ranges_bounds_of_file),
	KUNIT_CASE(ranges_bounds_set),
	KUNIT_CASE(ranges_bounds_cached),
	KUNIT_CASE(ranges_words),
	{ }
};

struct kunit_suite neural_ranges_suite = {
	.name = "neural_ranges",
	.init = model_init,
	.test_cases = ranges_cases,
};
