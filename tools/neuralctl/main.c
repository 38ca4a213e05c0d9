// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl: models, in files and in the kernel. */
#include "ctl.h"
#include "main.h"

static void overview(void)
{
	const struct ctl_command *c;

	puts("usage: neuralctl COMMAND [OPTION]... [WORD]...\n");
	for (c = ctl_commands; c->name; c++)
		printf("  %-9s %s\n", c->name, c->what);
	puts("\n'neuralctl COMMAND --help' has the options of a command.\n"
	     "Exit status: 0 done; 1 refused or failed; 2 usage; 3 the module or the network\n"
	     "is not there.");
}

static void help_command(const struct ctl_command *c)
{
	printf("usage: neuralctl %s %s\n\n%s\n", c->name, c->synopsis, c->what);
	if (*c->options)
		printf("\n%s", c->options);
}

static const struct ctl_command *find(const char *name)
{
	const struct ctl_command *c;

	for (c = ctl_commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* Before the command sees it, for it may stand behind whatever is missing. */
static bool asks_for_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const struct ctl_command *c;

	if (argc < 2)
		return ctl_usage("a command is missing");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		overview();
		return ctl_flush();
	}
	if (!strcmp(argv[1], "--version")) {
		puts("neuralctl " CTL_VERSION);
		return ctl_flush();
	}
	if (argv[1][0] == '-')
		return ctl_usage("unknown option %s", argv[1]);
	c = find(argv[1]);
	if (!c)
		return ctl_usage("unknown command '%s'", argv[1]);
	if (asks_for_help(argc - 1, argv + 1)) {
		help_command(c);
		return ctl_flush();
	}
	return c->run(argc - 1, argv + 1);
}
