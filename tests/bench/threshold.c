// SPDX-License-Identifier: GPL-2.0-only
/*
 * From which size on a vector kernel beats the generic one, with an FPU section
 * that is open already and with one that has to be paid for.  For
 * simd/thresholds.h.
 */
#include "bench.h"

/* Sizes grow by a quarter; a panel of one input is the smallest dense layer. */
static const u32 sizes[] = {
	1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192,
	256, 320, 384, 512, 640, 768, 1024,
};

static struct bench_item *items[BENCH_KERNELS][ARRAY_SIZE(sizes)];

static bool is_dense(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_q16_dense || family == NEURAL_FAMILY_q16_dense16 ||
	       family == NEURAL_FAMILY_fx_dense16 || family == NEURAL_FAMILY_fx_dense64;
}

static bool is_s8(enum neural_kernel_family family)
{
	return family >= NEURAL_FAMILY_s8_gemm && family <= NEURAL_FAMILY_s8_sum;
}

static const void *sized_args(enum neural_kernel_family family, u32 size)
{
	if (is_dense(family))
		return bench_dense_args(family, size, NEURAL_Q16_PANEL, 1, 0.1);
	if (family == NEURAL_FAMILY_fx_dot)
		return bench_dense_args(family, size, 2, 1, 0.1);
	if (family == NEURAL_FAMILY_q16_dot)
		return bench_dense_args(family, size, 1, 1, 0.1);
	if (is_s8(family))
		return bench_s8_args(family, size);
	return bench_map_args(family, size);
}

static u32 work(enum neural_kernel_family family, u32 size)
{
	if (is_s8(family))
		return size * NEURAL_S8_PANEL;
	if (family == NEURAL_FAMILY_fx_dot)
		return size * 2;
	return is_dense(family) ? size * NEURAL_Q16_PANEL : size;
}

void bench_thresholds_add(void)
{
	const void *args[NEURAL_KERNEL_NR_FAMILIES][ARRAY_SIZE(sizes)] = { };
	u32 i, k;

	for (k = 0; k < neural_nr_kernels; k++) {
		const struct neural_kernel *kernel = &neural_kernels[k];

		if (!neural_cpu_has_level(kernel->level))
			continue;
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			if (!args[kernel->family][i])
				args[kernel->family][i] = sized_args(kernel->family, sizes[i]);
			items[k][i] = bench_add_kernel(kernel, args[kernel->family][i]);
		}
	}
}

static u32 generic_of(const struct neural_kernel *kernel)
{
	u32 k;

	for (k = 0; neural_kernels[k].family != kernel->family; k++)
		;
	return k;
}

/* The smallest size from which on it, and @ns more, is never slower again. */
static u32 crossover(u32 k, double ns)
{
	const u32 generic = generic_of(&neural_kernels[k]);
	u32 i, from = ARRAY_SIZE(sizes);

	for (i = ARRAY_SIZE(sizes); i--; from = i)
		if (items[k][i]->median + ns > items[generic][i]->median)
			break;
	return from < ARRAY_SIZE(sizes) ? work(neural_kernels[k].family, sizes[from]) : 0;
}

void bench_thresholds_print(double fpu_ns)
{
	u32 k;

	printf("Smallest multiply-adds (dense, dot) or elements worth a vector kernel, 0 none\n");
	printf("  %-24s %8s %8s at %.0f ns a section\n", "", "open", "paid", fpu_ns);
	for (k = 0; k < neural_nr_kernels; k++)
		if (items[k][0] && neural_kernels[k].level != NEURAL_SIMD_generic)
			printf("  %-24s %8u %8u\n", neural_kernels[k].name,
			       crossover(k, 0), crossover(k, fpu_ns));
}
