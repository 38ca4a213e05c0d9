// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <sched.h>

#include "timer.h"

#define ITEMS		4096
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

static double bench_middle(double *sample, u32 n)
{
	qsort(sample, n, sizeof(*sample), by_value);
	return sample[n / 2];
}

static void bench_stats(struct bench_stats *s, double *sample, u32 n)
{
	double sum = 0, squares = 0;
	u32 i;

	s->p50 = bench_middle(sample, n);
	s->p90 = sample[n * 90 / 100];
	s->p95 = sample[n * 95 / 100];
	s->p99 = sample[n * 99 / 100];
	s->min = sample[0];
	s->max = sample[n - 1];
	for (i = 0; i < n; i++)
		sum += sample[i];
	s->mean = sum / n;
	for (i = 0; i < n; i++)
		squares += (sample[i] - s->mean) * (sample[i] - s->mean);
	s->std = sqrt(squares / n);
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
	if (item->median && item->median <= bench_middle(sample, n))
		return;
	bench_stats(&item->ns, sample, n);
	item->median = item->ns.p50;
	item->p99 = item->ns.p99;
	for (i = 0; i < n; i++)
		sample[i] = 1e9 / sample[i];
	bench_stats(&item->rate, sample, n);
}

void bench_round(void)
{
	u32 i;

	for (i = 0; i < nr_items; i++)
		bench_run(&items[i]);
}

void bench_measure(void)
{
	u32 round;

	for (round = 0; round < ROUNDS; round++)
		bench_round();
}
