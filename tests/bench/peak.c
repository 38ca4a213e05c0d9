// SPDX-License-Identifier: GPL-2.0-only
/* What the machine could do: the numbers everything else is a share of. */
#include "bench.h"

#define ROUNDS		1000
#define L2_BYTES	(512 << 10)	/* more than L1, less than L2 */

struct width {
	enum neural_simd_level level;
	const char *name;
	u32 macs;	/* in one instruction */
	void (*fn_peak)(const void *arg);
	void (*fn_read)(const void *arg);
	struct bench_item *peak;
	struct bench_item *read;
};

static struct bench_item *peak_scalar;
static u8 *buffer;

static void scalar(const void *arg)
{
	s64 s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	s64 x = 3;
	u32 n;

	for (n = 0; n < ROUNDS; n++) {
		__asm__ volatile("" : "+r" (x));
		s0 += x * x;
		__asm__ volatile("" : "+r" (x));
		s1 += x * x;
		__asm__ volatile("" : "+r" (x));
		s2 += x * x;
		__asm__ volatile("" : "+r" (x));
		s3 += x * x;
	}
	__asm__ volatile("" : : "r" (s0), "r" (s1), "r" (s2), "r" (s3));
}

#ifdef CONFIG_X86_64
static void peak_sse2(const void *arg) { bench_peak_sse2(ROUNDS); }
static void peak_avx2(const void *arg) { bench_peak_avx2(ROUNDS); }
static void peak_avx512(const void *arg) { bench_peak_avx512(ROUNDS); }
static void read_sse2(const void *arg) { bench_read_sse2(buffer, L2_BYTES); }
static void read_avx2(const void *arg) { bench_read_avx2(buffer, L2_BYTES); }
static void read_avx512(const void *arg) { bench_read_avx512(buffer, L2_BYTES); }

static struct width widths[] = {
	{ NEURAL_SIMD_sse2, "xmm", 2, peak_sse2, read_sse2 },
	{ NEURAL_SIMD_avx2, "ymm", 4, peak_avx2, read_avx2 },
	{ NEURAL_SIMD_avx512, "zmm", 8, peak_avx512, read_avx512 },
};

#define NR_WIDTHS	ARRAY_SIZE(widths)
#else
static struct width widths[1];

#define NR_WIDTHS	0
#endif

void bench_peaks_add(void)
{
	u32 i;

	buffer = bench_alloc(L2_BYTES);
	peak_scalar = bench_add(scalar, NULL);
	for (i = 0; i < NR_WIDTHS; i++) {
		if (!neural_cpu_has_level(widths[i].level))
			continue;
		widths[i].peak = bench_add(widths[i].fn_peak, NULL);
		widths[i].read = bench_add(widths[i].fn_read, NULL);
	}
}

/* A level has the registers of the widest one up to it. */
double bench_peak(enum neural_simd_level level)
{
	double peak = 4.0 * ROUNDS / peak_scalar->median;
	u32 i;

	for (i = 0; i < NR_WIDTHS && widths[i].level <= level; i++)
		if (widths[i].peak)
			peak = (double)ROUNDS * BENCH_PEAK_OPS * widths[i].macs /
			       widths[i].peak->median;
	return peak;
}

void bench_peaks_print(void)
{
	u32 i;

	printf("Peaks of this run: multiply-adds of 32 x 32 to 64 bits out of registers, and\n"
	       "reading %u KiB again and again\n", L2_BYTES >> 10);
	printf("  imul, add               %7.1f GMAC/s\n", bench_peak(NEURAL_SIMD_generic));
	for (i = 0; i < NR_WIDTHS; i++)
		if (widths[i].peak)
			printf("  pmul[u]dq, paddq, %s   %7.1f GMAC/s  %7.1f GB/s\n",
			       widths[i].name, bench_peak(widths[i].level),
			       L2_BYTES / widths[i].read->median);
	printf("\n");
}
