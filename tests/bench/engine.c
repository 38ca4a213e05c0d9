// SPDX-License-Identifier: GPL-2.0-only
/*
 * engine [FILE.neural...]: the engine in user space, at every level this CPU has, and
 * what the machine could do; see bench_serve().
 */
#include "bench.h"
#include "file.h"
#include "net.h"

static void add_file(const char *path)
{
	const char *base = strrchr(path, '/');
	const void *file;
	size_t bytes;
	char *name;

	name = strdup(base ? base + 1 : path);
	if (!name)
		abort();
	name[strcspn(name, ".")] = '\0';
	file = bench_file_map(path, &bytes);
	bench_net_add(name, file, bytes, 1, BENCH_NET_MACS | BENCH_NET_LAYERS);
}

int main(int argc, char **argv)
{
	int i;

	bench_pin();
	neural_simd_init();
	bench_peaks_add();
	bench_peaks_enter();
	bench_nets_add();
	for (i = 1; i < argc; i++)
		add_file(argv[i]);
	return bench_serve("neural");
}
