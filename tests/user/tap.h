/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TAP version 13 for the user-space suites.
 *
 *	unsigned int failed = 0;
 *
 *	tap_plan(2);
 *	tap_ok(sum == 3, "one and two");
 *	for (...)
 *		tap_check(&failed, y[i] == 0, "y[%d] is %d", i, y[i]);
 *	tap_ok(!failed, "all zero");
 *	return tap_done();
 */
#ifndef _NEURAL_TAP_H
#define _NEURAL_TAP_H

void tap_plan(int tests);
bool __printf(2, 3) tap_ok(bool ok, const char *fmt, ...);

/* A remark, for the eye alone. */
void __printf(1, 2) tap_note(const char *fmt, ...);

/* Failures are expected, and not worth a remark each. */
extern bool tap_quiet;

/*
 * One of very many checks behind a single line of TAP: counts failures in
 * @failed and describes the first few.
 */
#define tap_check(failed, ok, ...) do {					\
	if (!(ok) && (*(failed))++ < 5 && !tap_quiet)			\
		tap_note(__VA_ARGS__);					\
} while (0)

/* Exit status of the suite: a plan not kept is a failure. */
int tap_done(void);

#endif /* _NEURAL_TAP_H */
