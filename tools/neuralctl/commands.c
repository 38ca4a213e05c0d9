// SPDX-License-Identifier: GPL-2.0-only
/* The table of commands. */
#include "main.h"
#include "serve.h"

#define JSON_HELP	"  --json  in JSON\n"

const struct ctl_command ctl_commands[] = {
	{
		.name = "run",
		.synopsis = "[OPTION]... MODEL.neural IN OUT",
		.what = "run a model file here, without the module",
		.options =
		CTL_SERVE_HELP
		"\n"
		"  --simd-level L  generic, sse2, avx2, avxvnni, avx512, avx512vnni or auto\n"
		"  --layers FILE   write every tensor of a row to FILE, and to FILE.txt where\n"
		"  --layers-row N  which row, instead of 0\n",
		.run = cmd_run,
	}, {
		.name = "predict",
		.synopsis = "[OPTION]... NAME IN OUT",
		.what = "run a network in the kernel",
		.options = CTL_SERVE_HELP,
		.run = cmd_predict,
	}, {
		.name = "load",
		.synopsis = "[OPTION]... FILE",
		.what = "load a model file into the kernel",
		.options =
		"  --name NAME  of the network, instead of the file's\n"
		"  --replace    exchange the network of that name\n"
		"  --firmware   FILE is a name: let the kernel find neural/NAME.neural\n"
		"  --json       in JSON\n",
		.run = cmd_load,
	}, {
		.name = "candidate",
		.synopsis = "[OPTION]... NAME FILE",
		.what = "set another model beside that of a network",
		.options =
		"  --share N  let it answer N of a thousand calls, instead of none\n"
		"  --every N  let it see one of N calls, instead of all\n",
		.run = cmd_candidate,
	}, {
		.name = "promote",
		.synopsis = "NAME",
		.what = "put the candidate in the place of the model that serves",
		.options = "",
		.run = cmd_promote,
	}, {
		.name = "drop",
		.synopsis = "NAME",
		.what = "take the candidate away",
		.options = "",
		.run = cmd_drop,
	}, {
		.name = "unload",
		.synopsis = "NAME",
		.what = "remove a network from the kernel",
		.options = "",
		.run = cmd_unload,
	}, {
		.name = "save",
		.synopsis = "NAME FILE",
		.what = "write a model file of a network in the kernel",
		.options = "",
		.run = cmd_save,
	}, {
		.name = "list",
		.synopsis = "[--json]",
		.what = "list the networks in the kernel",
		.options = JSON_HELP,
		.run = cmd_list,
	}, {
		.name = "show",
		.synopsis = "[--json] NAME|FILE",
		.what = "show a network, or a model file with its plan",
		.options = JSON_HELP
		"\nA word with a slash in it, or that ends in .neural, is a file.\n",
		.run = cmd_show,
	}, {
		.name = "verify",
		.synopsis = "[--json] FILE",
		.what = "say whether the kernel would take a model file",
		.options = JSON_HELP,
		.run = cmd_verify,
	}, {
		.name = "stats",
		.synopsis = "[--json] NAME",
		.what = "show how a network in the kernel fares",
		.options = JSON_HELP,
		.run = cmd_stats,
	},
	{ }
};
