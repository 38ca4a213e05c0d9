/* SPDX-License-Identifier: GPL-2.0-only */
/* The module, by way of /dev/neural. */
#ifndef _NEURALCTL_DEVICE_H
#define _NEURALCTL_DEVICE_H

#include <uapi/linux/neural.h>

#include "net.h"

/**
 * struct device_net - a network in the kernel
 * @net: its inputs and outputs, and a way to run it
 * @fd: of the device
 * @name: of it
 * @info: of it
 * @in_names: of its inputs, which @net points to
 * @out_names: of its outputs
 */
struct device_net {
	struct ctl_net net;
	int fd;
	const char *name;
	struct neural_ioc_info info;
	char in_names[NEURAL_MODEL_MAX_INPUTS][NEURAL_TEXT_LEN];
	char out_names[NEURAL_MODEL_MAX_INPUTS][NEURAL_TEXT_LEN];
};

/* An enum ctl_exit each, with a word said where not CTL_OK. */
int device_open(int *fd);

/* The head of an ioctl's structure.  CTL_USAGE for what cannot be a name. */
int device_head(struct neural_ioc_head *head, size_t size, const char *name);

/* After an ioctl on @name that failed: what became of it, from errno. */
int device_failed(const char *name);

/*
 * Bytes of NEURAL_IOC_SAVE or NEURAL_IOC_LABELS, to be freed; *@data is NULL where
 * there are none.
 */
int device_copy(int fd, unsigned long request, const char *name, void **data,
		size_t *bytes);

/* Everything there is to know of @name. */
int device_net_open(struct device_net *net, const char *name);
void device_net_close(struct device_net *net);

/* "empty", "loaded" by way of the device, a driver's "model", or its "layers". */
const char *device_state(const struct neural_ioc_info *info);

/* "closed", "open" or "half_open". */
const char *device_breaker(u32 state);

#endif /* _NEURALCTL_DEVICE_H */
