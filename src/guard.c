// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <trace/events/neural.h>
#include "guard.h"
#include "network.h"
#include "stats.h"
#include "watch.h"

#define NEURAL_BUDGET_STRIKES		3
#define NEURAL_BUDGET_COOLDOWN_MS	100

/* The lowest bits of the state; the rest is when a probe is due. */
#define NEURAL_GUARD_OPEN	1ULL
#define NEURAL_GUARD_PROBED	2ULL
#define NEURAL_GUARD_BITS	3ULL

void neural_guard_init(struct neural_guard *guard)
{
	guard->budget.strikes = NEURAL_BUDGET_STRIKES;
	guard->budget.cooldown_ms = NEURAL_BUDGET_COOLDOWN_MS;
}

int neural_budget_check(const struct neural_budget *budget)
{
	return budget->ns > NEURAL_BUDGET_MAX_NS || !budget->strikes ||
	       budget->strikes > NEURAL_BUDGET_MAX_STRIKES ||
	       budget->cooldown_ms > NEURAL_BUDGET_MAX_COOLDOWN_MS ? -EINVAL : 0;
}

u32 neural_guard_state(const struct neural_guard *guard)
{
	const u64 state = atomic64_read(&guard->state);

	if (!state)
		return NEURAL_BREAKER_CLOSED;
	return state & NEURAL_GUARD_PROBED ? NEURAL_BREAKER_HALF_OPEN : NEURAL_BREAKER_OPEN;
}

const char *neural_guard_state_name(u32 state)
{
	static const char *const names[] = {
		[NEURAL_BREAKER_CLOSED] = "closed",
		[NEURAL_BREAKER_OPEN] = "open",
		[NEURAL_BREAKER_HALF_OPEN] = "half_open",
	};

	return names[array_index_nospec(state, ARRAY_SIZE(names))];
}

void neural_guard_set(struct neural_network *nn, const struct neural_budget *budget)
{
	struct neural_guard *guard = &nn->guard;

	WRITE_ONCE(guard->budget.strikes, budget->strikes);
	WRITE_ONCE(guard->budget.cooldown_ms, budget->cooldown_ms);
	WRITE_ONCE(guard->budget.ns, budget->ns);
	atomic64_set(&guard->state, 0);
	atomic_set(&guard->over, 0);
	if (budget->ns)
		set_bit(NEURAL_WATCH_GUARD, &nn->watch);
	else
		clear_bit(NEURAL_WATCH_GUARD, &nn->watch);
}

static void neural_guard_tell(const struct neural_network *nn, u32 state, u64 ns,
			      u64 budget_ns)
{
	trace_neural_breaker(nn->id, nn->name, neural_guard_state_name(state), ns, budget_ns);
}

/* Open, from whatever it was, for @ns were too long; somebody else may have been first. */
static void neural_guard_open(struct neural_network *nn, u64 was,
			      const struct neural_guarded *pass, u64 ns)
{
	struct neural_guard *guard = &nn->guard;
	const u64 due = pass->start + ns +
			(u64)READ_ONCE(guard->budget.cooldown_ms) * NSEC_PER_MSEC;

	if (atomic64_cmpxchg(&guard->state, was,
			     (due & ~NEURAL_GUARD_BITS) | NEURAL_GUARD_OPEN) != was)
		return;
	atomic_set(&guard->over, 0);
	atomic64_inc(&guard->opened);
	neural_guard_tell(nn, NEURAL_BREAKER_OPEN, ns, pass->budget_ns);
}

static void neural_guard_close(struct neural_network *nn, const struct neural_guarded *pass,
			       u64 ns)
{
	struct neural_guard *guard = &nn->guard;

	atomic_set(&guard->over, 0);
	if (atomic64_cmpxchg(&guard->state, pass->probe, 0) == pass->probe)
		neural_guard_tell(nn, NEURAL_BREAKER_CLOSED, ns, pass->budget_ns);
}

/* At a breaker that is not closed: is this the one that may look whether it could be? */
static int neural_guard_knock(struct neural_network *nn, struct neural_guarded *pass,
			      u64 state)
{
	const u64 due = state & ~NEURAL_GUARD_BITS;
	const u64 probe = due | NEURAL_GUARD_PROBED;

	if (state & NEURAL_GUARD_PROBED || pass->start < due ||
	    atomic64_cmpxchg(&nn->guard.state, state, probe) != state) {
		this_cpu_inc(nn->counters->refused);
		return -EAGAIN;
	}
	pass->probe = probe;
	neural_guard_tell(nn, NEURAL_BREAKER_HALF_OPEN, 0, pass->budget_ns);
	return 0;
}

int neural_guard_enter(struct neural_network *nn, struct neural_guarded *pass)
{
	u64 state;

	*pass = (struct neural_guarded){ .budget_ns = READ_ONCE(nn->guard.budget.ns) };
	if (!pass->budget_ns)
		return 0;
	pass->start = neural_clock();
	state = atomic64_read(&nn->guard.state);
	return likely(!state) ? 0 : neural_guard_knock(nn, pass, state);
}

static void neural_guard_strike(struct neural_network *nn, const struct neural_guarded *pass,
				u64 ns)
{
	struct neural_guard *guard = &nn->guard;

	/* Begun before it opened. */
	if (atomic64_read(&guard->state))
		return;
	if (atomic_inc_return(&guard->over) >= READ_ONCE(guard->budget.strikes))
		neural_guard_open(nn, 0, pass, ns);
}

void neural_guard_leave(struct neural_network *nn, const struct neural_guarded *pass,
			bool ran)
{
	struct neural_guard *guard = &nn->guard;
	u64 now, ns;
	bool over;

	if (!pass->budget_ns)
		return;
	if (unlikely(!ran)) {
		/* Nobody is wiser: the next one is the probe. */
		if (pass->probe)
			atomic64_cmpxchg(&guard->state, pass->probe,
					 pass->probe ^ NEURAL_GUARD_BITS);
		return;
	}
	now = neural_clock();
	/* The clock may step back a little while it is being updated. */
	ns = now > pass->start ? now - pass->start : 0;
	over = ns > pass->budget_ns;
	if (unlikely(over))
		this_cpu_inc(nn->counters->over_budget);
	if (unlikely(pass->probe)) {
		if (over)
			neural_guard_open(nn, pass->probe, pass, ns);
		else
			neural_guard_close(nn, pass, ns);
	} else if (unlikely(over)) {
		neural_guard_strike(nn, pass, ns);
	} else if (unlikely(atomic_read(&guard->over))) {
		atomic_set(&guard->over, 0);
	}
}

/**
 * neural_network_set_budget() - give predictions of a network a latency budget
 * @nn: network
 * @ns: what a call may take, in nanoseconds, up to an hour; 0 for as long as it likes
 * @strikes: consecutive calls over budget that open the breaker, 1 to a million
 * @cooldown_ms: milliseconds for which the breaker then stays open, up to a day
 *
 * While the breaker is open predictions are refused with -EAGAIN, and their output is not
 * written.  After @cooldown_ms one is let through; if it is within the budget the breaker
 * closes, otherwise it stays open as long again.  A batch is one call.  Answers from the
 * prediction cache are neither timed nor refused.  Setting a budget closes the breaker.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer or a number out of range, and nothing has changed.
 */
int neural_network_set_budget(struct neural_network *nn, u64 ns, u32 strikes,
			      u32 cooldown_ms)
{
	const struct neural_budget budget = {
		.ns = ns, .strikes = strikes, .cooldown_ms = cooldown_ms,
	};

	if (!nn || neural_budget_check(&budget))
		return -EINVAL;
	mutex_lock(&nn->lock);
	neural_guard_set(nn, &budget);
	mutex_unlock(&nn->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(neural_network_set_budget);
