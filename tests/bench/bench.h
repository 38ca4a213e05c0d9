/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the benchmark share. */
#ifndef _NEURAL_BENCH_H
#define _NEURAL_BENCH_H

#include "../../simd/dispatch.h"
#include "../../src/q16.h"
#include "timer.h"

#define BENCH_KERNELS	128	/* rows of the table there is room for */

/* 64-byte aligned, never freed, filled with bits if @random. */
void *bench_alloc(size_t bytes);
u32 bench_random(void);

/* A weight or an input of a trained network: normal, of the deviation given. */
s32 bench_normal(double deviation);

/* Each part enters its items, and after bench_measure() prints them. */
void bench_peaks_add(void);
void bench_peaks_print(void);
void bench_peaks_enter(void);
void bench_dense_add(void);
void bench_dense_print(void);
void bench_map_add(void);
void bench_map_print(void);
void bench_s8_add(void);
void bench_s8_print(void);
void bench_section_add(void);
void bench_thresholds_add(void);
void bench_thresholds_print(double fpu_ns);

/* Nets of the shapes in peer.h, at every level there is. */
void bench_nets_add(void);

/* Saving and restoring the registers a section takes, in nanoseconds; 0 if unknown. */
double bench_section_ns(void);

/*
 * Multiply-adds per nanosecond from registers, exact ones of what a level has: 32 times
 * 32 to 64 bits, and bytes to 32 bits (vpdpbusd, or pmaddwd of bytes made words).
 */
double bench_peak(enum neural_simd_level level);
double bench_peak_s8(enum neural_simd_level level);

/* Loops of peak_<isa>.c: @n rounds of BENCH_PEAK_OPS instructions of each kind. */
#define BENCH_PEAK_OPS	8
void bench_peak_sse2(u32 n);
void bench_peak_avx2(u32 n);
void bench_peak_avx512(u32 n);
void bench_madd_sse2(u32 n);
void bench_madd_avx2(u32 n);
void bench_madd_avx512(u32 n);
void bench_dot_avxvnni(u32 n);
void bench_dot_ymm_avx512vnni(u32 n);
void bench_dot_zmm_avx512vnni(u32 n);
void bench_read_sse2(const void *p, size_t bytes);
void bench_read_avx2(const void *p, size_t bytes);
void bench_read_avx512(const void *p, size_t bytes);

/* A layer ready to be run by kernels of @family; weights are of @deviation. */
void *bench_dense_args(enum neural_kernel_family family, u32 k, u32 n, u32 rows,
		       double deviation);

/* Arguments for an elementwise family, or for the split, of @n elements. */
void *bench_map_args(enum neural_kernel_family family, u32 n);

/* Arguments for an S8 family: one result of a panel of channels, @size of each. */
void *bench_s8_args(enum neural_kernel_family family, u32 size);

static inline struct bench_item *bench_add_kernel(const struct neural_kernel *kernel,
						  const void *args)
{
	return bench_add((void (*)(const void *))kernel->fn, args);
}

#endif /* _NEURAL_BENCH_H */
