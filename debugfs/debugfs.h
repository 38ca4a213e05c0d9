/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /sys/kernel/debug/neural_network: to look and to tune.  Nothing needs it, so
 * nothing here fails; see Documentation/tuning.rst for the files.
 */
#ifndef _NEURAL_DEBUGFS_H
#define _NEURAL_DEBUGFS_H

#include <linux/numa.h>
#include <linux/types.h>

struct dentry;
struct neural_network;
struct seq_file;

void neural_debugfs_init(void);
void neural_debugfs_exit(void);

/* A network's directory in @root. */
struct dentry *neural_debugfs_add_network(struct dentry *root, struct neural_network *nn);

/* Files of a network, and of the root where @nn may be NULL. */
void neural_debugfs_add_config(struct dentry *dir, struct neural_network *nn);
void neural_debugfs_add_stats(struct dentry *dir, struct neural_network *nn);
void neural_debugfs_add_layers(struct dentry *dir, struct neural_network *nn);
void neural_debugfs_add_plan(struct dentry *dir, struct neural_network *nn);
void neural_debugfs_add_cache(struct dentry *dir, struct neural_network *nn);
void neural_debugfs_add_candidate(struct dentry *dir, struct neural_network *nn);

/* "layers" where they are nodes of a model.  Under the lock of @nn. */
void neural_debugfs_show_model(struct seq_file *m, const struct neural_network *nn);

/* Files of the root. */
void neural_debugfs_add_simd(struct dentry *dir);
void neural_debugfs_add_numa(struct dentry *dir);
void neural_debugfs_add_limits(struct dentry *dir);

/*
 * Call @row for each kind of memory of @nn, with its pages by node; @replica is the node
 * a copy of the weights is for, or negative.  Holds the lock of @nn.  0 or -ENOMEM.
 */
int neural_debugfs_walk_nodes(struct neural_network *nn,
			      void (*row)(void *arg, const char *what, int replica,
					  const u64 *pages),
			      void *arg);

/*
 * Measure all kernels this CPU runs, each on the standard work of its family; process
 * context, bounded.  0, -EINTR or -ENOMEM.
 */
int neural_debugfs_measure(void);

/* Nanoseconds of a call of kernel @i of the table; 0 while it has not been measured. */
u32 neural_debugfs_measured(unsigned int i);

/* Pages of a network by node, from kcalloc(); NULL without memory.  May sleep. */
u64 *neural_debugfs_nodes(struct neural_network *nn);
const char *neural_debugfs_policy(int policy);

#endif /* _NEURAL_DEBUGFS_H */
