/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one tile of results of windows to the next, over the ends of lines: the file that
 * includes this defines
 *
 *	NEURAL_WALK_ARGS	the argument block
 *	NEURAL_WALK_TILE	results of the largest tile.
 *
 * Where there are fewer left than a tile has, the last one is done again in the place of
 * those.
 */
#ifndef _NEURAL_SIMD_X86_S8_WALK_H
#define _NEURAL_SIMD_X86_S8_WALK_H

#include "../kernels.h"

/**
 * struct neural_walk - a tile
 * @x: windows
 * @out: results
 * @line: window of the first result in the line
 * @window: of the next result
 * @result: the next one
 * @p: its place in the line
 * @left: results from this one on
 */
struct neural_walk {
	const void *x[NEURAL_WALK_TILE];
	s8 *out[NEURAL_WALK_TILE];
	const void *line;
	const void *window;
	s8 *result;
	u32 p;
	size_t left;
};

/* The input from @x, the outputs from @c on. */
static __always_inline struct neural_walk neural_walk(const NEURAL_WALK_ARGS *a, u32 x, u32 c)
{
	return (struct neural_walk){
		.line = a->x + x, .window = a->x + x, .result = a->out + c,
		.left = (size_t)a->lines * a->results,
	};
}

/* A tile of @most, while there is something left. */
static __always_inline void neural_walk_next(const NEURAL_WALK_ARGS *a,
					     struct neural_walk *walk, const u32 most)
{
	u32 r;

	for (r = 0; r < most; r++) {
		walk->x[r] = walk->window;
		walk->out[r] = walk->result;
		if (walk->left <= 1) {
			walk->left = 0;
			continue;
		}
		walk->left--;
		walk->result += a->out_step;
		if (++walk->p < a->results) {
			walk->window += a->x_step;
			continue;
		}
		walk->p = 0;
		walk->line += a->x_line;
		walk->window = walk->line;
	}
}

#endif /* _NEURAL_SIMD_X86_S8_WALK_H */
