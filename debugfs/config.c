// SPDX-License-Identifier: GPL-2.0-only
/* config: reads as lines it would take. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include "../src/config.h"
#include "debugfs.h"

/* Longer than any line that means something. */
#define NEURAL_CONFIG_LINE	64

static int neural_config_show(struct seq_file *m, void *unused)
{
	char buf[512];

	neural_config_format(m->private, buf, sizeof(buf));
	seq_puts(m, buf);
	return 0;
}

static int neural_config_open(struct inode *inode, struct file *file)
{
	return single_open(file, neural_config_show, inode->i_private);
}

static ssize_t neural_config_write(struct file *file, const char __user *from,
				   size_t count, loff_t *pos)
{
	struct neural_network *nn = file_inode(file)->i_private;
	char line[NEURAL_CONFIG_LINE];
	int ret;

	if (count >= sizeof(line)) {
		pr_err("neural: config: a line has fewer than %zu bytes\n", sizeof(line));
		return -EINVAL;
	}
	if (copy_from_user(line, from, count))
		return -EFAULT;
	line[count] = 0;
	if (strlen(line) != count) {
		pr_err("neural: config: a line has no NUL in it\n");
		return -EINVAL;
	}
	ret = neural_config_apply(nn, line);
	return ret ?: count;
}

static const struct file_operations neural_config_fops = {
	.owner = THIS_MODULE,
	.open = neural_config_open,
	.read = seq_read,
	.write = neural_config_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void neural_debugfs_add_config(struct dentry *dir, struct neural_network *nn)
{
	debugfs_create_file("config", 0600, dir, nn, &neural_config_fops);
}
