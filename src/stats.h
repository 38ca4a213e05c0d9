/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters and latency histogram of a network, one copy per CPU. */
#ifndef _NEURAL_STATS_H
#define _NEURAL_STATS_H

#include <linux/neural.h>
#include <linux/percpu.h>

/*
 * Log-linear buckets: values below 8 have one each, above that every power of two
 * is cut in eight, so a bucket is never wider than an eighth of its value.  The
 * last one begins at 15 * 2^36 ns, a quarter of an hour.
 */
#define NEURAL_HISTOGRAM_SUB	8
#define NEURAL_HISTOGRAM_SIZE	(NEURAL_HISTOGRAM_SUB * 38)

/**
 * struct neural_counters - one CPU's share
 * @predictions: rows
 * @calls: calls made, timed or not
 * @errors: calls refused
 * @cache_hits: rows from the cache
 * @cache_misses: rows not in it
 * @cache_bypassed: rows it was not asked for, because it does not pay
 * @cache_evictions: entries of answers that had to go for others
 * @cache_failures: answers a tier could not take
 * @cache_shrunk: entries given up for want of memory
 * @simd_steps: kernel calls on vector kernels
 * @fallback_steps: kernel calls that could not have the FPU
 * @over_budget: calls that took longer than the latency budget
 * @refused: calls that met an open breaker
 * @out_of_range: rows with an element out of its range
 * @out_of_range_most: most such elements of a row
 * @out_of_bounds: calls whose answer was not given
 * @section_ns: longest FPU section of the calls timed
 * @held_ns: longest time they kept preemption off
 * @total_ns: latency of the calls timed
 * @histogram: those calls by latency
 */
struct neural_counters {
	u64 predictions;
	u64 calls;
	u64 errors;
	u64 cache_hits;
	u64 cache_misses;
	u64 cache_bypassed;
	u64 cache_evictions;
	u64 cache_failures;
	u64 cache_shrunk;
	u64 simd_steps;
	u64 fallback_steps;
	u64 over_budget;
	u64 refused;
	u64 out_of_range;
	u64 out_of_bounds;
	u32 out_of_range_most;
	u64 section_ns;
	u64 held_ns;
	u64 total_ns;
	u64 histogram[NEURAL_HISTOGRAM_SIZE];
};

unsigned int neural_histogram_bucket(u64 ns);
u64 neural_histogram_low(unsigned int bucket);

/*
 * Calls of no more multiply-adds than this are done in a few microseconds, and looking at
 * the clock twice would be a good part of them: one in NEURAL_STATS_EVERY is timed, of
 * each CPU, the first of all included.
 */
#define NEURAL_STATS_SHORT	(1U << 14)
#define NEURAL_STATS_EVERY	16

/* Is the next call, of @macs multiply-adds, one of those that are timed? */
static inline bool neural_stats_timed(struct neural_counters __percpu *counters, u64 macs)
{
	return macs > NEURAL_STATS_SHORT ||
	       !(this_cpu_read(counters->calls) % NEURAL_STATS_EVERY);
}

/* A call there was. */
void neural_stats_count(struct neural_counters __percpu *counters, u32 rows,
			u32 simd_steps, u32 fallback_steps);

/* The time it took. */
void neural_stats_time(struct neural_counters __percpu *counters, u64 ns);

/* And its longest FPU section, and longest time without preemption. */
void neural_stats_held(struct neural_counters __percpu *counters, u64 section_ns,
		       u64 held_ns);

/* *@most is no less than @ns.  Whatever comes in between, on this CPU or another: it grows. */
void neural_stats_grow(u64 __percpu *most, u64 ns);

void neural_stats_reset(struct neural_counters __percpu *counters);

/* Sum over CPUs, everything but the bytes. */
void neural_stats_sum(struct neural_counters __percpu *counters,
		      struct neural_stats *stats);

#endif /* _NEURAL_STATS_H */
