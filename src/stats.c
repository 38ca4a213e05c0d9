// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include "stats.h"

unsigned int neural_histogram_bucket(u64 ns)
{
	unsigned int shift;

	if (ns < NEURAL_HISTOGRAM_SUB)
		return ns;
	shift = fls64(ns) - 4;
	return min_t(u64, (shift + 1) * NEURAL_HISTOGRAM_SUB +
		     ((ns >> shift) & (NEURAL_HISTOGRAM_SUB - 1)),
		     NEURAL_HISTOGRAM_SIZE - 1);
}

u64 neural_histogram_low(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < 2 * NEURAL_HISTOGRAM_SUB)
		return bucket;
	shift = bucket / NEURAL_HISTOGRAM_SUB - 1;
	return (u64)(NEURAL_HISTOGRAM_SUB + bucket % NEURAL_HISTOGRAM_SUB) << shift;
}

void neural_stats_count(struct neural_counters __percpu *counters, u32 rows,
			u32 simd_steps, u32 fallback_steps)
{
	this_cpu_add(counters->predictions, rows);
	this_cpu_inc(counters->calls);
	if (simd_steps)
		this_cpu_add(counters->simd_steps, simd_steps);
	if (unlikely(fallback_steps))
		this_cpu_add(counters->fallback_steps, fallback_steps);
}

void neural_stats_time(struct neural_counters __percpu *counters, u64 ns)
{
	this_cpu_add(counters->total_ns, ns);
	this_cpu_inc(counters->histogram[neural_histogram_bucket(ns)]);
}

void neural_stats_grow(u64 __percpu *most, u64 ns)
{
	u64 seen = this_cpu_read(*most);

	while (ns > seen) {
		const u64 was = this_cpu_cmpxchg(*most, seen, ns);

		if (was == seen)
			break;
		seen = was;
	}
}

void neural_stats_held(struct neural_counters __percpu *counters, u64 section_ns,
		       u64 held_ns)
{
	neural_stats_grow(&counters->section_ns, section_ns);
	neural_stats_grow(&counters->held_ns, held_ns);
}

/*
 * Not atomic against predictions: one under way may be lost or left over.  Counters are
 * whole, though, which memset() does not promise.
 */
void neural_stats_reset(struct neural_counters __percpu *counters)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		u64 *counter = (u64 *)per_cpu_ptr(counters, cpu);

		for (i = 0; i < sizeof(*counters) / sizeof(*counter); i++)
			WRITE_ONCE(counter[i], 0);
	}
}

/* The middle of the bucket where the @percent-th of @calls calls is. */
static u64 neural_stats_percentile(const u64 *histogram, u64 calls, unsigned int percent)
{
	u64 rank = DIV_ROUND_UP_ULL(calls * percent, 100), seen = 0;
	unsigned int i;

	for (i = 0; i < NEURAL_HISTOGRAM_SIZE - 1; i++) {
		seen += histogram[i];
		if (seen >= rank)
			break;
	}
	return (neural_histogram_low(i) + neural_histogram_low(i + 1) - 1) / 2;
}

static void neural_stats_latency(const u64 *histogram, u64 total, struct neural_stats *stats)
{
	unsigned int i, first = 0, last = 0;
	u64 calls = 0;

	for (i = 0; i < NEURAL_HISTOGRAM_SIZE; i++) {
		if (!histogram[i])
			continue;
		if (!calls)
			first = i;
		last = i;
		calls += histogram[i];
	}
	if (!calls)
		return;
	stats->mean_ns = div64_u64(total, calls);
	stats->min_ns = neural_histogram_low(first);
	stats->max_ns = neural_histogram_low(last + 1) - 1;
	stats->p50_ns = neural_stats_percentile(histogram, calls, 50);
	stats->p90_ns = neural_stats_percentile(histogram, calls, 90);
	stats->p95_ns = neural_stats_percentile(histogram, calls, 95);
	stats->p99_ns = neural_stats_percentile(histogram, calls, 99);
}

void neural_stats_sum(struct neural_counters __percpu *counters,
		      struct neural_stats *stats)
{
	struct neural_counters *sum;
	unsigned int cpu, i;

	*stats = (struct neural_stats){ };
	/* Too large for the stack; without it there are counts but no latencies. */
	sum = kzalloc(sizeof(*sum), GFP_ATOMIC | __GFP_NOWARN);
	for_each_possible_cpu(cpu) {
		const struct neural_counters *c = per_cpu_ptr(counters, cpu);

		stats->predictions += READ_ONCE(c->predictions);
		stats->errors += READ_ONCE(c->errors);
		stats->cache_hits += READ_ONCE(c->cache_hits);
		stats->cache_misses += READ_ONCE(c->cache_misses);
		stats->cache_bypassed += READ_ONCE(c->cache_bypassed);
		stats->cache_evictions += READ_ONCE(c->cache_evictions);
		stats->cache_failures += READ_ONCE(c->cache_failures);
		stats->cache_shrunk += READ_ONCE(c->cache_shrunk);
		stats->simd_steps += READ_ONCE(c->simd_steps);
		stats->fallback_steps += READ_ONCE(c->fallback_steps);
		stats->over_budget += READ_ONCE(c->over_budget);
		stats->refused += READ_ONCE(c->refused);
		stats->out_of_range += READ_ONCE(c->out_of_range);
		stats->out_of_range_most = max_t(u64, stats->out_of_range_most,
						 READ_ONCE(c->out_of_range_most));
		stats->out_of_bounds += READ_ONCE(c->out_of_bounds);
		stats->section_max_ns = max_t(u64, stats->section_max_ns,
					      READ_ONCE(c->section_ns));
		stats->preempt_off_max_ns = max_t(u64, stats->preempt_off_max_ns,
						  READ_ONCE(c->held_ns));
		if (!sum)
			continue;
		sum->total_ns += READ_ONCE(c->total_ns);
		for (i = 0; i < NEURAL_HISTOGRAM_SIZE; i++)
			sum->histogram[i] += READ_ONCE(c->histogram[i]);
	}
	if (sum)
		neural_stats_latency(sum->histogram, sum->total_ns, stats);
	kfree(sum);
}
