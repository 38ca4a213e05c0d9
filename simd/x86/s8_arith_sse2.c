// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

/* Sixteen differences to the zero point, all s16. */
struct neural_arith_x {
	__m128i low;
	__m128i high;
};

/* Elements from @i on, @n of them left; or the only one there is. */
static __always_inline struct neural_arith_x neural_arith_load(const s8 *x, u32 step,
							       u32 i, u32 n, __m128i zero)
{
	const __m128i v = step ? neural_xmm_load_s8(x + i, n) : _mm_set1_epi8(*x);

	return (struct neural_arith_x){
		.low = _mm_sub_epi16(_mm_srai_epi16(_mm_unpacklo_epi8(v, v), 8), zero),
		.high = _mm_sub_epi16(_mm_srai_epi16(_mm_unpackhi_epi8(v, v), 8), zero),
	};
}

static __always_inline struct neural_xmm_rescale neural_arith_rescale(s32 multiplier, s32 shift)
{
	const s32 multipliers[] = { multiplier, multiplier, multiplier, multiplier };
	const s32 shifts[] = { shift, shift, shift, shift };

	return neural_xmm_rescale_load(multipliers, shifts);
}

/**
 * struct neural_arith_add - numbers of a sum
 * @a: to rescale one operand
 * @b: to rescale the other
 * @y: to rescale the sum
 * @left: shift of both operands before that, as a count
 * @sign: -1 where b is to be subtracted, or 0
 */
struct neural_arith_add {
	struct neural_xmm_rescale a;
	struct neural_xmm_rescale b;
	struct neural_xmm_rescale y;
	__m128i left;
	__m128i sign;
};

/* s16 in the upper halves of dwords. */
static __always_inline __m128i neural_arith_sum(const struct neural_arith_add *p, __m128i a,
						__m128i b)
{
	a = _mm_sll_epi32(_mm_srai_epi32(a, 16), p->left);
	b = _mm_sll_epi32(_mm_srai_epi32(b, 16), p->left);
	a = neural_xmm_rescale(a, &p->a);
	b = neural_xmm_rescale(b, &p->b);
	b = _mm_sub_epi32(_mm_xor_si128(b, p->sign), p->sign);
	return neural_xmm_rescale(_mm_add_epi32(a, b), &p->y);
}

void neural_s8_add__sse2(const struct neural_s8_add_args *args)
{
	const struct neural_s8_add p = *args->p;
	const struct neural_xmm_s8 out = neural_xmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_arith_add add = {
		.a = neural_arith_rescale(p.a_multiplier, p.a_shift),
		.b = neural_arith_rescale(p.b_multiplier, p.b_shift),
		.y = neural_arith_rescale(p.multiplier, p.shift),
		.left = _mm_cvtsi32_si128(p.left_shift),
		.sign = _mm_set1_epi32(-p.subtract),
	};
	const __m128i a_zero = _mm_set1_epi16(p.a_zero);
	const __m128i b_zero = _mm_set1_epi16(p.b_zero);
	const __m128i zero = _mm_setzero_si128();
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const struct neural_arith_x a =
			neural_arith_load(args->a, args->a_step, i, n, a_zero);
		const struct neural_arith_x b =
			neural_arith_load(args->b, args->b_step, i, n, b_zero);
		__m128i v0, v1, v2, v3;

		v0 = neural_arith_sum(&add, _mm_unpacklo_epi16(zero, a.low),
				      _mm_unpacklo_epi16(zero, b.low));
		v1 = neural_arith_sum(&add, _mm_unpackhi_epi16(zero, a.low),
				      _mm_unpackhi_epi16(zero, b.low));
		v2 = neural_arith_sum(&add, _mm_unpacklo_epi16(zero, a.high),
				      _mm_unpacklo_epi16(zero, b.high));
		v3 = neural_arith_sum(&add, _mm_unpackhi_epi16(zero, a.high),
				      _mm_unpackhi_epi16(zero, b.high));
		v0 = neural_xmm_s8(_mm_packs_epi32(v0, v1), _mm_packs_epi32(v2, v3), &out);
		neural_xmm_store_s8(args->y + i, v0, n);
	}
}

void neural_s8_mul__sse2(const struct neural_s8_mul_args *args)
{
	const struct neural_s8_mul p = *args->p;
	const struct neural_xmm_s8 out = neural_xmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_xmm_rescale y = neural_arith_rescale(p.multiplier, p.shift);
	const __m128i a_zero = _mm_set1_epi16(p.a_zero);
	const __m128i b_zero = _mm_set1_epi16(p.b_zero);
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const struct neural_arith_x a =
			neural_arith_load(args->a, args->a_step, i, n, a_zero);
		const struct neural_arith_x b =
			neural_arith_load(args->b, args->b_step, i, n, b_zero);
		const __m128i low = _mm_mullo_epi16(a.low, b.low);
		const __m128i low_up = _mm_mulhi_epi16(a.low, b.low);
		const __m128i high = _mm_mullo_epi16(a.high, b.high);
		const __m128i high_up = _mm_mulhi_epi16(a.high, b.high);
		__m128i v0, v1, v2, v3;

		v0 = neural_xmm_rescale(_mm_unpacklo_epi16(low, low_up), &y);
		v1 = neural_xmm_rescale(_mm_unpackhi_epi16(low, low_up), &y);
		v2 = neural_xmm_rescale(_mm_unpacklo_epi16(high, high_up), &y);
		v3 = neural_xmm_rescale(_mm_unpackhi_epi16(high, high_up), &y);
		v0 = neural_xmm_s8(_mm_packs_epi32(v0, v1), _mm_packs_epi32(v2, v3), &out);
		neural_xmm_store_s8(args->y + i, v0, n);
	}
}
