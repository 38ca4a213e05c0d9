// SPDX-License-Identifier: GPL-2.0-only
/* The table of words. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/nodemask.h>
#include <linux/nospec.h>
#include "cache.h"
#include "cache_resize.h"
#include "candidate.h"
#include "config_words.h"
#include "instance.h"
#include "params.h"
#include "replica.h"
#include "stats.h"
#include "../simd/dispatch.h"

static int neural_parse_number(const char *value, u32 max, struct neural_setting *s)
{
	/* kstrtou32() would take a sign. */
	if (!isdigit(*value) || kstrtou32(value, 10, &s->number) || s->number > max)
		return -EINVAL;
	return 0;
}

static int neural_parse_switch(const char *value, struct neural_setting *s)
{
	return neural_parse_number(value, 1, s);
}

static int neural_parse_timeout(const char *value, struct neural_setting *s)
{
	return neural_parse_number(value, NEURAL_CACHE_TIMEOUT_MAX, s);
}

static int neural_parse_entries(const char *value, struct neural_setting *s)
{
	return neural_parse_number(value, NEURAL_CACHE_MAX_ENTRIES, s);
}

static int neural_parse_share(const char *value, struct neural_setting *s)
{
	return neural_parse_number(value, NEURAL_CANDIDATE_SHARES, s);
}

static int neural_parse_every(const char *value, struct neural_setting *s)
{
	int ret = neural_parse_number(value, NEURAL_CANDIDATE_SELDOM, s);

	return ret || s->number ? ret : -EINVAL;
}

static int neural_parse_level(const char *value, struct neural_setting *s)
{
	s->level = -1;
	if (!strcmp(value, "auto"))
		return 0;
	s->level = neural_simd_parse_level(value);
	if (s->level < 0)
		return -EINVAL;
	return neural_simd_has(s->level) ? 0 : -EOPNOTSUPP;
}

static int neural_parse_budget(const char *value, struct neural_setting *s)
{
	if (!isdigit(*value) || kstrtou64(value, 10, &s->ns) || s->ns > NEURAL_BUDGET_MAX_NS)
		return -EINVAL;
	return 0;
}

static int neural_parse_strikes(const char *value, struct neural_setting *s)
{
	if (neural_parse_number(value, NEURAL_BUDGET_MAX_STRIKES, s) || !s->number)
		return -EINVAL;
	return 0;
}

static int neural_parse_cooldown(const char *value, struct neural_setting *s)
{
	return neural_parse_number(value, NEURAL_BUDGET_MAX_COOLDOWN_MS, s);
}

static int neural_parse_signed(const char *value, s64 *number)
{
	if (!isdigit(value[*value == '-']))
		return -EINVAL;
	return kstrtos64(value, 10, number);
}

/* "off", "file", or "LO HI". */
static int neural_parse_bounds(const char *value, struct neural_setting *s)
{
	char words[2 * sizeof("-9223372036854775808")], *hi = words, *lo;

	s->number = !strcmp(value, "file");
	s->bounded = false;
	if (s->number || !strcmp(value, "off"))
		return 0;
	if (strscpy(words, value, sizeof(words)) < 0)
		return -EINVAL;
	lo = strsep(&hi, " \t");
	if (!hi || neural_parse_signed(lo, &s->lo) ||
	    neural_parse_signed(skip_spaces(hi), &s->hi) || s->lo > s->hi)
		return -EINVAL;
	s->bounded = true;
	return 0;
}

/* "POLICY", or "2:NODE". */
static int neural_parse_numa(const char *value, struct neural_setting *s)
{
	const char policy[] = { value[0], 0 };
	u32 node;

	if (neural_parse_number(policy, NEURAL_NUMA_POLICIES - 1, s))
		return -EINVAL;
	s->node = neural_param_numa_node();
	if (!value[1])
		return 0;
	if (s->number != NEURAL_NUMA_NODE || value[1] != ':' || !isdigit(value[2]) ||
	    kstrtou32(value + 2, 10, &node) || node >= MAX_NUMNODES)
		return -EINVAL;
	s->node = array_index_nospec(node, MAX_NUMNODES);
	return node_state(s->node, N_MEMORY) ? 0 : -EINVAL;
}

static void neural_module_simd(const struct neural_setting *s)
{
	neural_param_set_simd(s->number);
}

static void neural_network_simd(struct neural_network *nn, const struct neural_setting *s)
{
	WRITE_ONCE(nn->simd, s->number);
}

static void neural_module_level(const struct neural_setting *s)
{
	neural_param_set_level(s->level < 0 ? "auto" : neural_simd_level_names[s->level]);
}

static void neural_network_level(struct neural_network *nn, const struct neural_setting *s)
{
	WRITE_ONCE(nn->level, s->level);
}

static void neural_module_timeout(const struct neural_setting *s)
{
	neural_param_set_cache_timeout(s->number);
}

static void neural_network_timeout(struct neural_network *nn,
				   const struct neural_setting *s)
{
	WRITE_ONCE(nn->cache_timeout_ms, s->number);
}

static void neural_network_bypass(struct neural_network *nn, const struct neural_setting *s)
{
	WRITE_ONCE(nn->cache_bypass, s->number);
}

static void neural_module_numa(const struct neural_setting *s)
{
	neural_param_set_numa(s->number, s->node);
}

static void neural_network_numa(struct neural_network *nn, const struct neural_setting *s)
{
	nn->account.policy = s->number;
	nn->account.node = s->node;
}

static void neural_network_profile(struct neural_network *nn,
				   const struct neural_setting *s)
{
	if (s->number && !nn->profiling)
		neural_instance_forget_profile(neural_instance_of(nn));
	WRITE_ONCE(nn->profiling, s->number);
}

static void neural_network_budget(struct neural_network *nn, const struct neural_setting *s)
{
	struct neural_budget budget = nn->guard.budget;

	budget.ns = s->ns;
	neural_guard_set(nn, &budget);
}

static void neural_network_strikes(struct neural_network *nn, const struct neural_setting *s)
{
	struct neural_budget budget = nn->guard.budget;

	budget.strikes = s->number;
	neural_guard_set(nn, &budget);
}

static void neural_network_cooldown(struct neural_network *nn,
				    const struct neural_setting *s)
{
	struct neural_budget budget = nn->guard.budget;

	budget.cooldown_ms = s->number;
	neural_guard_set(nn, &budget);
}

static void neural_network_ranges(struct neural_network *nn, const struct neural_setting *s)
{
	neural_ranges_set_count(nn, s->number);
}

static void neural_network_bounds(struct neural_network *nn, const struct neural_setting *s)
{
	if (s->bounded)
		neural_ranges_set_bounds(nn, s->lo, s->hi);
	else
		neural_ranges_set_file(nn, s->number);
}

static void neural_network_reset(struct neural_network *nn, const struct neural_setting *s)
{
	atomic64_set(&nn->guard.opened, 0);
	neural_stats_reset(nn->counters);
	neural_candidate_forget(nn);
	neural_instance_forget_profile(neural_instance_of(nn));
}

static int neural_candidate_promote(struct neural_network *nn, u32 number)
{
	return neural_network_promote(nn);
}

static int neural_candidate_drop(struct neural_network *nn, u32 number)
{
	return neural_network_drop_candidate(nn);
}

const struct neural_word neural_words[] = {
	{
		.name = "simd",
		.takes = "0 or 1",
		.parse = neural_parse_switch,
		.module = neural_module_simd,
		.network = neural_network_simd,
	}, {
		.name = "simd_level",
		.takes = "auto or the name of a level",
		.parse = neural_parse_level,
		.module = neural_module_level,
		.network = neural_network_level,
	}, {
		.name = "cache_timeout",
		.takes = "milliseconds, up to a day",
		.parse = neural_parse_timeout,
		.module = neural_module_timeout,
		.network = neural_network_timeout,
	}, {
		.name = "cache_entries",
		.takes = "0 to 65536",
		.parse = neural_parse_entries,
		.resize = neural_cache_resize,
	}, {
		.name = "cache_bypass",
		.takes = "0 or 1",
		.parse = neural_parse_switch,
		.network = neural_network_bypass,
	}, {
		.name = "numa_policy",
		.takes = "0, 1, 2, or 2:NODE with a node that has memory",
		.parse = neural_parse_numa,
		.module = neural_module_numa,
		.network = neural_network_numa,
	}, {
		.name = "replicate",
		.takes = "0 or 1",
		.parse = neural_parse_switch,
		.resize = neural_replicate,
	}, {
		.name = "profile",
		.takes = "0 or 1",
		.parse = neural_parse_switch,
		.network = neural_network_profile,
	}, {
		.name = "budget",
		.takes = "nanoseconds, up to an hour, 0 for none",
		.parse = neural_parse_budget,
		.network = neural_network_budget,
	}, {
		.name = "budget_strikes",
		.takes = "1 to 1000000",
		.parse = neural_parse_strikes,
		.network = neural_network_strikes,
	}, {
		.name = "budget_cooldown",
		.takes = "milliseconds, up to a day",
		.parse = neural_parse_cooldown,
		.network = neural_network_cooldown,
	}, {
		.name = "ranges",
		.takes = "0 or 1",
		.parse = neural_parse_switch,
		.network = neural_network_ranges,
	}, {
		.name = "bounds",
		.takes = "off, file, or the smallest and the largest value",
		.parse = neural_parse_bounds,
		.network = neural_network_bounds,
	}, {
		.name = "reset_stats",
		.network = neural_network_reset,
	}, {
		.name = "candidate_share",
		.takes = "0 to 1000",
		.parse = neural_parse_share,
		.candidate = neural_candidate_set_share,
	}, {
		.name = "shadow_every",
		.takes = "1 to 1000000",
		.parse = neural_parse_every,
		.candidate = neural_candidate_set_every,
	}, {
		.name = "promote",
		.candidate = neural_candidate_promote,
	}, {
		.name = "drop",
		.candidate = neural_candidate_drop,
	},
};

const unsigned int neural_nr_words = ARRAY_SIZE(neural_words);
