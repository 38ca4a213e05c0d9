// SPDX-License-Identifier: GPL-2.0-only
/* simd: what this CPU runs, and which kernels that comes to. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "../src/params.h"
#include "../simd/dispatch.h"
#include "debugfs.h"

static void neural_simd_show_kernel(struct seq_file *m, const struct neural_kernel *kernel,
				    enum neural_simd_level level)
{
	const bool supported = neural_simd_has(kernel->level);

	seq_printf(m, "%-28s %-10s %-9s %s\n", kernel->name,
		   neural_simd_level_names[kernel->level], supported ? "yes" : "no",
		   neural_simd_selected(kernel, level) ? "yes" : "no");
}

static int neural_simd_show(struct seq_file *m, void *unused)
{
	const enum neural_simd_level level = neural_simd_get_level();
	char levels[128];
	unsigned int i;

	neural_param_format_levels(levels, sizeof(levels));
	seq_printf(m, "enabled: %d\n", neural_param_enable_simd());
	seq_printf(m, "level: %s\n", neural_simd_level_names[level]);
	seq_printf(m, "levels: %s", levels);
	seq_printf(m, "threshold: %u\n", NEURAL_SIMD_THRESHOLD);
	seq_printf(m, "threshold_open: %u\n", NEURAL_SIMD_THRESHOLD_OPEN);
	seq_printf(m, "section_macs: %u\n", NEURAL_SECTION_MACS);
	seq_printf(m, "section_limit: %u\n", NEURAL_SECTION_LIMIT);
	seq_printf(m, "\n%-28s %-10s %-9s %s\n", "kernel", "level", "supported", "selected");
	for (i = 0; i < neural_nr_kernels; i++)
		neural_simd_show_kernel(m, &neural_kernels[i], level);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(neural_simd);

void neural_debugfs_add_simd(struct dentry *dir)
{
	debugfs_create_file("simd", 0444, dir, NULL, &neural_simd_fops);
}
