// SPDX-License-Identifier: GPL-2.0-only
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

/* Sixteen channels in their order. */
struct neural_depthwise_sums {
	__m128i s0, s1, s2, s3;
};

static __always_inline __m128i neural_depthwise_mac(__m128i sum, __m128i x, const s16 *w)
{
	return _mm_add_epi32(sum, _mm_madd_epi16(_mm_srai_epi16(x, 8), neural_xmm_load(w)));
}

/*
 * Bytes of two cells next to each other, then each twice: shifted by one of them, those
 * are pairs of s16.  Weights are in the order of neural_s8_depthwise_place().
 */
static __always_inline void neural_depthwise_add(struct neural_depthwise_sums *s,
						 const s8 *x, const u32 *cell,
						 const s16 *w, u32 n)
{
	const __m128i x0 = neural_xmm_load_s8(x + cell[0], n);
	const __m128i x1 = neural_xmm_load_s8(x + cell[1], n);
	const __m128i lo = _mm_unpacklo_epi8(x0, x1);
	const __m128i hi = _mm_unpackhi_epi8(x0, x1);

	s->s0 = neural_depthwise_mac(s->s0, _mm_unpacklo_epi8(lo, lo), w);
	s->s1 = neural_depthwise_mac(s->s1, _mm_unpackhi_epi8(lo, lo), w + 16);
	s->s2 = neural_depthwise_mac(s->s2, _mm_unpacklo_epi8(hi, hi), w + 8);
	s->s3 = neural_depthwise_mac(s->s3, _mm_unpackhi_epi8(hi, hi), w + 24);
}

/* @n is 16, a constant where this is inlined, or less. */
static __always_inline void neural_depthwise_result(const struct neural_s8_depthwise_args *a,
						    const struct neural_xmm_panel *p,
						    const struct neural_xmm_s8 *bounds,
						    u32 c, const s8 *x, s8 *out, const u32 n)
{
	const s16 *w = a->w + (size_t)c * a->pairs * 2;
	struct neural_depthwise_sums s = {
		neural_xmm_load(a->bias + c), neural_xmm_load(a->bias + c + 4),
		neural_xmm_load(a->bias + c + 8), neural_xmm_load(a->bias + c + 12),
	};
	__m128i v0, v1;
	u32 q;

	for (q = 0; q < a->pairs; q++, w += 2 * NEURAL_S8_PANEL)
		neural_depthwise_add(&s, x, a->cell + 2 * q, w, n);
	v0 = neural_xmm_panel_half(s.s0, s.s1, 0, p);
	v1 = neural_xmm_panel_half(s.s2, s.s3, 2, p);
	neural_xmm_store_s8(out, neural_xmm_s8(v0, v1, bounds), n);
}

static void neural_depthwise_channels(const struct neural_s8_depthwise_args *a, u32 c)
{
	const struct neural_xmm_s8 bounds = neural_xmm_s8_load(a->zero_point, a->min, a->max);
	struct neural_xmm_panel panel;
	s8 *out = a->out + c;
	u32 l, p;

	neural_xmm_panel_load(&panel, a->multiplier + c, a->shift + c,
			      a->results > 2);
	for (l = 0; l < a->lines; l++) {
		const s8 *x = a->x + l * a->x_line + c;

		for (p = 0; p < a->results; p++, x += a->x_step, out += a->out_step) {
			if (a->n - c >= 16)
				neural_depthwise_result(a, &panel, &bounds, c, x, out, 16);
			else
				neural_depthwise_result(a, &panel, &bounds, c, x, out,
							a->n - c);
		}
	}
}

void neural_s8_depthwise__sse2(const struct neural_s8_depthwise_args *a)
{
	u32 c;

	for (c = 0; c < a->n; c += NEURAL_S8_PANEL)
		neural_depthwise_channels(a, c);
}
