// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
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

void neural_s8_add__avx2(const struct neural_s8_add_args *args)
{
	const struct neural_s8_add p = *args->p;
	const struct neural_xmm_s8 out = neural_xmm_s8_load(p.y_zero, p.min, p.max);
	const struct neural_ymm_rescale ry = neural_arith_rescale(p.multiplier, p.shift);
	struct neural_ymm_rescale ra = neural_arith_rescale(p.a_multiplier, p.a_shift);
	struct neural_ymm_rescale rb = neural_arith_rescale(p.b_multiplier, p.b_shift);
	const __m256i sign = _mm256_set1_epi32(p.subtract ? -1 : 1);
	const __m256i left = _mm256_set1_epi32(p.left_shift);
	const __m256i a_zero = _mm256_set1_epi32(p.a_zero);
	const __m256i b_zero = _mm256_set1_epi32(p.b_zero);
	__m256i a0, a1, b0, b1;
	u32 i;

	/* As neither loses bits, two shifts to the left are one. */
	ra.left = _mm256_add_epi32(ra.left, left);
	rb.left = _mm256_add_epi32(rb.left, left);
	for (i = 0; i < args->n; i += 16) {
		const u32 n = args->n - i;
		const __m128i a = neural_arith_load(args->a, args->a_step, i, n);
		const __m128i b = neural_arith_load(args->b, args->b_step, i, n);

		a0 = neural_ymm_rescale(neural_arith_low(a, a_zero), &ra);
		a1 = neural_ymm_rescale(neural_arith_high(a, a_zero), &ra);
		b0 = neural_ymm_rescale(neural_arith_low(b, b_zero), &rb);
		b1 = neural_ymm_rescale(neural_arith_high(b, b_zero), &rb);
		a0 = _mm256_add_epi32(a0, _mm256_sign_epi32(b0, sign));
		a1 = _mm256_add_epi32(a1, _mm256_sign_epi32(b1, sign));
		a0 = neural_ymm_rescale(a0, &ry);
		a1 = neural_ymm_rescale(a1, &ry);
		neural_xmm_store_s8(args->y + i, neural_ymm_s8(a0, a1, &out), n);
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
