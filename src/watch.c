// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a prediction that is watched.
 *
 * In this order: may it run at all; what the inputs are like; the run, on the instance
 * chosen; what the outputs are like; what a candidate makes of the same inputs; how long
 * it took.  The same rules as in src/predict.c: nothing allocates, sleeps, or writes a
 * cache line that another CPU writes.
 */
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include "candidate.h"
#include "instance.h"
#include "predict.h"
#include "stats.h"
#include "watch.h"

/*
 * Between looking at inputs and at outputs.  A long run leaves the read side, and then
 * somebody has to hold the instance; one that is going already does not leave it.
 */
static int neural_predict_within(struct neural_network *nn, struct neural_instance *instance,
				 const struct neural_call *call)
{
	struct neural_call held = *call;
	int ret;

	held.relaxed = call->relaxed && percpu_ref_tryget_live(&instance->ref);
	neural_ranges_count(nn, instance, call->in, call->rows);
	neural_predict_on(nn, instance, &held);
	ret = neural_ranges_check(nn, instance, call->out, call->rows);
	if (held.relaxed)
		percpu_ref_put(&instance->ref);
	return ret;
}

/* Let in.  *@ran: the instance was found and run. */
static int neural_predict_let_in(struct neural_network *nn, const struct neural_call *call,
				 u64 *generation, bool *ran)
{
	struct neural_instance *instance;
	struct neural_turn turn;
	int ret = 0;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	*ran = instance;
	if (unlikely(!instance)) {
		this_cpu_inc(nn->counters->errors);
		ret = -ENODATA;
		goto out_unlock;
	}
	turn = neural_candidate_choose(nn, call->rows);
	if (turn.instance)
		instance = turn.instance;
	if (generation)
		*generation = READ_ONCE(instance->generation);
	/* A long run leaves the read side meanwhile: @instance is not to be used after. */
	/* What is in the file of a candidate nobody has set a bit for. */
	if (turn.instance || test_bit(NEURAL_WATCH_RANGES, &nn->watch))
		ret = neural_predict_within(nn, instance, call);
	else
		neural_predict_on(nn, instance, call);
	neural_candidate_time(nn, &turn);
	if (!turn.instance && !ret)
		neural_candidate_compare(nn, call);
out_unlock:
	rcu_read_unlock();
	return ret;
}

int neural_predict_watched(struct neural_network *nn, const struct neural_call *call,
			   u64 *generation)
{
	struct neural_guarded pass = { };
	bool ran;
	int ret;

	if (test_bit(NEURAL_WATCH_GUARD, &nn->watch)) {
		ret = neural_guard_enter(nn, &pass);
		if (unlikely(ret))
			return ret;
	}
	ret = neural_predict_let_in(nn, call, generation, &ran);
	neural_guard_leave(nn, &pass, ran);
	return ret;
}
