// SPDX-License-Identifier: GPL-2.0-only
/*
 * vpmuldq multiplies the even dwords of its operands; vmovshdup brings the odd ones
 * there.  It runs on a port that does not multiply, which a shift would compete
 * with, and costs less than loading once more four bytes further on.
 *
 * Cells of one row and one panel are computed in pairs.  Two rows share loads and
 * shuffles of weights; for a single row two panels share its inputs and keep more
 * loads in flight.  GMAC/s of one row, 256x256, in L2, where a multiplication and
 * an addition from registers make 16: one panel 10.4, with shifts 10.9, with
 * loads four bytes on 8.5; two panels 13.2, with shifts 12.1.
 */
#include <immintrin.h>

#include "../kernels.h"
#include "ymm.h"

/* Sums of one row and one panel. */
struct neural_dense_sums {
	__m256i e0, o0;
	__m256i e1, o1;
};

static __always_inline void neural_dense_mac(struct neural_dense_sums *s, s32 x,
					     __m256i w0, __m256i w1)
{
	const __m256i v = _mm256_set1_epi32(x);

	s->e0 = _mm256_add_epi64(s->e0, _mm256_mul_epi32(v, w0));
	s->o0 = _mm256_add_epi64(s->o0, _mm256_mul_epi32(v, neural_ymm_odd(w0)));
	s->e1 = _mm256_add_epi64(s->e1, _mm256_mul_epi32(v, w1));
	s->o1 = _mm256_add_epi64(s->o1, _mm256_mul_epi32(v, neural_ymm_odd(w1)));
}

static __always_inline void neural_dense_open(struct neural_dense_sums *s, const s64 *bias)
{
	neural_ymm_load_s64(bias, &s->e0, &s->o0);
	neural_ymm_load_s64(bias + 8, &s->e1, &s->o1);
}

static __always_inline void neural_dense_close(const struct neural_dense_sums *s,
					       s32 *out, u32 n)
{
	neural_ymm_store_n(out, neural_ymm_round(s->e0, s->o0), n);
	if (n > 8)
		neural_ymm_store_n(out + 8, neural_ymm_round(s->e1, s->o1), n - 8);
}

/* Rows @r and on, panel of output @j and on; @rows times @panels is at most two. */
static __always_inline void neural_dense_tile(const struct neural_q16_dense_args *a,
					      u32 r, u32 j,
					      const u32 rows, const u32 panels)
{
	const size_t panel = (size_t)a->k * NEURAL_Q16_PANEL;
	const s32 *x = a->x + (size_t)r * a->x_stride;
	const s32 *w = a->w + (size_t)j * a->k;
	s32 *out = a->out + (size_t)r * a->out_stride + j;
	const u32 n = a->n - j;
	struct neural_dense_sums s0, s1;
	u32 i;

	neural_dense_open(&s0, a->bias + j);
	if (panels == 2)
		neural_dense_open(&s1, a->bias + j + NEURAL_Q16_PANEL);
	else
		s1 = s0;
	for (i = 0; i < a->k; i++, w += NEURAL_Q16_PANEL) {
		const __m256i w0 = neural_ymm_load(w);
		const __m256i w1 = neural_ymm_load(w + 8);

		neural_dense_mac(&s0, x[i], w0, w1);
		if (rows == 2)
			neural_dense_mac(&s1, x[i + a->x_stride], w0, w1);
		if (panels == 2)
			neural_dense_mac(&s1, x[i], neural_ymm_load(w + panel),
					 neural_ymm_load(w + panel + 8));
	}
	neural_dense_close(&s0, out, n);
	if (rows == 2)
		neural_dense_close(&s1, out + a->out_stride, n);
	if (panels == 2)
		neural_dense_close(&s1, out + NEURAL_Q16_PANEL, n - NEURAL_Q16_PANEL);
}

void neural_q16_dense__avx2(const struct neural_q16_dense_args *a)
{
	const u32 last = a->rows - 1;
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r + 2 <= a->rows; r += 2)
			neural_dense_tile(a, r, j, 2, 1);
	if (a->rows % 2 == 0)
		return;
	for (j = 0; j + NEURAL_Q16_PANEL < a->n; j += 2 * NEURAL_Q16_PANEL)
		neural_dense_tile(a, last, j, 1, 2);
	if (j < a->n)
		neural_dense_tile(a, last, j, 1, 1);
}
