// SPDX-License-Identifier: GPL-2.0-only
/* Inputs are what the instruction wants, so it takes them where they are. */
#include <immintrin.h>

#include "../kernels.h"

#define NEURAL_CONV_STAGE	U32_MAX

struct neural_conv_x {
	const u8 *at;
};

/* A group anywhere: where nothing is built in, memcpy() is a call. */
struct neural_conv_word {
	s32 v;
} __packed;

struct neural_conv_w {
	__m512i bytes;
};

static __always_inline void neural_conv_stage(struct neural_conv_x *x, const u8 *at, u32 n)
{
	x->at = at;
}

static __always_inline struct neural_conv_w neural_conv_weights(const s8 *w)
{
	return (struct neural_conv_w){ _mm512_loadu_si512(w) };
}

static __always_inline void neural_conv_mac(__m512i *sum, const struct neural_conv_x *x,
					    u32 g, struct neural_conv_w w)
{
	const struct neural_conv_word *word = (const void *)x->at;

	*sum = _mm512_dpbusd_epi32(*sum, _mm512_set1_epi32(word[g].v), w.bytes);
}

#include "s8_conv_zmm.h"
#include "s8_pipe_zmm.h"

/* A group of a tile: eight windows, and where in them; groups left in the segment. */
struct neural_conv_at {
	const u8 *x0, *x1, *x2, *x3, *x4, *x5, *x6, *x7;
	const s8 *w;
	size_t in;
	u32 left;
};

static __always_inline __m512i neural_conv_row(__m512i sum, const u8 *x, size_t in, __m512i w)
{
	const struct neural_conv_word *word = (const void *)(x + in);

	return _mm512_dpbusd_epi32(sum, _mm512_set1_epi32(word->v), w);
}

/* A group of eight rows, and on to the next one. */
static __always_inline void neural_conv_group(const struct neural_s8_conv_args *a,
					      struct neural_conv_at *at,
					      struct neural_pipe_sums *s)
{
	const __m512i w = neural_zmm_load(at->w);

	s->s0 = neural_conv_row(s->s0, at->x0, at->in, w);
	s->s1 = neural_conv_row(s->s1, at->x1, at->in, w);
	s->s2 = neural_conv_row(s->s2, at->x2, at->in, w);
	s->s3 = neural_conv_row(s->s3, at->x3, at->in, w);
	s->s4 = neural_conv_row(s->s4, at->x4, at->in, w);
	s->s5 = neural_conv_row(s->s5, at->x5, at->in, w);
	s->s6 = neural_conv_row(s->s6, at->x6, at->in, w);
	s->s7 = neural_conv_row(s->s7, at->x7, at->in, w);
	at->w += NEURAL_CONV_GROUP;
	at->in += NEURAL_S8_GROUP;
	if (!--at->left) {
		at->left = a->groups;
		at->in += a->x_segment - (size_t)a->groups * NEURAL_S8_GROUP;
	}
}

/* Products of one tile, and bytes of the one before. */
static __always_inline struct neural_pipe_sums
neural_conv_pipe_tile(const struct neural_s8_conv_args *a, const struct neural_walk *walk,
		      const s8 *w, __m512i bias, u32 groups, struct neural_pipe *pipe)
{
	struct neural_conv_at at = {
		walk->x[0], walk->x[1], walk->x[2], walk->x[3], walk->x[4], walk->x[5],
		walk->x[6], walk->x[7], .w = w, .left = a->groups,
	};
	struct neural_pipe_sums s = { bias, bias, bias, bias, bias, bias, bias, bias };
	u32 g;

	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 0);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 1);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 2);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 3);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 4);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 5);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 6);
	neural_conv_group(a, &at, &s);
	neural_pipe_step(pipe, 7);
	for (g = NEURAL_PIPE_ROWS; g < groups; g++)
		neural_conv_group(a, &at, &s);
	return s;
}

/* All panels, one tile after the other; the first one has no rows before it. */
static noinline void neural_conv_pipe(const struct neural_s8_conv_args *a)
{
	const u32 groups = a->segments * a->groups;
	const s8 *w = a->w;
	struct neural_pipe p;
	__m512i bias;
	u32 j;

	neural_pipe_open(&p, a->out, a->out_step, a->multiplier, a->shift, a->zero_point,
			 a->min, a->max);
	for (j = 0; j < a->n; j += NEURAL_S8_PANEL, w += groups * NEURAL_CONV_GROUP) {
		struct neural_walk walk = neural_walk(a, 0, j);
		s8 *out = a->out + j;

		bias = neural_zmm_load(a->bias + j);
		while (walk.left) {
			const u32 rows = min_t(size_t, walk.left, NEURAL_PIPE_ROWS);

			neural_walk_next(a, &walk, NEURAL_PIPE_ROWS);
			p.sums = neural_conv_pipe_tile(a, &walk, w, bias, groups, &p);
			if (out == a->out + j)
				neural_pipe_panel(&p, a->multiplier + j, a->shift + j,
						  a->zero_point, a->n - j);
			p.out = out;
			p.rows = rows;
			out += rows * a->out_step;
		}
	}
	neural_pipe_drain(&p);
}

/* Are tiles long enough, and shifts all to the right? */
static __always_inline bool neural_conv_pipes(const struct neural_s8_conv_args *a)
{
	u32 j;

	if (a->segments * a->groups < NEURAL_PIPE_ROWS)
		return false;
	for (j = 0; j < a->n; j += NEURAL_S8_PANEL)
		if (!neural_pipe_is_down(a->shift + j, a->n - j))
			return false;
	return true;
}

void neural_s8_conv__avx512vnni(const struct neural_s8_conv_args *a)
{
	if (neural_conv_pipes(a))
		neural_conv_pipe(a);
	else
		neural_conv(a);
}
