/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a cache pays, as one CPU sees it.
 *
 * What a hit, a miss, an insertion and a prediction cost is measured now and then.  A
 * window of lookups tells how many hit.  Where the predictions that hits saved took less
 * time than all of looking and inserting, the cache is passed by for a while; then it is
 * filled again, for as many lookups as it has entries, and the next window decides.
 * Every failure makes the while longer, up to a limit.  All of it is counted in calls, so
 * that what it costs to find out is a fixed part of them, whatever the load.
 *
 * A gauge belongs to a CPU and is used with preemption off.  An interrupt may come in
 * between; a count is lost then, and no more.
 */
#ifndef _NEURAL_CACHE_GAUGE_H
#define _NEURAL_CACHE_GAUGE_H

#include <linux/types.h>

/* Lookups that decide. */
#define NEURAL_GAUGE_WINDOW	256

/* One hit in so many is timed, and one miss. */
#define NEURAL_GAUGE_EVERY	16

/* Passed by for so many times as long as finding out takes, at first and at most. */
#define NEURAL_GAUGE_ASIDE	16
#define NEURAL_GAUGE_ASIDE_MOST	64

/**
 * struct neural_gauge_costs - in nanoseconds, 0 before it is known
 * @hit: looking and finding
 * @miss: looking in vain
 * @insert: putting the answer into the cache
 * @predict: the prediction
 */
struct neural_gauge_costs {
	u32 hit;
	u32 miss;
	u32 insert;
	u32 predict;
};

/**
 * struct neural_gauge - state of one CPU
 * @generation: parameters all of it is about; others start anew
 * @fill: lookups before a window opens
 * @aside: calls that are yet to pass the cache by
 * @filling: lookups until the window opens
 * @hits: in the window
 * @misses: in the window
 * @factor: how long it is passed by next time
 * @turn_hit: counts hits, to time some
 * @turn_miss: counts misses
 * @costs: moving averages
 */
struct neural_gauge {
	u64 generation;
	u32 fill;
	u32 aside;
	u32 filling;
	u32 hits;
	u32 misses;
	u32 factor;
	u32 turn_hit;
	u32 turn_miss;
	struct neural_gauge_costs costs;
};

/* For a cache of @entries entries. */
void neural_gauge_init(struct neural_gauge *gauge, u32 entries);

/* Is the next call, on parameters @generation, to pass the cache by? */
bool neural_gauge_aside(struct neural_gauge *gauge, u64 generation);

/* It was looked into.  Returns whether this time the clock is worth a look. */
bool neural_gauge_looked(struct neural_gauge *gauge, u64 generation, bool hit);

/* Something took @ns nanoseconds; @cost is one of the gauge's. */
void neural_gauge_cost(u32 *cost, u64 ns);

#endif /* _NEURAL_CACHE_GAUGE_H */
