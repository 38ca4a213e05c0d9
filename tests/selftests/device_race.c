// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/neural, from many processes at once: networks are loaded, replaced, unloaded,
 * looked at and predicted with, while others come with whatever they find.  What may
 * happen is known, and at the end everything is as before.  Wants neural_caller with
 * hold=1.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "device.h"

#define RACERS	6
#define NAMES	3
#define LEAST	40	/* calls of each racer */

static unsigned int seconds = 4;	/* RACE_SECONDS= */
static void *file;	/* read-only: some calls write wherever they like */
static size_t file_bytes;
static __s32 in[DEMO_IN], expect[DEMO_OUT];

/* By racer: what it did, and what it should not have seen. */
static struct racer {
	unsigned long done;
	unsigned long wrong;
	int error;
} *racers;

static const char *name_of(__u64 *seed)
{
	static const char *const names[NAMES] = { "race_a", "race_b", "race_c" };

	return names[random_word(seed) % NAMES];
}

static bool one_of(int ret, int a, int b, int c)
{
	return ret == 0 || ret == a || ret == b || ret == c;
}

static bool race_load(__u64 *seed)
{
	return one_of(load(name_of(seed), file, file_bytes, 0, NULL), -EEXIST, -ENOMEM, 0);
}

static bool race_replace(__u64 *seed)
{
	return one_of(load(name_of(seed), file, file_bytes, NEURAL_LOAD_REPLACE, NULL),
		      -ENOENT, -ENOMEM, 0);
}

static bool race_unload(__u64 *seed)
{
	/* It may be on its way in. */
	return one_of(unload(name_of(seed)), -ENOENT, -EBUSY, 0);
}

/* An answer is the right one, whichever network it is from. */
static bool race_predict(__u64 *seed)
{
	__s32 out[DEMO_OUT];
	int ret = predict(name_of(seed), in, out, 1);

	return ret ? ret == -ENOENT || ret == -ENOMEM : !memcmp(out, expect, sizeof(out));
}

static bool race_look(__u64 *seed)
{
	struct neural_ioc_info i;
	struct neural_ioc_tensor t = { .head = head(sizeof(t), name_of(seed)) };
	struct neural_ioc_stats s = { .head = head(sizeof(s), name_of(seed)) };
	int ret = info(name_of(seed), &i);

	return one_of(ret, -ENOENT, 0, 0) && (ret || i.out_bytes == sizeof(expect)) &&
	       one_of(call(NEURAL_IOC_TENSOR, &t), -ENOENT, 0, 0) &&
	       one_of(call(NEURAL_IOC_STATS, &s), -ENOENT, 0, 0);
}

static bool race_save(__u64 *seed)
{
	struct neural_ioc_copy c = { .head = head(sizeof(c), name_of(seed)) };
	static char room[1 << 16];
	int ret;

	c.data = (uintptr_t)room;
	c.bytes = sizeof(room);
	ret = call(NEURAL_IOC_SAVE, &c);
	return ret ? ret == -ENOENT || ret == -ENOMEM : !memcmp(room, file, file_bytes);
}

/* Whatever comes: all that is asked is that the kernel survives it. */
static bool race_noise(__u64 *seed)
{
	static __u64 buf[520];
	struct neural_ioc_head *h = (void *)buf;
	const __u32 cmd = random_word(seed) % 9;
	const __u64 values[] = {
		0, 1, file_bytes, (uintptr_t)buf, (uintptr_t)file, (uintptr_t)file - 1,
		UINT64_MAX, UINT32_MAX, 1ULL << 63, 128, 16, 32,
	};
	unsigned int i;

	for (i = 0; i < sizeof(buf) / sizeof(*buf); i++)
		buf[i] = random_word(seed) % 4 ? 0 :
			 values[random_word(seed) % (sizeof(values) / sizeof(*values))];
	*h = head(sizeof(buf) - random_word(seed) % 4200, name_of(seed));
	if (random_word(seed) % 8 == 0)
		h->flags = random_word(seed) % 4;
	if (random_word(seed) % 8 == 0)
		memcpy(h->name + random_word(seed) % 24, &buf[100], 8);
	call(_IO(NEURAL_IOC_TYPE, cmd), random_word(seed) % 16 ? buf : (void *)values[cmd]);
	return true;
}

static bool (*const races[])(__u64 *seed) = {
	race_load, race_unload, race_replace, race_predict, race_predict, race_look,
	race_save, race_noise,
};

static void race(unsigned int number)
{
	struct racer *r = &racers[number];
	const time_t end = time(NULL) + seconds;
	__u64 seed = number + 1;

	/* However slow the machine is, they have met. */
	while (time(NULL) < end || r->done < LEAST) {
		const unsigned int which = random_word(&seed) %
					   (sizeof(races) / sizeof(*races));
		bool (*const fn)(__u64 *seed) = races[which];

		if (!fn(&seed)) {
			r->wrong++;
			r->error = which;
		}
		r->done++;
	}
	_exit(0);
}

static void *frozen(const void *from, size_t bytes)
{
	void *to = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	memcpy(to, from, bytes);
	mprotect(to, bytes, PROT_READ);
	return to;
}

/* Some are killed in the middle of it. */
static void run(void)
{
	pid_t pids[RACERS];
	unsigned int i;

	for (i = 0; i < RACERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			race(i);
	}
	sleep(seconds / 2);
	for (i = 0; i < RACERS; i++) {
		if (i % 3 == 2)
			kill(pids[i], SIGKILL);
	}
	for (i = 0; i < RACERS; i++)
		waitpid(pids[i], NULL, 0);
}

int main(void)
{
	unsigned long done = 0, wrong = 0;
	long long before;
	unsigned int i;

	if (getenv("RACE_SECONDS"))
		seconds = atoi(getenv("RACE_SECONDS"));
	printf("TAP version 13\n");
	device = open(NEURAL_DEVICE, O_RDWR);
	if (!tap_ok(device >= 0, "opens"))
		return 1;
	before = held();
	file = save(DEMO, &file_bytes);
	for (i = 0; i < DEMO_IN; i++)
		in[i] = i * 5000 - 20000;
	if (!tap_ok(file && !predict(DEMO, in, expect, 1), "a model and an answer"))
		return 1;
	file = frozen(file, file_bytes);
	racers = mmap(NULL, RACERS * sizeof(*racers), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	run();
	for (i = 0; i < RACERS; i++) {
		done += racers[i].done;
		wrong += racers[i].wrong;
		if (racers[i].wrong)
			printf("# racer %u: %lu wrong, last of kind %d\n", i,
			       racers[i].wrong, racers[i].error);
	}
	printf("# %lu calls\n", done);
	tap_ok(done > 100, "many calls");
	tap_is(0, wrong, "none of them wrong");
	unload_all();
	tap_is(before, held(), "all memory is given back");
	/* The module goes with it. */
	tap_is(0, load("left_behind", file, file_bytes, 0, NULL), "one is left behind");
	return tap_done();
}
