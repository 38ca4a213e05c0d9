/* SPDX-License-Identifier: GPL-2.0-only */
/* A whole file, in memory. */
#ifndef _NEURALCTL_INPUT_H
#define _NEURALCTL_INPUT_H

/*
 * *@data is to be freed, whatever comes of it.  An enum ctl_exit, with a word said where not
 * CTL_OK.
 */
int ctl_read_file(const char *path, void **data, u64 *bytes);

#endif /* _NEURALCTL_INPUT_H */
