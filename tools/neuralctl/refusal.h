/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a model file was refused, in words. */
#ifndef _NEURALCTL_REFUSAL_H
#define _NEURALCTL_REFUSAL_H

/*
 * Is byte @offset of @file in its list of nodes?  Only then does a reason have a node.
 * Nothing is known of the file.
 */
bool ctl_in_nodes(const void *file, size_t bytes, u64 offset);

/* Say that @file, which is called @path, was refused.  CTL_FAILED. */
int ctl_refused(const char *path, const void *file, size_t bytes, const char *rule,
		u32 node, u64 offset);

#endif /* _NEURALCTL_REFUSAL_H */
