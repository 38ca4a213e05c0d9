// SPDX-License-Identifier: GPL-2.0-only
/* Latency budgets: what opens the breaker, who is let through, what closes it. */
#include <linux/kthread.h>
#include <linux/limits.h>
#include "../../src/config.h"
#include "../../src/network.h"
#include "model.h"
#include "suites.h"

#define GUARD_THREADS	4
#define GUARD_KNOCKS	2000

/* A counter of @nn by its place in struct neural_stats. */
static u64 guard_counter(struct neural_network *nn, size_t at)
{
	struct neural_stats s = { };

	neural_network_get_stats(nn, &s);
	return *(const u64 *)((const u8 *)&s + at);
}

#define COUNTED(_nn, _field)	guard_counter(_nn, offsetof(struct neural_stats, _field))
#define BREAKER(_nn)		neural_guard_state(&(_nn)->guard)

/* Took too long: longer than no time at all. */
static void guard_leave_over(struct neural_network *nn, struct neural_guarded *pass)
{
	pass->budget_ns = 1;
	pass->start = neural_clock() - NSEC_PER_USEC;
	neural_guard_leave(nn, pass, true);
}

static int guard_over(struct neural_network *nn)
{
	struct neural_guarded pass;
	int ret = neural_guard_enter(nn, &pass);

	if (!ret)
		guard_leave_over(nn, &pass);
	return ret;
}

static int guard_within(struct neural_network *nn)
{
	struct neural_guarded pass;
	int ret = neural_guard_enter(nn, &pass);

	if (!ret)
		neural_guard_leave(nn, &pass, true);
	return ret;
}

static void guard_refused(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_network *nn = m->nn;

	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_budget(NULL, 1, 1, 1));
	KUNIT_EXPECT_EQ(test, 0, neural_network_set_budget(nn, 5000, 6, 7));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_budget(nn, U64_MAX, 1, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS + 1, 1, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_budget(nn, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_set_budget(nn, 1, NEURAL_BUDGET_MAX_STRIKES + 1, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			neural_network_set_budget(nn, 1, 1,
						  NEURAL_BUDGET_MAX_COOLDOWN_MS + 1));
	KUNIT_EXPECT_EQ(test, 5000, nn->guard.budget.ns);
	KUNIT_EXPECT_EQ(test, 6, nn->guard.budget.strikes);
	KUNIT_EXPECT_EQ(test, 7, nn->guard.budget.cooldown_ms);
	KUNIT_EXPECT_EQ(test, 0,
			neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS,
						  NEURAL_BUDGET_MAX_STRIKES,
						  NEURAL_BUDGET_MAX_COOLDOWN_MS));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
}

/* No prediction is done in a nanosecond. */
static void guard_predictions(struct kunit *test)
{
	struct model *m = model_small(test, NULL);
	struct neural_batch *batch = model_batch(test, 2, MODEL_IN, MODEL_OUT);
	struct neural_network *nn = m->nn;
	s32 out[MODEL_OUT], before[MODEL_OUT];
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, 1, 3,
							   NEURAL_BUDGET_MAX_COOLDOWN_MS));
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	memset(out, 0x5a, sizeof(out));
	memcpy(before, out, sizeof(out));
	KUNIT_EXPECT_EQ(test, -EAGAIN, neural_network_predict(nn, m->in, out));
	KUNIT_EXPECT_EQ(test, -EAGAIN, neural_network_predict_cached(nn, m->in, out));
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			neural_network_predict_rows(nn, m->in, sizeof(m->in), out,
						    sizeof(out), 1));
	KUNIT_EXPECT_MEMEQ(test, before, out, sizeof(out));
	KUNIT_ASSERT_EQ(test, 0, neural_batch_add_input(batch, m->in));
	KUNIT_EXPECT_EQ(test, -EAGAIN, neural_batch_predict(nn, batch));
	KUNIT_EXPECT_NULL(test, neural_batch_output(batch, 0));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, predictions));
	KUNIT_EXPECT_EQ(test, 3, COUNTED(nn, over_budget));
	KUNIT_EXPECT_EQ(test, 4, COUNTED(nn, refused));
	KUNIT_EXPECT_EQ(test, 1, COUNTED(nn, breaker_opened));
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));

	/* One that can be met closes it. */
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS, 1, 0));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	/* So does none. */
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, 1, 1, 1000000));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	KUNIT_EXPECT_FALSE(test, model_answers(nn, m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, 0, 1, 1000000));
	KUNIT_EXPECT_TRUE(test, model_answers(nn, m, 0));
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_CLOSED, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, 2, COUNTED(nn, breaker_opened));
	KUNIT_EXPECT_EQ(test, 4, COUNTED(nn, over_budget));
	KUNIT_EXPECT_EQ(test, 5, COUNTED(nn, refused));
}

static void guard_consecutive(struct kunit *test)
{
	struct neural_network *nn = model_small(test, NULL)->nn;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS, 3,
							   1000000));
	for (i = 0; i < 12; i++)
		KUNIT_EXPECT_EQ(test, 0, i % 3 < 2 ? guard_over(nn) : guard_within(nn));
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_CLOSED, BREAKER(nn));
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_CLOSED, BREAKER(nn));
		KUNIT_EXPECT_EQ(test, 0, guard_over(nn));
	}
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, -EAGAIN, guard_within(nn));
	KUNIT_EXPECT_EQ(test, 11, COUNTED(nn, over_budget));
}

static void guard_probe(struct kunit *test)
{
	struct neural_network *nn = model_small(test, NULL)->nn;
	struct neural_guarded probe, other;

	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS, 1, 0));
	KUNIT_EXPECT_EQ(test, 0, guard_over(nn));
	KUNIT_ASSERT_EQ(test, 0, neural_guard_enter(nn, &probe));
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_HALF_OPEN, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, -EAGAIN, neural_guard_enter(nn, &other));
	/* It did not run after all: the next one is the probe. */
	neural_guard_leave(nn, &probe, false);
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	KUNIT_ASSERT_EQ(test, 0, neural_guard_enter(nn, &probe));
	KUNIT_EXPECT_EQ(test, -EAGAIN, neural_guard_enter(nn, &other));
	/* Too long once more. */
	guard_leave_over(nn, &probe);
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, 2, COUNTED(nn, breaker_opened));
	/* And now in time. */
	KUNIT_EXPECT_EQ(test, 0, guard_within(nn));
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_CLOSED, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, 0, guard_within(nn));
	KUNIT_EXPECT_EQ(test, 2, COUNTED(nn, refused));
}

/* Those that were let in before something changed have no say in it. */
static void guard_late(struct kunit *test)
{
	struct neural_network *nn = model_small(test, NULL)->nn;
	struct neural_guarded early, probe;

	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS, 1, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_guard_enter(nn, &early));
	KUNIT_EXPECT_EQ(test, 0, guard_over(nn));
	/* Within the budget, and no probe: it stays open. */
	neural_guard_leave(nn, &early, true);
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	KUNIT_ASSERT_EQ(test, 0, neural_guard_enter(nn, &probe));
	/* A probe of a budget that is no more. */
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(nn, NEURAL_BUDGET_MAX_NS, 1,
							   1000000));
	KUNIT_EXPECT_EQ(test, 0, guard_over(nn));
	neural_guard_leave(nn, &probe, true);
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	neural_guard_leave(nn, &probe, false);
	KUNIT_EXPECT_EQ(test, NEURAL_BREAKER_OPEN, BREAKER(nn));
	KUNIT_EXPECT_EQ(test, -EAGAIN, guard_within(nn));
}

/**
 * struct guard_crowd - threads at one breaker
 * @nn: whose
 * @let_in: how many were
 * @left: threads that are not through
 * @through: all are
 */
struct guard_crowd {
	struct neural_network *nn;
	atomic_t let_in;
	atomic_t left;
	struct completion through;
};

static int guard_thread(void *data)
{
	struct guard_crowd *crowd = data;
	struct neural_guarded pass;
	u32 i;

	for (i = 0; i < GUARD_KNOCKS; i++) {
		if (!neural_guard_enter(crowd->nn, &pass))
			atomic_inc(&crowd->let_in);
		if (!(i % 64))
			cond_resched();
	}
	if (atomic_dec_and_test(&crowd->left))
		complete(&crowd->through);
	return 0;
}

static void guard_exactly_one(struct kunit *test)
{
	struct guard_crowd *crowd = model_alloc(test, sizeof(*crowd));
	u32 i, started = 0;

	crowd->nn = model_small(test, NULL)->nn;
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_budget(crowd->nn, NEURAL_BUDGET_MAX_NS,
							   1, 0));
	KUNIT_ASSERT_EQ(test, 0, guard_over(crowd->nn));
	init_completion(&crowd->through);
	/* One of us, so that nobody is the last before all have started. */
	atomic_set(&crowd->left, 1);
	for (i = 0; i < GUARD_THREADS; i++) {
		atomic_inc(&crowd->left);
		if (IS_ERR(kthread_run(guard_thread, crowd, "neural_guard")))
			atomic_dec(&crowd->left);
		else
			started++;
	}
	if (!atomic_dec_and_test(&crowd->left))
		wait_for_completion(&crowd->through);
	KUNIT_EXPECT_EQ(test, GUARD_THREADS, started);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&crowd->let_in));
	KUNIT_EXPECT_EQ(test, GUARD_THREADS * GUARD_KNOCKS - 1,
			COUNTED(crowd->nn, refused));
}

static int guard_word(struct neural_network *nn, const char *words)
{
	char line[64];

	strscpy(line, words, sizeof(line));
	return neural_config_apply(nn, line);
}

static void guard_words(struct kunit *test)
{
	static const char *const bad[] = {
		"budget", "budget x", "budget -1", "budget 1 1", "budget 3600000000001",
		"budget 99999999999999999999", "budget_strikes 0", "budget_strikes 1000001",
		"budget_strikes", "budget_cooldown 86400001", "budget_cooldown -5",
		"budget_cooldown", "budget_", "breaker closed",
	};
	struct neural_network *nn = model_small(test, NULL)->nn;
	u32 i;

	KUNIT_EXPECT_EQ(test, 0, guard_word(nn, "budget 3600000000000"));
	KUNIT_EXPECT_EQ(test, 0, guard_word(nn, "budget_strikes 1000000"));
	KUNIT_EXPECT_EQ(test, 0, guard_word(nn, "budget_cooldown 0"));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, guard_word(nn, bad[i]), "'%s'", bad[i]);
	KUNIT_EXPECT_EQ(test, NEURAL_BUDGET_MAX_NS, nn->guard.budget.ns);
	KUNIT_EXPECT_EQ(test, NEURAL_BUDGET_MAX_STRIKES, nn->guard.budget.strikes);
	KUNIT_EXPECT_EQ(test, 0, nn->guard.budget.cooldown_ms);
	/* All networks. */
	KUNIT_EXPECT_EQ(test, 0, guard_word(NULL, "budget 0"));
	KUNIT_EXPECT_EQ(test, 0, nn->guard.budget.ns);
	KUNIT_EXPECT_EQ(test, NEURAL_BUDGET_MAX_STRIKES, nn->guard.budget.strikes);
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(guard_refused),
	KUNIT_CASE(guard_predictions),
	KUNIT_CASE(guard_consecutive),
	KUNIT_CASE(guard_probe),
	KUNIT_CASE(guard_late),
	KUNIT_CASE(guard_exactly_one),
	KUNIT_CASE(guard_words),
	{ }
};

struct kunit_suite neural_guard_suite = {
	.name = "neural_guard",
	.init = model_init,
	.test_cases = guard_cases,
};
