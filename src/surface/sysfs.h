/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/class/neural: the stable view, see Documentation/ABI. */
#ifndef _NEURAL_SURFACE_SYSFS_H
#define _NEURAL_SURFACE_SYSFS_H

struct attribute_group;

/* Attributes of the latency budget. */
extern const struct attribute_group neural_sysfs_guard;

int neural_sysfs_init(void);
void neural_sysfs_exit(void);

#endif /* _NEURAL_SURFACE_SYSFS_H */
