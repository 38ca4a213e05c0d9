// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_add_quick.h"
#include "s8_ymm.h"

/* Elements from @i on, @n of them left; or the only one there is. */
static __always_inline __m128i neural_arith_load(const s8 *x, u32 step, u32 i, u32 n)
{
	return step ? neural_xmm_load_s8(x + i, n) : _mm_set1_epi8(*x);
}

static __always_inline __m256i neural_arith_low(__m128i x, __m256i zero)
{
	return _mm256_sub_epi32(_mm256_cvtepi8_epi32(x), zero);
}

static __always_inline __m256i neural_arith_high(__m128i x, __m256i zero)
{
	return neural_arith_low(_mm_unpackhi_epi64(x, x), zero);
}

static __always_inline struct neural_ymm_rescale neural_arith_rescale(s32 multiplier, s32 shift)
{
	return neural_ymm_rescale_init(_mm256_set1_epi32(multiplier), _mm256_set1_epi32(shift));
}

/* What is added, as it is defined. */
struct neural_add {
	struct neural_ymm_rescale ra, rb, ry;
	__m256i a_zero, b_zero, sign;
};

static __always_inline struct neural_add neural_add_load(const struct neural_s8_add *p)
{
	const __m256i left = _mm256_set1_epi32(p->left_shift);
	struct neural_add add = {
		.ra = neural_arith_rescale(p->a_multiplier, p->a_shift),
		.rb = neural_arith_rescale(p->b_multiplier, p->b_shift),
		.ry = neural_arith_rescale(p->multiplier, p->shift),
		.a_zero = _mm256_set1_epi32(p->a_zero),
		.b_zero = _mm256_set1_epi32(p->b_zero),
		.sign = _mm256_set1_epi32(p->subtract ? -1 : 1),
	};

	/* As neither loses bits, two shifts to the left are one. */
	add.ra.left = _mm256_add_epi32(add.ra.left, left);
	add.rb.left = _mm256_add_epi32(add.rb.left, left);
	return add;
}

static __always_inline __m256i neural_add(const struct neural_add *add, __m256i a, __m256i b)
{
	a = neural_ymm_rescale(_mm256_sub_epi32(a, add->a_zero), &add->ra);
	b = neural_ymm_rescale(_mm256_sub_epi32(b, add->b_zero), &add->rb);
	a = _mm256_add_epi32(a, _mm256_sign_epi32(b, add->sign));
	return neural_ymm_rescale(a, &add->ry);
}

/* Eight that the quick way leaves over: too few to keep anything for them. */
static noinline __m256i neural_add_rest(const struct neural_s8_add *p, __m256i a, __m256i b)
{
	const struct neural_add add = neural_add_load(p);

	return neural_add(&add, a, b);
}

/* Where there is no quick way. */
static noinline void neural_add_all(const struct neural_s8_add_args *args,
				    const struct neural_xmm_s8 *out)
{
	const struct neural_add add = neural_add_load(args->p);
	const __m256i zero = _mm256_setzero_si256();
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const __m128i a = neural_arith_load(args->a, args->a_step, i, n);
		const __m128i b = neural_arith_load(args->b, args->b_step, i, n);
		const __m256i y0 = neural_add(&add, neural_arith_low(a, zero),
					      neural_arith_low(b, zero));
		const __m256i y1 = neural_add(&add, neural_arith_high(a, zero),
					      neural_arith_high(b, zero));

		neural_xmm_store_s8(args->y + i, neural_ymm_s8(y0, y1, out), n);
	}
}

static __always_inline __m256i neural_add_least(__m256i a, __m256i b, __m256i fa, __m256i fb,
						__m256i fc)
{
	return _mm256_add_epi32(_mm256_mullo_epi32(a, fa),
				_mm256_add_epi32(_mm256_mullo_epi32(b, fb), fc));
}

/* Bits that change as @slack is added. */
static __always_inline __m256i neural_add_change(__m256i v, __m256i slack)
{
	return _mm256_xor_si256(_mm256_add_epi32(v, slack), v);
}

void neural_s8_add__avx2(const struct neural_s8_add_args *args)
{
	const struct neural_s8_add *p = args->p;
	const struct neural_xmm_s8 out = neural_xmm_s8_load(p->y_zero, p->min, p->max);
	const struct neural_add_quick quick = neural_add_quick(p);
	const __m256i whole = _mm256_set1_epi32(-(1 << quick.shift));
	const __m256i slack = _mm256_set1_epi32(quick.slack);
	const __m128i shift = _mm_cvtsi32_si128(quick.shift);
	const __m256i fa = _mm256_set1_epi32(quick.a);
	const __m256i fb = _mm256_set1_epi32(quick.b);
	const __m256i fc = _mm256_set1_epi32(quick.c);
	const __m256i zero = _mm256_setzero_si256();
	u32 i;

	if (!quick.shift) {
		neural_add_all(args, &out);
		return;
	}
	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const __m128i a = neural_arith_load(args->a, args->a_step, i, n);
		const __m128i b = neural_arith_load(args->b, args->b_step, i, n);
		const __m256i a0 = neural_arith_low(a, zero), a1 = neural_arith_high(a, zero);
		const __m256i b0 = neural_arith_low(b, zero), b1 = neural_arith_high(b, zero);
		__m256i y0 = neural_add_least(a0, b0, fa, fb, fc);
		__m256i y1 = neural_add_least(a1, b1, fa, fb, fc);
		const __m256i change = _mm256_or_si256(neural_add_change(y0, slack),
						       neural_add_change(y1, slack));

		if (_mm256_testz_si256(change, whole)) {
			y0 = _mm256_sra_epi32(y0, shift);
			y1 = _mm256_sra_epi32(y1, shift);
		} else {
			y0 = neural_add_rest(p, a0, b0);
			y1 = neural_add_rest(p, a1, b1);
		}
		neural_xmm_store_s8(args->y + i, neural_ymm_s8(y0, y1, &out), n);
	}
}

void neural_s8_mul__avx2(const struct neural_s8_mul_args *args)
{
	const struct neural_s8_mul p = *args->p;
	const struct neural_xmm_s8 out = neural_xmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_ymm_rescale ry = neural_arith_rescale(p.multiplier, p.shift);
	const __m256i a_zero = _mm256_set1_epi32(p.a_zero);
	const __m256i b_zero = _mm256_set1_epi32(p.b_zero);
	u32 i;

	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const __m128i a = neural_arith_load(args->a, args->a_step, i, n);
		const __m128i b = neural_arith_load(args->b, args->b_step, i, n);
		__m256i v0, v1;

		v0 = _mm256_mullo_epi32(neural_arith_low(a, a_zero), neural_arith_low(b, b_zero));
		v1 = _mm256_mullo_epi32(neural_arith_high(a, a_zero),
					neural_arith_high(b, b_zero));
		v0 = neural_ymm_rescale(v0, &ry);
		v1 = neural_ymm_rescale(v1, &ry);
		neural_xmm_store_s8(args->y + i, neural_ymm_s8(v0, v1, &out), n);
	}
}
