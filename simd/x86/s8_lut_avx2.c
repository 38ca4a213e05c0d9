// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_lut_ymm.h"

static __always_inline void neural_lut_store(s8 *y, __m256i v)
{
	_mm256_storeu_si256((__m256i *)y, v);
}

/*
 * The end is done with what is before it once more, in whole vectors.  It is read first,
 * for results may be written where it was.
 */
void neural_s8_lut__avx2(const struct neural_s8_lut_args *a)
{
	const u32 n = a->n;
	struct neural_lut_ymm t;
	__m256i v0, v1, end0, end1;
	u32 i;

	if (n < 64) {
		neural_s8_lut__generic(a);
		return;
	}
	neural_lut_load(&t, a->table);
	end0 = neural_ymm_load(a->x + n - 64);
	end1 = neural_ymm_load(a->x + n - 32);
	for (i = 0; i + 64 < n; i += 64) {
		v0 = neural_ymm_load(a->x + i);
		v1 = neural_ymm_load(a->x + i + 32);
		neural_lut_two(&t, &v0, &v1);
		neural_lut_store(a->y + i, v0);
		neural_lut_store(a->y + i + 32, v1);
	}
	neural_lut_two(&t, &end0, &end1);
	neural_lut_store(a->y + n - 64, end0);
	neural_lut_store(a->y + n - 32, end1);
}
