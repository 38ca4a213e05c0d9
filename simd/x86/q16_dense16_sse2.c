// SPDX-License-Identifier: GPL-2.0-only
/* 16-bit dense layer in 128 bits; the arithmetic is that of q16_dense16_zmm.h. */
#include <immintrin.h>

#include "../kernels.h"
#include "xmm.h"

/* Four outputs over all chunks. */
struct neural_dense16_total {
	__m128i hi_all, hi_odd;
	__m128i lo_all, lo_odd;
};

/* Four outputs in a chunk. */
struct neural_dense16_sums {
	__m128i hi, lo;
};

static __always_inline void neural_dense16_open(struct neural_dense16_sums *s)
{
	s->hi = _mm_set1_epi32(S32_MIN);
	s->lo = s->hi;
}

static __always_inline void neural_dense16_mac(struct neural_dense16_sums *s,
					       __m128i hi, __m128i lo, const s16 *w)
{
	const __m128i v = neural_xmm_load(w);

	s->hi = _mm_add_epi32(s->hi, _mm_madd_epi16(hi, v));
	s->lo = _mm_add_epi32(s->lo, _mm_madd_epi16(lo, v));
}

static __always_inline void neural_dense16_close(struct neural_dense16_total *t,
						 const struct neural_dense16_sums *s)
{
	t->hi_all = _mm_add_epi64(t->hi_all, s->hi);
	t->lo_all = _mm_add_epi64(t->lo_all, s->lo);
	t->hi_odd = _mm_add_epi64(t->hi_odd, _mm_srli_epi64(s->hi, 32));
	t->lo_odd = _mm_add_epi64(t->lo_odd, _mm_srli_epi64(s->lo, 32));
}

static __always_inline void neural_dense16_finish(const struct neural_dense16_total *t,
						  const s64 *bias, u64 chunks,
						  s32 *out, u32 n)
{
	const __m128i off = _mm_set1_epi64x((chunks << 47) + (chunks << 31));
	const __m128i hi = _mm_sub_epi64(t->hi_all, _mm_slli_epi64(t->hi_odd, 32));
	const __m128i lo = _mm_sub_epi64(t->lo_all, _mm_slli_epi64(t->lo_odd, 32));
	__m128i even, odd;

	neural_xmm_load_s64(bias, &even, &odd);
	even = _mm_add_epi64(_mm_sub_epi64(even, off),
			     _mm_add_epi64(_mm_slli_epi64(hi, 16), lo));
	odd = _mm_add_epi64(_mm_sub_epi64(odd, off),
			    _mm_add_epi64(_mm_slli_epi64(t->hi_odd, 16), t->lo_odd));
	neural_xmm_store(out, neural_xmm_round(even, odd), n);
}

static void neural_dense16_panel(const struct neural_q16_dense16_args *a,
				 const s16 *hi, const s16 *lo, u32 j, s32 *out)
{
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	struct neural_dense16_total t[4] = { };
	struct neural_dense16_sums s0, s1, s2, s3;
	const s64 *bias = a->bias + j;
	const u32 n = a->n - j;
	u32 left = a->pairs;
	u64 chunks = 0;
	u32 p;

	while (left) {
		neural_dense16_open(&s0);
		neural_dense16_open(&s1);
		neural_dense16_open(&s2);
		neural_dense16_open(&s3);
		for (p = min(left, a->chunk), left -= p, chunks++; p; p--) {
			const __m128i h = _mm_set1_epi32(*(const s32 *)hi);
			const __m128i l = _mm_set1_epi32(*(const s32 *)lo);

			neural_dense16_mac(&s0, h, l, w);
			neural_dense16_mac(&s1, h, l, w + 8);
			neural_dense16_mac(&s2, h, l, w + 16);
			neural_dense16_mac(&s3, h, l, w + 24);
			hi += 2;
			lo += 2;
			w += 2 * NEURAL_Q16_PANEL;
		}
		neural_dense16_close(&t[0], &s0);
		neural_dense16_close(&t[1], &s1);
		neural_dense16_close(&t[2], &s2);
		neural_dense16_close(&t[3], &s3);
	}
	neural_dense16_finish(&t[0], bias, chunks, out, n);
	if (n > 4)
		neural_dense16_finish(&t[1], bias + 4, chunks, out + 4, n - 4);
	if (n > 8)
		neural_dense16_finish(&t[2], bias + 8, chunks, out + 8, n - 8);
	if (n > 12)
		neural_dense16_finish(&t[3], bias + 12, chunks, out + 12, n - 12);
}

void neural_q16_dense16__sse2(const struct neural_q16_dense16_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_dense16_panel(a, a->hi + (size_t)r * a->x_stride,
					     a->lo + (size_t)r * a->x_stride, j,
					     a->out + (size_t)r * a->out_stride + j);
}
