// SPDX-License-Identifier: GPL-2.0-only
#include <unistd.h>

#include "progress.h"

/* What is done sooner is not long work, and nobody reads faster. */
#define PROGRESS_FIRST	500000000ULL
#define PROGRESS_EACH	200000000ULL

void ctl_progress_start(struct ctl_progress *progress, const char *what, u64 total)
{
	*progress = (struct ctl_progress){ .what = what, .total = total };
	progress->next = isatty(STDERR_FILENO) ? neural_clock() + PROGRESS_FIRST : U64_MAX;
}

void ctl_progress_at(struct ctl_progress *progress, u64 done)
{
	const u64 now = progress->next == U64_MAX ? 0 : neural_clock();

	if (now < progress->next)
		return;
	progress->next = now + PROGRESS_EACH;
	progress->shown = true;
	if (progress->total)
		fprintf(stderr, "\r%llu of %llu %s, %u %%", (unsigned long long)done,
			(unsigned long long)progress->total, progress->what,
			(unsigned int)(done * 100.0 / progress->total));
	else
		fprintf(stderr, "\r%llu %s", (unsigned long long)done, progress->what);
}

void ctl_progress_end(struct ctl_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
