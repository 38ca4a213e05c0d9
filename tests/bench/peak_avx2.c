// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

#define peak_vec __m256i
#include "peak_loop.h"

static __always_inline __m256i step_mul(__m256i sum, __m256i x)
{
	return _mm256_add_epi64(sum, _mm256_mul_epi32(x, x));
}

void bench_peak_avx2(u32 n)
{
	peak_loop(n, _mm256_set1_epi32(n), step_mul);
}

static __always_inline __m256i step_madd(__m256i sum, __m256i x)
{
	return _mm256_add_epi32(sum, _mm256_madd_epi16(x, x));
}

void bench_madd_avx2(u32 n)
{
	peak_loop(n, _mm256_set1_epi32(n), step_madd);
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
	__asm__ volatile("" : : "v" (a), "v" (b));
}
