// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

const void *bench_file_map(const char *path, size_t *bytes)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	void *file;

	if (fd < 0 || fstat(fd, &is)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	*bytes = is.st_size;
	file = mmap(NULL, *bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	close(fd);
	return file;
}
