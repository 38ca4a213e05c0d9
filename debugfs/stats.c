// SPDX-License-Identifier: GPL-2.0-only
/* stats: everything that is counted. */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "../src/config.h"
#include "debugfs.h"

static void neural_stats_show_counts(struct seq_file *m, const struct neural_stats *s)
{
	const u64 lookups = s->cache_hits + s->cache_misses;
	u32 part = 0, rate = 0;

	/* Hundredths of a percent. */
	if (lookups)
		rate = div_u64_rem(div64_u64(s->cache_hits * 10000, lookups), 100, &part);
	seq_printf(m, "predictions: %llu\n", s->predictions);
	seq_printf(m, "errors: %llu\n", s->errors);
	seq_printf(m, "cache_hits: %llu\n", s->cache_hits);
	seq_printf(m, "cache_misses: %llu\n", s->cache_misses);
	seq_printf(m, "cache_hit_percent: %u.%02u\n", rate, part);
	seq_printf(m, "cache_bypassed: %llu\n", s->cache_bypassed);
	seq_printf(m, "cache_evictions: %llu\n", s->cache_evictions);
	seq_printf(m, "cache_failures: %llu\n", s->cache_failures);
	seq_printf(m, "cache_shrunk: %llu\n", s->cache_shrunk);
	seq_printf(m, "simd_steps: %llu\n", s->simd_steps);
	seq_printf(m, "fallback_steps: %llu\n", s->fallback_steps);
}

static void neural_stats_show_guards(struct seq_file *m, const struct neural_stats *s)
{
	seq_printf(m, "over_budget: %llu\n", s->over_budget);
	seq_printf(m, "refused: %llu\n", s->refused);
	seq_printf(m, "breaker: %s\n", neural_guard_state_name(s->breaker));
	seq_printf(m, "breaker_opened: %llu\n", s->breaker_opened);
	seq_printf(m, "out_of_range: %llu\n", s->out_of_range);
	seq_printf(m, "out_of_range_most: %llu\n", s->out_of_range_most);
	seq_printf(m, "out_of_bounds: %llu\n", s->out_of_bounds);
}

static void neural_stats_show_latency(struct seq_file *m, const struct neural_stats *s)
{
	seq_printf(m, "latency_mean_ns: %llu\n", s->mean_ns);
	seq_printf(m, "latency_min_ns: %llu\n", s->min_ns);
	seq_printf(m, "latency_p50_ns: %llu\n", s->p50_ns);
	seq_printf(m, "latency_p90_ns: %llu\n", s->p90_ns);
	seq_printf(m, "latency_p95_ns: %llu\n", s->p95_ns);
	seq_printf(m, "latency_p99_ns: %llu\n", s->p99_ns);
	seq_printf(m, "latency_max_ns: %llu\n", s->max_ns);
	seq_printf(m, "section_max_ns: %llu\n", s->section_max_ns);
	seq_printf(m, "preempt_off_max_ns: %llu\n", s->preempt_off_max_ns);
}

static int neural_stats_show_memory(struct seq_file *m, struct neural_network *nn,
				    const struct neural_stats *s)
{
	u64 *pages = neural_debugfs_nodes(nn);
	int node;

	if (!pages)
		return -ENOMEM;
	seq_printf(m, "bytes: %llu\n", s->bytes);
	seq_printf(m, "bytes_peak: %llu\n", s->bytes_peak);
	mutex_lock(&nn->lock);
	seq_printf(m, "numa_policy: %s\n", neural_debugfs_policy(nn->account.policy));
	mutex_unlock(&nn->lock);
	for_each_online_node(node)
		seq_printf(m, "pages_node%d: %llu\n", node, pages[node]);
	kfree(pages);
	return 0;
}

static int neural_stats_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;
	struct neural_stats stats;

	neural_network_get_stats(nn, &stats);
	seq_printf(m, "name: %s\n", nn->name);
	seq_printf(m, "id: %u\n", nn->id);
	seq_printf(m, "simd_level: %s\n", neural_config_level(nn));
	neural_stats_show_counts(m, &stats);
	neural_stats_show_latency(m, &stats);
	neural_stats_show_guards(m, &stats);
	return neural_stats_show_memory(m, nn, &stats);
}
DEFINE_SHOW_ATTRIBUTE(neural_stats);

void neural_debugfs_add_stats(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("stats", 0444, dir, nn, &neural_stats_fops);
}
