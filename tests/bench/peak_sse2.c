// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

/* The barrier makes the compiler believe that x is another one each time. */
static __always_inline void step(__m128i *sum, __m128i *x)
{
	__asm__ volatile("" : "+x" (*x));
	*sum = _mm_add_epi64(*sum, _mm_mul_epu32(*x, *x));
}

/* Registers only: eight sums, so that no addition waits. */
void bench_peak_sse2(u32 n)
{
	__m128i x = _mm_set1_epi32(n);
	__m128i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

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

static __always_inline void step_madd(__m128i *sum, __m128i *x)
{
	__asm__ volatile("" : "+x" (*x));
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(*x, *x));
}

void bench_madd_sse2(u32 n)
{
	__m128i x = _mm_set1_epi32(n);
	__m128i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

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

void bench_read_sse2(const void *p, size_t bytes)
{
	__m128i a = _mm_setzero_si128();
	__m128i b = a;
	size_t i;

	for (i = 0; i < bytes; i += 2 * sizeof(a)) {
		a = _mm_or_si128(a, _mm_loadu_si128(p + i));
		b = _mm_or_si128(b, _mm_loadu_si128(p + i + sizeof(a)));
	}
	__asm__ volatile("" : : "x" (a), "x" (b));
}
