/* SPDX-License-Identifier: GPL-2.0-only */
/* How far long work is: a line on stderr, where that is a terminal. */
#ifndef _NEURALCTL_PROGRESS_H
#define _NEURALCTL_PROGRESS_H

/**
 * struct ctl_progress - see above
 * @what: counted
 * @total: how many there will be, 0 where nobody knows
 * @next: nanoseconds of neural_clock() before which nothing is said again
 * @shown: there is a line to be wiped
 */
struct ctl_progress {
	const char *what;
	u64 total;
	u64 next;
	bool shown;
};

void ctl_progress_start(struct ctl_progress *progress, const char *what, u64 total);
void ctl_progress_at(struct ctl_progress *progress, u64 done);
/* Wipes the line. */
void ctl_progress_end(struct ctl_progress *progress);

#endif /* _NEURALCTL_PROGRESS_H */
