/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one tile of depthwise results to the next, over the ends of lines.  Where there are
 * fewer left than a tile has, the last one is done again in the place of those.
 */
#ifndef _NEURAL_SIMD_X86_S8_DEPTHWISE_WALK_H
#define _NEURAL_SIMD_X86_S8_DEPTHWISE_WALK_H

#include "../kernels.h"

#define NEURAL_DEPTHWISE_TILE	4

/**
 * struct neural_depthwise_walk - a tile
 * @x: windows
 * @out: results
 * @line: window of the first result in the line
 * @window: of the next result
 * @result: the next one
 * @p: its place in the line
 * @l: its line
 */
struct neural_depthwise_walk {
	const s8 *x[NEURAL_DEPTHWISE_TILE];
	s8 *out[NEURAL_DEPTHWISE_TILE];
	const s8 *line;
	const s8 *window;
	s8 *result;
	u32 p;
	u32 l;
};

/* Channels from @c on. */
static __always_inline struct neural_depthwise_walk
neural_depthwise_walk(const struct neural_s8_depthwise_args *a, u32 c)
{
	return (struct neural_depthwise_walk){
		.line = a->x + c, .window = a->x + c, .result = a->out + c,
	};
}

/* False past the last one. */
static __always_inline bool neural_depthwise_next(const struct neural_s8_depthwise_args *a,
						  struct neural_depthwise_walk *walk)
{
	u32 r;

	if (walk->l == a->lines)
		return false;
	for (r = 0; r < NEURAL_DEPTHWISE_TILE; r++) {
		walk->x[r] = walk->window;
		walk->out[r] = walk->result;
		if (walk->l == a->lines)
			continue;
		if (++walk->p < a->results) {
			walk->window += a->x_step;
		} else if (++walk->l < a->lines) {
			walk->p = 0;
			walk->line += a->x_line;
			walk->window = walk->line;
		} else {
			continue;
		}
		walk->result += a->out_step;
	}
	return true;
}

#endif /* _NEURAL_SIMD_X86_S8_DEPTHWISE_WALK_H */
