/* SPDX-License-Identifier: GPL-2.0-only */
/* Cases for s8_conv and for the frames it reads, and what they have to give. */
#ifndef _NEURAL_TEST_REFERENCE_S8_CONV_H
#define _NEURAL_TEST_REFERENCE_S8_CONV_H

#include "s8_case.h"

/* Index of a packed weight: input @i of segment @s to output @j. */
static inline size_t s8_conv_at(const struct neural_s8_conv_args *a, u32 s, u32 i, u32 j)
{
	return ((((size_t)j / 16 * a->segments + s) * a->groups + i / 4) * 16 + j % 16) * 4 +
	       i % 4;
}

/* Windows overlap, within a line and from one to the next. */
static inline void s8_build_conv(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				 struct neural_s8_conv_args *a)
{
	const u32 groups = DIV_ROUND_UP(c->k, 4);
	const size_t bytes = (size_t)c->down * groups * ALIGN(c->n, 16) * 4;
	s8 *w = memset(p->place(p, S8_W, bytes, 64), 0, bytes);
	u32 i, j, s;

	*a = (struct neural_s8_conv_args){
		.w = w, .segments = c->down, .groups = groups, .n = c->n,
		.lines = c->results % 2 ? 1 : 2,
		.results = c->results % 2 ? c->results : c->results / 2,
		.x_segment = c->k + c->gap, .x_step = 1 + c->gap % 5,
		.out_step = c->n + c->gap % 3,
		.zero_point = reference_between(seed, -128, 127),
	};
	a->x_line = a->results * a->x_step + c->gap % 4;
	for (s = 0; s < c->down; s++)
		for (j = 0; j < c->n; j++)
			for (i = 0; i < c->k; i++)
				w[s8_conv_at(a, s, i, j)] = s8_value(c, seed);
	a->x = (u8 *)s8_fill(p, S8_X, c, seed, (a->lines - 1) * a->x_line +
			     (a->results - 1) * a->x_step + (c->down - 1) * a->x_segment +
			     (groups - 1) * 4 + NEURAL_S8_AHEAD, 1);
	a->out = p->place(p, S8_OUT, (c->results - 1) * a->out_step + c->n, 1);
	s8_params(p, c, seed, c->down * c->k << 15, &a->bias, &a->multiplier, &a->shift);
	s8_bounds(c, seed, &a->min, &a->max);
}

/* One byte of each line and one of the lines at least are no padding. */
static inline void s8_build_frame(struct s8_placer *p, const struct s8_case *c, u64 *seed,
				  struct neural_s8_frame_args *a)
{
	*a = (struct neural_s8_frame_args){
		.before = c->gap % c->n, .above = c->seed / 3 % c->results,
		.fill = s8_value(c, seed), .flip = c->seed % 2 ? 0x80 : 0,
	};
	a->after = c->seed / 5 % (c->n - a->before);
	a->below = c->seed / 7 % (c->results - a->above);
	a->n = c->n - a->before - a->after;
	a->lines = c->results - a->above - a->below;
	a->x_line = a->n + c->gap % 4;
	a->x = s8_fill(p, S8_X, c, seed, (a->lines - 1) * a->x_line + a->n, 1);
	a->y = p->place(p, S8_OUT, c->results * c->n, 1);
}

static inline s32 s8_expect_conv(const struct neural_s8_conv_args *a, u32 p, u32 j)
{
	const u8 *x = a->x + p / a->results * a->x_line + p % a->results * a->x_step;
	s64 sum = a->bias[j];
	u32 s, i;

	for (s = 0; s < a->segments; s++)
		for (i = 0; i < a->groups * 4; i++)
			sum += x[s * a->x_segment + i] * a->w[s8_conv_at(a, s, i, j)];
	return reference_clamp(reference_rescale(sum, a->multiplier[j], a->shift[j]) +
				a->zero_point, a->min, a->max);
}

static inline s32 s8_expect_frame(const struct neural_s8_frame_args *a, u32 l, u32 i)
{
	s8 v = a->fill;

	if (l >= a->above && l < a->above + a->lines && i >= a->before &&
	    i < a->before + a->n)
		v = a->x[(l - a->above) * a->x_line + i - a->before];
	return (s8)(v ^ a->flip);
}

#endif /* _NEURAL_TEST_REFERENCE_S8_CONV_H */
