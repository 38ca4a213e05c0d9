/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file being written: under another name until all of it is there, so that
 * nothing half-written is ever left and it may replace what it was made from.
 */
#ifndef _NEURALCTL_OUTPUT_H
#define _NEURALCTL_OUTPUT_H

/**
 * struct ctl_output - see above
 * @path: as the user has it, "-" for stdout
 * @file: to write to
 * @target: what will be replaced; NULL where @file is written as it is
 * @temp: the other name
 */
struct ctl_output {
	const char *path;
	FILE *file;
	char *target;
	char *temp;
};

/* An enum ctl_exit each, with a word said where not CTL_OK. */
int ctl_output_open(struct ctl_output *output, const char *path);
int ctl_output_commit(struct ctl_output *output);
/* Leaves things as they were before; harmless after a commit. */
void ctl_output_drop(struct ctl_output *output);

#endif /* _NEURALCTL_OUTPUT_H */
