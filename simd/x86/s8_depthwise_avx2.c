// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"

static __always_inline __m256i neural_dot2(__m256i sum, __m256i x, __m256i w)
{
	return _mm256_add_epi32(sum, _mm256_madd_epi16(x, w));
}

#include "s8_depthwise_ymm.h"

void neural_s8_depthwise__avx2(const struct neural_s8_depthwise_args *a)
{
	neural_depthwise(a);
}
