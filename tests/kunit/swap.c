// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weights, and models, are replaced while others predict: each answer belongs to one
 * set or the other, and to the new one as soon as it has been set.
 */
#include <kunit/resource.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include "../../src/config.h"
#include "model.h"
#include "suites.h"

#define SWAP_THREADS	3
#define SWAP_SWAPS	30

/**
 * struct swap_thread - one that predicts
 * @m: what and with which answers
 * @task: the thread
 * @cached: by way of the prediction cache
 * @seen: answers of each set
 * @wrong: other answers
 */
struct swap_thread {
	const struct model *m;
	struct task_struct *task;
	bool cached;
	unsigned long seen[2];
	unsigned long wrong;
};

KUNIT_DEFINE_ACTION_WRAPPER(swap_stop, kthread_stop, struct task_struct *);

static int swap_predict(void *arg)
{
	struct swap_thread *t = arg;
	s32 out[MODEL_OUT];
	u32 which;
	int ret;

	while (!kthread_should_stop()) {
		if (t->cached)
			ret = neural_network_predict_cached(t->m->nn, t->m->in, out);
		else
			ret = neural_network_predict(t->m->nn, t->m->in, out);
		for (which = 0; which < 2; which++)
			if (!ret && !memcmp(out, t->m->out[which], sizeof(out)))
				break;
		if (which < 2)
			WRITE_ONCE(t->seen[which], t->seen[which] + 1);
		else
			t->wrong++;
		cond_resched();
	}
	return 0;
}

/* Every thread has made a prediction that began after this. */
static bool swap_wait(struct swap_thread *threads, u32 which)
{
	unsigned long before[SWAP_THREADS];
	u32 i, turn;

	for (i = 0; i < SWAP_THREADS; i++)
		before[i] = READ_ONCE(threads[i].seen[which]);
	for (turn = 0; turn < 5000; turn++) {
		for (i = 0; i < SWAP_THREADS; i++)
			if (READ_ONCE(threads[i].seen[which]) < before[i] + 2)
				break;
		if (i == SWAP_THREADS)
			return true;
		usleep_range(500, 2000);
	}
	return false;
}

/**
 * struct swap_files - both sets of parameters as model files
 * @m: the network, from the first of them
 * @file: the files
 * @bytes: their sizes
 */
struct swap_files {
	struct model m;
	void *file[2];
	size_t bytes[2];
};

static int swap_file(struct model *m, u32 which)
{
	struct swap_files *f = container_of(m, struct swap_files, m);

	return neural_network_replace(m->nn, f->file[which], f->bytes[which]);
}

static void swap_under_load(struct kunit *test, struct model *m,
			    int (*set)(struct model *m, u32 which))
{
	struct swap_thread *threads = model_alloc(test, SWAP_THREADS * sizeof(*threads));
	char entries[] = "cache_entries 64";
	bool seen = true;
	int ret = 0;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(m->nn, entries));
	for (i = 0; i < SWAP_THREADS; i++) {
		threads[i].m = m;
		threads[i].cached = i % 2;
		threads[i].task = kthread_run(swap_predict, &threads[i], "neural_swap/%u", i);
		if (IS_ERR(threads[i].task))
			ret = PTR_ERR(threads[i].task);
	}
	for (i = 1; i <= SWAP_SWAPS && seen && !ret; i++) {
		ret = set(m, i % 2);
		if (!model_answers(m->nn, m, i % 2))
			KUNIT_FAIL(test, "an old answer after swap %u", i);
		seen = swap_wait(threads, i % 2);
	}
	for (i = 0; i < SWAP_THREADS; i++)
		if (!IS_ERR(threads[i].task))
			kthread_stop(threads[i].task);
	KUNIT_EXPECT_EQ(test, 0, ret);
	KUNIT_EXPECT_TRUE(test, seen);
	for (i = 0; i < SWAP_THREADS; i++)
		KUNIT_EXPECT_EQ_MSG(test, 0, threads[i].wrong, "thread %u", i);
}

static void swap_weights(struct kunit *test)
{
	swap_under_load(test, model_small(test, NULL), model_set);
}

static void swap_models(struct kunit *test)
{
	struct swap_files *f = model_alloc(test, sizeof(*f));
	struct model *m = model_small(test, NULL);
	u32 which;

	f->m = *m;
	for (which = 0; which < 2; which++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(m, which));
		f->file[which] = model_save(test, m->nn, &f->bytes[which]);
	}
	f->m.nn = model_adopt(test, neural_network_load("swapped", f->file[0], f->bytes[0]));
	swap_under_load(test, &f->m, swap_file);
}

/* Handles come and go, by name, while the network is destroyed and made anew. */
static int swap_get(void *arg)
{
	struct swap_thread *t = arg;
	s32 out[MODEL_OUT];

	while (!kthread_should_stop()) {
		struct neural_network *nn = neural_network_get("swapped");
		int ret = nn ? neural_network_predict(nn, t->m->in, out) : -ENODATA;

		if (!ret && !memcmp(out, t->m->out[0], sizeof(out)))
			WRITE_ONCE(t->seen[0], t->seen[0] + 1);
		else if (ret != -ENODATA)
			t->wrong++;
		neural_network_put(nn);
		cond_resched();
	}
	return 0;
}

static void swap_destroy_under_load(struct kunit *test)
{
	struct swap_thread *thread = model_alloc(test, sizeof(*thread));
	const s64 bytes = model_bytes();
	struct model *m = model_small(test, "original");
	unsigned long before;
	u32 i, turn;

	thread->m = m;
	thread->task = kthread_run(swap_get, thread, "neural_get");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread->task));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, swap_stop, thread->task));
	for (i = 0; i < 10; i++) {
		/* The same parameters every time, and so the same answers. */
		struct model *next = model_small(test, "swapped");

		before = READ_ONCE(thread->seen[0]);
		for (turn = 0; turn < 5000 && READ_ONCE(thread->seen[0]) == before; turn++)
			usleep_range(500, 2000);
		KUNIT_EXPECT_GT(test, READ_ONCE(thread->seen[0]), before);
		model_destroy(test, next->nn);
	}
	kunit_release_action(test, swap_stop, thread->task);
	KUNIT_EXPECT_EQ(test, 0, thread->wrong);
	model_destroy(test, m->nn);
	KUNIT_EXPECT_TRUE(test, model_settles(bytes));
}

static struct kunit_case swap_cases[] = {
	KUNIT_CASE(swap_weights),
	KUNIT_CASE(swap_models),
	KUNIT_CASE(swap_destroy_under_load),
	{ }
};

struct kunit_suite neural_swap_suite = {
	.name = "neural_swap",
	.init = model_init,
	.test_cases = swap_cases,
};
