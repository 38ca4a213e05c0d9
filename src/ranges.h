/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What inputs usually are and what outputs are to be, looked at while predicting.
 *
 * Ranges come with a model and belong to the instance made from it; what is done with
 * them is a matter of the network.  Rows with an element out of its range are counted and
 * predicted like all others.  An answer out of its bounds is not given: the call fails,
 * and the fallback of whoever asked runs.
 */
#ifndef _NEURAL_RANGES_H
#define _NEURAL_RANGES_H

#include "model/model.h"

struct neural_instance;
struct neural_network;

/**
 * struct neural_ranges - of an instance
 * @nr_in: ranges of inputs
 * @nr_out: bounds of outputs that the model has
 * @nr_whole: outputs
 * @range: as many of each, in this order; the last are about all elements of an output
 *	and have no bounds of their own
 */
struct neural_ranges {
	u32 nr_in;
	u32 nr_out;
	u32 nr_whole;
	struct neural_range range[];
};

/**
 * struct neural_bounds - of every element of every output, set by hand
 * @lo: smallest value, as it is stored
 * @hi: largest
 */
struct neural_bounds {
	s64 lo;
	s64 hi;
};

/**
 * struct neural_checks - what a network does with ranges
 * @count: count rows with an element out of range
 * @file: the model's bounds hold
 * @bounds: these hold instead; NULL for none
 * @slot: places for the next
 *
 * Changed under the lock of the network.
 */
struct neural_checks {
	bool count;
	bool file;
	struct neural_bounds __rcu *bounds;
	struct neural_bounds slot[2];
};

/* Ranges of @model, or of a network made of layers where it is NULL; NULL without memory. */
struct neural_ranges *neural_ranges_create(struct neural_network *nn,
					   const struct neural_model *model);

/*
 * Take the way through src/watch.c for as long as there is something to look at on
 * @instance, or on whatever will be the instance where it is NULL.  Under the lock.
 */
void neural_ranges_watch(struct neural_network *nn, const struct neural_instance *instance);
/* Before @instance is what predictions run on: begin if need be, and do not end. */
void neural_ranges_prepare(struct neural_network *nn,
			   const struct neural_instance *instance);

/* Settings, under the lock. */
void neural_ranges_set_count(struct neural_network *nn, bool count);
/* The model's bounds or none. */
void neural_ranges_set_file(struct neural_network *nn, bool file);
/* These.  May sleep. */
void neural_ranges_set_bounds(struct neural_network *nn, s64 lo, s64 hi);

/*
 * Count what is out of range in @rows input rows.  Any context; @instance stays.
 */
void neural_ranges_count(struct neural_network *nn, const struct neural_instance *instance,
			 const void *in, u32 rows);

/*
 * 0; or -ERANGE, counted and all of @out zeroed, where an element of @rows output rows is
 * out of bounds.  Any context; in rcu_read_lock(), @instance stays.
 */
int neural_ranges_check(struct neural_network *nn, const struct neural_instance *instance,
			void *out, u32 rows);

/* Would @row, of outputs, be given?  Counts nothing; otherwise the same. */
bool neural_ranges_allow(struct neural_network *nn, const struct neural_instance *instance,
			 const void *row);

/* neural_ranges_check() of a row from the prediction cache. */
int neural_ranges_check_cached(struct neural_network *nn, void *out);

#endif /* _NEURAL_RANGES_H */
