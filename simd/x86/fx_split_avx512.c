// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "zmm.h"

static void neural_fx_split_bytes(s16 *y, const s8 *x, u32 n)
{
	u32 i;

	for (i = 0; i < n; i += 32) {
		const u32 left = n - i, right = ALIGN(n, 2) - i;
		const __mmask32 from = left >= 32 ? U32_MAX : (1U << left) - 1;
		const __mmask32 to = right >= 32 ? U32_MAX : (1U << right) - 1;
		const __m256i v = _mm256_maskz_loadu_epi8(from, x + i);

		_mm512_mask_storeu_epi16(y + i, to, _mm512_cvtepi8_epi16(v));
	}
}

static void neural_fx_split_digits(const struct neural_fx_split_args *a)
{
	const s64 *x = a->x;
	const u32 n = ALIGN(a->n, 2);
	u32 d, i;

	for (i = 0; i < a->n; i += 8) {
		const u32 left = a->n - i, right = n - i;
		const __mmask8 from = left >= 8 ? 0xff : (1U << left) - 1;
		const __mmask8 to = right >= 8 ? 0xff : (1U << right) - 1;
		__m512i v = _mm512_maskz_loadu_epi64(from, x + i);

		for (d = 0; d < a->digits; d++) {
			const __m128i offset = d + 1 < a->digits ? _mm_set1_epi16(S16_MIN) :
								   _mm_setzero_si128();
			const __m128i digit = _mm_xor_si128(_mm512_cvtepi64_epi16(v), offset);

			_mm_mask_storeu_epi16(a->y + (size_t)d * a->plane + i, to,
					      _mm_maskz_mov_epi16(from, digit));
			v = _mm512_srai_epi64(v, 16);
		}
	}
}

void neural_fx_split__avx512(const struct neural_fx_split_args *a)
{
	if (a->x_bytes == sizeof(s8))
		neural_fx_split_bytes(a->y, a->x, a->n);
	else
		neural_fx_split_digits(a);
}
