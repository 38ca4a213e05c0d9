// SPDX-License-Identifier: GPL-2.0-only
/* What the machine could do: the numbers everything else is a share of. */
#include <unistd.h>

#include "bench.h"

#define ROUNDS		1000
#define L2_BYTES	(512UL << 10)	/* more than L1, less than L2 */

/**
 * struct peak - a loop
 * @level: the first one that has the instruction
 * @name: as it is reported
 * @macs: multiply-adds of one instruction
 * @s8: of bytes, or of words that bytes were made
 * @fn: BENCH_PEAK_OPS instructions a round
 * @item: timed
 */
struct peak {
	enum neural_simd_level level;
	const char *name;
	u32 macs;
	bool s8;
	void (*fn)(u32 n);
	struct bench_item *item;
};

struct reading {
	enum neural_simd_level level;
	const char *name;
	bool far;	/* L3 */
	void (*fn)(const void *p, size_t bytes);
	const void *from;
	size_t bytes;
	struct bench_item *item;
};

static void scalar(u32 n)
{
	s64 s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	s64 x = 3;

	for (n *= BENCH_PEAK_OPS / 4; n; n--) {
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

/* Of each kind from the narrowest on. */
static struct peak peaks[] = {
	{ NEURAL_SIMD_generic, "imul", 1, false, scalar },
	{ NEURAL_SIMD_generic, "imul-s8", 1, true, scalar },
#ifdef CONFIG_X86_64
	{ NEURAL_SIMD_sse2, "pmuludq-xmm", 2, false, bench_peak_sse2 },
	{ NEURAL_SIMD_avx2, "pmuldq-ymm", 4, false, bench_peak_avx2 },
	{ NEURAL_SIMD_avx512, "pmuldq-zmm", 8, false, bench_peak_avx512 },
	{ NEURAL_SIMD_sse2, "pmaddwd-xmm", 8, true, bench_madd_sse2 },
	{ NEURAL_SIMD_avx2, "pmaddwd-ymm", 16, true, bench_madd_avx2 },
	{ NEURAL_SIMD_avxvnni, "vpdpbusd-vex", 32, true, bench_dot_avxvnni },
	{ NEURAL_SIMD_avx512, "pmaddwd-zmm", 32, true, bench_madd_avx512 },
	{ NEURAL_SIMD_avx512vnni, "vpdpbusd-ymm", 32, true, bench_dot_ymm_avx512vnni },
	{ NEURAL_SIMD_avx512vnni, "vpdpbusd-zmm", 64, true, bench_dot_zmm_avx512vnni },
#endif
};

static struct reading readings[] = {
#ifdef CONFIG_X86_64
	{ NEURAL_SIMD_sse2, "read-l2-xmm", false, bench_read_sse2 },
	{ NEURAL_SIMD_avx2, "read-l2-ymm", false, bench_read_avx2 },
	{ NEURAL_SIMD_avx512, "read-l2-zmm", false, bench_read_avx512 },
	{ NEURAL_SIMD_sse2, "read-l3-xmm", true, bench_read_sse2 },
	{ NEURAL_SIMD_avx2, "read-l3-ymm", true, bench_read_avx2 },
	{ NEURAL_SIMD_avx512, "read-l3-zmm", true, bench_read_avx512 },
#endif
};

static void run_peak(const void *arg)
{
	((const struct peak *)arg)->fn(ROUNDS);
}

static void run_reading(const void *arg)
{
	const struct reading *r = arg;

	r->fn(r->from, r->bytes);
}

/* Four times L2, as long as that is no more than half of L3. */
static size_t l3_bytes(void)
{
	const long l2 = sysconf(_SC_LEVEL2_CACHE_SIZE), l3 = sysconf(_SC_LEVEL3_CACHE_SIZE);

	return l2 > 0 && l3 >= 8 * l2 ? round_up(4UL * l2, 4096UL) : 0;
}

void bench_peaks_add(void)
{
	const size_t far = l3_bytes();
	const u8 *buffer = bench_alloc(max(far, L2_BYTES));
	u32 i;

	for (i = 0; i < ARRAY_SIZE(peaks); i++)
		if (neural_cpu_has_level(peaks[i].level))
			peaks[i].item = bench_add(run_peak, &peaks[i]);
	for (i = 0; i < ARRAY_SIZE(readings); i++) {
		readings[i].from = buffer;
		readings[i].bytes = readings[i].far ? far : L2_BYTES;
		if (readings[i].bytes && neural_cpu_has_level(readings[i].level))
			readings[i].item = bench_add(run_reading, &readings[i]);
	}
}

void bench_peaks_enter(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(peaks); i++)
		if (peaks[i].item)
			bench_enter(&(struct bench_entry){
				.item = peaks[i].item, .kind = "peak", .rows = 1,
				.name = peaks[i].name,
				.level = neural_simd_level_names[peaks[i].level],
				.macs = (double)ROUNDS * BENCH_PEAK_OPS * peaks[i].macs });
	for (i = 0; i < ARRAY_SIZE(readings); i++)
		if (readings[i].item)
			bench_enter(&(struct bench_entry){
				.item = readings[i].item, .kind = "peak", .rows = 1,
				.name = readings[i].name,
				.level = neural_simd_level_names[readings[i].level],
				.bytes = readings[i].bytes });
}

static double rate(const struct peak *p)
{
	return p->item ? (double)ROUNDS * BENCH_PEAK_OPS * p->macs / p->item->median : 0;
}

/* A level has all there is up to it. */
static double best(enum neural_simd_level level, bool s8)
{
	double most = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(peaks); i++)
		if (peaks[i].level <= level && peaks[i].s8 == s8)
			most = max(most, rate(&peaks[i]));
	return most;
}

double bench_peak(enum neural_simd_level level)
{
	return best(level, false);
}

double bench_peak_s8(enum neural_simd_level level)
{
	return best(level, true);
}

void bench_peaks_print(void)
{
	u32 i;

	printf("Peaks of this run: multiply-adds out of registers, of 32 x 32 to 64 bits\n"
	       "(imul, pmul[u]dq) and of bytes or words to 32 bits; reading %lu KiB (L2) and\n"
	       "%zu KiB (L3) again and again\n", L2_BYTES >> 10, l3_bytes() >> 10);
	for (i = 0; i < ARRAY_SIZE(peaks); i++)
		if (peaks[i].item)
			printf("  %-16s %7.1f GMAC/s\n", peaks[i].name, rate(&peaks[i]));
	for (i = 0; i < ARRAY_SIZE(readings); i++)
		if (readings[i].item)
			printf("  %-16s %7.1f GB/s\n", readings[i].name,
			       readings[i].bytes / readings[i].item->median);
	printf("\n");
}
