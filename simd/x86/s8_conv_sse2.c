// SPDX-License-Identifier: GPL-2.0-only
/* As s8_gemm_sse2.c, with inputs that have no sign, and windows read segment by segment. */
#include <immintrin.h>

#include "../kernels.h"
#include "s8_xmm.h"

#define NEURAL_WALK_ARGS	struct neural_s8_conv_args
#define NEURAL_WALK_TILE	3
#include "s8_walk.h"

#define NEURAL_CONV_GROUP	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)	/* bytes */
#define NEURAL_CONV_STAGE	8	/* groups, in two vectors */

/* Inputs of one window, each word of a group to all outputs. */
struct neural_conv_x {
	__m128i even[NEURAL_CONV_STAGE];
	__m128i odd[NEURAL_CONV_STAGE];
};

/* Sums of one result and one panel. */
struct neural_conv_sums {
	__m128i q0, q1, q2, q3;
};

/* What a panel has of its own. */
struct neural_conv_close {
	struct neural_xmm_panel panel;
	struct neural_xmm_s8 s8;
	u32 n;
};

static __always_inline void neural_conv_spread(__m128i *to, __m128i v)
{
	to[0] = _mm_shuffle_epi32(v, _MM_SHUFFLE(0, 0, 0, 0));
	to[1] = _mm_shuffle_epi32(v, _MM_SHUFFLE(1, 1, 1, 1));
	to[2] = _mm_shuffle_epi32(v, _MM_SHUFFLE(2, 2, 2, 2));
	to[3] = _mm_shuffle_epi32(v, _MM_SHUFFLE(3, 3, 3, 3));
}

/* @n groups; segments are often short. */
static __always_inline void neural_conv_stage(struct neural_conv_x *x, const u8 *at, u32 n)
{
	const __m128i mask = _mm_set1_epi16(0xff);
	__m128i v = neural_xmm_load(at);

	neural_conv_spread(x->even, _mm_and_si128(v, mask));
	neural_conv_spread(x->odd, _mm_srli_epi16(v, 8));
	if (n <= 4)
		return;
	v = neural_xmm_load(at + 16);
	neural_conv_spread(x->even + 4, _mm_and_si128(v, mask));
	neural_conv_spread(x->odd + 4, _mm_srli_epi16(v, 8));
}

static __always_inline void neural_conv_mac(__m128i *sum, const struct neural_conv_x *x,
					    u32 g, __m128i even, __m128i odd)
{
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(even, x->even[g]));
	*sum = _mm_add_epi32(*sum, _mm_madd_epi16(odd, x->odd[g]));
}

/* A quarter of the weights of a group, to that of the sums of all results. */
static __always_inline void neural_conv_quarter(const s8 *w, const struct neural_conv_x *x,
						u32 g, __m128i *s0, __m128i *s1, __m128i *s2,
						const u32 most)
{
	const __m128i v = neural_xmm_load(w);
	const __m128i even = _mm_srai_epi16(_mm_slli_epi16(v, 8), 8);
	const __m128i odd = _mm_srai_epi16(v, 8);

	neural_conv_mac(s0, &x[0], g, even, odd);
	if (most > 1) {
		neural_conv_mac(s1, &x[1], g, even, odd);
		neural_conv_mac(s2, &x[2], g, even, odd);
	}
}

static __always_inline void neural_conv_close_load(struct neural_conv_close *c,
						   const struct neural_s8_conv_args *a, u32 j)
{
	neural_xmm_panel_load(&c->panel, a->multiplier + j, a->shift + j,
			      a->results > 2);
	c->s8 = neural_xmm_s8_load(a->zero_point, a->min, a->max);
	c->n = a->n - j;
}

static void neural_conv_close(const struct neural_conv_close *c, s8 *out,
			      const struct neural_conv_sums *s)
{
	const __m128i v0 = neural_xmm_panel_half(s->q0, s->q1, 0, &c->panel);
	const __m128i v1 = neural_xmm_panel_half(s->q2, s->q3, 2, &c->panel);

	neural_xmm_store_s8(out, neural_xmm_s8(v0, v1, &c->s8), c->n);
}

/* @most, 3 or 1, is a constant where this is inlined. */
static __always_inline void neural_conv_tile(const struct neural_s8_conv_args *a,
					     const struct neural_walk *walk,
					     const struct neural_conv_close *c, u32 j,
					     const u32 most)
{
	const s8 *w = a->w + (size_t)j * NEURAL_S8_GROUP * a->segments * a->groups;
	struct neural_conv_x x[NEURAL_WALK_TILE];
	struct neural_conv_sums s0 = {
		neural_xmm_load(a->bias + j), neural_xmm_load(a->bias + j + 4),
		neural_xmm_load(a->bias + j + 8), neural_xmm_load(a->bias + j + 12),
	};
	struct neural_conv_sums s1 = s0, s2 = s0;
	u32 s, at, g, i, n;
	size_t in;

	for (s = 0; s < a->segments; s++) {
		in = s * a->x_segment;
		for (at = 0; at < a->groups; at += n) {
			n = min_t(u32, a->groups - at, NEURAL_CONV_STAGE);
			for (i = 0; i < most; i++)
				neural_conv_stage(&x[i], walk->x[i] + in, n);
			in += n * NEURAL_S8_GROUP;
			for (g = 0; g < n; g++, w += NEURAL_CONV_GROUP) {
				neural_conv_quarter(w, x, g, &s0.q0, &s1.q0, &s2.q0, most);
				neural_conv_quarter(w + 16, x, g, &s0.q1, &s1.q1, &s2.q1,
						    most);
				neural_conv_quarter(w + 32, x, g, &s0.q2, &s1.q2, &s2.q2,
						    most);
				neural_conv_quarter(w + 48, x, g, &s0.q3, &s1.q3, &s2.q3,
						    most);
			}
		}
	}
	neural_conv_close(c, walk->out[0], &s0);
	if (most == 1)
		return;
	neural_conv_close(c, walk->out[1], &s1);
	neural_conv_close(c, walk->out[2], &s2);
}

void neural_s8_conv__sse2(const struct neural_s8_conv_args *a)
{
	struct neural_conv_close c;
	u32 j;

	for (j = 0; j < a->n; j += NEURAL_S8_PANEL) {
		struct neural_walk walk = neural_walk(a, 0, j);

		neural_conv_close_load(&c, a, j);
		while (walk.left > 1) {
			neural_walk_next(a, &walk, NEURAL_WALK_TILE);
			neural_conv_tile(a, &walk, &c, j, NEURAL_WALK_TILE);
		}
		if (walk.left) {
			neural_walk_next(a, &walk, 1);
			neural_conv_tile(a, &walk, &c, j, 1);
		}
	}
}
