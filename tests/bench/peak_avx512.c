// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

#define peak_vec __m512i
#include "peak_loop.h"

static __always_inline __m512i step_mul(__m512i sum, __m512i x)
{
	return _mm512_add_epi64(sum, _mm512_mul_epi32(x, x));
}

void bench_peak_avx512(u32 n)
{
	peak_loop(n, _mm512_set1_epi32(n), step_mul);
}

static __always_inline __m512i step_madd(__m512i sum, __m512i x)
{
	return _mm512_add_epi32(sum, _mm512_madd_epi16(x, x));
}

void bench_madd_avx512(u32 n)
{
	peak_loop(n, _mm512_set1_epi32(n), step_madd);
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
