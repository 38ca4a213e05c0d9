// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

/* The barrier makes the compiler believe that x is another one each time. */
static __always_inline void step(__m256i *sum, __m256i *x)
{
	__asm__ volatile("" : "+x" (*x));
	*sum = _mm256_add_epi64(*sum, _mm256_mul_epi32(*x, *x));
}

/* Registers only: eight sums, so that no addition waits. */
void bench_peak_avx2(u32 n)
{
	__m256i x = _mm256_set1_epi32(n);
	__m256i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

	static_assert(BENCH_PEAK_OPS == 8, "as many as below");
	while (n--) {
		step(&s0, &x);
		step(&s1, &x);
		step(&s2, &x);
		step(&s3, &x);
		step(&s4, &x);
		step(&s5, &x);
		step(&s6, &x);
		step(&s7, &x);
	}
	__asm__ volatile("" : : "x" (s0), "x" (s1), "x" (s2), "x" (s3),
			 "x" (s4), "x" (s5), "x" (s6), "x" (s7));
}

static __always_inline void step_madd(__m256i *sum, __m256i *x)
{
	__asm__ volatile("" : "+x" (*x));
	*sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(*x, *x));
}

void bench_madd_avx2(u32 n)
{
	__m256i x = _mm256_set1_epi32(n);
	__m256i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

	while (n--) {
		step_madd(&s0, &x);
		step_madd(&s1, &x);
		step_madd(&s2, &x);
		step_madd(&s3, &x);
		step_madd(&s4, &x);
		step_madd(&s5, &x);
		step_madd(&s6, &x);
		step_madd(&s7, &x);
	}
	__asm__ volatile("" : : "x" (s0), "x" (s1), "x" (s2), "x" (s3),
			 "x" (s4), "x" (s5), "x" (s6), "x" (s7));
}

void bench_read_avx2(const void *p, size_t bytes)
{
	__m256i a = _mm256_setzero_si256();
	__m256i b = a;
	size_t i;

	for (i = 0; i < bytes; i += 2 * sizeof(a)) {
		a = _mm256_or_si256(a, _mm256_loadu_si256(p + i));
		b = _mm256_or_si256(b, _mm256_loadu_si256(p + i + sizeof(a)));
	}
	__asm__ volatile("" : : "x" (a), "x" (b));
}
