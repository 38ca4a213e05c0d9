/* SPDX-License-Identifier: GPL-2.0-only */
/* What every command of neuralctl shares: how it ends and how it speaks. */
#ifndef _NEURALCTL_CTL_H
#define _NEURALCTL_CTL_H

#include <getopt.h>

#define CTL_VERSION	"1"

/* Exit codes, as the manual page has them. */
enum ctl_exit {
	CTL_OK,
	CTL_FAILED,		/* refused, or went wrong */
	CTL_USAGE,
	CTL_ABSENT,		/* no module, or no such network */
};

/**
 * struct ctl_command - one command
 * @name: first word on the command line
 * @synopsis: the words that follow
 * @what: one line of help
 * @options: lines of help, "" for none
 * @run: do it, with @name as argv[0]; returns an enum ctl_exit
 */
struct ctl_command {
	const char *name;
	const char *synopsis;
	const char *what;
	const char *options;
	int (*run)(int argc, char **argv);
};

/* Say what is wrong on stderr, after "neuralctl: ".  Return CTL_FAILED, ... */
int ctl_fail(const char *fmt, ...) __printf(1, 2);
int ctl_absent(const char *fmt, ...) __printf(1, 2);
/* ... or CTL_USAGE, with a hint at --help of the command that runs. */
int ctl_usage(const char *fmt, ...) __printf(1, 2);

/*
 * getopt_long() that takes care of --help, which ends the program, and of options
 * nobody knows: '?' after the message.  @options ends with CTL_OPTIONS_END.
 */
int ctl_option(int argc, char **argv, const struct option *options);

#define CTL_OPTIONS_END	{ "help", no_argument, NULL, 'h' }, { }

/* A number from @min to @max in decimal, all of @text; false: it is none. */
bool ctl_number(const char *text, u64 min, u64 max, u64 *number);

/* Does @word name a file, not a network?  It has a slash or ends in ".neural". */
bool ctl_is_file(const char *word);

/* Text of a file or of the kernel, with nothing in it that a terminal obeys. */
void ctl_print_text(FILE *to, const char *text);

/* Flush stdout: whatever was printed there is worth nothing where this fails. */
int ctl_flush(void);

int cmd_candidate(int argc, char **argv);
int cmd_drop(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_predict(int argc, char **argv);
int cmd_promote(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_save(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_unload(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif /* _NEURALCTL_CTL_H */
