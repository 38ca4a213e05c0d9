// SPDX-License-Identifier: GPL-2.0-only
/* candidate: how what may take the place of the parameters in force compares with them. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "../src/network.h"
#include "debugfs.h"

static int neural_candidate_show(struct seq_file *m, void *unused)
{
	struct neural_candidate_stats s;

	if (neural_network_candidate_stats(m->private, &s)) {
		seq_puts(m, "mode: none\n");
		return 0;
	}
	seq_printf(m, "mode: %s\n", s.share ? "share" : "shadow");
	seq_printf(m, "share: %u\n", s.share);
	seq_printf(m, "shadow_every: %u\n", s.every);
	seq_printf(m, "calls: %llu\n", s.calls);
	seq_printf(m, "rows: %llu\n", s.rows);
	seq_printf(m, "equal: %llu\n", s.equal);
	seq_printf(m, "agree: %llu\n", s.agree);
	seq_printf(m, "errors: %llu\n", s.errors);
	seq_printf(m, "most_difference: %llu\n", s.most_difference);
	seq_printf(m, "mean_ns: %llu\n", s.mean_ns);
	seq_printf(m, "answered_calls: %llu\n", s.answered_calls);
	seq_printf(m, "answered: %llu\n", s.answered);
	seq_printf(m, "answered_mean_ns: %llu\n", s.answered_mean_ns);
	seq_printf(m, "answered_max_ns: %llu\n", s.answered_max_ns);
	seq_printf(m, "kept_calls: %llu\n", s.kept_calls);
	seq_printf(m, "kept_mean_ns: %llu\n", s.kept_mean_ns);
	seq_printf(m, "kept_max_ns: %llu\n", s.kept_max_ns);
	seq_printf(m, "macs: %llu\n", s.macs);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_candidate);

void neural_debugfs_add_candidate(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("candidate", 0444, dir, nn, &neural_candidate_fops);
}
