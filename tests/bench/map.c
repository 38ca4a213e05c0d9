// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise families and the split: nanoseconds an element. */
#include "bench.h"

#define MAX_KERNELS	64

static const u32 sizes[] = { 16, 64, 256, 4096 };

static struct bench_item *items[MAX_KERNELS][ARRAY_SIZE(sizes)];

void *bench_map_args(enum neural_kernel_family family, u32 n)
{
	s32 *p = bench_alloc((4 * (size_t)n + 8) * sizeof(s32));
	struct neural_q16_split_args *s;
	struct neural_q16_map_args *a;
	size_t i;

	for (i = 0; i < 4 * (size_t)n; i++)
		p[i] = bench_normal(2);
	if (family == NEURAL_FAMILY_q16_split) {
		s = bench_alloc(sizeof(*s));
		*s = (struct neural_q16_split_args){
			.x = p, .hi = (s16 *)(p + n), .lo = (s16 *)(p + 2 * n), .n = n,
		};
		return s;
	}
	a = bench_alloc(sizeof(*a));
	*a = (struct neural_q16_map_args){
		.x = p, .y = p + n, .scale = p + 2 * n, .shift = p + 3 * n,
		.n = n, .alpha = 21474836,
	};
	return a;
}

void bench_map_add(void)
{
	u32 i, k;

	for (k = 0; k < neural_nr_kernels; k++) {
		const struct neural_kernel *kernel = &neural_kernels[k];

		if (kernel->family < NEURAL_FAMILY_q16_split ||
		    !neural_cpu_has_level(kernel->level))
			continue;
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			items[k][i] = bench_add_kernel(kernel, bench_map_args(kernel->family,
									      sizes[i]));
	}
}

void bench_map_print(void)
{
	u32 i, k;

	printf("Elementwise, ns an element\n%-26s", "");
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		printf(" %8u", sizes[i]);
	printf("\n");
	for (k = 0; k < neural_nr_kernels; k++) {
		if (!items[k][0])
			continue;
		printf("  %-24s", neural_kernels[k].name);
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			printf(" %8.3f", items[k][i]->median / sizes[i]);
		printf("\n");
	}
	printf("\n");
}
