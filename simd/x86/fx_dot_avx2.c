// SPDX-License-Identifier: GPL-2.0-only
/* As the AVX-512 kernel, in half the width; the last one to three inputs one by one. */
#include <immintrin.h>

#include "../fx_end.h"
#include "ymm.h"

/* Sums of two outputs: of all inputs or their lower halves, and of the upper ones. */
struct neural_fx_dot_sums {
	__m256i a, b;
	__m256i high_a, high_b;
};

/* Four inputs, of @bytes; @narrow are no wider than 32 bits.  Both are constants. */
static __always_inline void neural_fx_dot_mac(struct neural_fx_dot_sums *s, const void *x,
					      const s32 *w, const u32 bytes,
					      const bool narrow)
{
	const __m256i even = neural_ymm_load(w);
	const __m256i odd = neural_ymm_odd(even);
	__m256i v, high;

	if (bytes == sizeof(s32))
		v = _mm256_cvtepi32_epi64(_mm_loadu_si128(x));
	else
		v = neural_ymm_load(x);
	s->a = _mm256_add_epi64(s->a, _mm256_mul_epi32(v, even));
	s->b = _mm256_add_epi64(s->b, _mm256_mul_epi32(v, odd));
	if (narrow)
		return;
	high = _mm256_srli_epi64(_mm256_add_epi64(v, _mm256_set1_epi64x(1LL << 31)), 32);
	s->high_a = _mm256_add_epi64(s->high_a, _mm256_mul_epi32(high, even));
	s->high_b = _mm256_add_epi64(s->high_b, _mm256_mul_epi32(high, odd));
}

static __always_inline u64 neural_fx_dot_total(__m256i low, __m256i high)
{
	const __m256i v = _mm256_add_epi64(low, _mm256_slli_epi64(high, 32));
	const __m128i u = _mm_add_epi64(_mm256_castsi256_si128(v),
					_mm256_extracti128_si256(v, 1));

	return _mm_cvtsi128_si64(_mm_add_epi64(u, _mm_unpackhi_epi64(u, u)));
}

static __always_inline void neural_fx_dot_row(const struct neural_fx_dot_args *a, u32 r,
					      const u32 bytes, const bool narrow)
{
	const void *x = a->x + (size_t)r * a->x_stride * bytes;
	const size_t at = (size_t)r * a->out_stride;
	const s32 *w = a->w;
	u32 i, j;

	for (j = 0; j < a->n; j += 2) {
		struct neural_fx_dot_sums s = { };
		u64 sum_a, sum_b;

		for (i = 0; i + 4 <= a->k; i += 4, w += 8)
			neural_fx_dot_mac(&s, x + i * bytes, w, bytes, narrow);
		sum_a = neural_fx_dot_total(s.a, s.high_a);
		sum_b = neural_fx_dot_total(s.b, s.high_b);
		for (; i < a->k; i++, w += 2) {
			const u64 v = bytes == sizeof(s32) ? ((const s32 *)x)[i] :
							     ((const s64 *)x)[i];

			sum_a += v * w[0];
			sum_b += v * w[1];
		}
		neural_fx_put(a->out, at + j, sum_a + a->bias[j], &a->end);
		if (a->n - j > 1)
			neural_fx_put(a->out, at + j + 1, sum_b + a->bias[j + 1], &a->end);
	}
}

void neural_fx_dot__avx2(const struct neural_fx_dot_args *a)
{
	u32 r;

	for (r = 0; r < a->rows; r++) {
		if (a->x_bytes == sizeof(s32))
			neural_fx_dot_row(a, r, sizeof(s32), true);
		else if (a->narrow)
			neural_fx_dot_row(a, r, sizeof(s64), true);
		else
			neural_fx_dot_row(a, r, sizeof(s64), false);
	}
}
