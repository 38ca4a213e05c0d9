// SPDX-License-Identifier: GPL-2.0-only
/* A cache that does not pay steps aside, and comes back to see. */
#include "cache_test.h"
#include "suites.h"

/* Calls it takes to find out, with as few entries. */
#define BYPASS_PROBE	(2 * NEURAL_GAUGE_WINDOW)

/* So many lookups, of which @hits in 256 hit. */
static void bypass_look(struct neural_gauge *g, u32 calls, u32 hits)
{
	u32 i;

	for (i = 0; i < calls; i++)
		neural_gauge_looked(g, 1, i % 256 < hits);
}

static struct neural_gauge *bypass_gauge(struct kunit *test, u32 hit, u32 miss, u32 insert,
					 u32 predict)
{
	struct neural_gauge *g = model_alloc(test, sizeof(*g));

	neural_gauge_init(g, 10);
	KUNIT_EXPECT_FALSE(test, neural_gauge_aside(g, 1));
	g->costs = (struct neural_gauge_costs){ hit, miss, insert, predict };
	return g;
}

/* Just enough hits, and one too few: 64 save 64000, the others cost 192 times 300. */
static void bypass_breaks_even(struct kunit *test)
{
	struct neural_gauge *g = bypass_gauge(test, 100, 100, 200, 1000);

	bypass_look(g, BYPASS_PROBE, 64);
	KUNIT_EXPECT_FALSE(test, neural_gauge_aside(g, 1));
	bypass_look(g, NEURAL_GAUGE_WINDOW, 63);
	KUNIT_EXPECT_TRUE(test, neural_gauge_aside(g, 1));
}

/* A hit that takes longer than the network never pays, not even where all hit. */
static void bypass_dear_hits(struct kunit *test)
{
	struct neural_gauge *g = bypass_gauge(test, 101, 100, 100, 100);

	bypass_look(g, BYPASS_PROBE, 256);
	KUNIT_EXPECT_TRUE(test, neural_gauge_aside(g, 1));
}

static u32 bypass_count(struct neural_gauge *g)
{
	u32 n = 0;

	while (neural_gauge_aside(g, 1))
		n++;
	return n;
}

/* Longer each time, up to a limit; success is a new beginning, as new parameters are. */
static void bypass_lasts(struct kunit *test)
{
	static const u32 factors[] = { 16, 32, 64, 64 };
	struct neural_gauge *g = bypass_gauge(test, 100, 100, 200, 1000);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(factors); i++) {
		bypass_look(g, BYPASS_PROBE - 1, 0);
		KUNIT_EXPECT_EQ(test, 0, bypass_count(g));
		bypass_look(g, 1, 0);
		KUNIT_EXPECT_EQ(test, factors[i] * BYPASS_PROBE, bypass_count(g));
	}
	bypass_look(g, BYPASS_PROBE, 256);
	KUNIT_EXPECT_EQ(test, 0, bypass_count(g));
	bypass_look(g, NEURAL_GAUGE_WINDOW, 0);
	KUNIT_EXPECT_TRUE(test, neural_gauge_aside(g, 1));
	KUNIT_EXPECT_FALSE(test, neural_gauge_aside(g, 2));
	KUNIT_EXPECT_EQ(test, 0, g->costs.predict);
	KUNIT_EXPECT_EQ(test, 0, g->aside);
}

/* A table that is not full yet cannot be judged. */
static void bypass_fills_first(struct kunit *test)
{
	struct neural_gauge *g = bypass_gauge(test, 100, 100, 200, 1000);

	neural_gauge_init(g, 4000);
	neural_gauge_aside(g, 1);
	g->costs.predict = 1000;
	g->costs.miss = 300;
	bypass_look(g, 4000 + NEURAL_GAUGE_WINDOW - 1, 0);
	KUNIT_EXPECT_FALSE(test, neural_gauge_aside(g, 1));
	bypass_look(g, 1, 0);
	KUNIT_EXPECT_EQ(test, 16 * (4000 + NEURAL_GAUGE_WINDOW), bypass_count(g));
}

static void bypass_costs(struct kunit *test)
{
	u32 cost = 0, i;

	neural_gauge_cost(&cost, 0);
	KUNIT_EXPECT_EQ(test, 1, cost);
	cost = 0;
	neural_gauge_cost(&cost, 800);
	KUNIT_EXPECT_EQ(test, 800, cost);
	/* An interrupt of a second: as if it had been four times as long. */
	neural_gauge_cost(&cost, NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, 1100, cost);
	for (i = 0; i < 100; i++)
		neural_gauge_cost(&cost, 50);
	KUNIT_EXPECT_EQ(test, 50, cost);
	for (i = 0; i < 100; i++)
		neural_gauge_cost(&cost, 53);
	KUNIT_EXPECT_EQ(test, 53, cost);
	for (i = 0; i < 200; i++)
		neural_gauge_cost(&cost, U64_MAX);
	KUNIT_EXPECT_EQ(test, U32_MAX, cost);
}

/* @calls predictions of inputs that follow @from, or of one. */
static void bypass_run(struct kunit *test, struct model *m, u32 calls, s32 from, s32 step)
{
	s32 out[MODEL_OUT];
	int ret = 0;
	u32 i;

	for (i = 0; i < calls && !ret; i++) {
		m->in[0] = from + i * step;
		ret = neural_network_predict_cached(m->nn, m->in, out);
	}
	KUNIT_ASSERT_EQ(test, 0, ret);
}

static void bypass_expect(struct kunit *test, struct model *m, u64 hits, u64 misses,
			  u64 bypassed)
{
	struct neural_stats stats;

	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(m->nn, &stats));
	KUNIT_EXPECT_EQ(test, hits, stats.cache_hits);
	KUNIT_EXPECT_EQ(test, misses, stats.cache_misses);
	KUNIT_EXPECT_EQ(test, bypassed, stats.cache_bypassed);
}

static struct model *bypass_begin(struct kunit *test)
{
	struct model *m = model_small(test, NULL);

	cache_stay(test);
	cache_config(test, m, "cache_timeout 86400000");
	cache_config(test, m, "cache_entries 64");
	return m;
}

/* From predictions to the table and back: aside when nothing hits, back when it does. */
static void bypass_recovers(struct kunit *test)
{
	struct model *m = bypass_begin(test);
	const u32 probe = BYPASS_PROBE, aside = 16 * BYPASS_PROBE;
	struct neural_cache_facts facts;

	cache_set_costs(test, 100, 1000, 50);
	bypass_run(test, m, probe, 0, 1);
	bypass_expect(test, m, 0, probe, 0);
	cache_look(test, m, &facts);
	KUNIT_EXPECT_EQ(test, 1, facts.cpus);
	KUNIT_EXPECT_EQ(test, 100, facts.costs.miss);
	KUNIT_EXPECT_EQ(test, 1000, facts.costs.predict);
	KUNIT_EXPECT_EQ(test, 50, facts.costs.insert);
	bypass_run(test, m, aside, 1, 0);
	bypass_expect(test, m, 0, probe, aside);
	/* The input is another one that it has not seen. */
	bypass_run(test, m, 10 * probe, -5, 0);
	bypass_expect(test, m, 10 * probe - 1, probe + 1, aside);
	cache_look(test, m, &facts);
	KUNIT_EXPECT_EQ(test, 0, facts.cpus);
	KUNIT_EXPECT_EQ(test, 100, facts.costs.hit);
}

/* A network that takes no longer than the cache: hits or not, it is better without. */
static void bypass_small_network(struct kunit *test)
{
	struct model *m = bypass_begin(test);

	cache_set_costs(test, 100, 90, 50);
	bypass_run(test, m, BYPASS_PROBE, 7, 0);
	bypass_expect(test, m, BYPASS_PROBE - 1, 1, 0);
	bypass_run(test, m, 100, 7, 0);
	bypass_expect(test, m, BYPASS_PROBE - 1, 1, 100);
	/* The answers are what they are. */
	KUNIT_EXPECT_EQ(test, 0, model_set(m, 1));
	bypass_run(test, m, 1, 7, 0);
	bypass_expect(test, m, BYPASS_PROBE - 1, 2, 100);
}

static void bypass_forbidden(struct kunit *test)
{
	struct model *m = bypass_begin(test);

	cache_set_costs(test, 100, 90, 50);
	cache_config(test, m, "cache_bypass 0");
	bypass_run(test, m, 4 * BYPASS_PROBE, 7, 0);
	bypass_expect(test, m, 4 * BYPASS_PROBE - 1, 1, 0);
	cache_config(test, m, "cache_bypass 1");
	bypass_run(test, m, 10, 7, 0);
	bypass_expect(test, m, 4 * BYPASS_PROBE - 1, 1, 10);
	/* A new cache has everything to show yet. */
	cache_config(test, m, "cache_entries 65");
	bypass_run(test, m, 10, 7, 0);
	bypass_expect(test, m, 4 * BYPASS_PROBE + 8, 2, 10);
}

static struct kunit_case bypass_cases[] = {
	KUNIT_CASE(bypass_breaks_even),
	KUNIT_CASE(bypass_dear_hits),
	KUNIT_CASE(bypass_lasts),
	KUNIT_CASE(bypass_fills_first),
	KUNIT_CASE(bypass_costs),
	KUNIT_CASE(bypass_recovers),
	KUNIT_CASE(bypass_small_network),
	KUNIT_CASE(bypass_forbidden),
	{ }
};

struct kunit_suite neural_cache_bypass_suite = {
	.name = "neural_cache_bypass",
	.init = model_init,
	.test_cases = bypass_cases,
};
