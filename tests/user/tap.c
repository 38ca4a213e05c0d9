// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include "tap.h"

static int tap_planned;
static int tap_run;
static int tap_failed;

bool tap_quiet;

void tap_plan(int tests)
{
	tap_planned = tests;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%d\n", tests);
}

bool tap_ok(bool ok, const char *fmt, ...)
{
	va_list args;

	tap_run++;
	tap_failed += !ok;
	printf("%s %d - ", ok ? "ok" : "not ok", tap_run);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return ok;
}

void tap_note(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

int tap_done(void)
{
	if (tap_run != tap_planned)
		tap_note("planned %d, ran %d", tap_planned, tap_run);
	return tap_failed || !tap_run || tap_run != tap_planned;
}
