// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

/* The barrier makes the compiler believe that x is another one each time. */
static __always_inline void step(__m256i *sum, __m256i *x)
{
	__asm__ volatile("" : "+x" (*x));
	*sum = _mm256_dpbusd_avx_epi32(*sum, *x, *x);
}

void bench_dot_avxvnni(u32 n)
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
