// SPDX-License-Identifier: GPL-2.0-only
/*
 * Four inputs at a time.  pmuludq takes no sign: a negative factor counts as 2^32
 * too large, so the product as other factor times 2^32 too large.  Those others
 * are summed apart, in dwords, for only their sum modulo 2^32 matters.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "xmm.h"

static s32 neural_dot_one(const s32 *x, const s32 *w, u32 k, s64 bias)
{
	__m128i sum = _mm_setzero_si128();
	__m128i excess = sum;
	u64 total = bias;
	u64 lanes[2];
	u32 i;

	for (i = 0; i + 4 <= k; i += 4) {
		const __m128i u = neural_xmm_load(x + i);
		const __m128i v = neural_xmm_load(w + i);

		sum = _mm_add_epi64(sum, _mm_mul_epu32(u, v));
		sum = _mm_add_epi64(sum, _mm_mul_epu32(neural_xmm_odd(u), neural_xmm_odd(v)));
		excess = _mm_add_epi32(excess, _mm_and_si128(_mm_srai_epi32(u, 31), v));
		excess = _mm_add_epi32(excess, _mm_and_si128(_mm_srai_epi32(v, 31), u));
	}
	/* the upper dwords of both, less the wrong ones */
	sum = _mm_sub_epi64(sum, _mm_slli_epi64(excess, 32));
	sum = _mm_sub_epi64(sum, _mm_and_si128(excess, neural_xmm_odd_mask()));
	_mm_storeu_si128((__m128i *)lanes, sum);
	total += lanes[0] + lanes[1];
	for (; i < k; i++)
		total += (s64)x[i] * w[i];
	return neural_q16_round(total);
}

void neural_q16_dot__sse2(const struct neural_q16_dot_args *a)
{
	u32 j, r;

	for (r = 0; r < a->rows; r++)
		for (j = 0; j < a->n; j++)
			a->out[(size_t)r * a->out_stride + j] =
				neural_dot_one(a->x + (size_t)r * a->x_stride,
					       a->w + (size_t)j * a->k, a->k,
					       a->bias[j]);
}
