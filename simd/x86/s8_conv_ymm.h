/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows times panels in 256 bits, for AVX2 and AVX-VNNI: the file that includes this
 * defines what it has to for s8_conv_zmm.h, in halves of a panel, and NEURAL_WALK_TILE,
 * results.
 */
#ifndef _NEURAL_SIMD_X86_S8_CONV_YMM_H
#define _NEURAL_SIMD_X86_S8_CONV_YMM_H

#include "s8_ymm.h"

#define NEURAL_WALK_ARGS	struct neural_s8_conv_args
#include "s8_walk.h"

#define NEURAL_CONV_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes */

/* Sums of one result and one panel. */
struct neural_conv_sums {
	__m256i h0, h1;
};

/* What a panel has of its own. */
struct neural_conv_close {
	struct neural_ymm_rescale r0, r1;
	struct neural_xmm_s8 s8;
	u32 n;
};

static __always_inline struct neural_conv_close
neural_conv_close_load(const struct neural_s8_conv_args *a, u32 j)
{
	return (struct neural_conv_close){
		.r0 = neural_ymm_rescale_load(a->multiplier + j, a->shift + j),
		.r1 = neural_ymm_rescale_load(a->multiplier + j + 8, a->shift + j + 8),
		.s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max),
		.n = a->n - j,
	};
}

static __always_inline void neural_conv_close(const struct neural_conv_close *c, s8 *out,
					      const struct neural_conv_sums *s)
{
	const __m256i v0 = neural_ymm_rescale(s->h0, &c->r0);
	const __m256i v1 = neural_ymm_rescale(s->h1, &c->r1);

	neural_xmm_store_s8(out, neural_ymm_s8(v0, v1, &c->s8), c->n);
}

static __always_inline void neural_conv_add(struct neural_conv_sums *s,
					    const struct neural_conv_x *x, u32 g,
					    struct neural_conv_w w0, struct neural_conv_w w1)
{
	neural_conv_mac(&s->h0, x, g, w0);
	neural_conv_mac(&s->h1, x, g, w1);
}

/* @most, NEURAL_WALK_TILE or half of it, is a constant where this is inlined. */
static __always_inline void neural_conv_tile(const struct neural_s8_conv_args *a,
					     const struct neural_walk *walk,
					     const struct neural_conv_close *c, u32 j,
					     const u32 most)
{
	const s8 *w = a->w + (size_t)j * NEURAL_S8_GROUP * a->segments * a->groups;
	struct neural_conv_sums s0 = {
		neural_ymm_load(a->bias + j), neural_ymm_load(a->bias + j + 8),
	};
	struct neural_conv_sums s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
	struct neural_conv_x x[NEURAL_WALK_TILE];
	u32 s, at, g, i, n;
	size_t in;

	for (s = 0; s < a->segments; s++) {
		in = s * a->x_segment;
		for (at = 0; at < a->groups; at += n) {
			n = min_t(u32, a->groups - at, NEURAL_CONV_STAGE);
			for (i = 0; i < most; i++)
				neural_conv_stage(&x[i], walk->x[i] + in, n);
			in += (size_t)n * NEURAL_S8_GROUP;
			for (g = 0; g < n; g++, w += NEURAL_CONV_GROUP) {
				const struct neural_conv_w w0 = neural_conv_weights(w);
				const struct neural_conv_w w1 = neural_conv_weights(w + 32);

				neural_conv_add(&s0, &x[0], g, w0, w1);
				neural_conv_add(&s1, &x[1], g, w0, w1);
				if (most > 2)
					neural_conv_add(&s2, &x[2], g, w0, w1);
				if (most > 3)
					neural_conv_add(&s3, &x[3], g, w0, w1);
				if (most > 4)
					neural_conv_add(&s4, &x[4], g, w0, w1);
				if (most > 5)
					neural_conv_add(&s5, &x[5], g, w0, w1);
			}
		}
	}
	neural_conv_close(c, walk->out[0], &s0);
	neural_conv_close(c, walk->out[1], &s1);
	if (most > 2)
		neural_conv_close(c, walk->out[2], &s2);
	if (most > 3)
		neural_conv_close(c, walk->out[3], &s3);
	if (most > 4)
		neural_conv_close(c, walk->out[4], &s4);
	if (most > 5)
		neural_conv_close(c, walk->out[5], &s5);
}

static __always_inline void neural_conv(const struct neural_s8_conv_args *a)
{
	u32 j;

	for (j = 0; j < a->n; j += NEURAL_S8_PANEL) {
		const struct neural_conv_close c = neural_conv_close_load(a, j);
		struct neural_walk walk = neural_walk(a, 0, j);

		while (walk.left > NEURAL_WALK_TILE / 2) {
			neural_walk_next(a, &walk, NEURAL_WALK_TILE);
			neural_conv_tile(a, &walk, &c, j, NEURAL_WALK_TILE);
		}
		if (walk.left) {
			neural_walk_next(a, &walk, NEURAL_WALK_TILE / 2);
			neural_conv_tile(a, &walk, &c, j, NEURAL_WALK_TILE / 2);
		}
	}
}

#endif /* _NEURAL_SIMD_X86_S8_CONV_YMM_H */
