// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl predict: a network in the kernel. */
#include "device.h"
#include "serve.h"

int cmd_predict(int argc, char **argv)
{
	static const struct option options[] = {
		CTL_SERVE_OPTIONS,
		CTL_OPTIONS_END
	};
	struct ctl_serve serve = { };
	struct device_net device;
	const char *name;
	int option, ret;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		ret = ctl_serve_option(&serve, option);
		if (ret)
			return ret;
	}
	if (optind == argc)
		return ctl_usage("the name of a network is missing");
	name = argv[optind++];
	ret = ctl_serve_words(&serve, argc, argv);
	if (ret)
		return ret;
	ret = device_net_open(&device, name);
	if (ret)
		return ret;
	if (!device.net.in_bytes || !device.net.out_bytes)
		ret = ctl_fail("%s: has no parameters yet", name);
	else
		ret = ctl_serve(&serve, &device.net, 1);
	device_net_close(&device);
	return ret;
}
