// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <sched.h>

#include "bench.h"

#define ITEMS		2048
#define ROUNDS		7
#define SAMPLES		101
#define SAMPLE_NS	8000	/* long beside the clock, short beside a time slice */
#define WARM_NS		300000
#define ITEM_NS		6000000	/* no more samples after this */

static struct bench_item items[ITEMS];
static u32 nr_items;

struct bench_item *bench_add(void (*fn)(const void *arg), const void *arg)
{
	struct bench_item *item = &items[nr_items++];

	if (nr_items > ITEMS)
		abort();
	item->fn = fn;
	item->arg = arg;
	return item;
}

void bench_pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("sched_setaffinity");
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void bench_run(struct bench_item *item)
{
	const u64 begin = neural_clock();
	double sample[SAMPLES];
	u64 calls = 0;
	u64 i, n, per, start;

	while (neural_clock() - begin < WARM_NS) {
		item->fn(item->arg);
		calls++;
	}
	per = max_t(u64, 1, calls * SAMPLE_NS / WARM_NS);
	for (n = 0; n < SAMPLES && (n < 5 || neural_clock() - begin < ITEM_NS); n++) {
		start = neural_clock();
		for (i = 0; i < per; i++)
			item->fn(item->arg);
		sample[n] = (double)(neural_clock() - start) / per;
	}
	qsort(sample, n, sizeof(*sample), by_value);
	if (item->median && item->median <= sample[n / 2])
		return;
	item->median = sample[n / 2];
	item->p99 = sample[n * 99 / 100];
}

void bench_measure(void)
{
	u32 i, round;

	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < nr_items; i++)
			bench_run(&items[i]);
}

u32 bench_random(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 32;
}

/* Twelve uniform ones make a normal one that is good enough to look like weights. */
s32 bench_normal(double deviation)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += bench_random() / 4294967296.0;
	return lrint(sum * deviation * NEURAL_Q16_ONE);
}

void *bench_alloc(size_t bytes)
{
	void *p = neural_mem_alloc(NULL, bytes);

	if (!p)
		abort();
	return p;
}
