/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Latency budget of a network, and the circuit breaker behind it.
 *
 * Predictions that take longer than the budget so often in a row open the breaker, and
 * then all are refused at once, so that the fallback of whoever asked runs instead.  After
 * a while one is let through as a probe: within the budget it closes the breaker, over
 * budget it opens it again.
 *
 * All of the breaker is in one word, which is zero while it is closed and is only ever
 * changed by compare and exchange: when the next probe is due, and in the two lowest bits
 * whether one is under way.  So exactly one gets through, and a probe of the past changes
 * nothing.  Predictions within their budget write nothing that is shared.
 */
#ifndef _NEURAL_GUARD_H
#define _NEURAL_GUARD_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/types.h>
#include <uapi/linux/neural.h>

#define NEURAL_BUDGET_MAX_NS		(3600ULL * 1000 * 1000 * 1000)
#define NEURAL_BUDGET_MAX_STRIKES	1000000
#define NEURAL_BUDGET_MAX_COOLDOWN_MS	(24 * 3600 * 1000)

struct neural_network;

/**
 * struct neural_budget - as it is set by hand
 * @ns: what a call may take, 0 for as long as it likes
 * @strikes: consecutive calls over budget that open the breaker, not 0
 * @cooldown_ms: milliseconds until a probe
 */
struct neural_budget {
	u64 ns;
	u32 strikes;
	u32 cooldown_ms;
};

/**
 * struct neural_guard - of one network
 * @budget: read by predictions that are watched
 * @state: 0 while closed, otherwise see above
 * @over: consecutive calls over budget; written by them, and by the one after them
 * @opened: how often it went open
 */
struct neural_guard {
	struct neural_budget budget;
	atomic64_t state ____cacheline_aligned_in_smp;
	atomic_t over;
	atomic64_t opened;
};

/**
 * struct neural_guarded - a prediction between the two calls below
 * @budget_ns: budget it runs under, 0 for none
 * @start: when it began
 * @probe: value of the state that makes it the probe, 0 where it is not
 */
struct neural_guarded {
	u64 budget_ns;
	u64 start;
	u64 probe;
};

void neural_guard_init(struct neural_guard *guard);

/* -EINVAL outside the limits above. */
int neural_budget_check(const struct neural_budget *budget);

/* Set a budget that is right, and close the breaker.  Under the lock of @nn. */
void neural_guard_set(struct neural_network *nn, const struct neural_budget *budget);

/*
 * Around a prediction: may it run?  0, or -EAGAIN, which is counted.  Whatever was let in
 * comes out; @ran: it did, and was not refused by others.  Any context but NMI.
 */
int neural_guard_enter(struct neural_network *nn, struct neural_guarded *pass);
void neural_guard_leave(struct neural_network *nn, const struct neural_guarded *pass,
			bool ran);

/* What it is now, an enum neural_breaker_state, and as a word.  Any context. */
u32 neural_guard_state(const struct neural_guard *guard);
const char *neural_guard_state_name(u32 state);

#endif /* _NEURAL_GUARD_H */
