/* SPDX-License-Identifier: GPL-2.0-only */
/* Where input rows come from: raw bytes, CSV, or numbers on the command line. */
#ifndef _NEURALCTL_ROWS_H
#define _NEURALCTL_ROWS_H

#include "net.h"

/**
 * struct ctl_rows - rows still to be read
 * @net: whose
 * @file: where they come from
 * @path: as the user has it
 * @csv: numbers, a row a line
 * @real: numbers are real ones
 * @line: read last
 * @text: that line
 * @room: bytes @text has room for
 * @total: rows there are, 0 where nobody knows
 */
struct ctl_rows {
	const struct ctl_net *net;
	FILE *file;
	const char *path;
	bool csv;
	bool real;
	u64 line;
	char *text;
	size_t room;
	u64 total;
};

/*
 * An enum ctl_exit each, with a word said where not CTL_OK.  @path is "-" for stdin.
 * A raw file that is not whole rows is refused at once where its size is known.
 */
int ctl_rows_open(struct ctl_rows *rows, const struct ctl_net *net, const char *path,
		  bool csv, bool real);
/* Rows are what @numbers says: one, as in CSV. */
int ctl_rows_from(struct ctl_rows *rows, const struct ctl_net *net, const char *numbers,
		  bool real);
/* Up to @max rows; *@got is less at the end alone. */
int ctl_rows_read(struct ctl_rows *rows, void *to, u32 max, u32 *got);
void ctl_rows_close(struct ctl_rows *rows);

#endif /* _NEURALCTL_ROWS_H */
