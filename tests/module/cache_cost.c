// SPDX-License-Identifier: GPL-2.0-only
/* What the prediction cache costs, what it saves, and from which network on it pays. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include "latency.h"
#include "neural_test.h"

#define COST_ENTRIES	1024
#define COST_OUTPUT	8

static const u32 cost_inputs[] = { 16, 64, 256, 1024 };
static const u32 cost_hidden[] = { 1, 4, 16, 64 };

/**
 * struct cost - of one network, in nanoseconds
 * @macs: its multiply-adds
 * @predict: a prediction
 * @hit: an answer from the cache
 * @miss: what looking and inserting add to a prediction
 */
struct cost {
	u64 macs;
	u64 predict;
	u64 hit;
	u64 miss;
};

static int cost_run_predict(struct latency *l, u32 call)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < LATENCY_BLOCK && !ret; i++)
		ret = neural_network_predict(l->nn, l->in, l->out);
	return ret;
}

static int cost_run_hit(struct latency *l, u32 call)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < LATENCY_BLOCK && !ret; i++)
		ret = neural_network_predict_cached(l->nn, l->in, l->out);
	return ret;
}

static int cost_run_miss(struct latency *l, u32 call)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < LATENCY_BLOCK && !ret; i++) {
		l->in[0] = call * LATENCY_BLOCK + i;
		ret = neural_network_predict_cached(l->nn, l->in, l->out);
	}
	return ret;
}

/* The least of all blocks: what others do to a machine only ever adds. */
static int cost_measure(struct latency *l, const char *what,
			const struct neural_test_sizes *sizes, u64 *ns,
			int (*run)(struct latency *l, u32 call))
{
	char name[40];
	int ret;

	snprintf(name, sizeof(name), "cache %ux%u %s", sizes->input, sizes->hidden, what);
	ret = latency_measure(l, name, DIV_ROUND_UP(sizes->iterations, LATENCY_BLOCK),
			      LATENCY_BLOCK, run);
	*ns = l->ns[0];
	return ret;
}

static int cost_network(const struct neural_test_sizes *sizes, struct cost *cost)
{
	const struct neural_cache_setup setup = {
		.entries = COST_ENTRIES, .timeout_ms = 86400000, .always = true,
	};
	struct neural_test_model m;
	struct latency l = { .json = sizes->json, .quiet = true };
	u64 seed = sizes->seed;
	int ret;

	ret = neural_test_model_init(&m, sizes);
	if (!ret)
		ret = neural_test_model_set(&m, &seed, NEURAL_FP_ONE / 16);
	if (!ret)
		ret = neural_network_set_cache(m.nn, &setup);
	l.ns = kvcalloc(sizes->iterations, sizeof(*l.ns), GFP_KERNEL);
	if (!ret && !l.ns)
		ret = -ENOMEM;
	l.nn = m.nn;
	l.in = m.in;
	l.out = m.out;
	if (!ret)
		ret = cost_measure(&l, "predict", sizes, &cost->predict, cost_run_predict);
	if (!ret)
		ret = cost_measure(&l, "hit", sizes, &cost->hit, cost_run_hit);
	if (!ret)
		ret = cost_measure(&l, "miss", sizes, &cost->miss, cost_run_miss);
	cost->miss -= min(cost->miss, cost->predict);
	cost->macs = (u64)sizes->hidden * (sizes->input + sizes->output);
	kvfree(l.ns);
	neural_test_model_free(&m);
	return ret;
}

/* Hits of a hundred that make up for the others; more than 100 where none do. */
static u64 cost_needs(const struct cost *c)
{
	if (c->predict <= c->hit)
		return 101;
	return div64_u64(100 * c->miss + c->miss + c->predict - c->hit - 1,
			 c->miss + c->predict - c->hit);
}

/* Between which two a prediction takes as long as @ns: the multiply-adds of that. */
static u64 cost_macs_at(const struct cost *c, u32 nr, bool half)
{
	u64 over, under, wanted;
	u32 i;

	for (i = 0; i < nr; i++) {
		wanted = c[i].hit + (half ? c[i].miss : 0);
		if (c[i].predict >= wanted)
			break;
	}
	if (!i || i == nr)
		return i ? U64_MAX : c[0].macs;
	over = c[i].predict - wanted;
	wanted = c[i - 1].hit + (half ? c[i - 1].miss : 0);
	under = wanted - c[i - 1].predict;
	return c[i - 1].macs + div64_u64((c[i].macs - c[i - 1].macs) * under,
					 max(over + under, 1ULL));
}

static void cost_say_break_even(u32 input, const struct cost *c, u32 nr)
{
	const u64 all = cost_macs_at(c, nr, false), half = cost_macs_at(c, nr, true);

	pr_info("neural_test: cache %u inputs: pays from %llu multiply-adds on if all hit, from %llu if half do%s\n",
		input, min(all, c[nr - 1].macs), min(half, c[nr - 1].macs),
		all == U64_MAX || half == U64_MAX ? " or more" : "");
}

int neural_test_cache(const struct neural_test_sizes *sizes)
{
	struct neural_test_sizes of = *sizes;
	struct cost costs[ARRAY_SIZE(cost_hidden)];
	int ret = 0;
	u32 i, h;

	pr_info("neural_test: cache inputs   macs predict_ns hit_ns miss_adds_ns hits_needed_percent\n");
	of.output = COST_OUTPUT;
	for (i = 0; i < ARRAY_SIZE(cost_inputs) && !ret; i++) {
		of.input = cost_inputs[i];
		for (h = 0; h < ARRAY_SIZE(cost_hidden) && !ret; h++) {
			struct cost *c = &costs[h];

			of.hidden = cost_hidden[h];
			ret = cost_network(&of, c);
			if (!ret)
				pr_info("neural_test: cache %6u %6llu %10llu %6llu %12llu %19s%llu\n",
					of.input, c->macs, c->predict, c->hit, c->miss,
					cost_needs(c) > 100 ? "> " : "",
					min(cost_needs(c), 100ULL));
		}
		if (!ret)
			cost_say_break_even(of.input, costs, ARRAY_SIZE(costs));
	}
	return ret;
}
