// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include "cache_gauge.h"

/* Averages move by an eighth of the difference. */
#define NEURAL_GAUGE_WEIGHT	8

static void neural_gauge_probe(struct neural_gauge *g)
{
	WRITE_ONCE(g->aside, 0);
	WRITE_ONCE(g->filling, g->fill);
	WRITE_ONCE(g->hits, 0);
	WRITE_ONCE(g->misses, 0);
}

/* What is known is not about these parameters. */
static void neural_gauge_start(struct neural_gauge *g, u64 generation)
{
	WRITE_ONCE(g->generation, generation);
	WRITE_ONCE(g->factor, NEURAL_GAUGE_ASIDE);
	WRITE_ONCE(g->turn_hit, 0);
	WRITE_ONCE(g->turn_miss, 0);
	WRITE_ONCE(g->costs.hit, 0);
	WRITE_ONCE(g->costs.miss, 0);
	WRITE_ONCE(g->costs.insert, 0);
	WRITE_ONCE(g->costs.predict, 0);
	neural_gauge_probe(g);
}

void neural_gauge_init(struct neural_gauge *g, u32 entries)
{
	g->fill = max_t(u32, entries, NEURAL_GAUGE_WINDOW);
	neural_gauge_start(g, 0);
}

bool neural_gauge_aside(struct neural_gauge *g, u64 generation)
{
	u32 aside;

	if (unlikely(READ_ONCE(g->generation) != generation))
		neural_gauge_start(g, generation);
	aside = READ_ONCE(g->aside);
	if (!aside)
		return false;
	WRITE_ONCE(g->aside, aside - 1);
	if (aside == 1)
		neural_gauge_probe(g);
	return true;
}

static bool neural_gauge_pays(const struct neural_gauge *g)
{
	const u64 hits = READ_ONCE(g->hits), misses = READ_ONCE(g->misses);
	const u64 predict = READ_ONCE(g->costs.predict);

	/* Nothing but hits since the parameters came: what they save is not known. */
	if (!predict)
		return true;
	return hits * predict >= hits * READ_ONCE(g->costs.hit) +
				 misses * READ_ONCE(g->costs.miss) +
				 misses * READ_ONCE(g->costs.insert);
}

static void neural_gauge_judge(struct neural_gauge *g)
{
	const u32 factor = READ_ONCE(g->factor);

	if (neural_gauge_pays(g)) {
		WRITE_ONCE(g->factor, NEURAL_GAUGE_ASIDE);
	} else {
		WRITE_ONCE(g->aside, factor * (g->fill + NEURAL_GAUGE_WINDOW));
		WRITE_ONCE(g->factor, min(2 * factor, NEURAL_GAUGE_ASIDE_MOST));
	}
	WRITE_ONCE(g->hits, 0);
	WRITE_ONCE(g->misses, 0);
}

static void neural_gauge_count(struct neural_gauge *g, bool hit)
{
	const u32 filling = READ_ONCE(g->filling);
	u32 *count = hit ? &g->hits : &g->misses;

	if (filling) {
		WRITE_ONCE(g->filling, filling - 1);
		return;
	}
	WRITE_ONCE(*count, READ_ONCE(*count) + 1);
	if (READ_ONCE(g->hits) + READ_ONCE(g->misses) >= NEURAL_GAUGE_WINDOW)
		neural_gauge_judge(g);
}

bool neural_gauge_looked(struct neural_gauge *g, u64 generation, bool hit)
{
	u32 *at = hit ? &g->turn_hit : &g->turn_miss, turn;

	if (unlikely(READ_ONCE(g->generation) != generation))
		neural_gauge_start(g, generation);
	neural_gauge_count(g, hit);
	turn = READ_ONCE(*at);
	WRITE_ONCE(*at, turn + 1);
	return !(turn % NEURAL_GAUGE_EVERY);
}

/*
 * Who was interrupted meanwhile took very long, and that says nothing: nothing counts
 * for more than four times what is known.
 */
void neural_gauge_cost(u32 *cost, u64 ns)
{
	const u32 known = READ_ONCE(*cost);
	s64 now;

	if (!known) {
		/* At least 1, for 0 is not known. */
		WRITE_ONCE(*cost, clamp_t(u64, ns, 1, U32_MAX));
		return;
	}
	now = min_t(u64, ns, 4ULL * known);
	/* Rounded away from what it was, or it would never get there. */
	now = known + (now - known + (now > known ? 1 : -1) * (NEURAL_GAUGE_WEIGHT - 1)) /
		      NEURAL_GAUGE_WEIGHT;
	WRITE_ONCE(*cost, clamp_t(s64, now, 1, U32_MAX));
}
