// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

#define peak_vec __m128i
#include "peak_loop.h"

static __always_inline __m128i step_mul(__m128i sum, __m128i x)
{
	return _mm_add_epi64(sum, _mm_mul_epu32(x, x));
}

void bench_peak_sse2(u32 n)
{
	peak_loop(n, _mm_set1_epi32(n), step_mul);
}

static __always_inline __m128i step_madd(__m128i sum, __m128i x)
{
	return _mm_add_epi32(sum, _mm_madd_epi16(x, x));
}

void bench_madd_sse2(u32 n)
{
	peak_loop(n, _mm_set1_epi32(n), step_madd);
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
	__asm__ volatile("" : : "v" (a), "v" (b));
}
