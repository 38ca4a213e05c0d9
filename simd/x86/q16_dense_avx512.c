// SPDX-License-Identifier: GPL-2.0-only
/*
 * As the AVX2 kernel, in the double width.  Four rows share loads and shuffles of
 * weights.  For a single row two panels and a prefetch sixteen lines ahead keep the
 * loads up with the multiplier.  GMAC/s of one row, 256x256, in L2, where a
 * multiplication and an addition from registers make 20: one panel 11.6, two 15.1,
 * two and prefetch 16.5, that with shifts for shuffles 13.6.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "zmm.h"

#define AHEAD	(16 * NEURAL_Q16_PANEL)	/* a prefetch past the end does nothing */

/* Sums of one row and one panel. */
struct neural_dense_sums {
	__m512i even, odd;
};

static __always_inline void neural_dense_mac(struct neural_dense_sums *s, s32 x, __m512i w)
{
	const __m512i v = _mm512_set1_epi32(x);

	s->even = _mm512_add_epi64(s->even, _mm512_mul_epi32(v, w));
	s->odd = _mm512_add_epi64(s->odd, _mm512_mul_epi32(v, neural_zmm_odd(w)));
}

static __always_inline void neural_dense_open(struct neural_dense_sums *s, const s64 *bias)
{
	neural_zmm_load_s64(bias, &s->even, &s->odd);
}

static __always_inline void neural_dense_close(const struct neural_dense_sums *s,
					       s32 *out, u32 n)
{
	_mm512_mask_storeu_epi32(out, neural_zmm_mask(n),
				 neural_zmm_round(s->even, s->odd));
}

static __always_inline void neural_dense_four(const struct neural_q16_dense_args *a,
					      u32 r, u32 j)
{
	const size_t stride = a->x_stride;
	const size_t out_stride = a->out_stride;
	const s32 *x = a->x + r * stride;
	const s32 *w = a->w + (size_t)j * a->k;
	s32 *out = a->out + r * out_stride + j;
	struct neural_dense_sums s0, s1, s2, s3;
	u32 i;

	neural_dense_open(&s0, a->bias + j);
	s1 = s0;
	s2 = s0;
	s3 = s0;
	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		const __m512i v = neural_zmm_load(w);

		neural_dense_mac(&s0, x[i], v);
		neural_dense_mac(&s1, x[i + stride], v);
		neural_dense_mac(&s2, x[i + 2 * stride], v);
		neural_dense_mac(&s3, x[i + 3 * stride], v);
	}
	neural_dense_close(&s0, out, a->n - j);
	neural_dense_close(&s1, out + out_stride, a->n - j);
	neural_dense_close(&s2, out + 2 * out_stride, a->n - j);
	neural_dense_close(&s3, out + 3 * out_stride, a->n - j);
}

/* One row, and one or two panels. */
static __always_inline void neural_dense_one(const struct neural_q16_dense_args *a,
					     u32 r, u32 j, const bool two)
{
	const size_t panel = (size_t)a->k * NEURAL_Q16_PANEL;
	const s32 *x = a->x + (size_t)r * a->x_stride;
	const s32 *w = a->w + (size_t)j * a->k;
	s32 *out = a->out + (size_t)r * a->out_stride + j;
	struct neural_dense_sums s0, s1;
	u32 i;

	neural_dense_open(&s0, a->bias + j);
	if (two)
		neural_dense_open(&s1, a->bias + j + NEURAL_Q16_PANEL);
	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		_mm_prefetch(w + AHEAD, _MM_HINT_T0);
		neural_dense_mac(&s0, x[i], neural_zmm_load(w));
		if (two) {
			_mm_prefetch(w + panel + AHEAD, _MM_HINT_T0);
			neural_dense_mac(&s1, x[i], neural_zmm_load(w + panel));
		}
	}
	neural_dense_close(&s0, out, a->n - j);
	if (two)
		neural_dense_close(&s1, out + NEURAL_Q16_PANEL, a->n - j - NEURAL_Q16_PANEL);
}

void neural_q16_dense__avx512(const struct neural_q16_dense_args *a)
{
	const u32 fours = round_down(a->rows, 4);
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < fours; r += 4)
			neural_dense_four(a, r, j);
	for (r = fours; r < a->rows; r++) {
		for (j = 0; j + NEURAL_Q16_PANEL < a->n; j += 2 * NEURAL_Q16_PANEL)
			neural_dense_one(a, r, j, true);
		if (j < a->n)
			neural_dense_one(a, r, j, false);
	}
}
