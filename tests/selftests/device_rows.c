// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call with very many rows: it runs in groups, and can be killed between them.  Wants
 * neural_caller with hold=1.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "device.h"

#define ROWS	(1U << 26)	/* a minute's work on a fast machine */

/* Zeros that take no memory while they are only read. */
static void *reserve(size_t bytes, int prot)
{
	void *at = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static __u64 predicted(void)
{
	ARG(stats, DEMO);

	return call(NEURAL_IOC_STATS, &arg) ? 0 : arg.predictions;
}

/* The counter as it rises: how often it was seen to, while @pid predicts. */
static unsigned int rises(pid_t pid, unsigned int most)
{
	__u64 before = predicted(), now;
	unsigned int times = 0, turn;

	for (turn = 0; turn < 60000 && times < most; turn++) {
		usleep(1000);
		if (waitpid(pid, NULL, WNOHANG))
			break;
		now = predicted();
		times += now != before;
		before = now;
	}
	return times;
}

static void test_killed(void)
{
	void *in = reserve((size_t)ROWS * DEMO_IN * 4, PROT_READ);
	void *out = reserve((size_t)ROWS * DEMO_OUT * 4, PROT_READ | PROT_WRITE);
	const __u64 before = predicted();
	int status = 0;
	pid_t pid;

	if (!tap_ok(in && out, "room for very many rows"))
		return;
	pid = fork();
	if (!pid)
		_exit(predict(DEMO, in, out, ROWS) != 0);
	tap_is(5, rises(pid, 5), "they are predicted in groups");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	tap_ok(WIFSIGNALED(status), "the call ends when it is killed");
	tap_ok(predicted() - before < ROWS, "before all rows are predicted");
	munmap(in, (size_t)ROWS * DEMO_IN * 4);
	munmap(out, (size_t)ROWS * DEMO_OUT * 4);
}

int main(void)
{
	long long before;

	printf("TAP version 13\n");
	device = open(NEURAL_DEVICE, O_RDWR);
	if (!tap_ok(device >= 0, "opens"))
		return 1;
	before = held();
	test_killed();
	tap_is(before, held(), "nothing is left");
	return tap_done();
}
