/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 16-bit dense layer in 512 bits, for AVX-512 with and without VNNI: the file that
 * includes this defines neural_dot2(), which adds the products of pairs of s16 to
 * s32 sums.
 *
 * Within a chunk the products of the upper and of the lower digit are summed in
 * s32; at its end both are added to sums in s64.  Chunks may be as short as two
 * pairs, so that has to be cheap:
 *
 * A chunk starts at -2^31, which read as u32 is an offset of 2^31, so its sums end
 * as u32.  Of two of them in a qword the odd one is qword >> 32, and the even one
 * needs no extraction: whole qwords are summed, wrapping, and in the end the sum of
 * the odd ones, now known, is taken off the upper dword.
 *
 * Three instructions a chunk and vector, where sign extension takes four and, with
 * the second half of the vector, moves through the one port that shuffles.
 */
#ifndef _NEURAL_SIMD_X86_Q16_DENSE16_ZMM_H
#define _NEURAL_SIMD_X86_Q16_DENSE16_ZMM_H

#include "../kernels.h"
#include "zmm.h"

/* The sums of one row and one panel: of a chunk, and of all of them. */
struct neural_dense16_sums {
	__m512i hi, lo;
	__m512i hi_all, hi_odd;
	__m512i lo_all, lo_odd;
};

static __always_inline void neural_dense16_init(struct neural_dense16_sums *s)
{
	s->hi_all = _mm512_setzero_si512();
	s->hi_odd = _mm512_setzero_si512();
	s->lo_all = _mm512_setzero_si512();
	s->lo_odd = _mm512_setzero_si512();
}

static __always_inline void neural_dense16_open(struct neural_dense16_sums *s)
{
	s->hi = _mm512_set1_epi32(S32_MIN);
	s->lo = _mm512_set1_epi32(S32_MIN);
}

static __always_inline void neural_dense16_mac(struct neural_dense16_sums *s,
					       __m512i hi, __m512i lo, __m512i w)
{
	s->hi = neural_dot2(s->hi, hi, w);
	s->lo = neural_dot2(s->lo, lo, w);
}

static __always_inline void neural_dense16_close(struct neural_dense16_sums *s)
{
	s->hi_all = _mm512_add_epi64(s->hi_all, s->hi);
	s->lo_all = _mm512_add_epi64(s->lo_all, s->lo);
	s->hi_odd = _mm512_add_epi64(s->hi_odd, _mm512_srli_epi64(s->hi, 32));
	s->lo_odd = _mm512_add_epi64(s->lo_odd, _mm512_srli_epi64(s->lo, 32));
}

/* Every chunk has left 2^31 too much in the sums of either digit. */
static __always_inline void neural_dense16_finish(const struct neural_dense16_sums *s,
						  const s64 *bias, u64 chunks,
						  s32 *out, u32 n)
{
	const __m512i off = _mm512_set1_epi64((chunks << 47) + (chunks << 31));
	const __m512i hi = _mm512_sub_epi64(s->hi_all, _mm512_slli_epi64(s->hi_odd, 32));
	const __m512i lo = _mm512_sub_epi64(s->lo_all, _mm512_slli_epi64(s->lo_odd, 32));
	__m512i even, odd;

	neural_zmm_load_s64(bias, &even, &odd);
	even = _mm512_add_epi64(_mm512_sub_epi64(even, off),
				_mm512_add_epi64(_mm512_slli_epi64(hi, 16), lo));
	odd = _mm512_add_epi64(_mm512_sub_epi64(odd, off),
			       _mm512_add_epi64(_mm512_slli_epi64(s->hi_odd, 16), s->lo_odd));
	_mm512_mask_storeu_epi32(out, neural_zmm_mask(n), neural_zmm_round(even, odd));
}

/* A pair of digits to all elements. */
static __always_inline __m512i neural_dense16_pair(const s16 *p)
{
	return _mm512_set1_epi32(*(const s32 *)p);
}

/*
 * @rows times @panels, constants where this is inlined: 1 x 4 reads four streams of
 * weights for one row, 2 x 2 uses every load twice.
 */
static __always_inline void neural_dense16_tile(const struct neural_q16_dense16_args *a,
						u32 r, u32 j,
						const u32 rows, const u32 panels)
{
	const size_t panel = (size_t)a->pairs * NEURAL_Q16_PANEL * 2;
	const size_t next = (rows > 1) * (size_t)a->x_stride;
	const s16 *hi = a->hi + (size_t)r * a->x_stride;
	const s16 *lo = a->lo + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	s32 *out = a->out + (size_t)r * a->out_stride + j;
	struct neural_dense16_sums s0, s1, s2, s3;
	u32 left = a->pairs;
	u64 chunks = 0;
	u32 p;

	neural_dense16_init(&s0);
	neural_dense16_init(&s1);
	neural_dense16_init(&s2);
	neural_dense16_init(&s3);
	while (left) {
		neural_dense16_open(&s0);
		neural_dense16_open(&s1);
		neural_dense16_open(&s2);
		neural_dense16_open(&s3);
		for (p = min(left, a->chunk), left -= p, chunks++; p; p--) {
			const __m512i h0 = neural_dense16_pair(hi);
			const __m512i l0 = neural_dense16_pair(lo);
			const __m512i w0 = neural_zmm_load(w);

			neural_dense16_mac(&s0, h0, l0, w0);
			if (panels > 1)
				neural_dense16_mac(&s1, h0, l0, neural_zmm_load(w + panel));
			if (panels > 2) {
				neural_dense16_mac(&s2, h0, l0, neural_zmm_load(w + 2 * panel));
				neural_dense16_mac(&s3, h0, l0, neural_zmm_load(w + 3 * panel));
			}
			if (rows > 1) {
				const __m512i h1 = neural_dense16_pair(hi + next);
				const __m512i l1 = neural_dense16_pair(lo + next);

				neural_dense16_mac(&s2, h1, l1, w0);
				if (panels > 1)
					neural_dense16_mac(&s3, h1, l1,
							   neural_zmm_load(w + panel));
			}
			hi += 2;
			lo += 2;
			w += 2 * NEURAL_Q16_PANEL;
		}
		neural_dense16_close(&s0);
		neural_dense16_close(&s1);
		neural_dense16_close(&s2);
		neural_dense16_close(&s3);
	}
	neural_dense16_finish(&s0, a->bias + j, chunks, out, a->n - j);
	if (panels > 1)
		neural_dense16_finish(&s1, a->bias + j + 16, chunks, out + 16, a->n - j - 16);
	if (panels > 2) {
		neural_dense16_finish(&s2, a->bias + j + 32, chunks, out + 32, a->n - j - 32);
		neural_dense16_finish(&s3, a->bias + j + 48, chunks, out + 48, a->n - j - 48);
	}
	if (rows > 1) {
		out += a->out_stride;
		neural_dense16_finish(&s2, a->bias + j, chunks, out, a->n - j);
		if (panels > 1)
			neural_dense16_finish(&s3, a->bias + j + 16, chunks, out + 16,
					      a->n - j - 16);
	}
}

static __always_inline void neural_dense16(const struct neural_q16_dense16_args *a)
{
	const u32 panels = DIV_ROUND_UP(a->n, NEURAL_Q16_PANEL);
	const u32 last = a->rows - 1;
	u32 j, r;

	/* rows inside, so that weights are fetched once, however many rows there are */
	for (j = 0; j < panels; j += 2) {
		for (r = 0; r + 2 <= a->rows; r += 2) {
			if (j + 2 <= panels)
				neural_dense16_tile(a, r, j * NEURAL_Q16_PANEL, 2, 2);
			else
				neural_dense16_tile(a, r, j * NEURAL_Q16_PANEL, 2, 1);
		}
	}
	if (a->rows % 2 == 0)
		return;
	for (j = 0; j + 4 <= panels; j += 4)
		neural_dense16_tile(a, last, j * NEURAL_Q16_PANEL, 1, 4);
	for (; j + 2 <= panels; j += 2)
		neural_dense16_tile(a, last, j * NEURAL_Q16_PANEL, 1, 2);
	if (j < panels)
		neural_dense16_tile(a, last, j * NEURAL_Q16_PANEL, 1, 1);
}

#endif /* _NEURAL_SIMD_X86_Q16_DENSE16_ZMM_H */
