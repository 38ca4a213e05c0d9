// SPDX-License-Identifier: GPL-2.0-only
/* The same bits from every context a prediction may be made in. */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include "../../simd/fpu.h"
#include "../../src/compat.h"
#include "../reference/answer.h"
#include "model.h"
#include "suites.h"

#define CONTEXTS_TICKS	200
#define CONTEXTS_TICK	(20 * NSEC_PER_USEC)

/**
 * struct contexts_test - a network, and somewhere to predict from
 * @nn: the network
 * @in: its input
 * @expect: the output
 * @out: the output as an interrupt gets it
 * @width: elements in both outputs
 * @left: interrupts still to come
 * @wrong: predictions with other bits
 * @missed: predictions not made in the context they were to be made in
 * @tasklet: softirq
 * @timer: hardirq
 * @done: nothing is left
 * @net: where the network comes from
 */
struct contexts_test {
	struct neural_network *nn;
	s32 in[REFERENCE_WIDTH];
	s32 expect[REFERENCE_WIDTH];
	s32 out[REFERENCE_WIDTH];
	u32 width;
	u32 left;
	u32 wrong;
	u32 missed;
	struct tasklet_struct tasklet;
	struct hrtimer timer;
	struct completion done;
	struct reference_network net;
};

static void contexts_predict(struct contexts_test *t, s32 *out)
{
	memset(out, 0, t->width * sizeof(*out));
	if (neural_network_predict(t->nn, t->in, out) ||
	    memcmp(out, t->expect, t->width * sizeof(*out)))
		t->wrong++;
}

static void contexts_softirq(struct tasklet_struct *tasklet)
{
	struct contexts_test *t = from_tasklet(t, tasklet, tasklet);

	t->missed += !in_serving_softirq();
	contexts_predict(t, t->out);
	if (--t->left)
		tasklet_schedule(tasklet);
	else
		complete(&t->done);
}

static enum hrtimer_restart contexts_hardirq(struct hrtimer *timer)
{
	struct contexts_test *t = container_of(timer, struct contexts_test, timer);

	t->missed += !in_hardirq();
	contexts_predict(t, t->out);
	if (!--t->left) {
		complete(&t->done);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, ns_to_ktime(CONTEXTS_TICK));
	return HRTIMER_RESTART;
}

/* @wide: a prediction takes several sections, and memory of its own. */
static struct contexts_test *contexts_begin(struct kunit *test, bool wide)
{
	struct contexts_test *t = model_alloc(test, sizeof(*t));
	u64 seed = 15;

	do
		reference_network_fill(&t->net, &seed, wide);
	while (t->net.input * t->net.layers[0].out < (wide ? 60000 : 1000) ||
	       t->net.layers[0].desc.kind != NEURAL_LAYER_DENSE);
	reference_input(t->in, t->net.input, &seed);
	reference_network_run(&t->net, t->in, t->expect);
	t->width = t->net.output;
	t->nn = model_create(test, &t->net);
	init_completion(&t->done);
	tasklet_setup(&t->tasklet, contexts_softirq);
	neural_compat_hrtimer_setup(&t->timer, contexts_hardirq, CLOCK_MONOTONIC,
				    HRTIMER_MODE_REL_HARD);
	return t;
}

static void contexts_expect(struct kunit *test, struct contexts_test *t)
{
	KUNIT_EXPECT_EQ(test, 0, t->wrong);
	KUNIT_EXPECT_EQ(test, 0, t->missed);
}

static void contexts_task(struct kunit *test)
{
	struct contexts_test *t = contexts_begin(test, true);
	unsigned long flags;
	s32 *out = model_alloc(test, sizeof(t->out));

	contexts_predict(t, out);
	preempt_disable();
	contexts_predict(t, out);
	preempt_enable();
	local_bh_disable();
	contexts_predict(t, out);
	local_bh_enable();
	local_irq_save(flags);
	contexts_predict(t, out);
	local_irq_restore(flags);
	contexts_expect(test, t);
}

static void contexts_in_softirq(struct kunit *test)
{
	struct contexts_test *t = contexts_begin(test, false);

	t->left = 20;
	tasklet_schedule(&t->tasklet);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&t->done, 60 * HZ));
	tasklet_kill(&t->tasklet);
	contexts_expect(test, t);
}

static void contexts_in_hardirq(struct kunit *test)
{
	struct contexts_test *t = contexts_begin(test, false);

	t->left = 20;
	hrtimer_start(&t->timer, ns_to_ktime(CONTEXTS_TICK), HRTIMER_MODE_REL_HARD);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&t->done, 60 * HZ));
	hrtimer_cancel(&t->timer);
	contexts_expect(test, t);
}

/* Interrupts predict while the task they interrupt does, some inside its FPU section. */
static void contexts_nested(struct kunit *test)
{
	struct contexts_test *t = contexts_begin(test, true);
	s32 *out = model_alloc(test, sizeof(t->out));

	t->left = CONTEXTS_TICKS;
	hrtimer_start(&t->timer, ns_to_ktime(CONTEXTS_TICK), HRTIMER_MODE_REL_HARD);
	while (READ_ONCE(t->left)) {
		contexts_predict(t, out);
		cond_resched();
	}
	hrtimer_cancel(&t->timer);
	contexts_expect(test, t);
}

/* The FPU is in use already: the generic kernels step in, and are counted. */
static void contexts_without_fpu(struct kunit *test)
{
	struct contexts_test *t = contexts_begin(test, false);
	s32 *out = model_alloc(test, sizeof(t->out));
	struct neural_stats before, after;
	bool usable;

	contexts_predict(t, out);
	neural_network_get_stats(t->nn, &before);
	neural_fpu_begin();
	usable = neural_fpu_usable();
	contexts_predict(t, out);
	neural_fpu_end();
	neural_network_get_stats(t->nn, &after);
	contexts_expect(test, t);
	/* User Mode Linux can use it all the time, others never here. */
	KUNIT_EXPECT_EQ(test, usable, IS_ENABLED(CONFIG_UML));
	if (usable || !neural_simd_enabled()) {
		KUNIT_EXPECT_EQ(test, 0, after.fallback_steps);
	} else {
		KUNIT_EXPECT_GT(test, after.fallback_steps, 0);
		KUNIT_EXPECT_EQ(test, after.simd_steps, before.simd_steps);
	}
}

static struct kunit_case contexts_cases[] = {
	KUNIT_CASE(contexts_task),
	KUNIT_CASE(contexts_in_softirq),
	KUNIT_CASE(contexts_in_hardirq),
	KUNIT_CASE(contexts_nested),
	KUNIT_CASE(contexts_without_fpu),
	{ }
};

struct kunit_suite neural_contexts_suite = {
	.name = "neural_contexts",
	.init = model_init,
	.test_cases = contexts_cases,
};
