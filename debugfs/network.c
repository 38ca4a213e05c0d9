// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include "../src/network.h"
#include "debugfs.h"

/* By id: a name may be taken anew while somebody is inside the old directory. */
struct dentry *neural_debugfs_add_network(struct dentry *root, struct neural_network *nn)
{
	char name[NEURAL_NAME_LEN];
	struct dentry *dir;

	snprintf(name, sizeof(name), "network_%u", nn->id);
	dir = debugfs_create_dir(name, root);
	neural_debugfs_add_stats(dir, nn);
	neural_debugfs_add_config(dir, nn);
	neural_debugfs_add_layers(dir, nn);
	neural_debugfs_add_plan(dir, nn);
	neural_debugfs_add_cache(dir, nn);
	neural_debugfs_add_candidate(dir, nn);
	return dir;
}
