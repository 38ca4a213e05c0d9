// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_zmm.h"

/* Elements from @i on, as many as @mask says; or the only one there is. */
static __always_inline __m512i neural_arith_load(const s8 *x, u32 step, u32 i,
						 __mmask16 mask, __m512i zero)
{
	const __m128i v = step ? _mm_maskz_loadu_epi8(mask, x + i) : _mm_set1_epi8(*x);

	return _mm512_sub_epi32(_mm512_cvtepi8_epi32(v), zero);
}

static __always_inline struct neural_zmm_rescale neural_arith_rescale(s32 multiplier, s32 shift)
{
	return neural_zmm_rescale_init(_mm512_set1_epi32(multiplier), _mm512_set1_epi32(shift));
}

void neural_s8_add__avx512(const struct neural_s8_add_args *args)
{
	const struct neural_s8_add p = *args->p;
	const struct neural_zmm_s8 out = neural_zmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_zmm_rescale ry = neural_arith_rescale(p.multiplier, p.shift);
	struct neural_zmm_rescale ra = neural_arith_rescale(p.a_multiplier, p.a_shift);
	struct neural_zmm_rescale rb = neural_arith_rescale(p.b_multiplier, p.b_shift);
	const __mmask16 negate = p.subtract ? 0xffff : 0;
	const __m512i left = _mm512_set1_epi32(p.left_shift);
	const __m512i a_zero = _mm512_set1_epi32(p.a_zero);
	const __m512i b_zero = _mm512_set1_epi32(p.b_zero);
	u32 i;

	/* As neither loses bits, two shifts to the left are one. */
	ra.left = _mm512_add_epi32(ra.left, left);
	rb.left = _mm512_add_epi32(rb.left, left);
	for (i = 0; i < args->n; i += 16) {
		const __mmask16 mask = neural_zmm_mask(args->n - i);
		__m512i a = neural_arith_load(args->a, args->a_step, i, mask, a_zero);
		__m512i b = neural_arith_load(args->b, args->b_step, i, mask, b_zero);

		a = neural_zmm_rescale(a, &ra);
		b = neural_zmm_rescale(b, &rb);
		b = _mm512_mask_sub_epi32(b, negate, _mm512_setzero_si512(), b);
		a = neural_zmm_rescale(_mm512_add_epi32(a, b), &ry);
		_mm_mask_storeu_epi8(args->y + i, mask, neural_zmm_s8(a, &out));
	}
}

void neural_s8_mul__avx512(const struct neural_s8_mul_args *args)
{
	const struct neural_s8_mul p = *args->p;
	const struct neural_zmm_s8 out = neural_zmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_zmm_rescale ry = neural_arith_rescale(p.multiplier, p.shift);
	const __m512i a_zero = _mm512_set1_epi32(p.a_zero);
	const __m512i b_zero = _mm512_set1_epi32(p.b_zero);
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const __mmask16 mask = neural_zmm_mask(args->n - i);
		const __m512i a = neural_arith_load(args->a, args->a_step, i, mask, a_zero);
		const __m512i b = neural_arith_load(args->b, args->b_step, i, mask, b_zero);
		const __m512i y = neural_zmm_rescale(_mm512_mullo_epi32(a, b), &ry);

		_mm_mask_storeu_epi8(args->y + i, mask, neural_zmm_s8(y, &out));
	}
}
