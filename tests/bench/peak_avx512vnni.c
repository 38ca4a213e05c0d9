// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

/* The barrier makes the compiler believe that x is another one each time. */
static __always_inline void step_ymm(__m256i *sum, __m256i *x)
{
	__asm__ volatile("" : "+v" (*x));
	*sum = _mm256_dpbusd_epi32(*sum, *x, *x);
}

void bench_dot_ymm_avx512vnni(u32 n)
{
	__m256i x = _mm256_set1_epi32(n);
	__m256i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

	static_assert(BENCH_PEAK_OPS == 8, "as many as below");
	while (n--) {
		step_ymm(&s0, &x);
		step_ymm(&s1, &x);
		step_ymm(&s2, &x);
		step_ymm(&s3, &x);
		step_ymm(&s4, &x);
		step_ymm(&s5, &x);
		step_ymm(&s6, &x);
		step_ymm(&s7, &x);
	}
	__asm__ volatile("" : : "v" (s0), "v" (s1), "v" (s2), "v" (s3),
			 "v" (s4), "v" (s5), "v" (s6), "v" (s7));
}

static __always_inline void step_zmm(__m512i *sum, __m512i *x)
{
	__asm__ volatile("" : "+v" (*x));
	*sum = _mm512_dpbusd_epi32(*sum, *x, *x);
}

void bench_dot_zmm_avx512vnni(u32 n)
{
	__m512i x = _mm512_set1_epi32(n);
	__m512i s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x;

	static_assert(BENCH_PEAK_OPS == 8, "as many as below");
	while (n--) {
		step_zmm(&s0, &x);
		step_zmm(&s1, &x);
		step_zmm(&s2, &x);
		step_zmm(&s3, &x);
		step_zmm(&s4, &x);
		step_zmm(&s5, &x);
		step_zmm(&s6, &x);
		step_zmm(&s7, &x);
	}
	__asm__ volatile("" : : "v" (s0), "v" (s1), "v" (s2), "v" (s3),
			 "v" (s4), "v" (s5), "v" (s6), "v" (s7));
}
