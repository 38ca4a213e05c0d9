/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bounded random drivers share: processes with threads in them that make one
 * random call after the other until the time is over, and the numbers that break things.
 * A program gets the seconds, the seed, and the processes; it says what it did, and
 * fails where it saw what may not be.
 */
#ifndef _NEURAL_SELFTEST_FUZZ_H
#define _NEURAL_SELFTEST_FUZZ_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "device.h"

#define FUZZ_THREADS	2	/* in each process */
#define FUZZ_KINDS	8	/* at most */

/* Lines in the kernel's log, per second: a console is slow. */
#define FUZZ_LINES	200

/**
 * struct fuzz_kind - a kind of call
 * @name: of it
 * @call: makes one; 0, a negative errno, or FUZZ_WRONG
 */
struct fuzz_kind {
	const char *name;
	int (*call)(__u64 *seed);
};

/* What may not be: a wrong answer, an error there is no reason for. */
#define FUZZ_WRONG	(-10000)

/* In memory that all processes have. */
static struct fuzz {
	__u64 begin;
	__u64 end;
	atomic_ulong lines;
	atomic_ulong done[FUZZ_KINDS];
	atomic_ulong good[FUZZ_KINDS];
	atomic_ulong wrong[FUZZ_KINDS];
} *fuzz;

static const struct fuzz_kind *fuzz_kinds;
static unsigned int fuzz_nr_kinds;

static inline __u64 fuzz_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static inline __u32 fuzz_pick(__u64 *seed, __u32 n)
{
	return random_word(seed) % n;
}

static inline bool fuzz_one_in(__u64 *seed, __u32 n)
{
	return !fuzz_pick(seed, n);
}

/* May a line go to the log now?  Then it counts, unless nothing was to be said. */
static inline bool fuzz_line(void)
{
	const __u64 most = (fuzz_now() - fuzz->begin) / 1000000 * FUZZ_LINES / 1000;

	if (atomic_load(&fuzz->lines) >= most)
		return false;
	atomic_fetch_add(&fuzz->lines, 1);
	return true;
}

static inline int fuzz_said(int ret)
{
	if (!ret)
		atomic_fetch_sub(&fuzz->lines, 1);
	return ret;
}

/* Most often one at the end of something. */
static inline __u64 fuzz_number(__u64 *seed)
{
	static const __u64 ends[] = {
		0, 1, 2, 15, 16, 31, 32, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 4097,
		65535, 65536, 1U << 20, INT32_MAX, 1U << 31, UINT32_MAX, 1ULL << 32,
		INT64_MAX, 1ULL << 63, UINT64_MAX, UINT64_MAX - 63,
	};
	const __u64 number = ends[fuzz_pick(seed, sizeof(ends) / sizeof(*ends))];

	switch (fuzz_pick(seed, 4)) {
	case 0:
		return number + fuzz_pick(seed, 3) - 1;
	case 1:
		return (__u64)random_word(seed) << 32 | random_word(seed);
	default:
		return number;
	}
}

/* Two pages, one of which may be written, one only read; nothing behind them. */
static inline __u8 *fuzz_pages(void)
{
	static __u8 *pages;
	__u8 *at;

	if (pages)
		return pages;
	at = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(at + 2 * 4096, 4096);
	mprotect(at + 4096, 4096, PROT_READ);
	pages = at;
	return at;
}

/* Good, unaligned, read-only, unmapped, the kernel's, none at all. */
static inline void *fuzz_address(__u64 *seed)
{
	static const __u64 bad[] = {
		0, 1, 4096, 0x7ffffffff000, 0x800000000000, 0xdead000000000000,
		0xffff888000000000, 0xffffffff81000000, -4096ULL, UINT64_MAX,
	};
	__u8 *pages = fuzz_pages();

	switch (fuzz_pick(seed, 8)) {
	case 0:
		return (void *)(uintptr_t)bad[fuzz_pick(seed, sizeof(bad) / sizeof(*bad))];
	case 1:
		return pages + 2 * 4096 - fuzz_pick(seed, 256);
	case 2:
		return pages + 4096 + fuzz_pick(seed, 64);
	case 3:
		return pages + 4096 - fuzz_pick(seed, 256);
	default:
		return pages + fuzz_pick(seed, 2048);
	}
}

/* Not before each kind has succeeded, unless that takes far too long. */
static inline bool fuzz_over(void)
{
	const __u64 now = fuzz_now();
	unsigned int i;

	if (now < fuzz->end)
		return false;
	for (i = 0; i < fuzz_nr_kinds; i++)
		if (!atomic_load(&fuzz->good[i]))
			return now > fuzz->end + 10 * (fuzz->end - fuzz->begin);
	return true;
}

static inline void *fuzz_thread(void *arg)
{
	__u64 seed = (uintptr_t)arg;
	unsigned int kind;
	int ret;

	while (!fuzz_over()) {
		kind = fuzz_pick(&seed, fuzz_nr_kinds);
		ret = fuzz_kinds[kind].call(&seed);
		atomic_fetch_add(&fuzz->done[kind], 1);
		if (!ret)
			atomic_fetch_add(&fuzz->good[kind], 1);
		else if (ret == FUZZ_WRONG)
			atomic_fetch_add(&fuzz->wrong[kind], 1);
	}
	return NULL;
}

/* Some processes end in the middle of it. */
static inline void fuzz_process(unsigned int number, __u64 seed)
{
	pthread_t threads[FUZZ_THREADS];
	unsigned int i;

	if (number % 2)
		alarm(1 + (fuzz->end - fuzz->begin) / 2000000000);
	for (i = 0; i < FUZZ_THREADS; i++)
		pthread_create(&threads[i], NULL, fuzz_thread,
			       (void *)(uintptr_t)(seed + 1000 * number + i));
	for (i = 0; i < FUZZ_THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

/* How it ended: by itself, or by the alarm. */
static inline bool fuzz_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return true;
	printf("# a process ended with status %x\n", status);
	return false;
}

static inline bool fuzz_report(void)
{
	bool fine = true;
	unsigned int i;

	for (i = 0; i < fuzz_nr_kinds; i++) {
		const unsigned long wrong = atomic_load(&fuzz->wrong[i]);

		printf("# %s: %lu calls, %lu succeeded, %lu wrong\n", fuzz_kinds[i].name,
		       atomic_load(&fuzz->done[i]), atomic_load(&fuzz->good[i]), wrong);
		if (wrong || !atomic_load(&fuzz->done[i]) || !atomic_load(&fuzz->good[i]))
			fine = false;
	}
	return fine;
}

/* Whether all went as it may: @argv has the seconds, the seed and the processes. */
static inline bool fuzz_run(char **argv, const struct fuzz_kind *kinds, unsigned int nr)
{
	const unsigned int processes = atoi(argv[3]);
	const __u64 seed = strtoull(argv[2], NULL, 0);
	pid_t pids[64];
	bool fine = true;
	unsigned int i;

	fuzz_kinds = kinds;
	fuzz_nr_kinds = nr;
	fuzz = mmap(NULL, sizeof(*fuzz), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	fuzz_pages();
	fuzz->begin = fuzz_now();
	fuzz->end = fuzz->begin + strtoull(argv[1], NULL, 0) * 1000000000;
	for (i = 0; i < processes && i < 64; i++) {
		pids[i] = fork();
		if (!pids[i])
			fuzz_process(i, seed);
	}
	while (i)
		fine &= fuzz_wait(pids[--i]);
	return fuzz_report() && fine;
}

#endif /* _NEURAL_SELFTEST_FUZZ_H */
