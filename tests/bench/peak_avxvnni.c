// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

#define peak_vec __m256i
#include "peak_loop.h"

static __always_inline __m256i step(__m256i sum, __m256i x)
{
	return _mm256_dpbusd_avx_epi32(sum, x, x);
}

void bench_dot_avxvnni(u32 n)
{
	peak_loop(n, _mm256_set1_epi32(n), step);
}
