// SPDX-License-Identifier: GPL-2.0-only
/* Pools and sums: sixteen channels at a time, and nothing but loads to wait for. */
#include <immintrin.h>

#include "../kernels.h"
#include "s8_ymm.h"

struct neural_pool_sums {
	__m256i s0;
	__m256i s1;
};

static __always_inline void neural_pool_add(struct neural_pool_sums *s, const s8 *x, u32 n)
{
	const __m128i v = neural_xmm_load_s8(x, n);

	s->s0 = _mm256_add_epi32(s->s0, _mm256_cvtepi8_epi32(v));
	s->s1 = _mm256_add_epi32(s->s1, _mm256_cvtepi8_epi32(_mm_unpackhi_epi64(v, v)));
}

/**
 * struct neural_pool_divide - by the number of cells
 * @half: of the number
 * @factor: 2^@shift by the number, rounded up
 * @shift: 31 and the bits of the number but the first
 *
 * The factor is too large by less than one, which over all is less than the number by
 * 2^@shift.  That makes no difference to a dividend below 2^30: the sum of 65536 cells
 * is below 2^24.
 */
struct neural_pool_divide {
	__m256i half;
	__m256i factor;
	__m128i shift;
};

static __always_inline struct neural_pool_divide neural_pool_divide(u32 cells)
{
	const u32 shift = 31 + fls64(cells) - 1;

	return (struct neural_pool_divide){
		.half = _mm256_set1_epi32(cells / 2),
		.factor = _mm256_set1_epi64x(div_u64((1ULL << shift) + cells - 1, cells)),
		.shift = _mm_cvtsi32_si128(shift),
	};
}

/* Halves away from zero, so of the magnitude. */
static __always_inline __m256i neural_pool_average(__m256i sum,
						   const struct neural_pool_divide *d)
{
	const __m256i size = _mm256_add_epi32(_mm256_abs_epi32(sum), d->half);
	const __m256i even = _mm256_srl_epi64(_mm256_mul_epu32(size, d->factor), d->shift);
	const __m256i odd = _mm256_srl_epi64(_mm256_mul_epu32(neural_ymm_odd(size), d->factor),
					     d->shift);

	return _mm256_sign_epi32(_mm256_or_si256(even, _mm256_slli_epi64(odd, 32)), sum);
}

/* @n is 16, a constant where this is inlined, or less. */
static __always_inline void neural_pool_average_few(const struct neural_s8_window *v,
						    const struct neural_pool_divide *d,
						    const struct neural_xmm_s8 *bounds,
						    const s8 *x, s8 *out, const u32 n)
{
	struct neural_pool_sums s = { };
	u32 i, j;

	for (i = 0; i < v->rows; i++, x += v->x_row)
		for (j = 0; j < v->cols; j++)
			neural_pool_add(&s, x + j * v->x_col, n);
	neural_xmm_store_s8(out, neural_ymm_s8(neural_pool_average(s.s0, d),
					       neural_pool_average(s.s1, d), bounds), n);
}

static __always_inline void neural_pool_max_few(const struct neural_s8_pool_args *a,
						const s8 *x, s8 *out, const u32 n)
{
	const struct neural_s8_window *v = &a->window;
	__m128i most = _mm_set1_epi8(a->min);
	u32 i, j;

	for (i = 0; i < v->rows; i++, x += v->x_row)
		for (j = 0; j < v->cols; j++)
			most = _mm_max_epi8(most, neural_xmm_load_s8(x + j * v->x_col, n));
	neural_xmm_store_s8(out, _mm_min_epi8(most, _mm_set1_epi8(a->max)), n);
}

#include "s8_pool_walk.h"

void neural_s8_average_pool__avx2(const struct neural_s8_pool_args *a)
{
	neural_pool_average_walk(a);
}

void neural_s8_max_pool__avx2(const struct neural_s8_pool_args *a)
{
	neural_pool_max_walk(a);
}

/* A single column without gaps: bytes are added up as u8, 128 too large each. */
static __always_inline u32 neural_sum_run(const s8 *x, u32 n)
{
	const __m128i sign = _mm_set1_epi8(-128);
	const __m128i zero = _mm_setzero_si128();
	__m128i sum = zero;
	u32 i;

	for (i = 0; i < n; i += 16) {
		const __m128i v = _mm_xor_si128(neural_xmm_load_s8(x + i, n - i), sign);

		sum = _mm_add_epi64(sum, _mm_sad_epu8(v, zero));
	}
	sum = _mm_add_epi64(sum, _mm_unpackhi_epi64(sum, sum));
	return (u32)_mm_cvtsi128_si32(sum) - i * 128;
}

static __always_inline void neural_sum_columns(const struct neural_s8_sum_args *a, u32 c,
					       const u32 n)
{
	struct neural_pool_sums s = {
		neural_ymm_load_n(a->sum + c, n),
		n > 8 ? neural_ymm_load_n(a->sum + c + 8, n - 8) : _mm256_setzero_si256(),
	};
	const s8 *x = a->x + c;
	u32 r;

	for (r = 0; r < a->rows; r++, x += a->stride)
		neural_pool_add(&s, x, n);
	neural_ymm_store_n(a->sum + c, s.s0, n);
	if (n > 8)
		neural_ymm_store_n(a->sum + c + 8, s.s1, n - 8);
}

void neural_s8_sum__avx2(const struct neural_s8_sum_args *a)
{
	u32 c;

	if (a->n == 1 && a->stride == 1) {
		a->sum[0] = (u32)a->sum[0] + neural_sum_run(a->x, a->rows);
		return;
	}
	for (c = 0; c + 16 <= a->n; c += 16)
		neural_sum_columns(a, c, 16);
	if (c < a->n)
		neural_sum_columns(a, c, a->n - c);
}
