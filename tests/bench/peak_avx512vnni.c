// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "bench.h"

#define peak_vec __m256i
#define peak_loop peak_loop_ymm
#include "peak_loop.h"

static __always_inline __m256i step_ymm(__m256i sum, __m256i x)
{
	return _mm256_dpbusd_epi32(sum, x, x);
}

void bench_dot_ymm_avx512vnni(u32 n)
{
	peak_loop_ymm(n, _mm256_set1_epi32(n), step_ymm);
}

#undef peak_vec
#undef peak_loop
#define peak_vec __m512i
#define peak_loop peak_loop_zmm
#include "peak_loop.h"

static __always_inline __m512i step_zmm(__m512i sum, __m512i x)
{
	return _mm512_dpbusd_epi32(sum, x, x);
}

void bench_dot_zmm_avx512vnni(u32 n)
{
	peak_loop_zmm(n, _mm512_set1_epi32(n), step_zmm);
}
