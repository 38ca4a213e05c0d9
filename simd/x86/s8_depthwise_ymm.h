/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Depthwise windows in 256 bits, for AVX2 and AVX-VNNI: the file that includes this
 * defines neural_dot2(), which adds the products of pairs of s16 to s32 sums.
 *
 * Two cells of sixteen channels, widened and unpacked, make two registers of such pairs.
 * Four results at a time, so that weights are loaded a fourth as often.
 */
#ifndef _NEURAL_SIMD_X86_S8_DEPTHWISE_YMM_H
#define _NEURAL_SIMD_X86_S8_DEPTHWISE_YMM_H

#include "../kernels.h"

#define NEURAL_WALK_ARGS	struct neural_s8_depthwise_args
#define NEURAL_WALK_TILE	4
#include "s8_walk.h"
#include "s8_ymm.h"

/* What a panel of channels has of its own. */
struct neural_depthwise_panel {
	const s16 *w;
	__m256i bias_lo, bias_hi;
	struct neural_ymm_rescale lo, hi;
	u32 n;
};

struct neural_depthwise_sums {
	__m256i lo;
	__m256i hi;
};

/* Half a panel in the order of neural_s8_depthwise_place(). */
static __always_inline __m256i neural_depthwise_half(const s32 *p)
{
	return _mm256_set_m128i(neural_xmm_load(p + 8), neural_xmm_load(p));
}

static __always_inline struct neural_depthwise_panel
neural_depthwise_panel(const struct neural_s8_depthwise_args *a, u32 c)
{
	const s32 *multiplier = a->multiplier + c;
	const s32 *shift = a->shift + c;

	return (struct neural_depthwise_panel){
		.w = a->w + (size_t)c * a->pairs * 2,
		.bias_lo = neural_depthwise_half(a->bias + c),
		.bias_hi = neural_depthwise_half(a->bias + c + 4),
		.lo = neural_ymm_rescale_init(neural_depthwise_half(multiplier),
					      neural_depthwise_half(shift)),
		.hi = neural_ymm_rescale_init(neural_depthwise_half(multiplier + 4),
					      neural_depthwise_half(shift + 4)),
		.n = a->n - c,
	};
}

static __always_inline void neural_depthwise_add(struct neural_depthwise_sums *s,
						 const s8 *x, const u32 *cell, u32 n,
						 __m256i w_lo, __m256i w_hi)
{
	const __m256i x0 = _mm256_cvtepi8_epi16(neural_xmm_load_s8(x + cell[0], n));
	const __m256i x1 = _mm256_cvtepi8_epi16(neural_xmm_load_s8(x + cell[1], n));

	s->lo = neural_dot2(s->lo, _mm256_unpacklo_epi16(x0, x1), w_lo);
	s->hi = neural_dot2(s->hi, _mm256_unpackhi_epi16(x0, x1), w_hi);
}

static __always_inline void neural_depthwise_close(const struct neural_depthwise_panel *p,
						   const struct neural_xmm_s8 *bounds,
						   const struct neural_depthwise_sums *s,
						   s8 *out, u32 n)
{
	const __m256i v = _mm256_packs_epi32(neural_ymm_rescale(s->lo, &p->lo),
					     neural_ymm_rescale(s->hi, &p->hi));

	neural_xmm_store_s8(out, neural_xmm_s8(_mm256_castsi256_si128(v),
					       _mm256_extracti128_si256(v, 1), bounds), n);
}

/* @n is 16, a constant where this is inlined, or less. */
static __always_inline void neural_depthwise_tile(const struct neural_s8_depthwise_args *a,
						  const struct neural_depthwise_panel *p,
						  const struct neural_xmm_s8 *bounds,
						  const void *const *x, s8 *const *out,
						  const u32 n)
{
	struct neural_depthwise_sums s0 = { p->bias_lo, p->bias_hi };
	struct neural_depthwise_sums s1 = s0, s2 = s0, s3 = s0;
	const s8 *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];
	const u32 *cell = a->cell;
	const s16 *w = p->w;
	u32 q;

	for (q = 0; q < a->pairs; q++) {
		const __m256i w_lo = neural_ymm_load(w);
		const __m256i w_hi = neural_ymm_load(w + 16);

		neural_depthwise_add(&s0, x0, cell, n, w_lo, w_hi);
		neural_depthwise_add(&s1, x1, cell, n, w_lo, w_hi);
		neural_depthwise_add(&s2, x2, cell, n, w_lo, w_hi);
		neural_depthwise_add(&s3, x3, cell, n, w_lo, w_hi);
		w += 2 * NEURAL_S8_PANEL;
		cell += 2;
	}
	neural_depthwise_close(p, bounds, &s0, out[0], n);
	neural_depthwise_close(p, bounds, &s1, out[1], n);
	neural_depthwise_close(p, bounds, &s2, out[2], n);
	neural_depthwise_close(p, bounds, &s3, out[3], n);
}

static __always_inline void neural_depthwise(const struct neural_s8_depthwise_args *a)
{
	const struct neural_xmm_s8 bounds = neural_xmm_s8_load(a->zero_point, a->min, a->max);
	u32 c;

	for (c = 0; c < a->n; c += NEURAL_S8_PANEL) {
		const struct neural_depthwise_panel p = neural_depthwise_panel(a, c);
		struct neural_walk walk = neural_walk(a, c, c);

		/* Half a panel is not rare, and one load. */
		while (walk.left) {
			neural_walk_next(a, &walk, NEURAL_WALK_TILE);
			if (p.n >= 16)
				neural_depthwise_tile(a, &p, &bounds, walk.x, walk.out, 16);
			else if (p.n == 8)
				neural_depthwise_tile(a, &p, &bounds, walk.x, walk.out, 8);
			else
				neural_depthwise_tile(a, &p, &bounds, walk.x, walk.out, p.n);
		}
	}
}

#endif /* _NEURAL_SIMD_X86_S8_DEPTHWISE_YMM_H */
