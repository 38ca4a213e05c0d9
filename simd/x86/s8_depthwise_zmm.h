/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Depthwise windows in 512 bits, for AVX-512 with and without VNNI: the file that includes
 * this defines neural_dot2().  As s8_depthwise_ymm.h, with two panels side by side, the
 * second one perhaps missing.
 */
#ifndef _NEURAL_SIMD_X86_S8_DEPTHWISE_ZMM_H
#define _NEURAL_SIMD_X86_S8_DEPTHWISE_ZMM_H

#include "../kernels.h"

#define NEURAL_WALK_ARGS	struct neural_s8_depthwise_args
#define NEURAL_WALK_TILE	4
#include "s8_walk.h"
#include "s8_xmm.h"
#include "s8_zmm.h"

#define NEURAL_DEPTHWISE_WIDTH	(2 * NEURAL_S8_PANEL)

/**
 * struct neural_depthwise_panels - what two panels of channels have of their own
 * @w: weights of the first
 * @next: distance of those of the second, 0 if there is none
 * @bias_lo: of lower halves of both
 * @bias_hi: of upper halves
 * @lo: to rescale lower halves
 * @hi: to rescale upper halves
 * @down_lo: the same where all shifts are to the right
 * @down_hi: and of upper halves
 * @zero_point: of the results, s16
 * @min: smallest, s8
 * @max: largest, s8
 * @mask: ones for channels there are
 */
struct neural_depthwise_panels {
	const s16 *w;
	size_t next;
	__m512i bias_lo, bias_hi;
	struct neural_zmm_rescale lo, hi;
	struct neural_zmm_down down_lo, down_hi;
	__m512i zero_point;
	__m256i min, max;
	__mmask32 mask;
};

struct neural_depthwise_sums {
	__m512i lo;
	__m512i hi;
};

/* Halves of one or two panels in the order of neural_s8_depthwise_place(). */
static __always_inline __m512i neural_depthwise_half(const s32 *p, bool two)
{
	const __m256i first = _mm256_set_m128i(neural_xmm_load(p + 8), neural_xmm_load(p));

	if (!two)
		return _mm512_zextsi256_si512(first);
	return _mm512_inserti64x4(_mm512_castsi256_si512(first),
				  _mm256_set_m128i(neural_xmm_load(p + 24),
						   neural_xmm_load(p + 16)), 1);
}

/* @down is a constant where this is inlined, as are all that are called so. */
static __always_inline struct neural_depthwise_panels
neural_depthwise_panels(const struct neural_s8_depthwise_args *a, u32 c, const bool down)
{
	const u32 n = a->n - c;
	const bool two = n > NEURAL_S8_PANEL;
	const __m512i multiplier_lo = neural_depthwise_half(a->multiplier + c, two);
	const __m512i multiplier_hi = neural_depthwise_half(a->multiplier + c + 4, two);
	const __m512i shift_lo = neural_depthwise_half(a->shift + c, two);
	const __m512i shift_hi = neural_depthwise_half(a->shift + c + 4, two);
	struct neural_depthwise_panels p = {
		.w = a->w + (size_t)c * a->pairs * 2,
		.next = two ? (size_t)a->pairs * NEURAL_S8_PANEL * 2 : 0,
		.bias_lo = neural_depthwise_half(a->bias + c, two),
		.bias_hi = neural_depthwise_half(a->bias + c + 4, two),
		.zero_point = _mm512_set1_epi16(a->zero_point),
		.min = _mm256_set1_epi8(a->min),
		.max = _mm256_set1_epi8(a->max),
		.mask = n >= NEURAL_DEPTHWISE_WIDTH ? 0xffffffff : (1U << n) - 1,
	};

	if (down) {
		p.down_lo = neural_zmm_down_init(multiplier_lo, shift_lo);
		p.down_hi = neural_zmm_down_init(multiplier_hi, shift_hi);
	} else {
		p.lo = neural_zmm_rescale_init(multiplier_lo, shift_lo);
		p.hi = neural_zmm_rescale_init(multiplier_hi, shift_hi);
	}
	return p;
}

/* Without a second panel the first takes its place: what comes of it is not stored. */
static __always_inline __m512i neural_depthwise_weights(const s16 *w, size_t next)
{
	return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const void *)w)),
				  _mm256_loadu_si256((const void *)(w + next)), 1);
}

static __always_inline void neural_depthwise_add(struct neural_depthwise_sums *s,
						 const s8 *x, const u32 *cell,
						 __mmask32 mask, __m512i w_lo, __m512i w_hi)
{
	const __m512i x0 = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, x + cell[0]));
	const __m512i x1 = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, x + cell[1]));

	s->lo = neural_dot2(s->lo, _mm512_unpacklo_epi16(x0, x1), w_lo);
	s->hi = neural_dot2(s->hi, _mm512_unpackhi_epi16(x0, x1), w_hi);
}

static __always_inline void neural_depthwise_close(const struct neural_depthwise_panels *p,
						   const struct neural_depthwise_sums *s,
						   s8 *out, __mmask32 mask, const bool down)
{
	const __m512i lo = down ? neural_zmm_down(s->lo, &p->down_lo) :
				  neural_zmm_rescale(s->lo, &p->lo);
	const __m512i hi = down ? neural_zmm_down(s->hi, &p->down_hi) :
				  neural_zmm_rescale(s->hi, &p->hi);
	const __m512i v = _mm512_adds_epi16(_mm512_packs_epi32(lo, hi), p->zero_point);
	__m256i result = _mm512_cvtsepi16_epi8(v);

	result = _mm256_min_epi8(_mm256_max_epi8(result, p->min), p->max);
	_mm256_mask_storeu_epi8(out, mask, result);
}

/* @mask is all ones, a constant where this is inlined, or fewer. */
static __always_inline void neural_depthwise_tile(const struct neural_s8_depthwise_args *a,
						  const struct neural_depthwise_panels *p,
						  const void *const *x, s8 *const *out,
						  const __mmask32 mask, const bool down)
{
	struct neural_depthwise_sums s0 = { p->bias_lo, p->bias_hi };
	struct neural_depthwise_sums s1 = s0, s2 = s0, s3 = s0;
	const s8 *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];
	const u32 *cell = a->cell;
	const s16 *w = p->w;
	u32 q;

	for (q = 0; q < a->pairs; q++) {
		const __m512i w_lo = neural_depthwise_weights(w, p->next);
		const __m512i w_hi = neural_depthwise_weights(w + 16, p->next);

		neural_depthwise_add(&s0, x0, cell, mask, w_lo, w_hi);
		neural_depthwise_add(&s1, x1, cell, mask, w_lo, w_hi);
		neural_depthwise_add(&s2, x2, cell, mask, w_lo, w_hi);
		neural_depthwise_add(&s3, x3, cell, mask, w_lo, w_hi);
		w += 2 * NEURAL_S8_PANEL;
		cell += 2;
	}
	neural_depthwise_close(p, &s0, out[0], mask, down);
	neural_depthwise_close(p, &s1, out[1], mask, down);
	neural_depthwise_close(p, &s2, out[2], mask, down);
	neural_depthwise_close(p, &s3, out[3], mask, down);
}

/* All results of the channels from @c on that there are panels of. */
static __always_inline void neural_depthwise_both(const struct neural_s8_depthwise_args *a,
						  u32 c, const bool down)
{
	const struct neural_depthwise_panels p = neural_depthwise_panels(a, c, down);
	struct neural_walk walk = neural_walk(a, c, c);

	while (walk.left) {
		neural_walk_next(a, &walk, NEURAL_WALK_TILE);
		if (p.mask == 0xffffffff)
			neural_depthwise_tile(a, &p, walk.x, walk.out, 0xffffffff, down);
		else
			neural_depthwise_tile(a, &p, walk.x, walk.out, p.mask, down);
	}
}

/* On their own, so that not all tiles there are have places in one frame. */
static noinline void neural_depthwise_down(const struct neural_s8_depthwise_args *a, u32 c)
{
	neural_depthwise_both(a, c, true);
}

static noinline void neural_depthwise_any(const struct neural_s8_depthwise_args *a, u32 c)
{
	neural_depthwise_both(a, c, false);
}

static __always_inline bool neural_depthwise_is_down(const s32 *shift, u32 n)
{
	return neural_zmm_is_down(shift, n) &&
	       (n <= NEURAL_S8_PANEL ||
		neural_zmm_is_down(shift + NEURAL_S8_PANEL, n - NEURAL_S8_PANEL));
}

static __always_inline void neural_depthwise(const struct neural_s8_depthwise_args *a)
{
	u32 c;

	for (c = 0; c < a->n; c += NEURAL_DEPTHWISE_WIDTH) {
		if (neural_depthwise_is_down(a->shift + c, a->n - c))
			neural_depthwise_down(a, c);
		else
			neural_depthwise_any(a, c);
	}
}

#endif /* _NEURAL_SIMD_X86_S8_DEPTHWISE_ZMM_H */
