// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates on the way of a prediction: whose turn it is, and what a shadow says beside
 * the answer.  The same rules as in src/predict.c.
 */
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include "candidate.h"
#include "instance.h"
#include "params.h"
#include "predict.h"
#include "ranges.h"
#include "stats.h"

/**
 * struct neural_shadow - what comparing rows has found
 * @equal: rows with the same bytes in every output
 * @agree: rows with the largest elements in the same places
 * @errors: rows out of bounds
 * @most: the largest difference
 */
struct neural_shadow {
	u32 equal;
	u32 agree;
	u32 errors;
	u64 most;
};

static s64 neural_shadow_value(const void *at, u32 i, u8 dtype)
{
	switch (dtype) {
	case NEURAL_S8:
		return ((const s8 *)at)[i];
	case NEURAL_S16:
		return ((const s16 *)at)[i];
	case NEURAL_S32:
		return ((const s32 *)at)[i];
	default:
		return ((const s64 *)at)[i];
	}
}

/* Outputs that are not the same: is at least the largest element in the same place? */
static bool neural_shadow_differ(const struct neural_candidate_output *o, const void *a,
				 const void *b, u64 *most)
{
	s64 top_a = S64_MIN, top_b = S64_MIN;
	u32 i, at_a = 0, at_b = 0;

	for (i = 0; i < o->elements; i++) {
		const s64 x = neural_shadow_value(a, i, o->dtype);
		const s64 y = neural_shadow_value(b, i, o->dtype);

		*most = max(*most, x > y ? (u64)x - (u64)y : (u64)y - (u64)x);
		if (x > top_a) {
			top_a = x;
			at_a = i;
		}
		if (y > top_b) {
			top_b = y;
			at_b = i;
		}
	}
	return at_a == at_b;
}

/* @a is the answer, @b what the candidate says. */
static void neural_shadow_row(const struct neural_candidate *candidate, const u8 *a,
			      const u8 *b, struct neural_shadow *found)
{
	bool equal = true, agree = true;
	u32 i;

	for (i = 0; i < candidate->nr_outputs; i++) {
		const struct neural_candidate_output *o = &candidate->outputs[i];
		const size_t bytes = (size_t)o->elements * neural_dtype_bits(o->dtype) / 8;

		if (!memcmp(a + o->at, b + o->at, bytes))
			continue;
		equal = false;
		if (!neural_shadow_differ(o, a + o->at, b + o->at, &found->most))
			agree = false;
	}
	found->equal += equal;
	found->agree += agree;
}

static void neural_shadow_count(struct neural_candidate_counters __percpu *counters,
				const struct neural_shadow *found, u32 rows, u64 ns)
{
	neural_stats_grow(&counters->most, found->most);
	this_cpu_inc(counters->calls);
	this_cpu_add(counters->rows, rows);
	this_cpu_add(counters->equal, found->equal);
	this_cpu_add(counters->agree, found->agree);
	this_cpu_add(counters->errors, found->errors);
	this_cpu_add(counters->ns, ns);
}

/* @out has room for the rows compared at a time. */
static void neural_shadow_run(struct neural_network *nn,
			      const struct neural_candidate *candidate, void *out,
			      const struct neural_call *call, bool relaxed)
{
	const struct neural_plan *plan = candidate->instance->plan;
	struct neural_call aside = {
		.in = call->in, .out = out, .relaxed = relaxed, .aside = true,
	};
	struct neural_shadow found = { };
	const u8 *answer = call->out;
	const u64 start = neural_clock();
	u32 left, i;
	u64 end;

	for (left = call->rows; left; left -= aside.rows) {
		aside.rows = min(left, candidate->rows);
		rcu_read_lock();
		neural_predict_on(nn, candidate->instance, &aside);
		for (i = 0; i < aside.rows; i++) {
			const u8 *said = out + i * plan->out_bytes;

			neural_shadow_row(candidate, answer + i * plan->out_bytes, said,
					  &found);
			if (!neural_ranges_allow(nn, candidate->instance, said))
				found.errors++;
		}
		rcu_read_unlock();
		aside.in += aside.rows * plan->in_bytes;
		answer += aside.rows * plan->out_bytes;
	}
	end = neural_clock();
	neural_shadow_count(candidate->counters, &found, call->rows,
			    end > start ? end - start : 0);
}

/*
 * Preemptible, in memory of its own, the candidate held by its reference count, and by it
 * the instance.  False where there is no memory left, or no candidate.
 */
static bool neural_shadow_long(struct neural_network *nn,
			       struct neural_candidate *candidate,
			       const struct neural_call *call)
{
	int index = neural_context_claim(&candidate->out);

	if (index < 0)
		return false;
	if (!percpu_ref_tryget_live(&candidate->ref)) {
		neural_context_release(&candidate->out, index);
		return false;
	}
	rcu_read_unlock();
	neural_shadow_run(nn, candidate, neural_context_spare(&candidate->out, index), call,
			  true);
	neural_context_release(&candidate->out, index);
	percpu_ref_put(&candidate->ref);
	rcu_read_lock();
	return true;
}

static void neural_shadow_short(struct neural_network *nn,
				struct neural_candidate *candidate,
				const struct neural_call *call)
{
	preempt_disable();
	neural_shadow_run(nn, candidate, neural_context_local(&candidate->out), call, false);
	preempt_enable();
}

/* Each CPU takes its turns by itself, the first of all included. */
static bool neural_shadow_turn(const struct neural_candidate *candidate)
{
	const u32 every = READ_ONCE(candidate->every);

	return every == 1 ||
	       (this_cpu_inc_return(candidate->counters->turns) - 1) % every == 0;
}

void neural_candidate_compare(struct neural_network *nn, const struct neural_call *call)
{
	struct neural_candidate *candidate = rcu_dereference(nn->candidate);
	u64 macs;

	if (!candidate || READ_ONCE(candidate->share) || !neural_shadow_turn(candidate))
		return;
	macs = candidate->instance->plan->macs * call->rows;
	if (!call->relaxed || macs <= neural_param_section_macs() ||
	    !neural_shadow_long(nn, candidate, call))
		neural_shadow_short(nn, candidate, call);
}

struct neural_turn neural_candidate_choose(struct neural_network *nn, u32 rows)
{
	struct neural_candidate *candidate = rcu_dereference(nn->candidate);
	const u32 share = candidate ? READ_ONCE(candidate->share) : 0;
	struct neural_turn turn = { };
	u32 number;

	if (!share)
		return turn;
	turn.serial = candidate->serial;
	turn.start = neural_clock();
	/* Spread evenly: any thousand turns in a row have @share of them. */
	number = this_cpu_inc_return(candidate->counters->turns) % NEURAL_CANDIDATE_SHARES;
	if (number * share % NEURAL_CANDIDATE_SHARES >= share)
		return turn;
	this_cpu_inc(candidate->counters->answered_calls);
	this_cpu_add(candidate->counters->answered, rows);
	turn.instance = candidate->instance;
	return turn;
}

void neural_candidate_time(struct neural_network *nn, const struct neural_turn *turn)
{
	struct neural_candidate_times __percpu *times;
	struct neural_candidate *candidate;
	u64 ns;

	if (!turn->serial)
		return;
	/* A long run has left the read side: another one may be where it was. */
	candidate = rcu_dereference(nn->candidate);
	if (!candidate || candidate->serial != turn->serial)
		return;
	ns = neural_clock();
	/* The clock may step back a little while it is being updated. */
	ns = ns > turn->start ? ns - turn->start : 0;
	times = turn->instance ? &candidate->counters->times : &candidate->counters->kept;
	this_cpu_inc(times->calls);
	this_cpu_add(times->ns, ns);
	neural_stats_grow(&times->most, ns);
}

/* Sum of one CPU's times and those before it. */
static void neural_shadow_add(struct neural_candidate_times *sum,
			      const struct neural_candidate_times *times)
{
	sum->calls += READ_ONCE(times->calls);
	sum->ns += READ_ONCE(times->ns);
	sum->most = max(sum->most, READ_ONCE(times->most));
}

static u64 neural_shadow_mean(const struct neural_candidate_times *times)
{
	return times->calls ? div64_u64(times->ns, times->calls) : 0;
}

void neural_candidate_sum(const struct neural_candidate *candidate,
			  struct neural_candidate_stats *stats)
{
	struct neural_candidate_times times = { }, kept = { };
	unsigned int cpu;
	u64 ns = 0;

	*stats = (struct neural_candidate_stats){
		.share = READ_ONCE(candidate->share),
		.every = READ_ONCE(candidate->every),
		.macs = candidate->instance->plan->macs,
	};
	for_each_possible_cpu(cpu) {
		const struct neural_candidate_counters *c =
			per_cpu_ptr(candidate->counters, cpu);

		stats->calls += READ_ONCE(c->calls);
		stats->rows += READ_ONCE(c->rows);
		stats->equal += READ_ONCE(c->equal);
		stats->agree += READ_ONCE(c->agree);
		stats->errors += READ_ONCE(c->errors);
		stats->answered_calls += READ_ONCE(c->answered_calls);
		stats->answered += READ_ONCE(c->answered);
		stats->most_difference = max(stats->most_difference, READ_ONCE(c->most));
		ns += READ_ONCE(c->ns);
		neural_shadow_add(&times, &c->times);
		neural_shadow_add(&kept, &c->kept);
	}
	stats->answered_mean_ns = neural_shadow_mean(&times);
	stats->answered_max_ns = times.most;
	stats->kept_calls = kept.calls;
	stats->kept_mean_ns = neural_shadow_mean(&kept);
	stats->kept_max_ns = kept.most;
	if (stats->calls)
		stats->mean_ns = div64_u64(ns, stats->calls);
}

/* Not atomic against predictions, as neural_stats_reset(). */
void neural_candidate_forget(struct neural_network *nn)
{
	struct neural_candidate *candidate =
		rcu_dereference_protected(nn->candidate, lockdep_is_held(&nn->lock));
	unsigned int cpu;

	if (!candidate)
		return;
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(candidate->counters, cpu), 0,
		       sizeof(*candidate->counters));
}
