/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs that test /dev/neural share: TAP, and calls by value. */
#ifndef _NEURAL_SELFTEST_DEVICE_H
#define _NEURAL_SELFTEST_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/neural.h>
#include <linux/neural_model.h>

/* The network neural_caller holds: 8 inputs, 4 outputs. */
#define DEMO		"caller_demo"
#define DEMO_IN		8
#define DEMO_OUT	4

static int tap_tests;
static int tap_failed;
static int device = -1;

static inline bool tap_ok(bool ok, const char *what)
{
	tap_tests++;
	tap_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", tap_tests, what);
	fflush(stdout);
	return ok;
}

/* Results are 0 or a negative errno; @want is one of those. */
static inline bool tap_is(long want, long got, const char *what)
{
	if (want != got)
		printf("# %ld instead of %ld\n", got, want);
	return tap_ok(want == got, what);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failed > 0;
}

static inline int call(unsigned long cmd, void *arg)
{
	return ioctl(device, cmd, arg) ? -errno : 0;
}

static inline struct neural_ioc_head head(size_t size, const char *name)
{
	struct neural_ioc_head h = { .size = size };

	memcpy(h.name, name, strnlen(name, sizeof(h.name) - 1));
	return h;
}

#define ARG(_type, _name)						\
	struct neural_ioc_##_type arg = {				\
		.head = head(sizeof(arg), _name),			\
	}

static inline int load(const char *name, const void *file, __u64 bytes, unsigned int flags,
		       struct neural_ioc_load *answer)
{
	ARG(load, name);
	int ret;

	arg.head.flags = flags;
	arg.data = (uintptr_t)file;
	arg.bytes = bytes;
	ret = call(NEURAL_IOC_LOAD, &arg);
	if (answer)
		*answer = arg;
	return ret;
}

static inline int unload(const char *name)
{
	ARG(unload, name);

	return call(NEURAL_IOC_UNLOAD, &arg);
}

static inline int info(const char *name, struct neural_ioc_info *answer)
{
	ARG(info, name);
	int ret = call(NEURAL_IOC_INFO, &arg);

	*answer = arg;
	return ret;
}

static inline int predict(const char *name, const void *in, void *out, __u32 rows)
{
	ARG(predict, name);

	arg.in = (uintptr_t)in;
	arg.out = (uintptr_t)out;
	arg.in_bytes = (__u64)rows * DEMO_IN * sizeof(__s32);
	arg.out_bytes = (__u64)rows * DEMO_OUT * sizeof(__s32);
	arg.rows = rows;
	return call(NEURAL_IOC_PREDICT, &arg);
}

/* The network as a file, in memory of its own; NULL and a message if that fails. */
static inline void *save(const char *name, size_t *bytes)
{
	ARG(copy, name);
	void *file = NULL;
	int ret = call(NEURAL_IOC_SAVE, &arg);

	if (!ret) {
		file = malloc(arg.bytes);
		arg.data = (uintptr_t)file;
		ret = call(NEURAL_IOC_SAVE, &arg);
	}
	if (ret) {
		printf("# no file of %s: %s\n", name, strerror(-ret));
		free(file);
		return NULL;
	}
	*bytes = arg.bytes;
	return file;
}

/* Whatever may be unloaded. */
static inline void unload_all(void)
{
	ARG(info, "");

	for (;; arg.head.id++) {
		arg.head = (struct neural_ioc_head){
			.size = sizeof(arg), .flags = NEURAL_INFO_NEXT, .id = arg.head.id,
		};
		if (call(NEURAL_IOC_INFO, &arg))
			return;
		if (arg.state & NEURAL_STATE_LOADED)
			unload(arg.head.name);
	}
}

/* Bytes the module holds, once they no longer change. */
static inline long long held(void)
{
	long long now = -1, before = -2;
	char line[128];
	int turn, same = 0;
	FILE *f;

	for (turn = 0; turn < 100 && same < 5; turn++) {
		f = fopen("/sys/kernel/debug/neural_network/numa", "r");
		while (f && fgets(line, sizeof(line), f))
			if (sscanf(line, "bytes: %lld", &now) == 1)
				break;
		if (f)
			fclose(f);
		same = now == before ? same + 1 : 0;
		before = now;
		usleep(100000);
	}
	return now;
}

static inline __u32 random_word(__u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 32;
}

#endif /* _NEURAL_SELFTEST_DEVICE_H */
