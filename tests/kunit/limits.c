// SPDX-License-Identifier: GPL-2.0-only
/* Limits on all networks together: what does not fit is refused and leaves no trace. */
#include <linux/kthread.h>
#include <linux/limits.h>
#include "../../src/alloc.h"
#include "../../src/cache.h"
#include "../../src/config.h"
#include "../../src/network.h"
#include "../../src/params.h"
#include "model.h"
#include "suites.h"

#define LIMITS_THREADS	4
#define LIMITS_ROUNDS	5000

/* As they were before a case. */
static u64 limits_saved[NEURAL_LIMITS];

static int limits_init(struct kunit *test)
{
	u32 i;

	for (i = 0; i < NEURAL_LIMITS; i++)
		limits_saved[i] = neural_param_limit(i);
	return model_init(test);
}

static void limits_exit(struct kunit *test)
{
	u32 i;

	for (i = 0; i < NEURAL_LIMITS; i++)
		neural_param_set_limit(i, limits_saved[i]);
}

/* Room for so much more. */
static void limits_room(enum neural_limit which, u64 more)
{
	neural_param_set_limit(which, neural_limits_used(which) + more);
}

static int limits_create(void)
{
	struct neural_network *nn = neural_network_create(4, 4, 4);

	neural_network_destroy(nn);
	return PTR_ERR_OR_ZERO(nn);
}

static void limits_networks(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const u64 used = neural_limits_used(NEURAL_LIMIT_NETWORKS);
	size_t bytes;
	void *file = model_save(test, m->nn, &bytes);
	struct neural_network *nn;

	KUNIT_EXPECT_GT(test, used, 0);
	limits_room(NEURAL_LIMIT_NETWORKS, 0);
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_create());
	KUNIT_EXPECT_EQ(test, -EDQUOT,
			PTR_ERR_OR_ZERO(neural_network_load("limited", file, bytes)));
	limits_room(NEURAL_LIMIT_NETWORKS, 1);
	KUNIT_EXPECT_EQ(test, 0, limits_create());
	nn = model_adopt(test, neural_network_load("limited", file, bytes));
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_create());
	KUNIT_EXPECT_EQ(test, used + 1, neural_limits_used(NEURAL_LIMIT_NETWORKS));
	/* Until the last handle is gone. */
	neural_network_ref(nn);
	model_destroy(test, nn);
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_create());
	neural_network_unref(nn);
	KUNIT_EXPECT_EQ(test, 0, limits_create());
	neural_param_set_limit(NEURAL_LIMIT_NETWORKS, 0);
	KUNIT_EXPECT_EQ(test, 0, limits_create());
	/* What is refused is not counted. */
	KUNIT_EXPECT_EQ(test, -EINVAL,
			PTR_ERR_OR_ZERO(neural_network_load("limited", file, bytes - 1)));
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_NETWORKS));
	/* Lowered below what there is: those go on. */
	neural_param_set_limit(NEURAL_LIMIT_NETWORKS, 1);
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
}

static void limits_bytes(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	size_t bytes;
	void *file = model_save(test, m->nn, &bytes);
	struct neural_network *nn;
	struct neural_batch *batch;
	u64 room, taken;
	s64 held;

	/* Nothing is going: what is taken away below is waited for. */
	nn = model_adopt(test, neural_network_load("limited", file, bytes));
	held = model_bytes();
	KUNIT_EXPECT_EQ(test, held, neural_limits_used(NEURAL_LIMIT_BYTES));
	for (room = 0, taken = 0; room < 40 * bytes; room += bytes / 2 + 7) {
		struct neural_network *more;
		int ret;

		limits_room(NEURAL_LIMIT_BYTES, room);
		more = neural_network_load("more", file, bytes);
		ret = PTR_ERR_OR_ZERO(more);
		KUNIT_EXPECT_TRUE_MSG(test, ret == -EDQUOT || !ret, "%llu: %d", room, ret);
		taken += !ret;
		neural_network_destroy(more);
		KUNIT_ASSERT_TRUE(test, model_settles(held));
		if (!ret)
			break;
	}
	KUNIT_EXPECT_EQ(test, 1, taken);
	limits_room(NEURAL_LIMIT_BYTES, 64);
	KUNIT_EXPECT_EQ(test, -EDQUOT, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_EQ(test, -EDQUOT, model_set(m, 1));
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_create());
	batch = neural_batch_create(64, MODEL_IN, MODEL_OUT);
	KUNIT_EXPECT_EQ(test, -ENOMEM, PTR_ERR_OR_ZERO(batch));
	neural_batch_destroy(batch);
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	neural_param_set_limit(NEURAL_LIMIT_BYTES, 0);
	KUNIT_EXPECT_EQ(test, 0, model_set(m, 1));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 1));
}

static int limits_config(struct neural_network *nn, const char *text)
{
	char line[40];

	strscpy(line, text, sizeof(line));
	return neural_config_apply(nn, line);
}

/* Whatever is refused says why, and leaves nothing for the next one to say. */
static void limits_refused(struct kunit *test)
{
	const struct neural_cache_setup setup = { .entries = 64, .timeout_ms = 1000 };
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = m->nn;
	struct neural_context *context;
	unsigned long scanned, gone;
	size_t bytes;
	void *file = model_save(test, nn, &bytes);

	nn = model_adopt(test, neural_network_load("limited", file, bytes));
	limits_room(NEURAL_LIMIT_BYTES, 64);
	KUNIT_EXPECT_EQ(test, -EDQUOT, neural_network_set_cache(nn, &setup));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_config(nn, "cache_entries 100"));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	KUNIT_EXPECT_EQ(test, -EDQUOT, limits_config(nn, "replicate 1"));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	context = neural_context_create(nn);
	KUNIT_EXPECT_EQ(test, -EDQUOT, PTR_ERR_OR_ZERO(context));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	KUNIT_EXPECT_EQ(test, -EDQUOT, neural_network_set_candidate(nn, file, bytes, 0));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	KUNIT_EXPECT_EQ(test, -EDQUOT, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	neural_param_set_limit(NEURAL_LIMIT_BYTES, 0);
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_cache(nn, &setup));
	/* What has gone for want of memory comes back in nobody's name. */
	gone = neural_caches_shrink(1000000, &scanned);
	gone += neural_caches_shrink(1000000, &scanned);
	KUNIT_EXPECT_GT(test, gone, 0);
	limits_room(NEURAL_LIMIT_BYTES, 64);
	neural_caches_restore();
	KUNIT_EXPECT_FALSE(test, neural_account_refused(&nn->account));
	neural_param_set_limit(NEURAL_LIMIT_BYTES, 0);
	neural_caches_restore();
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
}

static void limits_macs(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	const u64 macs = MODEL_IN * MODEL_HIDDEN + MODEL_HIDDEN * MODEL_OUT;
	const u64 used = neural_limits_used(NEURAL_LIMIT_MACS);
	size_t bytes;
	void *file = model_save(test, m->nn, &bytes);
	struct neural_network *nn;

	KUNIT_EXPECT_GE(test, used, macs);
	limits_room(NEURAL_LIMIT_MACS, macs - 1);
	KUNIT_EXPECT_EQ(test, -EDQUOT,
			PTR_ERR_OR_ZERO(neural_network_load("limited", file, bytes)));
	/* Both sets of parameters are in force for a moment. */
	KUNIT_EXPECT_EQ(test, -EDQUOT, model_set(m, 1));
	KUNIT_EXPECT_TRUE(test, model_answers(m->nn, m, 0));
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_MACS));
	limits_room(NEURAL_LIMIT_MACS, macs);
	KUNIT_EXPECT_EQ(test, 0, model_set(m, 1));
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_MACS));
	nn = model_adopt(test, neural_network_load("limited", file, bytes));
	KUNIT_EXPECT_EQ(test, used + macs, neural_limits_used(NEURAL_LIMIT_MACS));
	KUNIT_EXPECT_EQ(test, -EDQUOT, neural_network_replace(nn, file, bytes));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	model_destroy(test, nn);
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_MACS));
}

/* Numbers at the ends of their range. */
static void limits_charges(struct kunit *test)
{
	const u64 used = neural_limits_used(NEURAL_LIMIT_MACS);

	limits_room(NEURAL_LIMIT_MACS, 10);
	KUNIT_EXPECT_FALSE(test, neural_limits_charge(NEURAL_LIMIT_MACS, U64_MAX));
	KUNIT_EXPECT_FALSE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 11));
	KUNIT_EXPECT_TRUE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 4));
	KUNIT_EXPECT_FALSE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 7));
	KUNIT_EXPECT_TRUE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 6));
	KUNIT_EXPECT_TRUE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 0));
	KUNIT_EXPECT_FALSE(test, neural_limits_charge(NEURAL_LIMIT_MACS, 1));
	neural_limits_uncharge(NEURAL_LIMIT_MACS, 10);
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_MACS));
}

/**
 * struct limits_crowd - threads at one limit that has room for one of them
 * @inside: how many are
 * @most: most there have been
 * @left: threads that are not through
 * @through: all are
 */
struct limits_crowd {
	atomic_t inside;
	atomic_t most;
	atomic_t left;
	struct completion through;
};

static int limits_thread(void *data)
{
	struct limits_crowd *crowd = data;
	u32 i;

	for (i = 0; i < LIMITS_ROUNDS; i++) {
		if (neural_limits_charge(NEURAL_LIMIT_MACS, 3)) {
			if (atomic_inc_return(&crowd->inside) > 1)
				atomic_inc(&crowd->most);
			atomic_dec(&crowd->inside);
			neural_limits_uncharge(NEURAL_LIMIT_MACS, 3);
		}
		if (!(i % 64))
			cond_resched();
	}
	if (atomic_dec_and_test(&crowd->left))
		complete(&crowd->through);
	return 0;
}

static void limits_race(struct kunit *test)
{
	struct limits_crowd *crowd = model_alloc(test, sizeof(*crowd));
	const u64 used = neural_limits_used(NEURAL_LIMIT_MACS);
	u32 i, started = 0;

	limits_room(NEURAL_LIMIT_MACS, 5);
	init_completion(&crowd->through);
	atomic_set(&crowd->left, 1);
	for (i = 0; i < LIMITS_THREADS; i++) {
		atomic_inc(&crowd->left);
		if (IS_ERR(kthread_run(limits_thread, crowd, "neural_limits")))
			atomic_dec(&crowd->left);
		else
			started++;
	}
	if (!atomic_dec_and_test(&crowd->left))
		wait_for_completion(&crowd->through);
	KUNIT_EXPECT_EQ(test, LIMITS_THREADS, started);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&crowd->most));
	KUNIT_EXPECT_EQ(test, used, neural_limits_used(NEURAL_LIMIT_MACS));
}

static struct kunit_case limits_cases[] = {
	KUNIT_CASE(limits_networks),
	KUNIT_CASE(limits_bytes),
	KUNIT_CASE(limits_refused),
	KUNIT_CASE(limits_macs),
	KUNIT_CASE(limits_charges),
	KUNIT_CASE(limits_race),
	{ }
};

struct kunit_suite neural_limits_suite = {
	.name = "neural_limits",
	.init = limits_init,
	.exit = limits_exit,
	.test_cases = limits_cases,
};
