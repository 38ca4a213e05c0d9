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

int neural_predict_watched(struct neural_network *nn, const struct neural_call *call,
			   u64 *generation)
{
	struct neural_instance *instance, *chosen;
	int ret = 0;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	if (unlikely(!instance)) {
		this_cpu_inc(nn->counters->errors);
		ret = -ENODATA;
		goto out_unlock;
	}
	chosen = neural_candidate_choose(nn, call->rows);
	if (chosen)
		instance = chosen;
	if (generation)
		*generation = READ_ONCE(instance->generation);
	/* A long run leaves the read side meanwhile: @instance is not to be used after. */
	neural_predict_on(nn, instance, call);
	if (!chosen)
		neural_candidate_compare(nn, call);
out_unlock:
	rcu_read_unlock();
	return ret;
}
