// SPDX-License-Identifier: GPL-2.0-only
/* Words to the user, and words from him. */
#include <ctype.h>
#include <stdarg.h>

#include "ctl.h"

static const char *command = "";

static void say(const char *fmt, va_list args)
{
	fflush(stdout);
	fputs("neuralctl: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int ctl_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return CTL_FAILED;
}

int ctl_absent(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return CTL_ABSENT;
}

int ctl_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	fprintf(stderr, "Try 'neuralctl %s%s--help'.\n", command, *command ? " " : "");
	return CTL_USAGE;
}

int ctl_option(int argc, char **argv, const struct option *options)
{
	int option;

	command = argv[0];
	/* Messages are ours: getopt's begin with the command's name alone. */
	opterr = 0;
	option = getopt_long(argc, argv, ":h", options, NULL);
	if (option == ':') {
		ctl_usage("%s: wants a value", argv[optind - 1]);
		return '?';
	}
	if (option == '?' && optopt && !strncmp(argv[optind - 1], "--", 2))
		ctl_usage("%s: takes no value", argv[optind - 1]);
	else if (option == '?' && optopt)
		ctl_usage("unknown option -%c", optopt);
	else if (option == '?')
		ctl_usage("unknown option %s", argv[optind - 1]);
	return option;
}

bool ctl_number(const char *text, u64 min, u64 max, u64 *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !errno && !*end && *number >= min && *number <= max;
}

bool ctl_is_file(const char *word)
{
	const size_t length = strlen(word), suffix = strlen(".neural");

	return strchr(word, '/') ||
	       (length > suffix && !strcmp(word + length - suffix, ".neural"));
}

void ctl_print_text(FILE *to, const char *text)
{
	for (; *text; text++) {
		const unsigned char c = *text;

		/* The upper controls of ISO 8859 come as 0xc2 0x80 .. 0x9f. */
		if (c == 0xc2 && (unsigned char)text[1] < 0xa0 && text[1]) {
			fputc('?', to);
			text++;
		} else {
			fputc(c < ' ' || c == 0x7f ? '?' : c, to);
		}
	}
}

int ctl_flush(void)
{
	if (fflush(stdout) || ferror(stdout))
		return ctl_fail("standard output: %s", strerror(errno));
	return CTL_OK;
}
