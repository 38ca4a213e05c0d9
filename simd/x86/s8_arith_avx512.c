// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_add_quick.h"
#include "s8_zmm.h"

/* Elements from @i on, as many as @mask says; or the only one there is. */
static __always_inline __m512i neural_arith_load(const s8 *x, u32 step, u32 i, __mmask16 mask)
{
	const __m128i v = step ? _mm_maskz_loadu_epi8(mask, x + i) : _mm_set1_epi8(*x);

	return _mm512_cvtepi8_epi32(v);
}

static __always_inline struct neural_zmm_rescale neural_arith_rescale(s32 multiplier, s32 shift)
{
	return neural_zmm_rescale_init(_mm512_set1_epi32(multiplier), _mm512_set1_epi32(shift));
}

/* What is added, as it is defined. */
struct neural_add {
	struct neural_zmm_rescale ra, rb, ry;
	__m512i a_zero, b_zero;
	__mmask16 negate;
};

static __always_inline struct neural_add neural_add_load(const struct neural_s8_add *p)
{
	const __m512i left = _mm512_set1_epi32(p->left_shift);
	struct neural_add add = {
		.ra = neural_arith_rescale(p->a_multiplier, p->a_shift),
		.rb = neural_arith_rescale(p->b_multiplier, p->b_shift),
		.ry = neural_arith_rescale(p->multiplier, p->shift),
		.a_zero = _mm512_set1_epi32(p->a_zero),
		.b_zero = _mm512_set1_epi32(p->b_zero),
		.negate = p->subtract ? 0xffff : 0,
	};

	/* As neither loses bits, two shifts to the left are one. */
	add.ra.left = _mm512_add_epi32(add.ra.left, left);
	add.rb.left = _mm512_add_epi32(add.rb.left, left);
	return add;
}

static __always_inline __m512i neural_add(const struct neural_add *add, __m512i a, __m512i b)
{
	a = neural_zmm_rescale(_mm512_sub_epi32(a, add->a_zero), &add->ra);
	b = neural_zmm_rescale(_mm512_sub_epi32(b, add->b_zero), &add->rb);
	b = _mm512_mask_sub_epi32(b, add->negate, _mm512_setzero_si512(), b);
	return neural_zmm_rescale(_mm512_add_epi32(a, b), &add->ry);
}

/* Sixteen that the quick way leaves over: too few to keep anything for them. */
static noinline __m512i neural_add_rest(const struct neural_s8_add *p, __m512i a, __m512i b)
{
	const struct neural_add add = neural_add_load(p);

	return neural_add(&add, a, b);
}

/* Where there is no quick way. */
static noinline void neural_add_all(const struct neural_s8_add_args *args,
				    const struct neural_zmm_s8 *out)
{
	const struct neural_add add = neural_add_load(args->p);
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const __mmask16 mask = neural_zmm_mask(args->n - i);
		const __m512i a = neural_arith_load(args->a, args->a_step, i, mask);
		const __m512i b = neural_arith_load(args->b, args->b_step, i, mask);
		const __m512i y = neural_add(&add, a, b);

		_mm_mask_storeu_epi8(args->y + i, mask, neural_zmm_s8(y, out));
	}
}

void neural_s8_add__avx512(const struct neural_s8_add_args *args)
{
	const struct neural_s8_add *p = args->p;
	const struct neural_zmm_s8 out = neural_zmm_s8_load(p->y_zero, p->min, p->max);
	const struct neural_add_quick quick = neural_add_quick(p);
	const __m512i whole = _mm512_set1_epi32(-(1 << quick.shift));
	const __m512i slack = _mm512_set1_epi32(quick.slack);
	const __m128i shift = _mm_cvtsi32_si128(quick.shift);
	const __m512i fa = _mm512_set1_epi32(quick.a);
	const __m512i fb = _mm512_set1_epi32(quick.b);
	const __m512i fc = _mm512_set1_epi32(quick.c);
	u32 i;

	if (!quick.shift) {
		neural_add_all(args, &out);
		return;
	}
	for (i = 0; i < args->n; i += 16) {
		const __mmask16 mask = neural_zmm_mask(args->n - i);
		const __m512i a = neural_arith_load(args->a, args->a_step, i, mask);
		const __m512i b = neural_arith_load(args->b, args->b_step, i, mask);
		const __m512i fbc = _mm512_add_epi32(_mm512_mullo_epi32(b, fb), fc);
		const __m512i least = _mm512_add_epi32(_mm512_mullo_epi32(a, fa), fbc);
		const __m512i most = _mm512_add_epi32(least, slack);
		__m512i y = _mm512_sra_epi32(least, shift);

		if (_mm512_test_epi32_mask(_mm512_xor_si512(least, most), whole))
			y = neural_add_rest(p, a, b);
		_mm_mask_storeu_epi8(args->y + i, mask, neural_zmm_s8(y, &out));
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
		const __m512i a = neural_arith_load(args->a, args->a_step, i, mask);
		const __m512i b = neural_arith_load(args->b, args->b_step, i, mask);
		__m512i y = _mm512_mullo_epi32(_mm512_sub_epi32(a, a_zero),
					       _mm512_sub_epi32(b, b_zero));

		y = neural_zmm_rescale(y, &ry);

		_mm_mask_storeu_epi8(args->y + i, mask, neural_zmm_s8(y, &out));
	}
}
