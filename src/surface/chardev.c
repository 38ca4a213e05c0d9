// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device, and what all its ioctls have in common: the structure is copied in as long
 * as both sides know it, checked, and copied out again.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "../network.h"
#include "chardev.h"

/* The longest structure anybody may come with. */
#define NEURAL_IOCTL_MOST	4096

/* Any of them. */
union neural_ioctl_arg {
	struct neural_ioc_head head;
	struct neural_ioc_load load;
	struct neural_ioc_unload unload;
	struct neural_ioc_info info;
	struct neural_ioc_tensor tensor;
	struct neural_ioc_copy copy;
	struct neural_ioc_predict predict;
	struct neural_ioc_stats stats;
	struct neural_ioc_candidate candidate;
	struct neural_ioc_promote promote;
	struct neural_ioc_drop drop;
	struct neural_ioc_candidate_stats candidate_stats;
};

/* @_last: what was last in the first version of the structure. */
#define NEURAL_IOCTL(_name, _arg, _last, _run, _flags, _admin)		\
	[_IOC_NR(NEURAL_IOC_##_name)] = {				\
		.bytes = sizeof(struct neural_ioc_##_arg),		\
		.least = offsetofend(struct neural_ioc_##_arg, _last),	\
		.flags = _flags,					\
		.admin = _admin,					\
		.run = neural_ioctl_##_run,				\
	}

static const struct neural_ioctl neural_ioctls[] = {
	NEURAL_IOCTL(LOAD, load, rule, load, NEURAL_LOAD_REPLACE, true),
	NEURAL_IOCTL(LOAD_FIRMWARE, load, rule, load_firmware, NEURAL_LOAD_REPLACE, true),
	NEURAL_IOCTL(UNLOAD, unload, head, unload, 0, true),
	NEURAL_IOCTL(INFO, info, description, info, NEURAL_INFO_NEXT, false),
	NEURAL_IOCTL(TENSOR, tensor, tensor, tensor, NEURAL_TENSOR_OUTPUT, false),
	NEURAL_IOCTL(LABELS, copy, bytes, labels, 0, false),
	NEURAL_IOCTL(PREDICT, predict, done, predict, 0, false),
	NEURAL_IOCTL(SAVE, copy, bytes, save, 0, false),
	NEURAL_IOCTL(STATS, stats, bytes_peak, stats, 0, false),
	NEURAL_IOCTL(CANDIDATE, candidate, rule, candidate, 0, true),
	NEURAL_IOCTL(PROMOTE, promote, generation, promote, 0, true),
	NEURAL_IOCTL(DROP, drop, head, drop, 0, true),
	NEURAL_IOCTL(CANDIDATE_STATS, candidate_stats, macs, candidate_stats, 0, false),
};

static const struct neural_ioctl *neural_ioctl_row(unsigned int cmd)
{
	unsigned int nr = _IOC_NR(cmd);

	if (nr >= ARRAY_SIZE(neural_ioctls) || cmd != _IO(NEURAL_IOC_TYPE, nr))
		return NULL;
	return &neural_ioctls[array_index_nospec(nr, ARRAY_SIZE(neural_ioctls))];
}

static int neural_ioctl_check(const struct neural_ioctl *ioctl,
			      const struct neural_ioc_head *head)
{
	if (head->flags & ~ioctl->flags || head->reserved)
		return -EINVAL;
	return strnlen(head->name, sizeof(head->name)) < sizeof(head->name) ? 0 : -EINVAL;
}

static long neural_ioctl_run(const struct neural_ioctl *ioctl, void __user *from)
{
	union neural_ioctl_arg arg;
	u32 size;
	int ret;

	if (get_user(size, (u32 __user *)from))
		return -EFAULT;
	if (size < ioctl->least)
		return -EINVAL;
	if (size > NEURAL_IOCTL_MOST)
		return -E2BIG;
	ret = copy_struct_from_user(&arg, ioctl->bytes, from, size);
	if (ret)
		return ret;
	/* It may have changed in between. */
	arg.head.size = size;
	ret = neural_ioctl_check(ioctl, &arg.head);
	if (ret)
		return ret;
	ret = ioctl->run(&arg);
	if (copy_to_user(from, &arg, min(size, ioctl->bytes)))
		return ret ?: -EFAULT;
	return ret;
}

static long neural_chardev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct neural_ioctl *ioctl = neural_ioctl_row(cmd);

	if (!ioctl)
		return -ENOTTY;
	if (ioctl->admin && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return neural_ioctl_run(ioctl, (void __user *)arg);
}

static int neural_chardev_open(struct inode *inode, struct file *file)
{
	return nonseekable_open(inode, file);
}

static const struct file_operations neural_chardev_fops = {
	.owner = THIS_MODULE,
	.open = neural_chardev_open,
	.unlocked_ioctl = neural_chardev_ioctl,
	/* The structures are the same on both sides. */
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice neural_chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "neural",
	.fops = &neural_chardev_fops,
	.mode = 0600,
};

int neural_chardev_init(void)
{
	return misc_register(&neural_chardev);
}

void neural_chardev_exit(void)
{
	misc_deregister(&neural_chardev);
}

void neural_ioctl_name(struct neural_ioc_head *head, const struct neural_network *nn)
{
	head->id = nn->id;
	strscpy_pad(head->name, nn->name, sizeof(head->name));
}

struct neural_network *neural_ioctl_find(struct neural_ioc_head *head)
{
	struct neural_network *nn;
	u32 id = head->id;

	if (*head->name) {
		nn = neural_network_find(head->name);
	} else {
		nn = neural_network_next(&id);
		if (nn && id != head->id) {
			neural_network_drop(nn);
			nn = NULL;
		}
	}
	if (nn)
		neural_ioctl_name(head, nn);
	return nn;
}
