// SPDX-License-Identifier: GPL-2.0-only
/* How long predictions take, by the clock and one by one. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "../reference/arith.h"
#include "latency.h"
#include "neural_test.h"

static int run_rows(struct latency *l, u32 rows)
{
	return neural_network_predict_rows(l->nn, l->in, rows * l->in_bytes, l->out,
					   rows * l->out_bytes, rows);
}

static int run_predict(struct latency *l, u32 call)
{
	return l->typed ? run_rows(l, 1) : neural_network_predict(l->nn, l->in, l->out);
}

static int run_cached_hit(struct latency *l, u32 call)
{
	return neural_network_predict_cached(l->nn, l->in, l->out);
}

static int run_cached_miss(struct latency *l, u32 call)
{
	l->in[0] = call;
	return neural_network_predict_cached(l->nn, l->in, l->out);
}

static int run_batch(struct latency *l, u32 call)
{
	return l->typed ? run_rows(l, l->rows) : neural_batch_predict(l->nn, l->batch);
}

/* No look at the clock in between: what a caller pays who does not look either. */
static int run_block(struct latency *l, u32 call)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < LATENCY_BLOCK && !ret; i++)
		ret = run_predict(l, call);
	return ret;
}

static int compare(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 percentile(const struct latency *l, u32 percent)
{
	return l->ns[(u64)(l->calls - 1) * percent / 100];
}

static u64 deviation(const struct latency *l, u64 mean)
{
	u64 squares = 0;
	u32 i;

	for (i = 0; i < l->calls; i++) {
		const u64 off = l->ns[i] < mean ? mean - l->ns[i] : l->ns[i] - mean;

		/* What a scheduler did to a call is not to overflow the sum. */
		squares += min(off, 1ULL << 21) * min(off, 1ULL << 21);
	}
	return int_sqrt64(div_u64(squares, l->calls));
}

/* For tests/bench/from_kernel. */
static void say_json(const struct latency *l, const char *name, u64 mean)
{
	struct neural_stats stats;

	neural_network_get_stats(l->nn, &stats);
	pr_info("neural_test: json {\"name\": \"%s\", \"network\": \"%s\", \"level\": \"%s\", \"latency\": {\"mean\": %llu, \"std\": %llu, \"min\": %llu, \"max\": %llu, \"p50\": %llu, \"p90\": %llu, \"p95\": %llu, \"p99\": %llu}, \"memory\": {\"peak\": %llu, \"mean\": %llu}}\n",
		name, neural_network_name(l->nn), neural_simd_level(), mean,
		deviation(l, mean), l->ns[0], l->ns[l->calls - 1], percentile(l, 50),
		percentile(l, 90), percentile(l, 95), percentile(l, 99), stats.bytes_peak,
		stats.bytes);
}

int latency_measure(struct latency *l, const char *name, u32 calls, u32 rows,
		    int (*run)(struct latency *l, u32 call))
{
	u64 sum = 0, start;
	int ret = 0;
	u32 i;

	l->calls = calls;
	/* Once for the caches of the CPU. */
	for (i = 0; i <= calls && !ret; i++) {
		start = ktime_get_ns();
		ret = run(l, i);
		if (i)
			l->ns[i - 1] = div_u64(ktime_get_ns() - start, rows);
		cond_resched();
	}
	if (ret) {
		pr_err("neural_test: %s: error %d\n", name, ret);
		return ret;
	}
	for (i = 0; i < calls; i++)
		sum += l->ns[i];
	sort(l->ns, calls, sizeof(*l->ns), compare, NULL);
	if (!l->quiet)
		pr_info("neural_test: %-12s min %llu p50 %llu p90 %llu p95 %llu p99 %llu max %llu mean %llu ns\n",
			name, l->ns[0], percentile(l, 50), percentile(l, 90),
			percentile(l, 95), percentile(l, 99), l->ns[calls - 1],
			div_u64(sum, calls));
	if (l->json)
		say_json(l, name, div_u64(sum, calls));
	return 0;
}

/* Only where the network's cache has entries is there anything to tell. */
static int measure_cached(struct latency *l, u32 iterations)
{
	struct neural_stats before, after;
	int ret;

	neural_network_get_stats(l->nn, &before);
	ret = neural_network_predict_cached(l->nn, l->in, l->out);
	neural_network_get_stats(l->nn, &after);
	if (ret || before.cache_hits + before.cache_misses ==
		   after.cache_hits + after.cache_misses)
		return ret;
	ret = latency_measure(l, "cached hit", iterations, 1, run_cached_hit);
	return ret ?: latency_measure(l, "cached miss", iterations, 1, run_cached_miss);
}

/* Rows of a model's own types: any bytes are one. */
static void fill_bytes(struct latency *l, u64 seed)
{
	u8 *in = (u8 *)l->in;
	size_t i;

	for (i = 0; i < l->rows * l->in_bytes; i++) {
		in[i] = reference_between(&seed, 0, U8_MAX);
		if (!(i % SZ_64K))
			cond_resched();
	}
}

static int fill(struct latency *l, const struct neural_test_sizes *sizes)
{
	const u32 input = neural_network_input_size(l->nn);
	const u32 output = neural_network_output_size(l->nn);
	u64 seed = sizes->seed;
	u32 i, r;

	l->rows = sizes->batch;
	l->in_bytes = neural_network_input_bytes(l->nn);
	l->out_bytes = neural_network_output_bytes(l->nn);
	l->in = kvcalloc(l->rows, l->in_bytes, GFP_KERNEL);
	l->out = kvcalloc(l->rows, l->out_bytes, GFP_KERNEL);
	l->ns = kvcalloc(sizes->iterations, sizeof(*l->ns), GFP_KERNEL);
	if (!l->in || !l->out || !l->ns)
		return -ENOMEM;
	l->typed = neural_network_predict(l->nn, l->in, l->out) == -EPROTOTYPE;
	if (l->typed) {
		fill_bytes(l, seed);
		return 0;
	}
	l->batch = neural_batch_create(sizes->batch, input, output);
	if (IS_ERR(l->batch))
		return PTR_ERR(l->batch);
	for (r = 0; r < sizes->batch; r++) {
		for (i = 0; i < input; i++)
			l->in[i] = reference_between(&seed, -2 * NEURAL_FP_ONE,
						     2 * NEURAL_FP_ONE);
		neural_batch_add_input(l->batch, l->in);
		cond_resched();
	}
	return 0;
}

int neural_test_latency(struct neural_network *nn, const struct neural_test_sizes *sizes)
{
	struct latency l = { .nn = nn, .json = sizes->json };
	int ret = fill(&l, sizes);

	pr_info("neural_test: %s: %u inputs, %u outputs, %u calls, simd %s, level %s\n",
		neural_network_name(nn), neural_network_input_size(nn),
		neural_network_output_size(nn), sizes->iterations,
		neural_simd_enabled() ? "on" : "off", neural_simd_level());
	if (!ret)
		ret = latency_measure(&l, "predict", sizes->iterations, 1, run_predict);
	if (!ret)
		ret = latency_measure(&l, "in a row",
				      DIV_ROUND_UP(sizes->iterations, LATENCY_BLOCK),
				      LATENCY_BLOCK, run_block);
	if (!ret && !l.typed)
		ret = measure_cached(&l, sizes->iterations);
	if (!ret)
		ret = latency_measure(&l, "batch, a row",
				      DIV_ROUND_UP(sizes->iterations, sizes->batch),
				      sizes->batch, run_batch);
	neural_batch_destroy(l.batch);
	kvfree(l.ns);
	kvfree(l.out);
	kvfree(l.in);
	return ret;
}
