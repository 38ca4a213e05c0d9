// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

/* The barrier makes the compiler believe that x is another one each time. */
static __always_inline void step(__m512i *sum, __m512i *x)
{
	__asm__ volatile("" : "+v" (*x));
	*sum = _mm512_add_epi64(*sum, _mm512_mul_epi32(*x, *x));
}

/* Registers only: eight sums, so that no addition waits. */
void bench_peak_avx512(u32 n)
{
	__m512i x = _mm512_set1_epi32(n);
	__m512i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

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
	__asm__ volatile("" : : "v" (s0), "v" (s1), "v" (s2), "v" (s3),
			 "v" (s4), "v" (s5), "v" (s6), "v" (s7));
}

static __always_inline void step_madd(__m512i *sum, __m512i *x)
{
	__asm__ volatile("" : "+v" (*x));
	*sum = _mm512_add_epi32(*sum, _mm512_madd_epi16(*x, *x));
}

void bench_madd_avx512(u32 n)
{
	__m512i x = _mm512_set1_epi32(n);
	__m512i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

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
	__asm__ volatile("" : : "v" (s0), "v" (s1), "v" (s2), "v" (s3),
			 "v" (s4), "v" (s5), "v" (s6), "v" (s7));
}

void bench_read_avx512(const void *p, size_t bytes)
{
	__m512i a = _mm512_setzero_si512();
	__m512i b = a;
	size_t i;

	for (i = 0; i < bytes; i += 2 * sizeof(a)) {
		a = _mm512_or_si512(a, _mm512_loadu_si512(p + i));
		b = _mm512_or_si512(b, _mm512_loadu_si512(p + i + sizeof(a)));
	}
	__asm__ volatile("" : : "v" (a), "v" (b));
}
