// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two outputs share a load of weights as they share the inputs: vpmuldq looks at the
 * lower dwords, and the upper ones are moved there for the second output.  Of inputs of
 * more than 32 bits the upper half, with the carry of the lower one's sign, is
 * multiplied apart.
 */
#include <immintrin.h>

#include "../fx_end.h"
#include "zmm.h"

/* Sums of two outputs: of all inputs or their lower halves, and of the upper ones. */
struct neural_fx_dot_sums {
	__m512i a, b;
	__m512i high_a, high_b;
};

/* Up to eight inputs, of @bytes; @narrow are no wider than 32 bits.  Both constants. */
static __always_inline void neural_fx_dot_mac(struct neural_fx_dot_sums *s, const void *x,
					      const s32 *w, __mmask8 m, const u32 bytes,
					      const bool narrow)
{
	const __m512i even = _mm512_maskz_loadu_epi64(m, w);
	const __m512i odd = neural_zmm_odd(even);
	__m512i v, high;

	if (bytes == sizeof(s32))
		v = _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(m, x));
	else
		v = _mm512_maskz_loadu_epi64(m, x);
	s->a = _mm512_add_epi64(s->a, _mm512_mul_epi32(v, even));
	s->b = _mm512_add_epi64(s->b, _mm512_mul_epi32(v, odd));
	if (narrow)
		return;
	high = _mm512_srli_epi64(_mm512_add_epi64(v, _mm512_set1_epi64(1LL << 31)), 32);
	s->high_a = _mm512_add_epi64(s->high_a, _mm512_mul_epi32(high, even));
	s->high_b = _mm512_add_epi64(s->high_b, _mm512_mul_epi32(high, odd));
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

		for (i = 0; i + 8 <= a->k; i += 8, w += 16)
			neural_fx_dot_mac(&s, x + i * bytes, w, 0xff, bytes, narrow);
		if (i < a->k)
			neural_fx_dot_mac(&s, x + i * bytes, w, (1U << (a->k - i)) - 1, bytes,
					  narrow);
		w += 2 * (size_t)(a->k - i);
		s.high_a = _mm512_slli_epi64(s.high_a, 32);
		sum_a = _mm512_reduce_add_epi64(_mm512_add_epi64(s.a, s.high_a));
		neural_fx_put(a->out, at + j, sum_a + a->bias[j], &a->end);
		if (a->n - j == 1)
			return;
		s.high_b = _mm512_slli_epi64(s.high_b, 32);
		sum_b = _mm512_reduce_add_epi64(_mm512_add_epi64(s.b, s.high_b));
		neural_fx_put(a->out, at + j + 1, sum_b + a->bias[j + 1], &a->end);
	}
}

void neural_fx_dot__avx512(const struct neural_fx_dot_args *a)
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
