// SPDX-License-Identifier: GPL-2.0-only
/* The S8 families: multiply-adds, or cells, a nanosecond. */
#include "../reference/s8_kernels.h"
#include "bench.h"

/* A matrix of batch 1 and of many rows, a window, and one that covers an image. */
static const struct s8_case shapes[] = {
	{ .family = NEURAL_FAMILY_s8_gemm, .k = 256, .n = 256, .results = 1 },
	{ .family = NEURAL_FAMILY_s8_gemm, .k = 27, .n = 16, .results = 64 },
	{ .family = NEURAL_FAMILY_s8_gemm, .k = 576, .n = 64, .results = 14 },
	{ .family = NEURAL_FAMILY_s8_conv, .k = 48, .n = 16, .results = 64, .down = 3 },
	{ .family = NEURAL_FAMILY_s8_conv, .k = 192, .n = 64, .results = 16, .down = 3 },
	{ .family = NEURAL_FAMILY_s8_frame, .k = 1, .n = 448, .results = 27 },
	{ .family = NEURAL_FAMILY_s8s4_gemm, .k = 256, .n = 256, .results = 1 },
	{ .family = NEURAL_FAMILY_s8s4_gemm, .k = 576, .n = 64, .results = 14 },
	{ .family = NEURAL_FAMILY_s8_depthwise, .n = 64, .down = 3, .across = 3,
	  .results = 24 },
	{ .family = NEURAL_FAMILY_s8_depthwise, .n = 256, .down = 3, .across = 3,
	  .results = 6 },
	{ .family = NEURAL_FAMILY_s8_max_pool, .n = 64, .down = 2, .across = 2,
	  .results = 16 },
	{ .family = NEURAL_FAMILY_s8_average_pool, .n = 64, .down = 2, .across = 2,
	  .results = 16 },
	{ .family = NEURAL_FAMILY_s8_average_pool, .n = 256, .down = 7, .across = 7,
	  .results = 1 },
	{ .family = NEURAL_FAMILY_s8_sum, .k = 49, .n = 64, .results = 1 },
	{ .family = NEURAL_FAMILY_s8_sum, .k = 1024, .n = 1, .results = 1 },
};

static struct bench_item *items[ARRAY_SIZE(shapes)][BENCH_KERNELS];

static void *place(struct s8_placer *placer, enum s8_buffer which, size_t bytes,
		   size_t align)
{
	return bench_alloc(bytes);
}

static void *s8_args(const struct s8_case *c)
{
	struct s8_placer placer = { place };
	union s8_args *args = bench_alloc(sizeof(*args));

	s8_build(&placer, c, args);
	return args;
}

void *bench_s8_args(enum neural_kernel_family family, u32 size)
{
	const struct s8_case c = {
		.family = family, .k = size, .n = NEURAL_S8_PANEL, .results = 1,
		.down = 1, .across = size,
	};

	return s8_args(&c);
}

static double work(const struct s8_case *c)
{
	const double cells = (c->down ?: 1) * (c->across ?: c->k);

	return cells * c->n * c->results;
}

void bench_s8_add(void)
{
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		void *args = s8_args(&shapes[i]);

		for (k = 0; k < neural_nr_kernels; k++)
			if (neural_kernels[k].family == shapes[i].family &&
			    neural_cpu_has_level(neural_kernels[k].level))
				items[i][k] = bench_add_kernel(&neural_kernels[k], args);
	}
}

void bench_s8_print(void)
{
	u32 i, k;

	printf("S8: multiply-adds or cells a nanosecond, p99 over median\n");
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		const struct s8_case *c = &shapes[i];

		for (k = 0; k < neural_nr_kernels; k++) {
			if (!items[i][k])
				continue;
			printf("  %-24s %4u x", neural_kernels[k].name, c->results);
			if (c->across)
				printf(" %ux%-4u", c->down, c->across);
			else
				printf(" %-6u", c->k);
			printf(" x %-4u %8.2f %5.2f\n", c->n, work(c) / items[i][k]->median,
			       items[i][k]->p99 / items[i][k]->median);
		}
	}
	printf("\n");
}
