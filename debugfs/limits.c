// SPDX-License-Identifier: GPL-2.0-only
/* limits: what all networks together are, and may be. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "../src/limits.h"
#include "../src/params.h"
#include "debugfs.h"

static void neural_limits_show_one(struct seq_file *m, const char *what,
				   enum neural_limit which)
{
	const u64 most = neural_param_limit(which);

	seq_printf(m, "%s: %llu/", what, neural_limits_used(which));
	if (most)
		seq_printf(m, "%llu\n", most);
	else
		seq_puts(m, "none\n");
}

static int neural_limits_show(struct seq_file *m, void *unused)
{
	neural_limits_show_one(m, "networks", NEURAL_LIMIT_NETWORKS);
	neural_limits_show_one(m, "bytes", NEURAL_LIMIT_BYTES);
	neural_limits_show_one(m, "macs", NEURAL_LIMIT_MACS);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_limits);

void neural_debugfs_add_limits(struct dentry *dir)
{
	debugfs_create_file("limits", 0444, dir, NULL, &neural_limits_fops);
}
