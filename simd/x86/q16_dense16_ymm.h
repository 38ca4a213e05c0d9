/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 16-bit dense layer in 256 bits, for AVX2 and AVX-VNNI: the file that includes
 * this defines neural_dot2().  The arithmetic is that of q16_dense16_zmm.h.
 *
 * The sums of one row and one panel just fit the registers.  Two rows share loads of
 * weights, and have eight sums to cover the five cycles a VNNI multiply-add takes,
 * but what is summed over chunks is in memory then.  In GMAC/s, 256x256, for chunks
 * of 2, 4, 8 and 32 pairs: a row alone 15, 20, 23, 24, which two panels of it at a
 * time lower to 12, 17, 21, 25; rows in pairs 14, 19, 24, 29, which a row at a time
 * lowers to 13, 18, 23, 27 (AVX2).  VNNI gains nothing for one row and 7 to 12
 * percent for pairs of them.
 */
#ifndef _NEURAL_SIMD_X86_Q16_DENSE16_YMM_H
#define _NEURAL_SIMD_X86_Q16_DENSE16_YMM_H

#include "../kernels.h"
#include "ymm.h"

/* Eight outputs of one row over all chunks. */
struct neural_dense16_total {
	__m256i hi_all, hi_odd;
	__m256i lo_all, lo_odd;
};

/* One row and one panel in a chunk. */
struct neural_dense16_sums {
	__m256i h0, l0;
	__m256i h1, l1;
};

static __always_inline void neural_dense16_open(struct neural_dense16_sums *s)
{
	s->h0 = _mm256_set1_epi32(S32_MIN);
	s->h1 = s->h0;
	s->l0 = s->h0;
	s->l1 = s->h0;
}

/* A pair of digits to all elements. */
static __always_inline __m256i neural_dense16_pair(const s16 *p)
{
	return _mm256_set1_epi32(*(const s32 *)p);
}

static __always_inline void neural_dense16_mac(struct neural_dense16_sums *s,
					       const s16 *hi, const s16 *lo,
					       __m256i w0, __m256i w1)
{
	const __m256i h = neural_dense16_pair(hi);
	const __m256i l = neural_dense16_pair(lo);

	s->h0 = neural_dot2(s->h0, h, w0);
	s->l0 = neural_dot2(s->l0, l, w0);
	s->h1 = neural_dot2(s->h1, h, w1);
	s->l1 = neural_dot2(s->l1, l, w1);
}

static __always_inline void neural_dense16_close(struct neural_dense16_total *t,
						 __m256i hi, __m256i lo)
{
	t->hi_all = _mm256_add_epi64(t->hi_all, hi);
	t->lo_all = _mm256_add_epi64(t->lo_all, lo);
	t->hi_odd = _mm256_add_epi64(t->hi_odd, _mm256_srli_epi64(hi, 32));
	t->lo_odd = _mm256_add_epi64(t->lo_odd, _mm256_srli_epi64(lo, 32));
}

static __always_inline void neural_dense16_finish(const struct neural_dense16_total *t,
						  const s64 *bias, u64 chunks,
						  s32 *out, u32 n)
{
	const __m256i off = _mm256_set1_epi64x((chunks << 47) + (chunks << 31));
	const __m256i hi = _mm256_sub_epi64(t->hi_all, _mm256_slli_epi64(t->hi_odd, 32));
	const __m256i lo = _mm256_sub_epi64(t->lo_all, _mm256_slli_epi64(t->lo_odd, 32));
	__m256i even, odd;

	neural_ymm_load_s64(bias, &even, &odd);
	even = _mm256_add_epi64(_mm256_sub_epi64(even, off),
				_mm256_add_epi64(_mm256_slli_epi64(hi, 16), lo));
	odd = _mm256_add_epi64(_mm256_sub_epi64(odd, off),
			       _mm256_add_epi64(_mm256_slli_epi64(t->hi_odd, 16), t->lo_odd));
	neural_ymm_store_n(out, neural_ymm_round(even, odd), n);
}

/* One panel and, as @two says, one or two rows. */
static __always_inline void neural_dense16_tile(const struct neural_q16_dense16_args *a,
						u32 r, u32 j, const bool two)
{
	const s16 *hi = a->hi + (size_t)r * a->x_stride;
	const s16 *lo = a->lo + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	s32 *out = a->out + (size_t)r * a->out_stride + j;
	const s64 *bias = a->bias + j;
	const u32 n = a->n - j;
	struct neural_dense16_total t[4] = { };
	struct neural_dense16_sums s0, s1;
	u32 left = a->pairs;
	u64 chunks = 0;
	u32 p;

	while (left) {
		neural_dense16_open(&s0);
		neural_dense16_open(&s1);
		for (p = min(left, a->chunk), left -= p, chunks++; p; p--) {
			const __m256i w0 = neural_ymm_load(w);
			const __m256i w1 = neural_ymm_load(w + 16);

			neural_dense16_mac(&s0, hi, lo, w0, w1);
			if (two)
				neural_dense16_mac(&s1, hi + a->x_stride, lo + a->x_stride,
						   w0, w1);
			hi += 2;
			lo += 2;
			w += 2 * NEURAL_Q16_PANEL;
		}
		neural_dense16_close(&t[0], s0.h0, s0.l0);
		neural_dense16_close(&t[1], s0.h1, s0.l1);
		if (two) {
			neural_dense16_close(&t[2], s1.h0, s1.l0);
			neural_dense16_close(&t[3], s1.h1, s1.l1);
		}
	}
	neural_dense16_finish(&t[0], bias, chunks, out, n);
	if (n > 8)
		neural_dense16_finish(&t[1], bias + 8, chunks, out + 8, n - 8);
	if (!two)
		return;
	out += a->out_stride;
	neural_dense16_finish(&t[2], bias, chunks, out, n);
	if (n > 8)
		neural_dense16_finish(&t[3], bias + 8, chunks, out + 8, n - 8);
}

static __always_inline void neural_dense16(const struct neural_q16_dense16_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL) {
		for (r = 0; r + 2 <= a->rows; r += 2)
			neural_dense16_tile(a, r, j, true);
		if (r < a->rows)
			neural_dense16_tile(a, r, j, false);
	}
}

#endif /* _NEURAL_SIMD_X86_Q16_DENSE16_YMM_H */
