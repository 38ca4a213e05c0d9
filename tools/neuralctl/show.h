/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURALCTL_SHOW_H
#define _NEURALCTL_SHOW_H

/* neuralctl show of a file, and of a network in the kernel; an enum ctl_exit. */
int show_file(const char *path, bool as_json);
int show_network(const char *name, bool as_json);

#endif /* _NEURALCTL_SHOW_H */
