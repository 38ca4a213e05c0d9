/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows times panels in 512 bits, for AVX-512 with and without VNNI: the file that
 * includes this defines what a vector of inputs and one of weights are made of,
 *
 *	NEURAL_CONV_STAGE	how many groups of inputs are made ready at a time
 *	struct neural_conv_x	those of one window
 *	neural_conv_stage()	bytes to them
 *	struct neural_conv_w	the weights of one group of a panel
 *	neural_conv_weights()	bytes of weights to those
 *	neural_conv_mac()	to add the products of a group to sums.
 *
 * A window is read where it is, segment by segment.
 */
#ifndef _NEURAL_SIMD_X86_S8_CONV_ZMM_H
#define _NEURAL_SIMD_X86_S8_CONV_ZMM_H

#include "s8_zmm.h"

#define NEURAL_WALK_ARGS	struct neural_s8_conv_args
#define NEURAL_WALK_TILE	8
#include "s8_walk.h"

#define NEURAL_CONV_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes */

/* Sums of one result, of two panels. */
struct neural_conv_sums {
	__m512i p0, p1;
};

/* What becomes of the sums of a panel. */
struct neural_conv_close {
	struct neural_zmm_rescale any;
	struct neural_zmm_down down;
	struct neural_zmm_s8x4 s8;
	__mmask16 mask;
	bool dense;
};

static __always_inline void neural_conv_add(struct neural_conv_sums *s,
					    const struct neural_conv_x *x, u32 g,
					    struct neural_conv_w w0, struct neural_conv_w w1,
					    const u32 panels)
{
	neural_conv_mac(&s->p0, x, g, w0);
	if (panels > 1)
		neural_conv_mac(&s->p1, x, g, w1);
}

/* @down is a constant where this is inlined, as are all that are called so. */
static __always_inline struct neural_conv_close
neural_conv_close_load(const struct neural_s8_conv_args *a, u32 j, const bool down)
{
	struct neural_conv_close c;

	if (down)
		c.down = neural_zmm_down_load(a->multiplier + j, a->shift + j);
	else
		c.any = neural_zmm_rescale_load(a->multiplier + j, a->shift + j);
	c.s8 = neural_zmm_s8x4_load(a->zero_point, a->min, a->max);
	c.mask = neural_zmm_mask(a->n - j);
	c.dense = a->out_step == NEURAL_S8_PANEL;
	return c;
}

static __always_inline __m512i neural_conv_rescale(const struct neural_conv_close *c,
						   __m512i sum, const bool down)
{
	return down ? neural_zmm_down(sum, &c->down) : neural_zmm_rescale(sum, &c->any);
}

/* Four results of a panel; if they follow each other, they are one store. */
static __always_inline void neural_conv_close(const struct neural_conv_close *c,
					      s8 *const *out, u32 at, const bool down,
					      __m512i s0, __m512i s1, __m512i s2, __m512i s3)
{
	const __m512i v = neural_zmm_s8x4(neural_conv_rescale(c, s0, down),
					  neural_conv_rescale(c, s1, down),
					  neural_conv_rescale(c, s2, down),
					  neural_conv_rescale(c, s3, down), &c->s8);

	if (c->dense && c->mask == 0xffff && out[3] - out[0] == 3 * NEURAL_S8_PANEL) {
		_mm512_storeu_si512(out[0] + at, v);
		return;
	}
	_mm_mask_storeu_epi8(out[0] + at, c->mask, _mm512_castsi512_si128(v));
	_mm_mask_storeu_epi8(out[1] + at, c->mask, _mm512_extracti32x4_epi32(v, 1));
	_mm_mask_storeu_epi8(out[2] + at, c->mask, _mm512_extracti32x4_epi32(v, 2));
	_mm_mask_storeu_epi8(out[3] + at, c->mask, _mm512_extracti32x4_epi32(v, 3));
}

/* @most is 4 or 8. */
static __always_inline void neural_conv_tile(const struct neural_s8_conv_args *a,
					     const struct neural_walk *walk, u32 j,
					     const bool down, const u32 most,
					     const u32 panels)
{
	const size_t panel = (size_t)a->segments * a->groups * NEURAL_CONV_GROUP;
	const s8 *w = a->w + j / NEURAL_S8_PANEL * panel;
	struct neural_conv_sums s0 = {
		neural_zmm_load(a->bias + j),
		panels > 1 ? neural_zmm_load(a->bias + j + NEURAL_S8_PANEL) :
			     _mm512_setzero_si512(),
	};
	struct neural_conv_sums s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
	struct neural_conv_x x0, x1, x2, x3, x4, x5, x6, x7;
	struct neural_conv_close c;
	u32 s, at, g, n;
	size_t in;

	for (s = 0; s < a->segments; s++) {
		in = s * a->x_segment;
		for (at = 0; at < a->groups; at += n) {
			n = min_t(u32, a->groups - at, NEURAL_CONV_STAGE);
			neural_conv_stage(&x0, walk->x[0] + in, n);
			neural_conv_stage(&x1, walk->x[1] + in, n);
			neural_conv_stage(&x2, walk->x[2] + in, n);
			neural_conv_stage(&x3, walk->x[3] + in, n);
			if (most > 4) {
				neural_conv_stage(&x4, walk->x[4] + in, n);
				neural_conv_stage(&x5, walk->x[5] + in, n);
				neural_conv_stage(&x6, walk->x[6] + in, n);
				neural_conv_stage(&x7, walk->x[7] + in, n);
			}
			in += n * NEURAL_S8_GROUP;
			for (g = 0; g < n; g++, w += NEURAL_CONV_GROUP) {
				const struct neural_conv_w w0 = neural_conv_weights(w);
				const struct neural_conv_w w1 =
					panels > 1 ? neural_conv_weights(w + panel) : w0;

				neural_conv_add(&s0, &x0, g, w0, w1, panels);
				neural_conv_add(&s1, &x1, g, w0, w1, panels);
				neural_conv_add(&s2, &x2, g, w0, w1, panels);
				neural_conv_add(&s3, &x3, g, w0, w1, panels);
				if (most <= 4)
					continue;
				neural_conv_add(&s4, &x4, g, w0, w1, panels);
				neural_conv_add(&s5, &x5, g, w0, w1, panels);
				neural_conv_add(&s6, &x6, g, w0, w1, panels);
				neural_conv_add(&s7, &x7, g, w0, w1, panels);
			}
		}
	}
	c = neural_conv_close_load(a, j, down);
	neural_conv_close(&c, walk->out, 0, down, s0.p0, s1.p0, s2.p0, s3.p0);
	if (most > 4)
		neural_conv_close(&c, walk->out + 4, 0, down, s4.p0, s5.p0, s6.p0, s7.p0);
	if (panels == 1)
		return;
	c = neural_conv_close_load(a, j + NEURAL_S8_PANEL, down);
	neural_conv_close(&c, walk->out, NEURAL_S8_PANEL, down, s0.p1, s1.p1, s2.p1, s3.p1);
	if (most > 4)
		neural_conv_close(&c, walk->out + 4, NEURAL_S8_PANEL, down, s4.p1, s5.p1,
				  s6.p1, s7.p1);
}

/* All results of @panels. */
static __always_inline void neural_conv_panels(const struct neural_s8_conv_args *a, u32 j,
					       const bool down, const u32 panels)
{
	struct neural_walk walk = neural_walk(a, 0, j);

	while (walk.left > 4) {
		neural_walk_next(a, &walk, 8);
		neural_conv_tile(a, &walk, j, down, 8, panels);
	}
	if (walk.left) {
		neural_walk_next(a, &walk, 4);
		neural_conv_tile(a, &walk, j, down, 4, panels);
	}
}

/* On their own, so that not all tiles there are have places in one frame. */
static noinline void neural_conv_two(const struct neural_s8_conv_args *a, u32 j)
{
	neural_conv_panels(a, j, true, 2);
}

static noinline void neural_conv_one(const struct neural_s8_conv_args *a, u32 j)
{
	neural_conv_panels(a, j, true, 1);
}

/* Whatever the shifts are: seldom needed. */
static noinline void neural_conv_any(const struct neural_s8_conv_args *a, u32 j)
{
	neural_conv_panels(a, j, false, 1);
}

static __always_inline bool neural_conv_is_down(const struct neural_s8_conv_args *a, u32 j)
{
	return neural_zmm_is_down(a->shift + j, a->n - j);
}

static __always_inline void neural_conv(const struct neural_s8_conv_args *a)
{
	u32 j = 0;

	while (j < a->n) {
		const u32 next = j + NEURAL_S8_PANEL;

		if (!neural_conv_is_down(a, j)) {
			neural_conv_any(a, j);
		} else if (next < a->n && neural_conv_is_down(a, next)) {
			neural_conv_two(a, j);
			j = next;
		} else {
			neural_conv_one(a, j);
		}
		j += NEURAL_S8_PANEL;
	}
}

#endif /* _NEURAL_SIMD_X86_S8_CONV_ZMM_H */
