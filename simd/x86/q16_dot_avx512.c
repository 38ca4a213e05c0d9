// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sixteen inputs at a time, the odd ones moved to where vpmuldq looks.
 * Up to four outputs share the inputs and the reduction at the end.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "zmm.h"

static __always_inline __m512i neural_dot_mac(__m512i sum, __m512i even, __m512i odd,
					      __mmask16 m, const s32 *w)
{
	const __m512i v = _mm512_maskz_loadu_epi32(m, w);

	sum = _mm512_add_epi64(sum, _mm512_mul_epi32(even, v));
	return _mm512_add_epi64(sum, _mm512_mul_epi32(odd, neural_zmm_odd(v)));
}

static __always_inline __m256i neural_dot_fold(__m512i v)
{
	return _mm256_add_epi64(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
}

/* The total of each of four vectors of four. */
static __always_inline __m256i neural_dot_total(__m256i a, __m256i b, __m256i c, __m256i d)
{
	const __m256i ab = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b),
					    _mm256_unpackhi_epi64(a, b));
	const __m256i cd = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d),
					    _mm256_unpackhi_epi64(c, d));

	return _mm256_add_epi64(_mm256_permute2x128_si256(ab, cd, 0x20),
				_mm256_permute2x128_si256(ab, cd, 0x31));
}

/* @n outputs, a constant where this is inlined. */
static __always_inline void neural_dot_some(const s32 *x, const s32 *w, u32 k,
					    const s64 *bias, s32 *out, const u32 n)
{
	const __mmask8 lanes = (1U << n) - 1;
	__m512i s0 = _mm512_setzero_si512();
	__m512i s1 = s0, s2 = s0, s3 = s0;
	__m256i total;
	u32 i;

	for (i = 0; i < k; i += 16, x += 16, w += 16) {
		const __mmask16 m = neural_zmm_mask(k - i);
		const __m512i even = _mm512_maskz_loadu_epi32(m, x);
		const __m512i odd = neural_zmm_odd(even);

		s0 = neural_dot_mac(s0, even, odd, m, w);
		if (n > 1)
			s1 = neural_dot_mac(s1, even, odd, m, w + k);
		if (n > 2)
			s2 = neural_dot_mac(s2, even, odd, m, w + 2 * (size_t)k);
		if (n > 3)
			s3 = neural_dot_mac(s3, even, odd, m, w + 3 * (size_t)k);
	}
	total = neural_dot_total(neural_dot_fold(s0), neural_dot_fold(s1),
				 neural_dot_fold(s2), neural_dot_fold(s3));
	total = _mm256_add_epi64(total, _mm256_maskz_loadu_epi64(lanes, bias));
	total = _mm256_srai_epi64(total, 16);
	_mm256_mask_cvtsepi64_storeu_epi32(out, lanes, total);
}

void neural_q16_dot__avx512(const struct neural_q16_dot_args *a)
{
	u32 j, r;

	for (r = 0; r < a->rows; r++) {
		const s32 *x = a->x + (size_t)r * a->x_stride;
		s32 *out = a->out + (size_t)r * a->out_stride;
		const s32 *w = a->w;

		for (j = 0; j + 4 <= a->n; j += 4, w += 4 * (size_t)a->k)
			neural_dot_some(x, w, a->k, a->bias + j, out + j, 4);
		if (a->n - j == 3)
			neural_dot_some(x, w, a->k, a->bias + j, out + j, 3);
		else if (a->n - j == 2)
			neural_dot_some(x, w, a->k, a->bias + j, out + j, 2);
		else if (a->n - j == 1)
			neural_dot_some(x, w, a->k, a->bias + j, out + j, 1);
	}
}
