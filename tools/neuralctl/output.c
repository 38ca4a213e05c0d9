// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "output.h"

/* At most so many at once: the results, the layers and their index. */
#define OUTPUTS	4

static char *volatile temps[OUTPUTS];

/* Interrupted: take along what is half-written. */
static void interrupted(int signal_number)
{
	int i;

	for (i = 0; i < OUTPUTS; i++)
		if (temps[i])
			unlink(temps[i]);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void remember(char *temp)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(signals); i++)
		if (signal(signals[i], interrupted) == SIG_IGN)
			signal(signals[i], SIG_IGN);
	for (i = 0; i < OUTPUTS; i++) {
		if (!temps[i]) {
			temps[i] = temp;
			return;
		}
	}
}

static void forget(char *temp)
{
	int i;

	for (i = 0; i < OUTPUTS; i++)
		if (temps[i] == temp)
			temps[i] = NULL;
}

static int failed(struct ctl_output *output)
{
	const int err = errno;

	ctl_output_drop(output);
	return ctl_fail("%s: %s", output->path, strerror(err));
}

/* A new file beside @target, with the mode @target has or would get. */
static int open_temp(struct ctl_output *output, const struct stat *old)
{
	mode_t mode = umask(0);
	int fd;

	umask(mode);
	mode = old ? old->st_mode & 0777 : 0666 & ~mode;
	if (asprintf(&output->temp, "%s.XXXXXX", output->target) < 0) {
		output->temp = NULL;
		return failed(output);
	}
	fd = mkstemp(output->temp);
	if (fd < 0) {
		const int err = errno;

		free(output->temp);
		output->temp = NULL;
		errno = err;
		return failed(output);
	}
	remember(output->temp);
	if (!fchmod(fd, mode))
		output->file = fdopen(fd, "wb");
	if (!output->file) {
		const int err = errno;

		close(fd);
		errno = err;
		return failed(output);
	}
	return CTL_OK;
}

int ctl_output_open(struct ctl_output *output, const char *path)
{
	struct stat old;

	*output = (struct ctl_output){ .path = path };
	if (!strcmp(path, "-")) {
		output->file = stdout;
		return CTL_OK;
	}
	if (!stat(path, &old)) {
		if (S_ISREG(old.st_mode)) {
			/* What a symbolic link names is replaced, not the link. */
			output->target = realpath(path, NULL);
			return output->target ? open_temp(output, &old) : failed(output);
		}
	} else if (errno == ENOENT) {
		output->target = strdup(path);
		return output->target ? open_temp(output, NULL) : failed(output);
	}
	/* A device, a pipe; or a directory, and it says so. */
	output->file = fopen(path, "wb");
	return output->file ? CTL_OK : failed(output);
}

int ctl_output_commit(struct ctl_output *output)
{
	FILE *file = output->file;
	bool bad = fflush(file) || ferror(file);

	if (file == stdout) {
		output->file = NULL;
		return bad ? failed(output) : CTL_OK;
	}
	output->file = NULL;
	if (fclose(file))
		bad = true;
	if (bad || (output->temp && rename(output->temp, output->target)))
		return failed(output);
	if (output->temp) {
		forget(output->temp);
		free(output->temp);
		output->temp = NULL;
	}
	ctl_output_drop(output);
	return CTL_OK;
}

void ctl_output_drop(struct ctl_output *output)
{
	if (output->file && output->file != stdout)
		fclose(output->file);
	output->file = NULL;
	if (output->temp) {
		unlink(output->temp);
		forget(output->temp);
	}
	free(output->temp);
	free(output->target);
	output->temp = NULL;
	output->target = NULL;
}
