// SPDX-License-Identifier: GPL-2.0-only
#include <sys/stat.h>

#include "ctl.h"
#include "input.h"

int ctl_read_file(const char *path, void **data, u64 *bytes)
{
	FILE *file = fopen(path, "rb");
	struct stat is;
	int ret = CTL_OK;

	*data = NULL;
	if (!file || fstat(fileno(file), &is)) {
		ret = ctl_fail("%s: %s", path, strerror(errno));
	} else if (!S_ISREG(is.st_mode)) {
		ret = ctl_fail("%s: not a regular file", path);
	} else {
		*bytes = is.st_size;
		*data = malloc(max_t(u64, *bytes, 1));
		if (!*data)
			ret = ctl_fail("out of memory");
		else if (fread(*data, 1, *bytes, file) != *bytes)
			ret = ctl_fail("%s: could not be read", path);
	}
	if (file)
		fclose(file);
	return ret;
}
