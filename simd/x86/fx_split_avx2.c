// SPDX-License-Identifier: GPL-2.0-only
/* The digits of an input are its words; four inputs make a qword of each digit. */
#include <immintrin.h>

#include "../kernels.h"
#include "ymm.h"

static __always_inline void neural_fx_split_four(const struct neural_fx_split_args *a, u32 i,
						 __m256i offset)
{
	/* In each half, words of the same digit side by side. */
	const __m256i order = _mm256_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11,
					       4, 5, 12, 13, 6, 7, 14, 15,
					       0, 1, 8, 9, 2, 3, 10, 11,
					       4, 5, 12, 13, 6, 7, 14, 15);
	const __m256i v = _mm256_xor_si256(neural_ymm_load((const s64 *)a->x + i), offset);
	const __m256i words = _mm256_shuffle_epi8(v, order);
	const __m128i low = _mm256_castsi256_si128(words);
	const __m128i high = _mm256_extracti128_si256(words, 1);
	const __m128i lower = _mm_unpacklo_epi32(low, high);
	s16 *y = a->y + i;

	_mm_storel_epi64((__m128i *)y, lower);
	if (a->digits > 1)
		_mm_storel_epi64((__m128i *)(y + a->plane), _mm_unpackhi_epi64(lower, lower));
	if (a->digits > 2)
		_mm_storel_epi64((__m128i *)(y + 2 * (size_t)a->plane),
				 _mm_unpackhi_epi32(low, high));
}

static void neural_fx_split_bytes(s16 *y, const s8 *x, u32 n)
{
	u32 i;

	for (i = 0; i + 16 <= n; i += 16)
		_mm256_storeu_si256((__m256i *)(y + i),
				    _mm256_cvtepi8_epi16(_mm_loadu_si128((const void *)(x + i))));
	for (; i < n; i++)
		y[i] = x[i];
	if (n % 2)
		y[n] = 0;
}

static void neural_fx_split_digits(const struct neural_fx_split_args *a)
{
	const s64 *x = a->x;
	const u64 offset = 0x800080008000ULL >> (16 * (NEURAL_FX_DIGITS + 1 - a->digits));
	const __m256i offsets = _mm256_set1_epi64x(offset);
	u32 d, i, n;

	for (i = 0; i + 4 <= a->n; i += 4)
		neural_fx_split_four(a, i, offsets);
	for (n = ALIGN(a->n, 2); i < n; i++) {
		const u64 v = i < a->n ? (u64)x[i] ^ offset : 0;

		for (d = 0; d < a->digits; d++)
			a->y[(size_t)d * a->plane + i] = v >> (16 * d);
	}
}

void neural_fx_split__avx2(const struct neural_fx_split_args *a)
{
	if (a->x_bytes == sizeof(s8))
		neural_fx_split_bytes(a->y, a->x, a->n);
	else
		neural_fx_split_digits(a);
}
