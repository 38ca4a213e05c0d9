// SPDX-License-Identifier: GPL-2.0-only
/* Loading, replacing and unloading from user space. */
#include <linux/firmware.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "../load.h"
#include "chardev.h"

static int neural_ioctl_load_new(struct neural_ioc_load *arg, struct iov_iter *from,
				 struct neural_reason *why)
{
	struct neural_network *nn;

	if (!*arg->head.name)
		return -EINVAL;
	nn = neural_load(arg->head.name, from, why);
	if (IS_ERR(nn))
		return PTR_ERR(nn);
	neural_ioctl_name(&arg->head, nn);
	arg->generation = READ_ONCE(nn->generation);
	/* From here on it may be unloaded, and gone. */
	set_bit(NEURAL_NETWORK_LOADED, &nn->state);
	return 0;
}

static int neural_ioctl_load_over(struct neural_ioc_load *arg, struct iov_iter *from,
				  struct neural_reason *why)
{
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret;

	if (!nn)
		return -ENOENT;
	ret = neural_load_replace(nn, from, why);
	arg->generation = READ_ONCE(nn->generation);
	neural_network_drop(nn);
	return ret;
}

static int neural_ioctl_load_from(struct neural_ioc_load *arg, struct iov_iter *from)
{
	struct neural_reason why = { };
	int ret;

	if (arg->head.flags & NEURAL_LOAD_REPLACE)
		ret = neural_ioctl_load_over(arg, from, &why);
	else
		ret = neural_ioctl_load_new(arg, from, &why);
	if (!ret)
		why = (struct neural_reason){ };
	arg->offset = why.offset;
	arg->layer = why.layer;
	arg->unit = why.unit;
	strscpy_pad(arg->rule, why.rule ?: "", sizeof(arg->rule));
	return ret;
}

int neural_ioctl_load(void *p)
{
	struct neural_ioc_load *arg = p;
	struct iov_iter from;

	arg->generation = 0;
	iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(arg->data), arg->bytes);
	return neural_ioctl_load_from(arg, &from);
}

int neural_ioctl_load_firmware(void *p)
{
	struct neural_ioc_load *arg = p;
	const struct firmware *fw;
	struct iov_iter from;
	struct kvec vec;
	int ret;

	arg->generation = 0;
	if (arg->data || arg->bytes)
		return -EINVAL;
	ret = neural_load_firmware(arg->head.name, NULL, &fw);
	if (ret)
		return ret;
	vec = (struct kvec){ .iov_base = (void *)fw->data, .iov_len = fw->size };
	iov_iter_kvec(&from, ITER_SOURCE, &vec, 1, fw->size);
	ret = neural_ioctl_load_from(arg, &from);
	release_firmware(fw);
	return ret;
}

int neural_ioctl_unload(void *p)
{
	struct neural_ioc_unload *arg = p;
	struct neural_network *nn = neural_ioctl_find(&arg->head);
	int ret = 0;

	if (!nn)
		return -ENOENT;
	/* One of those who try gets it. */
	if (test_and_clear_bit(NEURAL_NETWORK_LOADED, &nn->state))
		neural_network_remove(nn);
	else
		ret = -EBUSY;
	neural_network_drop(nn);
	return ret;
}
