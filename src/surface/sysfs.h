/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/class/neural: the stable view, see Documentation/ABI. */
#ifndef _NEURAL_SURFACE_SYSFS_H
#define _NEURAL_SURFACE_SYSFS_H

int neural_sysfs_init(void);
void neural_sysfs_exit(void);

#endif /* _NEURAL_SURFACE_SYSFS_H */
