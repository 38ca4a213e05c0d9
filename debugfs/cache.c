// SPDX-License-Identifier: GPL-2.0-only
/* cache: how full it is and what it brings. */
#include <linux/debugfs.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include "../src/cache.h"
#include "../src/network.h"
#include "debugfs.h"

static int neural_cache_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn = m->private;
	u32 entries = 0, used = 0;
	struct neural_stats stats;
	struct neural_cache *cache;

	rcu_read_lock();
	cache = rcu_dereference(nn->cache);
	if (cache) {
		entries = neural_cache_entries(cache);
		used = neural_cache_used(cache);
	}
	rcu_read_unlock();
	neural_network_get_stats(nn, &stats);
	seq_printf(m, "entries: %u\n", entries);
	seq_printf(m, "used: %u\n", used);
	seq_printf(m, "timeout_ms: %u\n", READ_ONCE(nn->cache_timeout_ms));
	seq_printf(m, "hits: %llu\n", stats.cache_hits);
	seq_printf(m, "misses: %llu\n", stats.cache_misses);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_cache);

void neural_debugfs_add_cache(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("cache", 0444, dir, nn, &neural_cache_fops);
}
