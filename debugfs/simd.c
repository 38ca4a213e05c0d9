// SPDX-License-Identifier: GPL-2.0-only
/* simd: what this CPU runs, which kernels that comes to, and how fast they are. */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include "../src/params.h"
#include "../simd/dispatch.h"
#include "../simd/work.h"
#include "debugfs.h"

/* Longer than the one word that means something. */
#define NEURAL_SIMD_WORD	16

/* Generic rows come first in the table, so the family's has been measured before. */
static u32 neural_simd_generic_ns(enum neural_kernel_family family)
{
	unsigned int i;

	for (i = 0; i < neural_nr_kernels; i++)
		if (neural_kernels[i].family == family &&
		    neural_kernels[i].level == NEURAL_SIMD_generic)
			return neural_debugfs_measured(i);
	return 0;
}

/* @a / @b with two decimals. */
static void neural_simd_show_ratio(struct seq_file *m, int width, u64 a, u32 b)
{
	const u64 hundredths = div_u64(a * 100 + b / 2, b);
	u32 rest;
	const u64 whole = div_u64_rem(hundredths, 100, &rest);

	seq_printf(m, " %*llu.%02u", width - 3, whole, rest);
}

static void neural_simd_show_speed(struct seq_file *m, unsigned int i)
{
	const struct neural_work *work = &neural_work[neural_kernels[i].family];
	const u32 ns = neural_debugfs_measured(i);

	seq_printf(m, " %-12s %-8s", work->shape, work->unit);
	if (!ns) {
		seq_printf(m, " %8s %8s %8s\n", "-", "-", "-");
		return;
	}
	seq_printf(m, " %8u", ns);
	neural_simd_show_ratio(m, 8, work->units, ns);
	neural_simd_show_ratio(m, 8, neural_simd_generic_ns(neural_kernels[i].family), ns);
	seq_putc(m, '\n');
}

static void neural_simd_show_kernel(struct seq_file *m, unsigned int i,
				    enum neural_simd_level level)
{
	const struct neural_kernel *kernel = &neural_kernels[i];
	const bool supported = neural_simd_has(kernel->level);

	seq_printf(m, "%-28s %-10s %-9s %-8s", kernel->name,
		   neural_simd_level_names[kernel->level], supported ? "yes" : "no",
		   neural_simd_selected(kernel, level) ? "yes" : "no");
	neural_simd_show_speed(m, i);
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
	seq_printf(m, "section_macs: %u\n", neural_param_section_macs());
	seq_printf(m, "section_limit: %u\n", NEURAL_SECTION_LIMIT);
	seq_printf(m, "\n%-28s %-10s %-9s %-8s %-12s %-8s %8s %8s %8s\n", "kernel", "level",
		   "supported", "selected", "work", "unit", "ns", "per_ns", "speedup");
	for (i = 0; i < neural_nr_kernels; i++)
		neural_simd_show_kernel(m, i, level);
	return 0;
}

static int neural_simd_open(struct inode *inode, struct file *file)
{
	return single_open(file, neural_simd_show, NULL);
}

static ssize_t neural_simd_write(struct file *file, const char __user *from, size_t count,
				 loff_t *pos)
{
	char word[NEURAL_SIMD_WORD];
	int ret;

	if (count >= sizeof(word)) {
		pr_err("neural: simd: the only word is measure\n");
		return -EINVAL;
	}
	if (copy_from_user(word, from, count))
		return -EFAULT;
	word[count] = 0;
	if (strlen(word) != count || !sysfs_streq(word, "measure")) {
		pr_err("neural: simd: the only word is measure\n");
		return -EINVAL;
	}
	ret = neural_debugfs_measure();
	return ret ?: count;
}

static const struct file_operations neural_simd_fops = {
	.owner = THIS_MODULE,
	.open = neural_simd_open,
	.read = seq_read,
	.write = neural_simd_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void neural_debugfs_add_simd(struct dentry *dir)
{
	debugfs_create_file("simd", 0600, dir, NULL, &neural_simd_fops);
}
