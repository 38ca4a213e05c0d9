/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/neural: see <uapi/linux/neural.h>. */
#ifndef _NEURAL_SURFACE_CHARDEV_H
#define _NEURAL_SURFACE_CHARDEV_H

#include <linux/types.h>
#include <uapi/linux/neural.h>

struct neural_network;
struct neural_reason;

int neural_chardev_init(void);
void neural_chardev_exit(void);

/**
 * struct neural_ioctl - one ioctl
 * @bytes: of its structure, as this module knows it
 * @least: of its structure, as the first version of it had it
 * @flags: that are known
 * @admin: takes CAP_SYS_ADMIN
 * @run: do it, on a copy of the caller's structure that is written back whatever comes
 *	of it; returns 0 or a negative errno
 */
struct neural_ioctl {
	u32 bytes;
	u32 least;
	u32 flags;
	bool admin;
	int (*run)(void *arg);
};

int neural_ioctl_load(void *arg);
int neural_ioctl_load_firmware(void *arg);
int neural_ioctl_unload(void *arg);
int neural_ioctl_info(void *arg);
int neural_ioctl_tensor(void *arg);
int neural_ioctl_labels(void *arg);
int neural_ioctl_predict(void *arg);
int neural_ioctl_save(void *arg);
int neural_ioctl_stats(void *arg);
int neural_ioctl_candidate(void *arg);
int neural_ioctl_promote(void *arg);
int neural_ioctl_drop(void *arg);
int neural_ioctl_candidate_stats(void *arg);

/*
 * The network @head names, with a reference, and its id and name in @head; NULL if there
 * is none.
 */
struct neural_network *neural_ioctl_find(struct neural_ioc_head *head);

/* Which network @head is about, for the caller. */
void neural_ioctl_name(struct neural_ioc_head *head, const struct neural_network *nn);

/* @bytes bytes to where @arg->data says, as struct neural_ioc_copy has it. */
int neural_ioctl_copy(struct neural_ioc_copy *arg, const void *from, size_t bytes);

#endif /* _NEURAL_SURFACE_CHARDEV_H */
