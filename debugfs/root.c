// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include "../src/network.h"
#include "debugfs.h"

static struct dentry *neural_debugfs_root;

static int neural_debugfs_add(struct neural_network *nn)
{
	nn->debugfs = neural_debugfs_add_network(neural_debugfs_root, nn);
	/* Where there is no debugfs nobody misses it. */
	return 0;
}

static void neural_debugfs_remove(struct neural_network *nn)
{
	debugfs_remove(nn->debugfs);
	nn->debugfs = NULL;
}

static struct neural_surface neural_debugfs_surface = {
	.add = neural_debugfs_add,
	.remove = neural_debugfs_remove,
};

void neural_debugfs_init(void)
{
	neural_debugfs_root = debugfs_create_dir("neural_network", NULL);
	neural_debugfs_add_config(neural_debugfs_root, NULL);
	neural_debugfs_add_simd(neural_debugfs_root);
	neural_debugfs_add_numa(neural_debugfs_root);
	neural_debugfs_add_limits(neural_debugfs_root);
	neural_surface_register(&neural_debugfs_surface);
}

void neural_debugfs_exit(void)
{
	debugfs_remove(neural_debugfs_root);
}
