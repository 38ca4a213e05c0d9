// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"

static __always_inline __m256i neural_dot2(__m256i sum, __m256i x, __m256i w)
{
	return _mm256_dpwssd_avx_epi32(sum, x, w);
}

#include "s8_depthwise_ymm.h"

void neural_s8_depthwise__avxvnni(const struct neural_s8_depthwise_args *a)
{
	neural_depthwise(a);
}
