// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../src/ops/node.h"
#include "ctl.h"
#include "device.h"

int device_open(int *fd)
{
	*fd = open(NEURAL_DEVICE, O_RDWR | O_CLOEXEC);
	if (*fd >= 0)
		return CTL_OK;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		return ctl_absent("%s is not there: is the module loaded?",
				  NEURAL_DEVICE);
	return ctl_fail("%s: %s", NEURAL_DEVICE, strerror(errno));
}

int device_head(struct neural_ioc_head *head, size_t size, const char *name)
{
	const size_t length = strlen(name);

	if (!length || length >= sizeof(head->name))
		return ctl_usage("'%s': a name has 1 to %zu characters", name,
				 sizeof(head->name) - 1);
	*head = (struct neural_ioc_head){ .size = size };
	memcpy(head->name, name, length + 1);
	return CTL_OK;
}

int device_failed(const char *name)
{
	switch (errno) {
	case ENOENT:
		return ctl_absent("there is no network '%s'", name);
	case ENODATA:
		return ctl_fail("%s: has no parameters yet", name);
	case ENOTTY:
		return ctl_fail("%s: this module does not know how", name);
	default:
		return ctl_fail("%s: %s", name, strerror(errno));
	}
}

int device_copy(int fd, unsigned long request, const char *name, void **data,
		size_t *bytes)
{
	struct neural_ioc_copy copy = { };
	int ret;

	*data = NULL;
	*bytes = 0;
	ret = device_head(&copy.head, sizeof(copy), name);
	if (ret)
		return ret;
	/* It may have been replaced by a larger one in between. */
	for (;;) {
		if (!ioctl(fd, request, &copy)) {
			if (*data || !copy.bytes)
				break;
		} else if (errno != ENOSPC) {
			free(*data);
			*data = NULL;
			return device_failed(name);
		}
		free(*data);
		*data = malloc(copy.bytes);
		if (!*data)
			return ctl_fail("out of memory");
		copy.data = (uintptr_t)*data;
	}
	*bytes = copy.bytes;
	return CTL_OK;
}

static int run(struct ctl_net *net, const void *in, void *out, u32 rows)
{
	struct device_net *device = container_of(net, struct device_net, net);
	struct neural_ioc_predict predict = {
		.in = (uintptr_t)in,
		.out = (uintptr_t)out,
		.in_bytes = net->in_bytes * rows,
		.out_bytes = net->out_bytes * rows,
		.rows = rows,
	};
	const int ret = device_head(&predict.head, sizeof(predict), device->name);

	if (ret)
		return ret;
	return ioctl(device->fd, NEURAL_IOC_PREDICT, &predict) ?
		device_failed(device->name) : CTL_OK;
}

static int tensor(struct device_net *device, u32 flags, u32 i, struct ctl_tensor *to,
		  char *name)
{
	struct neural_ioc_tensor t = { .index = i };
	u32 d;
	int ret;

	ret = device_head(&t.head, sizeof(t), device->name);
	if (ret)
		return ret;
	t.head.flags = flags;
	if (ioctl(device->fd, NEURAL_IOC_TENSOR, &t))
		return device_failed(device->name);
	*to = (struct ctl_tensor){
		.name = name,
		.dtype = t.dtype,
		.rank = t.rank,
		.elements = 1,
		.bytes = neural_dtype_bits(t.dtype) / 8,
		.at = t.offset,
		.zero_point = t.zero_point,
		.frac = t.frac,
	};
	memcpy(to->dim, t.dim, sizeof(to->dim));
	memcpy(&to->scale, &t.scale, sizeof(to->scale));
	memcpy(name, t.tensor, NEURAL_TEXT_LEN);
	name[NEURAL_TEXT_LEN - 1] = '\0';
	/* A newer module may know types that we do not. */
	if (t.rank > NEURAL_MODEL_RANK || t.dtype < NEURAL_S8 || t.dtype > NEURAL_S64)
		return ctl_fail("%s: has tensors this program does not know",
				device->name);
	for (d = 0; d < t.rank; d++)
		to->elements *= t.dim[d];
	return CTL_OK;
}

static int tensors(struct device_net *device)
{
	struct ctl_net *net = &device->net;
	u32 i;
	int ret = CTL_OK;

	if (net->nr_inputs > NEURAL_MODEL_MAX_INPUTS ||
	    net->nr_outputs > NEURAL_MODEL_MAX_INPUTS)
		return ctl_fail("%s: has more inputs or outputs than this program knows",
				device->name);
	for (i = 0; !ret && i < net->nr_inputs; i++)
		ret = tensor(device, 0, i, &net->in[i], device->in_names[i]);
	for (i = 0; !ret && i < net->nr_outputs; i++)
		ret = tensor(device, NEURAL_TENSOR_OUTPUT, i, &net->out[i],
			     device->out_names[i]);
	return ret;
}

static int labels(struct device_net *device)
{
	struct ctl_net *net = &device->net;
	const char *at;
	void *data;
	size_t bytes;
	int ret;

	if (!device->info.nr_labels)
		return CTL_OK;
	ret = device_copy(device->fd, NEURAL_IOC_LABELS, device->name, &data, &bytes);
	if (ret || !data)
		return ret;
	/* Count them anew: they may be those of a set of parameters after the info. */
	net->labels = data;
	for (at = net->labels; (at = memchr(at, '\0', net->labels + bytes - at)); at++)
		net->nr_labels++;
	return CTL_OK;
}

int device_net_open(struct device_net *device, const char *name)
{
	int ret;

	*device = (struct device_net){ .name = name };
	ret = device_head(&device->info.head, sizeof(device->info), name);
	if (ret)
		return ret;
	ret = device_open(&device->fd);
	if (ret)
		return ret;
	if (ioctl(device->fd, NEURAL_IOC_INFO, &device->info))
		ret = device_failed(name);
	device->info.description[NEURAL_TEXT_LEN - 1] = '\0';
	device->net.nr_inputs = device->info.nr_inputs;
	device->net.nr_outputs = device->info.nr_outputs;
	device->net.in_bytes = device->info.in_bytes;
	device->net.out_bytes = device->info.out_bytes;
	device->net.run = run;
	if (!ret)
		ret = tensors(device);
	if (!ret)
		ret = labels(device);
	if (ret)
		device_net_close(device);
	return ret;
}

void device_net_close(struct device_net *device)
{
	free((void *)device->net.labels);
	device->net.labels = NULL;
	close(device->fd);
}

const char *device_state(const struct neural_ioc_info *info)
{
	if (!(info->state & NEURAL_STATE_READY))
		return "empty";
	if (info->state & NEURAL_STATE_LOADED)
		return "loaded";
	return info->state & NEURAL_STATE_MODEL ? "model" : "layers";
}

const char *device_breaker(u32 state)
{
	static const char *const names[] = {
		[NEURAL_BREAKER_CLOSED] = "closed",
		[NEURAL_BREAKER_OPEN] = "open",
		[NEURAL_BREAKER_HALF_OPEN] = "half_open",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "unknown";
}
