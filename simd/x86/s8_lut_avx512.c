// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_lut_zmm.h"

void neural_s8_lut__avx512(const struct neural_s8_lut_args *a)
{
	const u32 n = a->n;
	struct neural_lut_zmm t;
	u32 i;

	if (n < 32) {
		neural_s8_lut__generic(a);
		return;
	}
	neural_lut_load(&t, a->table);
	for (i = 0; i < n; i += 64) {
		const __mmask64 mask = neural_lut_mask(n - i);
		const __m512i v = _mm512_maskz_loadu_epi8(mask, a->x + i);

		_mm512_mask_storeu_epi8(a->y + i, mask, neural_lut_zmm(&t, v));
	}
}
