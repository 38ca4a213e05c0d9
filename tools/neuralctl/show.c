// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl show: what is in a model file, or in the kernel under a name. */
#include "ctl.h"
#include "show.h"

int cmd_show(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		CTL_OPTIONS_END
	};
	bool json = false;
	int option, ret;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		if (option != 'j')
			return CTL_USAGE;
		json = true;
	}
	if (argc - optind != 1)
		return ctl_usage("want one network or model file");
	if (ctl_is_file(argv[optind]))
		ret = show_file(argv[optind], json);
	else
		ret = show_network(argv[optind], json);
	return ret ?: ctl_flush();
}
