// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameter "load": writing N has N threads predict until 0 is written, every other
 * one in a context of its own.  Reading it says how many predictions there were, and how
 * many of them had another answer than the first.
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "neural_caller.h"

#define LOAD_THREADS	64
#define LOAD_INPUTS	16

/**
 * struct load - a thread
 * @task: NULL for none
 * @nn: a handle
 * @context: of its own, or NULL
 * @done: predictions made
 * @wrong: of them
 * @in: what is predicted
 * @out: what has to come of it
 */
struct load {
	struct task_struct *task;
	struct neural_network *nn;
	struct neural_context *context;
	u64 done;
	u64 wrong;
	s32 in[LOAD_INPUTS][CALLER_IN];
	s32 out[LOAD_INPUTS][CALLER_OUT];
} ____cacheline_aligned;

static struct load loads[LOAD_THREADS];
static DEFINE_MUTEX(load_lock);

static int load_predict(struct load *l, u32 i, s32 out[CALLER_OUT])
{
	memset(out, 0, CALLER_OUT * sizeof(*out));
	WRITE_ONCE(l->done, l->done + 1);
	return l->context ? neural_context_predict(l->context, l->in[i], out) :
			    neural_network_predict(l->nn, l->in[i], out);
}

static int load_thread(void *data)
{
	struct load *l = data;
	s32 out[CALLER_OUT];
	u32 i;

	for (i = 0; i < LOAD_INPUTS; i++) {
		caller_demo_input(i, l->in[i]);
		if (load_predict(l, i, l->out[i]) || !caller_demo_right(i, l->out[i]))
			l->wrong++;
	}
	while (!kthread_should_stop()) {
		for (i = 0; i < LOAD_INPUTS; i++)
			if (load_predict(l, i, out) || memcmp(out, l->out[i], sizeof(out)))
				WRITE_ONCE(l->wrong, l->wrong + 1);
		cond_resched();
	}
	return 0;
}

static void load_end(struct load *l)
{
	if (!IS_ERR_OR_NULL(l->task))
		kthread_stop(l->task);
	l->task = NULL;
	neural_context_destroy(l->context);
	l->context = NULL;
	neural_network_put(l->nn);
	l->nn = NULL;
}

static int load_begin(struct load *l, bool own)
{
	*l = (struct load){ .nn = neural_network_get(CALLER_NAME) };
	if (!l->nn)
		return -ENODEV;
	if (own) {
		l->context = neural_context_create(l->nn);
		if (IS_ERR(l->context))
			return PTR_ERR(l->context);
	}
	l->task = kthread_run(load_thread, l, "neural_load");
	return PTR_ERR_OR_ZERO(l->task);
}

void caller_load_stop(void)
{
	u32 i;

	mutex_lock(&load_lock);
	for (i = 0; i < LOAD_THREADS; i++)
		load_end(&loads[i]);
	mutex_unlock(&load_lock);
}

static int load_set(const char *val, const struct kernel_param *kp)
{
	u32 n, i;
	int ret = kstrtouint(val, 0, &n);

	if (ret)
		return ret;
	if (n > LOAD_THREADS)
		return -EINVAL;
	caller_load_stop();
	mutex_lock(&load_lock);
	for (i = 0; i < n && !ret; i++)
		ret = load_begin(&loads[i], i % 2);
	mutex_unlock(&load_lock);
	if (ret)
		caller_load_stop();
	return ret;
}

static int load_get(char *buf, const struct kernel_param *kp)
{
	u64 done = 0, wrong = 0;
	u32 i;

	for (i = 0; i < LOAD_THREADS; i++) {
		done += READ_ONCE(loads[i].done);
		wrong += READ_ONCE(loads[i].wrong);
	}
	return sysfs_emit(buf, "%llu %llu\n", done, wrong);
}

const struct kernel_param_ops caller_load_ops = {
	.set = load_set,
	.get = load_get,
};
