// SPDX-License-Identifier: GPL-2.0-only
/* Entries as lines of JSON, timed when told to. */
#include "timer.h"

#define ENTRIES		1024

static struct bench_entry entries[ENTRIES];
static u32 nr_entries;

void bench_enter(const struct bench_entry *entry)
{
	if (nr_entries == ENTRIES)
		abort();
	entries[nr_entries++] = *entry;
}

static void print_spread(const char *name, const struct bench_stats *s)
{
	printf(", \"%s\": {\"mean\": %.9g, \"std\": %.9g, \"min\": %.9g, \"max\": %.9g",
	       name, s->mean, s->std, s->min, s->max);
}

static void print_entry(const struct bench_entry *e, const char *engine)
{
	const struct bench_stats *ns = &e->item->ns;

	printf("{\"kind\": \"%s\", \"engine\": \"%s\", \"name\": \"%s\", \"level\": \"%s\"",
	       e->kind, engine, e->name, e->level);
	printf(", \"rows\": %u, \"macs\": %.0f, \"bytes\": %.0f", e->rows, e->macs, e->bytes);
	print_spread("latency", ns);
	printf(", \"p50\": %.9g, \"p90\": %.9g, \"p95\": %.9g, \"p99\": %.9g}",
	       ns->p50, ns->p90, ns->p95, ns->p99);
	print_spread("throughput", &e->item->rate);
	printf("}, \"memory\": {\"peak\": %.0f, \"mean\": %.0f}", e->peak, e->mean);
	if (e->more)
		e->more(e);
	printf("}\n");
}

int bench_serve(const char *engine)
{
	char line[80];
	u32 i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		bench_round();
		puts("done");
	}
	for (i = 0; i < nr_entries; i++)
		print_entry(&entries[i], engine);
	return fflush(stdout) ? EXIT_FAILURE : 0;
}
