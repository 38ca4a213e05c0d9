// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"

static __always_inline __m512i neural_dot2(__m512i sum, __m512i x, __m512i w)
{
	return _mm512_add_epi32(sum, _mm512_madd_epi16(x, w));
}

#include "s8_depthwise_zmm.h"

void neural_s8_depthwise__avx512(const struct neural_s8_depthwise_args *a)
{
	neural_depthwise(a);
}
