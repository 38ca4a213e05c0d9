// SPDX-License-Identifier: GPL-2.0-only
/*
 * cycles live FILE N: a model's whole life, N times: loaded, used, beside it a candidate that
 * is promoted or dropped, replaced, unloaded.
 * cycles predict NAME: predict on that network until killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/neural.h>

#define NAME	"cycle"

static int fd;

/* The head of any of the structures. */
static void begin(void *arg, size_t size, const char *name)
{
	struct neural_ioc_head *head = arg;

	memset(arg, 0, size);
	head->size = size;
	snprintf(head->name, sizeof(head->name), "%s", name);
}

static void want(const char *what, unsigned long request, void *arg)
{
	if (!ioctl(fd, request, arg))
		return;
	printf("# %s: %s\n", what, strerror(errno));
	exit(1);
}

static void predict(const char *name, int calls)
{
	struct neural_ioc_info info;
	struct neural_ioc_predict p;
	void *in, *out;

	begin(&info, sizeof(info), name);
	want("info", NEURAL_IOC_INFO, &info);
	in = calloc(1, info.in_bytes);
	out = calloc(1, info.out_bytes);
	while (calls--) {
		begin(&p, sizeof(p), name);
		p.in = (uintptr_t)in;
		p.out = (uintptr_t)out;
		p.in_bytes = info.in_bytes;
		p.out_bytes = info.out_bytes;
		p.rows = 1;
		want("predict", NEURAL_IOC_PREDICT, &p);
	}
	free(in);
	free(out);
}

static void load(const void *file, size_t bytes, unsigned int flags)
{
	struct neural_ioc_load arg;

	begin(&arg, sizeof(arg), NAME);
	arg.head.flags = flags;
	arg.data = (uintptr_t)file;
	arg.bytes = bytes;
	want(flags ? "replace" : "load", NEURAL_IOC_LOAD, &arg);
}

static void candidate(const void *file, size_t bytes, int i)
{
	struct neural_ioc_candidate arg;
	struct neural_ioc_promote promote;
	struct neural_ioc_drop drop;

	begin(&arg, sizeof(arg), NAME);
	arg.data = (uintptr_t)file;
	arg.bytes = bytes;
	arg.share = i % 2 * 500;
	want("candidate", NEURAL_IOC_CANDIDATE, &arg);
	predict(NAME, 2);
	begin(&promote, sizeof(promote), NAME);
	begin(&drop, sizeof(drop), NAME);
	if (i % 3 == 0)
		want("promote", NEURAL_IOC_PROMOTE, &promote);
	else if (i % 3 == 1)
		want("drop", NEURAL_IOC_DROP, &drop);
	/* Otherwise it goes with the network. */
}

static void live(const void *file, size_t bytes, int i)
{
	struct neural_ioc_unload unload;

	load(file, bytes, 0);
	predict(NAME, 2);
	load(file, bytes, NEURAL_LOAD_REPLACE);
	candidate(file, bytes, i);
	predict(NAME, 1);
	begin(&unload, sizeof(unload), NAME);
	want("unload", NEURAL_IOC_UNLOAD, &unload);
}

int main(int argc, char **argv)
{
	static unsigned char file[1 << 20];
	ssize_t bytes;
	int from, i, n;

	fd = open(NEURAL_DEVICE, O_RDWR);
	if (argc < 3 || fd < 0)
		return 2;
	if (!strcmp(argv[1], "predict"))
		for (;;)
			predict(argv[2], 1000);
	from = open(argv[2], O_RDONLY);
	bytes = read(from, file, sizeof(file));
	if (argc < 4 || bytes <= 0)
		return 2;
	n = atoi(argv[3]);
	for (i = 0; i < n; i++)
		live(file, bytes, i);
	return 0;
}
