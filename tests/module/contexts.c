// SPDX-License-Identifier: GPL-2.0-only
/* Predicting where drivers do: in a tasklet, and in a timer's hard interrupt. */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include "../../src/compat.h"
#include "neural_caller.h"

#define CALLER_TIMES	100

/**
 * struct caller_context - predictions still to come
 * @nn: of what
 * @i: number of the next input
 * @ret: first error
 * @tasklet: softirq
 * @timer: hardirq
 * @done: that was the last
 */
struct caller_context {
	struct neural_network *nn;
	u32 i;
	int ret;
	struct tasklet_struct tasklet;
	struct hrtimer timer;
	struct completion done;
};

/* False after the last one. */
static bool caller_context_predict(struct caller_context *c, bool right_context)
{
	const int ret = right_context ? caller_demo_predict(c->nn, c->i, c->i % 2) : -EIO;

	if (!c->ret)
		c->ret = ret;
	if (++c->i < CALLER_TIMES)
		return true;
	complete(&c->done);
	return false;
}

static void caller_tasklet(struct tasklet_struct *tasklet)
{
	struct caller_context *c = from_tasklet(c, tasklet, tasklet);

	if (caller_context_predict(c, in_serving_softirq()))
		tasklet_schedule(tasklet);
}

static enum hrtimer_restart caller_timer(struct hrtimer *timer)
{
	struct caller_context *c = container_of(timer, struct caller_context, timer);

	if (!caller_context_predict(c, in_hardirq()))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, ns_to_ktime(50 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static int caller_context_wait(struct caller_context *c)
{
	if (!wait_for_completion_timeout(&c->done, 60 * HZ))
		return -ETIMEDOUT;
	return c->ret;
}

int caller_softirq(struct neural_network *nn)
{
	static struct caller_context c;
	int ret;

	c = (struct caller_context){ .nn = nn };
	init_completion(&c.done);
	tasklet_setup(&c.tasklet, caller_tasklet);
	tasklet_schedule(&c.tasklet);
	ret = caller_context_wait(&c);
	tasklet_kill(&c.tasklet);
	return ret;
}

int caller_hardirq(struct neural_network *nn)
{
	static struct caller_context c;
	int ret;

	c = (struct caller_context){ .nn = nn };
	init_completion(&c.done);
	neural_compat_hrtimer_setup(&c.timer, caller_timer, CLOCK_MONOTONIC,
				    HRTIMER_MODE_REL_HARD);
	hrtimer_start(&c.timer, ns_to_ktime(50 * NSEC_PER_USEC), HRTIMER_MODE_REL_HARD);
	ret = caller_context_wait(&c);
	hrtimer_cancel(&c.timer);
	return ret;
}
