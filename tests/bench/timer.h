/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is timed, and how it is told.  Plain enough to be C++ as well: other libraries
 * are measured by the same clock in the same way.
 */
#ifndef _NEURAL_BENCH_TIMER_H
#define _NEURAL_BENCH_TIMER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct bench_stats - of the samples of one round
 * @mean: of them
 * @std: standard deviation
 * @min: least
 * @max: largest
 * @p50: half of them are no larger; likewise:
 * @p90: nine tenths
 * @p95: 95 of 100
 * @p99: 99 of 100
 */
struct bench_stats {
	double mean;
	double std;
	double min;
	double max;
	double p50;
	double p90;
	double p95;
	double p99;
};

/**
 * struct bench_item - something to be timed
 * @fn: called with @arg
 * @arg: its argument
 * @median: nanoseconds of one call, over samples of some microseconds each
 * @p99: of the same samples
 * @ns: all there is to say about them
 * @rate: calls per second, of the same samples
 */
struct bench_item {
	void (*fn)(const void *arg);
	const void *arg;
	double median;
	double p99;
	struct bench_stats ns;
	struct bench_stats rate;
};

/*
 * Everything is entered first and timed together, in rounds over all of it: what a
 * busy machine does to one round is not in the others, and the calmest one of each
 * item counts.  So a share of the peak compares like with like.
 */
struct bench_item *bench_add(void (*fn)(const void *arg), const void *arg);
void bench_measure(void);

/* One of those rounds. */
void bench_round(void);

/* Keep to one CPU. */
void bench_pin(void);

/**
 * struct bench_entry - an item with a name others know it by
 * @item: timed
 * @kind: "result" or "peak"
 * @name: the work, the same in all libraries
 * @level: the ISA it was confined to
 * @rows: rows of one call
 * @macs: multiply-adds of one call
 * @bytes: of weights, or of whatever is read, by one call
 * @peak: most memory in use until it ran
 * @mean: memory in use while it runs
 * @more: prints members that only this one has, each after a comma; or NULL
 */
struct bench_entry {
	struct bench_item *item;
	const char *kind;
	const char *name;
	const char *level;
	unsigned int rows;
	double macs;
	double bytes;
	double peak;
	double mean;
	void (*more)(const struct bench_entry *entry);
};

/* @entry is copied. */
void bench_enter(const struct bench_entry *entry);

/*
 * Says "ready", then runs a round for each line of input and answers "done"; at its end
 * prints each entry as a line of JSON, of @engine.  Several programs that take turns
 * share their rounds like this, see tests/bench/run.
 */
int bench_serve(const char *engine);

#ifdef __cplusplus
}
#endif

#endif /* _NEURAL_BENCH_TIMER_H */
