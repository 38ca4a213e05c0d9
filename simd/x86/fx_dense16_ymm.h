/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 16-bit fixed-point layers in 256 bits, for AVX2 and AVX-VNNI: the file that includes
 * this defines neural_dot2().  The arithmetic is that of fx_dense16_zmm.h.
 *
 * Eight sums cover the latency of a multiply-add and leave registers for what they are
 * made of: four panels in s32, two of one digit, one of two or three.
 */
#ifndef _NEURAL_SIMD_X86_FX_DENSE16_YMM_H
#define _NEURAL_SIMD_X86_FX_DENSE16_YMM_H

#include "../kernels.h"
#include "ymm.h"
#include "fx_ymm.h"

static __always_inline __m256i neural_fx_pair(const s16 *p)
{
	return _mm256_set1_epi32(*(const s32 *)p);
}

/* Where eight outputs of a tile are: half @i of its panels. */
static __always_inline size_t neural_fx_half(size_t panel, u32 i)
{
	return (i / 2) * panel + (i % 2) * 16;
}

/* @halves of panels from output @j on, in s32. */
static __always_inline void neural_fx_small(const struct neural_fx_dense16_args *a,
					    const struct neural_fx_ymm_end *end,
					    u32 r, u32 j, const u32 halves)
{
	const size_t panel = (size_t)a->pairs * NEURAL_Q16_PANEL * 2;
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	__m256i sum[8];
	u32 i, p;

#pragma GCC unroll 8
	for (i = 0; i < halves; i++)
		sum[i] = neural_ymm_load((const s32 *)a->bias + j + 8 * i);
	for (p = 0; p < a->pairs; p++, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const __m256i v = neural_fx_pair(x);

#pragma GCC unroll 8
		for (i = 0; i < halves; i++)
			sum[i] = neural_dot2(sum[i], v,
					     neural_ymm_load(w + neural_fx_half(panel, i)));
	}
#pragma GCC unroll 8
	for (i = 0; i < halves; i++)
		if (i % 2 == 0 || j + 8 * i < a->n)
			neural_fx_ymm_put32(a->out, (size_t)r * a->out_stride + j + 8 * i,
					    a->n - j - 8 * i, sum[i], end);
}

/* @halves of panels from output @j on, of @digits digits; both are constants. */
static __always_inline void neural_fx_tile(const struct neural_fx_dense16_args *a,
					   const struct neural_fx_ymm_end *end,
					   u32 r, u32 j, const u32 digits, const u32 halves)
{
	const size_t panel = (size_t)a->pairs * NEURAL_Q16_PANEL * 2;
	const s16 *x = a->x + (size_t)r * a->x_stride;
	const s16 *w = a->w + (size_t)j * a->pairs * 2;
	struct neural_fx_ymm_total total[4];
	u32 d, i, p, left = a->pairs;
	__m256i sum[4][NEURAL_FX_DIGITS];

#pragma GCC unroll 8
	for (i = 0; i < halves; i++)
		neural_fx_ymm_open(&total[i], (const s64 *)a->bias + j + 8 * i);
	while (left) {
#pragma GCC unroll 8
		for (i = 0; i < halves; i++)
#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				sum[i][d] = _mm256_setzero_si256();
		for (p = min(left, a->chunk), left -= p; p; p--) {
			__m256i v[NEURAL_FX_DIGITS];

#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				v[d] = neural_fx_pair(x + (size_t)d * a->plane);
#pragma GCC unroll 8
			for (i = 0; i < halves; i++) {
				const __m256i u = neural_ymm_load(w + neural_fx_half(panel, i));

#pragma GCC unroll 8
				for (d = 0; d < digits; d++)
					sum[i][d] = neural_dot2(sum[i][d], v[d], u);
			}
			x += 2;
			w += 2 * NEURAL_Q16_PANEL;
		}
#pragma GCC unroll 8
		for (i = 0; i < halves; i++)
#pragma GCC unroll 8
			for (d = 0; d < digits; d++)
				neural_fx_ymm_add(&total[i], sum[i][d], 16 * d);
	}
#pragma GCC unroll 8
	for (i = 0; i < halves; i++)
		if (i % 2 == 0 || j + 8 * i < a->n)
			neural_fx_ymm_put(a->out, (size_t)r * a->out_stride + j + 8 * i,
					  a->n - j - 8 * i, &total[i], end);
}

static __always_inline void neural_fx_digits(const struct neural_fx_dense16_args *a,
					     const struct neural_fx_ymm_end *end,
					     const u32 digits)
{
	u32 j, r;

	for (j = 0; j < a->n; j += NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, end, r, j, digits, 2);
}

static __always_inline void neural_fx_one(const struct neural_fx_dense16_args *a,
					  const struct neural_fx_ymm_end *end)
{
	u32 j, r;

	for (j = 0; j + NEURAL_Q16_PANEL < a->n; j += 2 * NEURAL_Q16_PANEL)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, end, r, j, 1, 4);
	if (j < a->n)
		for (r = 0; r < a->rows; r++)
			neural_fx_tile(a, end, r, j, 1, 2);
}

static __always_inline void neural_fx_dense16(const struct neural_fx_dense16_args *a)
{
	const struct neural_fx_ymm_end end = neural_fx_ymm_end(&a->end);
	const u32 panels = DIV_ROUND_UP(a->n, NEURAL_Q16_PANEL);
	u32 j, r;

	if (!a->small) {
		if (a->digits == 1)
			neural_fx_one(a, &end);
		else if (a->digits == 2)
			neural_fx_digits(a, &end, 2);
		else
			neural_fx_digits(a, &end, 3);
		return;
	}
	for (r = 0; r < a->rows; r++) {
		for (j = 0; j + 4 <= panels; j += 4)
			neural_fx_small(a, &end, r, j * NEURAL_Q16_PANEL, 8);
		for (; j < panels; j++)
			neural_fx_small(a, &end, r, j * NEURAL_Q16_PANEL, 2);
	}
}

#endif /* _NEURAL_SIMD_X86_FX_DENSE16_YMM_H */
