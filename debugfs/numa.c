// SPDX-License-Identifier: GPL-2.0-only
/* numa: where memory goes, and where it went. */
#include <linux/debugfs.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "../src/network.h"
#include "../src/params.h"
#include "debugfs.h"

const char *neural_debugfs_policy(int policy)
{
	static const char *const names[NEURAL_NUMA_POLICIES] = {
		[NEURAL_NUMA_LOCAL] = "local",
		[NEURAL_NUMA_INTERLEAVE] = "interleave",
		[NEURAL_NUMA_NODE] = "node",
	};

	return names[policy];
}

static void neural_numa_show_pages(struct seq_file *m, const char *what, const u64 *pages)
{
	int node;

	seq_printf(m, "%-32s", what);
	for_each_online_node(node)
		seq_printf(m, " %10llu", pages[node]);
	seq_putc(m, '\n');
}

/* A kind of memory, and for which node it is where there is one for each. */
static void neural_numa_show_row(void *arg, const char *what, int replica, const u64 *pages)
{
	char text[32];

	if (replica < 0)
		scnprintf(text, sizeof(text), "  %s", what);
	else
		scnprintf(text, sizeof(text), "  %s:%d", what, replica);
	neural_numa_show_pages(arg, text, pages);
}

static int neural_numa_show_network(struct seq_file *m, struct neural_network *nn)
{
	u64 *pages = neural_debugfs_nodes(nn);

	if (!pages)
		return -ENOMEM;
	neural_numa_show_pages(m, nn->name, pages);
	kfree(pages);
	return neural_debugfs_walk_nodes(nn, neural_numa_show_row, m);
}

static int neural_numa_show(struct seq_file *m, void *unused)
{
	struct neural_network *nn;
	int node, ret = 0;
	u32 id;

	seq_printf(m, "policy: %s\n", neural_debugfs_policy(neural_param_numa_policy()));
	seq_printf(m, "node: %d\n", neural_param_numa_node());
	seq_printf(m, "replicate: %d\n", neural_param_numa_replicate());
	seq_printf(m, "online: %*pbl\n", nodemask_pr_args(&node_online_map));
	seq_printf(m, "memory: %*pbl\n", nodemask_pr_args(&node_states[N_MEMORY]));
	seq_printf(m, "bytes: %lld\n", atomic64_read(&neural_account_total.now));
	seq_printf(m, "bytes_peak: %lld\n", atomic64_read(&neural_account_total.peak));
	seq_printf(m, "\n%-32s", "pages of network on node");
	for_each_online_node(node)
		seq_printf(m, " %10d", node);
	seq_putc(m, '\n');
	for (id = 0; !ret && (nn = neural_network_next(&id)); id++) {
		ret = neural_numa_show_network(m, nn);
		neural_network_drop(nn);
	}
	return ret;
}
DEFINE_SHOW_ATTRIBUTE(neural_numa);

void neural_debugfs_add_numa(struct dentry *dir)
{
	debugfs_create_file("numa", 0444, dir, NULL, &neural_numa_fops);
}
