/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 16-bit fixed-point layers in 512 bits, for AVX-512 with and without VNNI: the file
 * that includes this defines neural_dot2(), which adds the products of pairs of s16 to
 * s32 sums.
 *
 * Where the whole of a sum fits s32 it starts from its bias and is ended there, sixteen
 * results at a time.  Else the sums of each digit over a chunk are added to sums in s64,
 * which are few and stay out of the way: in most layers all pairs are one chunk.
 */
#ifndef _NEURAL_SIMD_X86_FX_DENSE16_ZMM_H
#define _NEURAL_SIMD_X86_FX_DENSE16_ZMM_H

#include "../kernels.h"
#include "zmm.h"
#include "fx_zmm.h"

/* Sums of one panel over a chunk, by digit. */
struct neural_fx_sums {
	__m512i digit[NEURAL_FX_DIGITS];
};

static __always_inline __m512i neural_fx_pair(const s16 *p)
{
	return _mm512_set1_epi32(*(const s32 *)p);
}

/* @panels from output @j on, in s32. */
static __always_inline void neural_fx_small(const struct neural_fx_dense16_args *a,
					    const struct neural_fx_zmm_end *end,
					    u32 r, u32 j, const u32 panels)
{
	const size_t panel = (size_t)a->pairs * NEURAL_Q16_PANEL * 2;
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	__m512i sum[8];
	u32 i, p;

#pragma GCC unroll 8
	for (i = 0; i < panels; i++)
		sum[i] = neural_zmm_load((const s32 *)a->bias + j + i * NEURAL_Q16_PANEL);
	for (p = 0; p < a->pairs; p++, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const __m512i v = neural_fx_pair(x);

#pragma GCC unroll 8
		for (i = 0; i < panels; i++)
			sum[i] = neural_dot2(sum[i], v, neural_zmm_load(w + i * panel));
	}
#pragma GCC unroll 8
	for (i = 0; i < panels; i++, j += NEURAL_Q16_PANEL)
		neural_fx_zmm_put32(a->out, (size_t)r * a->out_stride + j, a->n - j, sum[i],
				    end);
}

/* @panels from output @j on, of @digits digits; both are constants. */
static __always_inline void neural_fx_tile(const struct neural_fx_dense16_args *a,
					   const struct neural_fx_zmm_end *end,
					   u32 r, u32 j, const u32 digits, const u32 panels)
{
	const size_t panel = (size_t)a->pairs * NEURAL_Q16_PANEL * 2;
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	struct neural_fx_zmm_total total[4];
	struct neural_fx_sums sum[4];
	u32 d, i, p, left = a->pairs;

#pragma GCC unroll 8
	for (i = 0; i < panels; i++)
		neural_fx_zmm_open(&total[i], (const s64 *)a->bias + j + i * NEURAL_Q16_PANEL);
	while (left) {
#pragma GCC unroll 8
		for (i = 0; i < panels; i++)
#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				sum[i].digit[d] = _mm512_setzero_si512();
		for (p = min(left, a->chunk), left -= p; p; p--) {
			__m512i v[NEURAL_FX_DIGITS];

#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				v[d] = neural_fx_pair(x + (size_t)d * a->plane);
#pragma GCC unroll 8
			for (i = 0; i < panels; i++) {
				const __m512i u = neural_zmm_load(w + i * panel);

#pragma GCC unroll 8
				for (d = 0; d < digits; d++)
					sum[i].digit[d] = neural_dot2(sum[i].digit[d], v[d],
								      u);
			}
			x += 2;
			w += 2 * NEURAL_Q16_PANEL;
		}
#pragma GCC unroll 8
		for (i = 0; i < panels; i++)
#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				neural_fx_zmm_add(&total[i], sum[i].digit[d], 16 * d);
	}
#pragma GCC unroll 8
	for (i = 0; i < panels; i++, j += NEURAL_Q16_PANEL)
		neural_fx_zmm_put(a->out, (size_t)r * a->out_stride + j, a->n - j, &total[i],
				  end);
}

static __always_inline void neural_fx_digits(const struct neural_fx_dense16_args *a,
					     const struct neural_fx_zmm_end *end,
					     const u32 digits)
{
	u32 j, r;

	for (j = 0; j + 3 * NEURAL_Q16_PANEL < a->n; j += 4 * NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, end, r, j, digits, 4);
	for (; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, end, r, j, digits, 1);
}

static __always_inline void neural_fx_dense16(const struct neural_fx_dense16_args *a)
{
	const struct neural_fx_zmm_end end = neural_fx_zmm_end(&a->end);
	const u32 panels = DIV_ROUND_UP(a->n, NEURAL_Q16_PANEL);
	u32 j, r;

	if (!a->small) {
		if (a->digits == 1)
			neural_fx_digits(a, &end, 1);
		else if (a->digits == 2)
			neural_fx_digits(a, &end, 2);
		else
			neural_fx_digits(a, &end, 3);
		return;
	}
	for (r = 0; r < a->rows; r++) {
		for (j = 0; j + 8 <= panels; j += 8)
			neural_fx_small(a, &end, r, j * NEURAL_Q16_PANEL, 8);
		for (; j + 2 <= panels; j += 2)
			neural_fx_small(a, &end, r, j * NEURAL_Q16_PANEL, 2);
		for (; j < panels; j++)
			neural_fx_small(a, &end, r, j * NEURAL_Q16_PANEL, 1);
	}
}

#endif /* _NEURAL_SIMD_X86_FX_DENSE16_ZMM_H */
