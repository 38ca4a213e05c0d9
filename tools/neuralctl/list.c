// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl list: the networks in the kernel. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl.h"
#include "device.h"
#include "json.h"

static void line(const struct neural_ioc_info *info)
{
	printf("%-31s %4u  %-6s %10llu %8llu %8llu %12llu\n", info->head.name,
	       info->head.id, device_state(info), (unsigned long long)info->generation,
	       (unsigned long long)info->in_bytes, (unsigned long long)info->out_bytes,
	       (unsigned long long)info->memory_bytes);
}

static void entry(struct json *json, const struct neural_ioc_info *info)
{
	json_open(json, NULL, '{');
	json_string(json, "name", info->head.name);
	json_unsigned(json, "id", info->head.id);
	json_string(json, "state", device_state(info));
	json_unsigned(json, "generation", info->generation);
	json_unsigned(json, "in_bytes", info->in_bytes);
	json_unsigned(json, "out_bytes", info->out_bytes);
	json_unsigned(json, "memory_bytes", info->memory_bytes);
	json_close(json);
}

static int list(int fd, bool as_json)
{
	struct json json = { .to = stdout };
	u32 id = 0;

	if (as_json) {
		json_open(&json, NULL, '{');
		json_open(&json, "networks", '[');
	} else {
		printf("%-31s %4s  %-6s %10s %8s %8s %12s\n", "name", "id", "state",
		       "generation", "in", "out", "bytes");
	}
	for (;;) {
		struct neural_ioc_info info = {
			.head.size = sizeof(info),
			.head.flags = NEURAL_INFO_NEXT,
			.head.id = id,
		};

		if (ioctl(fd, NEURAL_IOC_INFO, &info)) {
			if (errno != ENOENT)
				return ctl_fail("%s: %s", NEURAL_DEVICE, strerror(errno));
			break;
		}
		if (as_json)
			entry(&json, &info);
		else
			line(&info);
		id = info.head.id + 1;
		if (!id)
			break;
	}
	if (as_json) {
		json_close(&json);
		json_close(&json);
	}
	return ctl_flush();
}

int cmd_list(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		CTL_OPTIONS_END
	};
	bool json = false;
	int option, fd, ret;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		if (option != 'j')
			return CTL_USAGE;
		json = true;
	}
	if (optind < argc)
		return ctl_usage("'%s' is one word too many", argv[optind]);
	ret = device_open(&fd);
	if (ret)
		return ret;
	ret = list(fd, json);
	close(fd);
	return ret;
}
