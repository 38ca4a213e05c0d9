// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../s8_quantize.h"
#include "s8_ymm.h"

#define TILE	32

/**
 * struct neural_quantize_ymm - numbers of a call
 * @multiplier: in even places
 * @most: magnitude that others are bounded by
 * @half: of the divisor
 * @right: shift
 * @zero_point: of the results, s16
 */
struct neural_quantize_ymm {
	__m256i multiplier;
	__m256i most;
	__m256i half;
	__m128i right;
	__m256i zero_point;
};

/*
 * Halves go away from zero, so signs are put aside.  What is left is bounded so that the
 * quotient fits 31 bits, and there is no arithmetic shift of qwords to miss.
 */
static __always_inline __m256i neural_quantize_eight(const s32 *x,
						     const struct neural_quantize_ymm *p)
{
	const __m256i v = neural_ymm_load(x);
	const __m256i size = _mm256_min_epu32(_mm256_abs_epi32(v), p->most);
	__m256i even = _mm256_mul_epu32(size, p->multiplier);
	__m256i odd = _mm256_mul_epu32(neural_ymm_odd(size), p->multiplier);

	even = _mm256_srl_epi64(_mm256_add_epi64(even, p->half), p->right);
	odd = _mm256_srl_epi64(_mm256_add_epi64(odd, p->half), p->right);
	return _mm256_sign_epi32(_mm256_or_si256(even, _mm256_slli_epi64(odd, 32)), v);
}

static __always_inline void neural_quantize_tile(s8 *y, const s32 *x,
						 const struct neural_quantize_ymm *p)
{
	const __m256i order = _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0);
	const __m256i v0 = neural_quantize_eight(x, p);
	const __m256i v1 = neural_quantize_eight(x + 8, p);
	const __m256i v2 = neural_quantize_eight(x + 16, p);
	const __m256i v3 = neural_quantize_eight(x + 24, p);
	const __m256i low = _mm256_adds_epi16(_mm256_packs_epi32(v0, v1), p->zero_point);
	const __m256i high = _mm256_adds_epi16(_mm256_packs_epi32(v2, v3), p->zero_point);
	const __m256i v = _mm256_packs_epi16(low, high);

	_mm256_storeu_si256((__m256i *)y, _mm256_permutevar8x32_epi32(v, order));
}

/* The end is done with what is before it once more, in a whole tile. */
void neural_s8_quantize__avx2(const struct neural_s8_quantize_args *a)
{
	struct neural_quantize_ymm p;
	u32 i;

	if (a->n < TILE) {
		neural_s8_quantize__generic(a);
		return;
	}
	p.multiplier = _mm256_set1_epi64x(a->multiplier);
	p.most = _mm256_set1_epi32(neural_s8_quantize_most(a));
	p.half = _mm256_set1_epi64x(neural_s8_quantize_half(a));
	p.right = _mm_cvtsi32_si128(a->right);
	p.zero_point = _mm256_set1_epi16(a->zero_point);
	for (i = 0; i + TILE < a->n; i += TILE)
		neural_quantize_tile(a->y + i, a->x + i, &p);
	neural_quantize_tile(a->y + a->n - TILE, a->x + a->n - TILE, &p);
}
