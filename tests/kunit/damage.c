// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every way to damage one file: cut off at each byte, each bit flipped, with and without
 * a checksum to match, sections left out, doubled and in any order.  The file is as small
 * as files get, so that all of it can be gone through where each access is checked.
 */
#include <uapi/linux/neural_model.h>
#include "../../src/env.h"
#include "model.h"
#include "suites.h"

/* Sections of a file, and one more. */
#define DAMAGE_SECTIONS	7

/*
 * Files that load take 60 ms each where every access is checked, and are most of the time:
 * one in so many of them there, each of them elsewhere.
 */
#define DAMAGE_STEP	(IS_ENABLED(CONFIG_KASAN) ? 5 : 1)

/* Loads between which what they left has to be gone. */
#define DAMAGE_SETTLE	256

/**
 * struct damage - a file, and what becomes of others made from it
 * @test: whose
 * @file: the file
 * @bytes: its size
 * @copy: room for two of it, to be damaged
 * @base: bytes the module held before
 * @refused: how many were
 * @loaded: how many were not, and ran
 */
struct damage {
	struct kunit *test;
	u8 *file;
	size_t bytes;
	u8 *copy;
	s64 base;
	u32 refused;
	u32 loaded;
};

static struct damage *damage_begin(struct kunit *test)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, 2, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, 1, 0 },
	};
	static const s32 hidden[] = { 1 << 16, -(1 << 15), 70000, -3 }, bias[] = { 5, -9 };
	static const s32 output[] = { 1 << 14, 99 };
	struct damage *d = model_alloc(test, sizeof(*d));
	struct neural_network *nn;

	nn = model_adopt(test, neural_network_create_layers("tiny", 2, layers, 2));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, 0, hidden, 4, bias, 2));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, 1, output, 2, NULL, 0));
	d->test = test;
	d->file = model_save(test, nn, &d->bytes);
	d->copy = model_alloc(test, 2 * d->bytes);
	d->base = model_bytes();
	return d;
}

/* With size and checksum as they should be: it is for the verifier to say. */
static void damage_seal(u8 *file, size_t bytes)
{
	struct neural_model_header *header = (struct neural_model_header *)file;

	header->file_bytes = cpu_to_le64(bytes);
	header->crc = 0;
	header->crc = cpu_to_le32(neural_crc32c(0, file, bytes));
}

/* One row of zeros through whatever it became. */
static void damage_run(struct damage *d, struct neural_network *nn)
{
	const size_t in = ALIGN(neural_network_input_bytes(nn), 8);
	const size_t out = neural_network_output_bytes(nn);
	u8 *rows = kvzalloc(in + out, GFP_KERNEL);

	KUNIT_EXPECT_NOT_NULL(d->test, rows);
	if (rows)
		KUNIT_EXPECT_EQ(d->test, 0,
				neural_network_predict_rows(nn, rows,
							    neural_network_input_bytes(nn),
							    rows + in, out, 1));
	kvfree(rows);
}

/* Refused with an error, or a network that runs: nothing else. */
static int damage_try(struct damage *d, const void *file, size_t bytes)
{
	struct neural_network *nn = neural_network_load("damaged", file, bytes);

	if (IS_ERR(nn)) {
		d->refused++;
		return PTR_ERR(nn);
	}
	damage_run(d, nn);
	neural_network_destroy(nn);
	if (++d->loaded % DAMAGE_SETTLE == 0)
		KUNIT_EXPECT_TRUE(d->test, model_settles(d->base));
	return 0;
}

static void damage_truncated(struct kunit *test)
{
	struct damage *d = damage_begin(test);
	size_t bytes;

	for (bytes = 0; bytes < d->bytes; bytes++) {
		memcpy(d->copy, d->file, bytes);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, damage_try(d, d->copy, bytes), "%zu bytes",
				    bytes);
		if (bytes < sizeof(struct neural_model_header))
			continue;
		damage_seal(d->copy, bytes);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, damage_try(d, d->copy, bytes),
				    "%zu bytes, sealed", bytes);
	}
	KUNIT_EXPECT_EQ(test, 0, damage_try(d, d->file, d->bytes));
	KUNIT_EXPECT_TRUE(test, model_settles(d->base));
}

static void damage_flipped(struct kunit *test)
{
	struct damage *d = damage_begin(test);
	size_t bit;

	memcpy(d->copy, d->file, d->bytes);
	for (bit = 0; bit < d->bytes * 8; bit++) {
		d->copy[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_NE_MSG(test, 0, damage_try(d, d->copy, d->bytes), "bit %zu",
				    bit);
		d->copy[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_EXPECT_EQ(test, d->bytes * 8, d->refused);
	KUNIT_EXPECT_TRUE(test, model_settles(d->base));
}

static void damage_forged(struct kunit *test)
{
	struct damage *d = damage_begin(test);
	size_t bit;

	for (bit = 0; bit < d->bytes * 8; bit += DAMAGE_STEP) {
		memcpy(d->copy, d->file, d->bytes);
		d->copy[bit / 8] ^= 1 << bit % 8;
		damage_seal(d->copy, d->bytes);
		damage_try(d, d->copy, d->bytes);
	}
	kunit_info(test, "%zu bits: %u refused, %u loaded and run",
		   d->bytes * 8 / DAMAGE_STEP, d->refused, d->loaded);
	/* Weights and texts may be anything; most else may not. */
	KUNIT_EXPECT_GT(test, d->loaded, 100);
	KUNIT_EXPECT_GT(test, d->refused, 3000 / DAMAGE_STEP);
	KUNIT_EXPECT_TRUE(test, model_settles(d->base));
}

/* A file in @d's copy of the @nr sections that @order names. */
static size_t damage_arrange(struct damage *d, const u32 *order, u32 nr)
{
	const struct neural_model_header *h = (const struct neural_model_header *)d->file;
	const struct neural_model_section *from;
	struct neural_model_section *to;
	size_t at = sizeof(*h) + nr * sizeof(*to);
	u32 i;

	memset(d->copy, 0, 2 * d->bytes);
	memcpy(d->copy, h, sizeof(*h));
	((struct neural_model_header *)d->copy)->nr_sections = cpu_to_le32(nr);
	from = (const struct neural_model_section *)(d->file + sizeof(*h));
	to = (struct neural_model_section *)(d->copy + sizeof(*h));
	for (i = 0; i < nr; i++) {
		const struct neural_model_section *s = &from[order[i]];

		at = ALIGN(at, NEURAL_MODEL_ALIGN);
		to[i] = *s;
		to[i].offset = cpu_to_le64(at);
		memcpy(d->copy + at, d->file + le64_to_cpu(s->offset), le64_to_cpu(s->bytes));
		at += le64_to_cpu(s->bytes);
	}
	damage_seal(d->copy, at);
	return at;
}

/* The next of all orders of @nr numbers; false after the last. */
static bool damage_permute(u32 *order, u32 nr)
{
	u32 i = nr - 1, j = nr - 1;

	while (i && order[i - 1] > order[i])
		i--;
	if (!i)
		return false;
	while (order[j] < order[i - 1])
		j--;
	swap(order[i - 1], order[j]);
	for (j = nr - 1; i < j; i++, j--)
		swap(order[i], order[j]);
	return true;
}

static void damage_sections(struct kunit *test)
{
	struct damage *d = damage_begin(test);
	const struct neural_model_header *h = (const struct neural_model_header *)d->file;
	const u32 nr = le32_to_cpu(h->nr_sections);
	u32 order[DAMAGE_SECTIONS], i, k, n, all = 0;

	KUNIT_ASSERT_LT(test, nr, DAMAGE_SECTIONS);
	KUNIT_ASSERT_GT(test, nr, 3);
	for (i = 0; i < nr; i++)
		order[i] = i;
	/* Any order says the same. */
	do {
		if (all++ % DAMAGE_STEP == 0)
			KUNIT_EXPECT_EQ(test, 0, damage_try(d, d->copy,
							    damage_arrange(d, order, nr)));
	} while (damage_permute(order, nr));
	for (i = 1, n = 1; i <= nr; i++)
		n *= i;
	KUNIT_EXPECT_EQ(test, n, all);
	/* One of them again, at any place. */
	for (i = 0; i < nr; i++)
		for (k = 0; k <= nr; k++) {
			for (n = 0; n <= nr; n++)
				order[n] = n == k ? i : n - (n > k);
			KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
					    damage_try(d, d->copy,
						       damage_arrange(d, order, nr + 1)),
					    "section %u again at %u", i, k);
		}
	/* One of them missing: an error, or what nothing refers to. */
	for (i = 0; i < nr; i++) {
		for (n = 0; n < nr - 1; n++)
			order[n] = n + (n >= i);
		damage_try(d, d->copy, damage_arrange(d, order, nr - 1));
	}
	KUNIT_EXPECT_TRUE(test, model_settles(d->base));
}

static struct kunit_case damage_cases[] = {
	KUNIT_CASE_SLOW(damage_truncated),
	KUNIT_CASE_SLOW(damage_flipped),
	KUNIT_CASE_SLOW(damage_forged),
	KUNIT_CASE_SLOW(damage_sections),
	{ }
};

struct kunit_suite neural_damage_suite = {
	.name = "neural_damage",
	.init = model_init,
	.test_cases = damage_cases,
};
