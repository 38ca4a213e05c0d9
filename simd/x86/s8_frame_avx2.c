// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_ymm.h"

/* @n bytes, of which the last ones may be written twice; @n at least 1. */
static __always_inline u8 *neural_frame_copy(u8 *y, const s8 *x, size_t n, __m256i flip)
{
	const __m128i half = _mm256_castsi256_si128(flip);
	u8 *end = y + n;

	if (n < 16) {
		neural_xmm_store_s8((s8 *)y, _mm_xor_si128(neural_xmm_load_s8(x, n), half), n);
		return end;
	}
	for (; end - y > 32; y += 32, x += 32)
		_mm256_storeu_si256((__m256i *)y, _mm256_xor_si256(neural_ymm_load(x), flip));
	if (end - y > 16) {
		_mm_storeu_si128((__m128i *)y, _mm_xor_si128(neural_xmm_load(x), half));
		x += 16;
		y += 16;
	}
	x -= 16 - (end - y);
	_mm_storeu_si128((__m128i *)(end - 16), _mm_xor_si128(neural_xmm_load(x), half));
	return end;
}

static __always_inline u8 *neural_frame_pad(u8 *y, size_t n, __m256i fill)
{
	const __m128i half = _mm256_castsi256_si128(fill);
	u8 *end = y + n;

	if (n < 16) {
		if (n)
			neural_xmm_store_s8((s8 *)y, half, n);
		return end;
	}
	for (; end - y > 32; y += 32)
		_mm256_storeu_si256((__m256i *)y, fill);
	if (end - y > 16)
		_mm_storeu_si128((__m128i *)y, half);
	_mm_storeu_si128((__m128i *)(end - 16), half);
	return end;
}

void neural_s8_frame__avx2(const struct neural_s8_frame_args *a)
{
	const size_t line = (size_t)a->before + a->n + a->after;
	const __m256i flip = _mm256_set1_epi8(a->flip);
	const __m256i fill = _mm256_set1_epi8(a->fill ^ a->flip);
	u8 *y = neural_frame_pad(a->y, a->above * line + a->before, fill);
	const s8 *x = a->x;
	u32 l;

	/* What is after a line and before the next one is together. */
	for (l = 1; l < a->lines; l++, x += a->x_line) {
		y = neural_frame_copy(y, x, a->n, flip);
		y = neural_frame_pad(y, (size_t)a->after + a->before, fill);
	}
	y = neural_frame_copy(y, x, a->n, flip);
	neural_frame_pad(y, a->after + a->below * line, fill);
}
