/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Candidate: another set of parameters beside the one in force, to find out about.
 *
 * With a share of 0 it is a shadow: it sees the inputs of predictions, and what it makes
 * of them is compared with the answer, counted, and never returned.  With a share it
 * answers so many of a thousand calls instead.  It takes the place of the one in force,
 * or goes, by one command.
 */
#ifndef _NEURAL_CANDIDATE_H
#define _NEURAL_CANDIDATE_H

#include <linux/percpu-refcount.h>
#include <linux/workqueue.h>
#include <uapi/linux/neural_model.h>
#include "context.h"
#include "network.h"

struct iov_iter;
struct neural_call;

/* All of the calls, and the seldomest there is. */
#define NEURAL_CANDIDATE_SHARES	1000
#define NEURAL_CANDIDATE_SELDOM	1000000

/**
 * struct neural_candidate_times - latencies of calls, one CPU's share
 * @calls: how many were timed
 * @ns: all of them
 * @most: the largest
 */
struct neural_candidate_times {
	u64 calls;
	u64 ns;
	u64 most;
};

/**
 * struct neural_candidate_counters - one CPU's share
 * @turns: calls there were, for whose turn it is
 * @calls: calls compared
 * @rows: rows compared
 * @equal: of them, with the same bytes in every output
 * @agree: of them, with the largest element of every output in the same place
 * @errors: of them, that would not have been given
 * @ns: time all that took
 * @most: the largest difference of two elements
 * @answered_calls: calls answered instead
 * @answered: rows of them
 * @times: of those calls
 * @kept: of calls that were not answered instead, though others were
 */
struct neural_candidate_counters {
	u32 turns;
	u64 calls;
	u64 rows;
	u64 equal;
	u64 agree;
	u64 errors;
	u64 ns;
	u64 most;
	u64 answered_calls;
	u64 answered;
	struct neural_candidate_times times;
	struct neural_candidate_times kept;
};

/**
 * struct neural_candidate_output - where an output is in a row
 * @at: bytes from its start
 * @elements: how many
 * @dtype: of what type
 */
struct neural_candidate_output {
	size_t at;
	u32 elements;
	u8 dtype;
};

/**
 * struct neural_candidate - see above
 * @serial: no other has the same, ever
 * @instance: what it runs on; held, so that it stays as long as this
 * @model: the file and what is in it; NULL once it is in force
 * @rows: rows compared at a time
 * @out: by CPU and context, or spare: room for as many output rows
 * @counters: per CPU
 * @ref: long comparisons under way; short ones are RCU readers
 * @free_work: free it, once nobody is left
 * @share: calls of NEURAL_CANDIDATE_SHARES it answers
 * @every: as a shadow it sees one of so many calls
 * @nr_outputs: outputs in a row
 * @outputs: of them
 */
struct neural_candidate {
	u64 serial;
	struct neural_instance *instance;
	struct neural_model *model;
	u32 rows;
	struct neural_contexts out;
	struct neural_candidate_counters __percpu *counters;
	struct percpu_ref ref;
	struct work_struct free_work;
	u32 share;
	u32 every;
	u32 nr_outputs;
	struct neural_candidate_output outputs[NEURAL_MODEL_MAX_INPUTS];
};

/*
 * As neural_network_set_candidate(), from wherever @from points.  What was refused is in
 * the log, and in @why where it was the file.
 */
int neural_candidate_set(struct neural_network *nn, struct iov_iter *from, u32 share,
			 u32 every, struct neural_reason *why);

/* The one there is, or NULL.  Under the lock of @nn. */
struct neural_candidate *neural_candidate_of(const struct neural_network *nn);

/*
 * How much it sees or answers from now on; 0, -ENOENT without one.  Whoever calls has
 * looked at the number.
 */
int neural_candidate_set_share(struct neural_network *nn, u32 share);
int neural_candidate_set_every(struct neural_network *nn, u32 every);

/* No new prediction can find it any more; free it after the last one.  Any context. */
void neural_candidate_retire(struct neural_candidate *candidate);

/* Count from zero.  Under the lock of @nn. */
void neural_candidate_forget(struct neural_network *nn);

/**
 * struct neural_turn - a call, where there may be a candidate that answers some
 * @instance: what it runs on instead of the one in force; NULL for that one
 * @serial: of the candidate; 0 where there is none that answers
 * @start: when it began, if there is
 */
struct neural_turn {
	struct neural_instance *instance;
	u64 serial;
	u64 start;
};

/* Whose turn is the next call, of @rows rows?  It is counted.  In rcu_read_lock(). */
struct neural_turn neural_candidate_choose(struct neural_network *nn, u32 rows);

/* It has been made: count its time, unless the candidate has gone.  In rcu_read_lock(). */
void neural_candidate_time(struct neural_network *nn, const struct neural_turn *turn);

/*
 * @call has been answered: what would the candidate have said?  In rcu_read_lock(), which
 * a long comparison leaves and comes back to.
 */
void neural_candidate_compare(struct neural_network *nn, const struct neural_call *call);

/* Sums over CPUs. */
void neural_candidate_sum(const struct neural_candidate *candidate,
			  struct neural_candidate_stats *stats);

#endif /* _NEURAL_CANDIDATE_H */
