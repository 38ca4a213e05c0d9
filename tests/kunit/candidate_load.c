// SPDX-License-Identifier: GPL-2.0-only
/* Promoting or dropping a candidate under load gives each prediction one set of parameters. */
#include <kunit/resource.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include "../../src/compat.h"
#include "candidate.h"
#include "suites.h"

#define CANDIDATE_THREADS	3
#define CANDIDATE_TURNS		24
#define CANDIDATE_TICK		NSEC_PER_MSEC

/**
 * struct candidate_caller - one that predicts, a thread or a timer
 * @t: what
 * @task: the thread
 * @timer: or the timer
 * @out: its last answer
 * @seen: answers of each set
 * @wrong: other answers
 */
struct candidate_caller {
	const struct candidate_test *t;
	struct task_struct *task;
	struct hrtimer timer;
	s32 out[MODEL_OUT];
	unsigned long seen[2];
	unsigned long wrong;
};

static void candidate_call(struct candidate_caller *c)
{
	const struct model *m = c->t->m;
	u32 which = 2;

	memset(c->out, 0, sizeof(c->out));
	if (!neural_network_predict(c->t->nn, m->in, c->out))
		for (which = 0; which < 2; which++)
			if (!memcmp(c->out, m->out[which], sizeof(c->out)))
				break;
	if (which < 2)
		WRITE_ONCE(c->seen[which], c->seen[which] + 1);
	else
		c->wrong++;
}

static int candidate_thread(void *arg)
{
	while (!kthread_should_stop()) {
		candidate_call(arg);
		cond_resched();
	}
	return 0;
}

static enum hrtimer_restart candidate_tick(struct hrtimer *timer)
{
	candidate_call(container_of(timer, struct candidate_caller, timer));
	hrtimer_forward_now(timer, ns_to_ktime(CANDIDATE_TICK));
	return HRTIMER_RESTART;
}

/* The last one is a timer. */
static struct candidate_caller *candidate_start(struct kunit *test, struct candidate_test *t)
{
	struct candidate_caller *c = model_alloc(test, (CANDIDATE_THREADS + 1) * sizeof(*c));
	u32 i;

	for (i = 0; i <= CANDIDATE_THREADS; i++)
		c[i].t = t;
	for (i = 0; i < CANDIDATE_THREADS; i++)
		c[i].task = kthread_run(candidate_thread, &c[i], "neural_candidate/%u", i);
	neural_compat_hrtimer_setup(&c[i].timer, candidate_tick, CLOCK_MONOTONIC,
				    HRTIMER_MODE_REL_HARD);
	hrtimer_start(&c[i].timer, ns_to_ktime(CANDIDATE_TICK), HRTIMER_MODE_REL_HARD);
	return c;
}

static void candidate_stop(struct kunit *test, struct candidate_caller *c)
{
	u32 i;

	for (i = 0; i < CANDIDATE_THREADS; i++) {
		KUNIT_EXPECT_FALSE(test, IS_ERR(c[i].task));
		if (!IS_ERR(c[i].task))
			kthread_stop(c[i].task);
	}
	hrtimer_cancel(&c[i].timer);
	for (i = 0; i <= CANDIDATE_THREADS; i++)
		KUNIT_EXPECT_EQ_MSG(test, 0, c[i].wrong, "caller %u", i);
}

static u64 candidate_seen(const struct candidate_caller *c, u32 which)
{
	u64 seen = 0;
	u32 i;

	for (i = 0; i <= CANDIDATE_THREADS; i++)
		seen += READ_ONCE(c[i].seen[which]);
	return seen;
}

/* Every caller has been answered by set @which again. */
static bool candidate_wait(const struct candidate_caller *c, u32 which)
{
	unsigned long before[CANDIDATE_THREADS + 1];
	u32 i, turn;

	for (i = 0; i <= CANDIDATE_THREADS; i++)
		before[i] = READ_ONCE(c[i].seen[which]);
	for (turn = 0; turn < 5000; turn++) {
		for (i = 0; i <= CANDIDATE_THREADS; i++)
			if (READ_ONCE(c[i].seen[which]) < before[i] + 2)
				break;
		if (i > CANDIDATE_THREADS)
			return true;
		usleep_range(500, 2000);
	}
	return false;
}

/* As many as were asked, from threads and a timer at once. */
static void candidate_counts(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	struct neural_candidate_stats s;
	struct candidate_caller *c;

	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 0));
	c = candidate_start(test, t);
	KUNIT_EXPECT_TRUE(test, candidate_wait(c, 0));
	candidate_stop(test, c);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, candidate_seen(c, 1));
	KUNIT_EXPECT_EQ(test, candidate_seen(c, 0), s.rows);
	KUNIT_EXPECT_EQ(test, candidate_seen(c, 0), s.calls);
	KUNIT_EXPECT_EQ(test, 0, s.equal);

	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 500));
	c = candidate_start(test, t);
	KUNIT_EXPECT_TRUE(test, candidate_wait(c, 0));
	KUNIT_EXPECT_TRUE(test, candidate_wait(c, 1));
	candidate_stop(test, c);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, candidate_seen(c, 1), s.answered);
	KUNIT_EXPECT_EQ(test, candidate_seen(c, 0), s.kept_calls);
	KUNIT_EXPECT_EQ(test, 0, s.rows);
}

/* Promoted, dropped and set anew, as a shadow and with a share, while all predict. */
static void candidate_under_load(struct kunit *test)
{
	static const u32 shares[] = { 0, 500, 0, 1000 };
	struct candidate_test *t = candidate_begin(test);
	struct candidate_caller *c;
	u32 i, now = 0;
	bool seen = true;
	int ret = 0;

	c = candidate_start(test, t);
	for (i = 0; i < CANDIDATE_TURNS && seen && !ret; i++) {
		ret = candidate_set(t, !now, shares[i % ARRAY_SIZE(shares)]);
		seen = candidate_wait(c, shares[i % ARRAY_SIZE(shares)] ? !now : now);
		if (ret)
			break;
		if (i % 3 == 2) {
			ret = neural_network_drop_candidate(t->nn);
		} else {
			ret = neural_network_promote(t->nn);
			now = !now;
		}
		if (!model_answers(t->nn, t->m, now))
			KUNIT_FAIL(test, "a wrong answer after turn %u", i);
		seen = seen && candidate_wait(c, now);
	}
	/* The last one goes with the network. */
	KUNIT_EXPECT_EQ(test, 0, candidate_set(t, now, 0));
	candidate_stop(test, c);
	KUNIT_EXPECT_EQ(test, 0, ret);
	KUNIT_EXPECT_TRUE(test, seen);
}

static struct kunit_case candidate_load_cases[] = {
	KUNIT_CASE(candidate_counts),
	KUNIT_CASE(candidate_under_load),
	{ }
};

struct kunit_suite neural_candidate_load_suite = {
	.name = "neural_candidate_load",
	.init = model_init,
	.test_cases = candidate_load_cases,
};
