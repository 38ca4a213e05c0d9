// SPDX-License-Identifier: GPL-2.0-only
/* cache: how full it is, what it brings and what it costs. */
#include <linux/debugfs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include "../src/cache.h"
#include "../src/network.h"
#include "debugfs.h"

static void neural_cache_show_facts(struct seq_file *m,
				    const struct neural_cache_facts *facts)
{
	seq_printf(m, "entries: %u\n", facts->entries);
	seq_printf(m, "held: %u\n", facts->held);
	seq_printf(m, "used: %u\n", facts->used);
	seq_printf(m, "bypassing_cpus: %u\n", facts->cpus);
	seq_printf(m, "hit_ns: %u\n", facts->costs.hit);
	seq_printf(m, "miss_ns: %u\n", facts->costs.miss);
	seq_printf(m, "insert_ns: %u\n", facts->costs.insert);
	seq_printf(m, "predict_ns: %u\n", facts->costs.predict);
}

static int neural_cache_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;
	struct neural_cache_facts facts = { };
	struct neural_stats stats;
	struct neural_cache *cache;

	mutex_lock(&nn->lock);
	cache = rcu_dereference_protected(nn->cache, lockdep_is_held(&nn->lock));
	if (cache)
		neural_cache_look(cache, &facts);
	mutex_unlock(&nn->lock);
	neural_network_get_stats(nn, &stats);
	neural_cache_show_facts(m, &facts);
	seq_printf(m, "timeout_ms: %u\n", READ_ONCE(nn->cache_timeout_ms));
	seq_printf(m, "bypass: %d\n", READ_ONCE(nn->cache_bypass));
	seq_printf(m, "hits: %llu\n", stats.cache_hits);
	seq_printf(m, "misses: %llu\n", stats.cache_misses);
	seq_printf(m, "bypassed: %llu\n", stats.cache_bypassed);
	seq_printf(m, "evictions: %llu\n", stats.cache_evictions);
	seq_printf(m, "failures: %llu\n", stats.cache_failures);
	seq_printf(m, "shrunk: %llu\n", stats.cache_shrunk);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_cache);

void neural_debugfs_add_cache(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("cache", 0444, dir, nn, &neural_cache_fops);
}
