/* SPDX-License-Identifier: GPL-2.0-only */
/* From rows to answers: what run and predict have in common. */
#ifndef _NEURALCTL_SERVE_H
#define _NEURALCTL_SERVE_H

#include "ctl.h"
#include "net.h"

/**
 * struct ctl_serve - what the command line asks for
 * @csv: numbers in and out
 * @real: numbers are real ones
 * @json: answers in JSON
 * @top: so many of the best, 0 for all values
 * @input: numbers of the only row, NULL: from @from
 * @from: file of input rows
 * @to: file of output rows
 */
struct ctl_serve {
	bool csv;
	bool real;
	bool json;
	u32 top;
	const char *input;
	const char *from;
	const char *to;
};

#define CTL_SERVE_OPTIONS						\
	{ "csv", no_argument, NULL, 'c' },				\
	{ "real", no_argument, NULL, 'r' },				\
	{ "json", no_argument, NULL, 'j' },				\
	{ "top", required_argument, NULL, 't' },			\
	{ "input", required_argument, NULL, 'i' }

#define CTL_SERVE_HELP							\
	"  --csv           numbers in and out, a row a line, instead of raw bytes\n" \
	"  --input N,N...  the numbers of the only row; IN is left out\n"	\
	"  --real          numbers are real ones, not integers as they are stored\n" \
	"  --top K         the K best elements of the first output, with labels\n" \
	"  --json          answers in JSON\n"				\
	"\n"								\
	"IN and OUT may be -; OUT is that where it is left out with --csv, --input,\n" \
	"--top or --json.\n"

/* Takes an option of the above; CTL_USAGE with a word said if it is a bad one. */
int ctl_serve_option(struct ctl_serve *serve, int option);
/* Takes the words after the first, from @argv[optind]. */
int ctl_serve_words(struct ctl_serve *serve, int argc, char **argv);
/* Does it.  @block is how many rows are best run together. */
int ctl_serve(const struct ctl_serve *serve, struct ctl_net *net, u32 block);

#endif /* _NEURALCTL_SERVE_H */
