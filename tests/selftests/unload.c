// SPDX-License-Identifier: GPL-2.0-only
/*
 * unload MODULE: what the kernel says to that, without a look at who uses it: the status
 * is the errno, 0 where it went.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		return 100;
	if (!syscall(SYS_delete_module, argv[1], O_NONBLOCK))
		return 0;
	printf("# %s: %s\n", argv[1], strerror(errno));
	return errno;
}
