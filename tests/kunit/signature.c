// SPDX-License-Identifier: GPL-2.0-only
/* What stands behind a model and says it is a signature, and is none. */
#include <linux/err.h>
#include <linux/module_signature.h>
#include "model.h"
#include "suites.h"

#define SIGNATURE_MAGIC		(sizeof(MODULE_SIG_STRING) - 1)
#define SIGNATURE_MOST		200

/**
 * struct signature_test - a file with something behind it
 * @model: the file without
 * @bytes: of that
 * @file: with room for what is behind
 */
struct signature_test {
	u8 *model;
	size_t bytes;
	u8 *file;
};

static struct signature_test *signature_begin(struct kunit *test)
{
	struct signature_test *t = model_alloc(test, sizeof(*t));
	struct model *m = model_small(test, NULL);

	t->model = model_save(test, m->nn, &t->bytes);
	t->file = model_alloc(test, t->bytes + SIGNATURE_MOST);
	return t;
}

/* Behind the model: @length bytes of something, @about, the magic.  What becomes of it. */
static int signature_load(struct signature_test *t, u32 length,
			  const struct module_signature *about)
{
	struct neural_network *nn;
	u8 *at = t->file;

	memcpy(at, t->model, t->bytes);
	at += t->bytes;
	memset(at, 0x30, length);
	at += length;
	memcpy(at, about, sizeof(*about));
	at += sizeof(*about);
	memcpy(at, MODULE_SIG_STRING, SIGNATURE_MAGIC);
	at += SIGNATURE_MAGIC;
	nn = neural_network_load("signature", t->file, at - t->file);
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	neural_network_destroy(nn);
	return 0;
}

static void signature_sizes(struct kunit *test)
{
	/* Nobody's signature, which a kernel that cannot tell passes by. */
	const int nonsense = IS_ENABLED(CONFIG_SYSTEM_DATA_VERIFICATION) ? -EBADMSG : 0;
	struct signature_test *t = signature_begin(test);
	struct module_signature about = { .id_type = PKEY_ID_PKCS7 };
	const u32 left = t->bytes + 60;
	u32 i;

	for (i = 1; i <= 60; i++) {
		about.sig_len = cpu_to_be32(i);
		KUNIT_EXPECT_EQ_MSG(test, nonsense, signature_load(t, i, &about), "%u", i);
	}
	about.sig_len = 0;
	KUNIT_EXPECT_EQ(test, -EBADMSG, signature_load(t, 60, &about));
	for (i = left; i < left + 60; i++) {
		about.sig_len = cpu_to_be32(i);
		KUNIT_EXPECT_EQ_MSG(test, -EBADMSG, signature_load(t, 60, &about), "%u", i);
	}
	for (i = 1; i <= 16; i++) {
		about.sig_len = cpu_to_be32(U32_MAX - i * i * i);
		KUNIT_EXPECT_EQ_MSG(test, -EBADMSG, signature_load(t, 60, &about), "%u", i);
	}
}

/* Only PKCS#7, and nothing said of it. */
static void signature_kinds(struct kunit *test)
{
	struct signature_test *t = signature_begin(test);
	struct module_signature about;
	u32 at;

	for (at = 0; at < offsetof(struct module_signature, sig_len); at++) {
		about = (struct module_signature){
			.id_type = PKEY_ID_PKCS7, .sig_len = cpu_to_be32(60),
		};
		((u8 *)&about)[at] ^= 1;
		KUNIT_EXPECT_EQ_MSG(test, -EBADMSG, signature_load(t, 60, &about), "%u", at);
	}
}

/* Files that are nothing but the end of one. */
static void signature_ends(struct kunit *test)
{
	static const struct module_signature about = { .id_type = PKEY_ID_PKCS7 };
	const size_t whole = sizeof(about) + SIGNATURE_MAGIC;
	struct signature_test *t = signature_begin(test);
	u8 *end = t->file + whole;
	size_t bytes;
	long ret;

	memcpy(t->file, &about, sizeof(about));
	memcpy(t->file + sizeof(about), MODULE_SIG_STRING, SIGNATURE_MAGIC);
	for (bytes = 1; bytes <= whole; bytes++) {
		ret = PTR_ERR_OR_ZERO(neural_network_load("signature", end - bytes, bytes));
		KUNIT_EXPECT_EQ_MSG(test, bytes > SIGNATURE_MAGIC ? -EBADMSG : -EINVAL, ret,
				    "%zu bytes", bytes);
	}
}

static struct kunit_case signature_cases[] = {
	KUNIT_CASE(signature_sizes),
	KUNIT_CASE(signature_kinds),
	KUNIT_CASE(signature_ends),
	{ }
};

struct kunit_suite neural_signature_suite = {
	.name = "neural_signature",
	.init = model_init,
	.test_cases = signature_cases,
};
