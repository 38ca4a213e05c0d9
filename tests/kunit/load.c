// SPDX-License-Identifier: GPL-2.0-only
/* Loading: what is no model is refused and leaves nothing behind. */
#include <uapi/linux/neural_model.h>
#include "../../src/env.h"
#include "model.h"
#include "suites.h"

/**
 * struct load_file - a model file, and the network it was saved from
 * @m: the network
 * @file: the file
 * @copy: room for one that is damaged
 * @bytes: size of both
 */
struct load_file {
	struct model *m;
	u8 *file;
	u8 *copy;
	size_t bytes;
};

static struct load_file *load_begin(struct kunit *test)
{
	struct load_file *f = model_alloc(test, sizeof(*f));

	f->m = model_small(test, NULL);
	f->file = model_save(test, f->m->nn, &f->bytes);
	f->copy = model_alloc(test, f->bytes);
	return f;
}

/* The checksum of a file somebody has changed on purpose. */
static void load_seal(u8 *file, size_t bytes)
{
	struct neural_model_header *header = (struct neural_model_header *)file;

	header->crc = 0;
	header->crc = cpu_to_le32(neural_crc32c(0, file, bytes));
}

static int load_error(const void *file, size_t bytes)
{
	struct neural_network *nn = neural_network_load("damaged", file, bytes);

	neural_network_destroy(nn);
	return PTR_ERR_OR_ZERO(nn);
}

static void load_answers(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	const s64 bytes = model_bytes();
	struct neural_network *nn;
	s32 *in = model_alloc(test, 3 * sizeof(f->m->in));
	s32 out[3 * MODEL_OUT] = { };
	struct neural_stats stats;
	u32 i;

	nn = model_adopt(test, neural_network_load("loaded", f->file, f->bytes));
	KUNIT_EXPECT_STREQ(test, "loaded", neural_network_name(nn));
	KUNIT_EXPECT_EQ(test, MODEL_IN, neural_network_input_size(nn));
	KUNIT_EXPECT_EQ(test, MODEL_OUT * sizeof(s32), neural_network_output_bytes(nn));
	/* The file is a copy. */
	memset(f->copy, 0, f->bytes);
	KUNIT_EXPECT_TRUE(test, model_answers(nn, f->m, 0));
	for (i = 0; i < 3; i++)
		memcpy(in + i * MODEL_IN, f->m->in, sizeof(f->m->in));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_rows(nn, in, 3 * sizeof(f->m->in),
							     out, sizeof(out), 3));
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_MEMEQ(test, out + i * MODEL_OUT, f->m->out[0],
				   sizeof(f->m->out[0]));
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(nn, &stats));
	KUNIT_EXPECT_EQ(test, 4, stats.predictions);
	KUNIT_EXPECT_GT(test, stats.bytes, f->bytes);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			neural_network_set_weights(nn, 0, f->m->hidden[1],
						   ARRAY_SIZE(f->m->hidden[1]), NULL, 0));
	model_destroy(test, nn);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static void load_rows_refused(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	s32 in[MODEL_IN + 1] = { }, out[MODEL_OUT + 1] = { };
	const size_t in_bytes = MODEL_IN * sizeof(s32), out_bytes = MODEL_OUT * sizeof(s32);
	struct neural_network *nn;

	nn = model_adopt(test, neural_network_load("loaded", f->file, f->bytes));
#define REFUSED(...) \
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_predict_rows(__VA_ARGS__))
	REFUSED(NULL, in, in_bytes, out, out_bytes, 1);
	REFUSED(nn, NULL, in_bytes, out, out_bytes, 1);
	REFUSED(nn, in, in_bytes, NULL, out_bytes, 1);
	REFUSED(nn, in, in_bytes, out, out_bytes, 0);
	REFUSED(nn, in, 0, out, 0, 0);
	REFUSED(nn, in, in_bytes, out, out_bytes, 2);
	REFUSED(nn, in, in_bytes - 1, out, out_bytes, 1);
	REFUSED(nn, in, in_bytes + 1, out, out_bytes, 1);
	REFUSED(nn, in, in_bytes, out, out_bytes - 1, 1);
	REFUSED(nn, (u8 *)in + 1, in_bytes, out, out_bytes, 1);
	REFUSED(nn, in, in_bytes, (u8 *)out + 2, out_bytes, 1);
#undef REFUSED
	KUNIT_EXPECT_NULL(test, memchr_inv(out, 0, sizeof(out)));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_rows(nn, in + 1, in_bytes, out + 1,
							     out_bytes, 1));
}

static void load_names(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	struct neural_network *nn;
	static const char *const bad[] = {
		"", ".hidden", "a/b", "../a", "network_7", "a-name-of-thirty-two-characters-",
	};
	const s64 bytes = model_bytes();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    PTR_ERR(neural_network_load(bad[i], f->file, f->bytes)),
				    "'%s'", bad[i]);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    PTR_ERR(neural_network_load_firmware(bad[i], NULL)),
				    "'%s'", bad[i]);
	}
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR(neural_network_load(NULL, f->file, f->bytes)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_network_load("loaded", NULL, 64)));
	KUNIT_EXPECT_EQ(test, -EINVAL, PTR_ERR(neural_network_load_firmware(NULL, NULL)));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			PTR_ERR(neural_network_load_firmware("nowhere", NULL)));
	nn = model_adopt(test, neural_network_load("loaded", f->file, f->bytes));
	KUNIT_EXPECT_EQ(test, -EEXIST,
			PTR_ERR(neural_network_load("loaded", f->file, f->bytes)));
	KUNIT_EXPECT_PTR_EQ(test, nn, neural_network_get("loaded"));
	neural_network_put(nn);
	model_destroy(test, nn);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static void load_truncated(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	const s64 before = model_bytes();
	size_t bytes;

	for (bytes = 0; bytes < f->bytes; bytes += bytes < 1024 ? 1 : 61) {
		memcpy(f->copy, f->file, bytes);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, load_error(f->copy, bytes), "%zu bytes",
				    bytes);
	}
	KUNIT_EXPECT_EQ(test, -E2BIG, load_error(f->file, SIZE_MAX));
	KUNIT_EXPECT_TRUE(test, model_settles(before));
}

/* The checksum finds every bit. */
static void load_flipped(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	const s64 before = model_bytes();
	size_t bit;

	memcpy(f->copy, f->file, f->bytes);
	for (bit = 0; bit < f->bytes * 8; bit += bit < 64 * 8 ? 1 : 37) {
		f->copy[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_NE_MSG(test, 0, load_error(f->copy, f->bytes), "bit %zu", bit);
		f->copy[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_EXPECT_TRUE(test, model_settles(before));
}

/* With a checksum to match it is for the verifier: refused, or a network that runs. */
static void load_forged(struct kunit *test)
{
	struct load_file *f = load_begin(test);
	const s64 before = model_bytes();
	u32 loaded = 0, refused = 0;
	struct neural_network *nn;
	size_t bit, in, out;
	void *rows;

	for (bit = 0; bit < min_t(size_t, f->bytes, 1536) * 8; bit += 7) {
		memcpy(f->copy, f->file, f->bytes);
		f->copy[bit / 8] ^= 1 << bit % 8;
		load_seal(f->copy, f->bytes);
		nn = neural_network_load("damaged", f->copy, f->bytes);
		if (IS_ERR(nn)) {
			refused++;
			continue;
		}
		loaded++;
		in = neural_network_input_bytes(nn);
		out = neural_network_output_bytes(nn);
		rows = kvzalloc(ALIGN(in, 8) + out, GFP_KERNEL);
		if (rows)
			KUNIT_EXPECT_EQ(test, 0,
					neural_network_predict_rows(nn, rows, in,
								    rows + ALIGN(in, 8),
								    out, 1));
		kvfree(rows);
		neural_network_destroy(nn);
	}
	/* Texts and the like may be anything; most else may not. */
	KUNIT_EXPECT_GT(test, loaded, 0);
	KUNIT_EXPECT_GT(test, refused, loaded);
	KUNIT_EXPECT_TRUE(test, model_settles(before));
}

static struct kunit_case load_cases[] = {
	KUNIT_CASE(load_answers),
	KUNIT_CASE(load_rows_refused),
	KUNIT_CASE(load_names),
	KUNIT_CASE(load_truncated),
	KUNIT_CASE(load_flipped),
	KUNIT_CASE(load_forged),
	{ }
};

struct kunit_suite neural_load_suite = {
	.name = "neural_load",
	.init = model_init,
	.test_cases = load_cases,
};
