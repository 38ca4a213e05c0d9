// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

static __always_inline u8 *neural_frame_pad(u8 *y, size_t n, __m128i v)
{
	u8 *end = y + n;

	for (; end - y >= 16; y += 16)
		_mm_storeu_si128((__m128i *)y, v);
	if (y < end)
		neural_xmm_store_s8((s8 *)y, v, end - y);
	return end;
}

static __always_inline u8 *neural_frame_copy(u8 *y, const s8 *x, size_t n, __m128i flip)
{
	u8 *end = y + n;

	for (; end - y >= 16; y += 16, x += 16)
		_mm_storeu_si128((__m128i *)y, _mm_xor_si128(neural_xmm_load(x), flip));
	if (y < end)
		neural_xmm_store_s8((s8 *)y, _mm_xor_si128(neural_xmm_load_s8(x, end - y),
							   flip), end - y);
	return end;
}

void neural_s8_frame__sse2(const struct neural_s8_frame_args *a)
{
	const size_t line = (size_t)a->before + a->n + a->after;
	const __m128i flip = _mm_set1_epi8(a->flip);
	const __m128i fill = _mm_set1_epi8(a->fill ^ a->flip);
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
