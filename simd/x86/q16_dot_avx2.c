// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight inputs at a time, the odd ones moved to where vpmuldq looks.  Up to
 * four outputs share the inputs and the reduction at the end.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "../../src/q16.h"
#include "ymm.h"

static __always_inline __m256i neural_dot_mac(__m256i sum, __m256i even, __m256i odd,
					      __m256i w)
{
	sum = _mm256_add_epi64(sum, _mm256_mul_epi32(even, w));
	return _mm256_add_epi64(sum, _mm256_mul_epi32(odd, neural_ymm_odd(w)));
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

/* Four totals, one a qword: only the even elements of the result count. */
static __always_inline void neural_dot_finish(__m256i total, const s64 *bias, s32 *out,
					      const u32 n)
{
	const __m256i first = _mm256_setr_epi64x(bias[0], n > 1 ? bias[1] : 0,
						 n > 2 ? bias[2] : 0,
						 n > 3 ? bias[3] : 0);
	const __m256i pick = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
	__m256i y;

	total = _mm256_add_epi64(total, first);
	y = _mm256_permutevar8x32_epi32(neural_ymm_round(total, total), pick);
	neural_ymm_store_n(out, y, n);
}

/* @n outputs, a constant where this is inlined. */
static __always_inline void neural_dot_some(const s32 *x, const s32 *w, u32 k,
					    const s64 *bias, s32 *out, const u32 n)
{
	__m256i s0 = _mm256_setzero_si256();
	__m256i s1 = s0, s2 = s0, s3 = s0;
	u32 i;

	for (i = 0; i < k; i += 8, x += 8, w += 8) {
		const u32 m = k - i;
		const __m256i even = neural_ymm_load_n(x, m);
		const __m256i odd = neural_ymm_odd(even);

		s0 = neural_dot_mac(s0, even, odd, neural_ymm_load_n(w, m));
		if (n > 1)
			s1 = neural_dot_mac(s1, even, odd, neural_ymm_load_n(w + k, m));
		if (n > 2)
			s2 = neural_dot_mac(s2, even, odd,
					    neural_ymm_load_n(w + 2 * (size_t)k, m));
		if (n > 3)
			s3 = neural_dot_mac(s3, even, odd,
					    neural_ymm_load_n(w + 3 * (size_t)k, m));
	}
	neural_dot_finish(neural_dot_total(s0, s1, s2, s3), bias, out, n);
}

void neural_q16_dot__avx2(const struct neural_q16_dot_args *a)
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
