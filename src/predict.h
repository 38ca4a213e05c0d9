/* SPDX-License-Identifier: GPL-2.0-only */
/* Predicting: from a handle to the plan and back. */
#ifndef _NEURAL_PREDICT_H
#define _NEURAL_PREDICT_H

#include "network.h"

struct neural_instance;

/**
 * struct neural_call - what a call is about
 * @in: rows
 * @out: room for as many; does not overlap @in
 * @rows: how many
 * @relaxed: the caller may be preempted, and long runs are to stay so
 * @aside: not the answer: counts nowhere
 * @own: scratch memory nobody else uses meanwhile, 64-byte aligned; NULL for the
 *	instance's
 * @own_bytes: size of it; where that is too little the instance's is used
 */
struct neural_call {
	const void *in;
	void *out;
	u32 rows;
	bool relaxed;
	bool aside;
	void *own;
	size_t own_bytes;
};

/*
 * Predict.  *@generation, unless NULL, is that of the parameters used.  Any context but
 * NMI.  0, -ENODATA before all layers have their parameters, or what whoever watches
 * says; then nothing is written.
 */
int neural_predict_call(struct neural_network *nn, const struct neural_call *call,
			u64 *generation);

/*
 * Run on @instance, of @nn or its candidate, unwatched.  Called once in rcu_read_lock(),
 * which protects @instance until then: a long run leaves it and comes back, holding the
 * instance by a reference meanwhile.
 */
void neural_predict_on(struct neural_network *nn, struct neural_instance *instance,
		       const struct neural_call *call);

/* The same, of @rows rows in the memory of the instance. */
int neural_predict_rows(struct neural_network *nn, const void *in, void *out,
			u32 rows, u64 *generation);

/*
 * What callers give, before anything is done with it: one row of s32, and rows of any
 * kind.  0, or a negative errno as neural_network_predict() and
 * neural_network_predict_rows() have it.
 */
int neural_predict_check(const struct neural_network *nn, const s32 *in, const s32 *out);
int neural_predict_check_rows(const struct neural_network *nn, const void *in,
			      size_t in_bytes, const void *out, size_t out_bytes, u32 rows);

/*
 * As many of @rows rows as are best predicted at once for somebody who may be killed
 * meanwhile: what they take together is bounded, but for a single one.  Not 0.
 */
u32 neural_predict_group(struct neural_network *nn, u32 rows);

#endif /* _NEURAL_PREDICT_H */
