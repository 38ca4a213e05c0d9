/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows, rows and means of S8 tensors, written from Documentation/numerics.rst and
 * from nothing else: one loop per sum, in coordinates.
 */
#ifndef _NEURAL_TEST_REFERENCE_CONV_H
#define _NEURAL_TEST_REFERENCE_CONV_H

#include "s8_map.h"

/**
 * struct reference_window - a node as numbers
 * @x: input, [h][w][c] of one image
 * @h: rows of it
 * @w: columns
 * @c: channels
 * @kh: rows of the window
 * @kw: columns
 * @sh: stride down
 * @sw: across
 * @dh: dilation down
 * @dw: across
 * @top: rows of padding before
 * @left: columns
 * @zero: zero point of the input
 */
struct reference_window {
	const s8 *x;
	s32 h, w, c;
	s32 kh, kw;
	s32 sh, sw;
	s32 dh, dw;
	s32 top, left;
	s32 zero;
};

/* Channel @c under cell (@i, @j) of the window of result (@y, @x); false if outside. */
static inline bool reference_cell(const struct reference_window *v, s32 y, s32 x, s32 i,
				  s32 j, s32 c, s32 *value)
{
	const s32 row = y * v->sh - v->top + i * v->dh;
	const s32 column = x * v->sw - v->left + j * v->dw;

	*value = v->zero;
	if (row < 0 || row >= v->h || column < 0 || column >= v->w)
		return false;
	*value = v->x[(row * v->w + column) * v->c + c];
	return true;
}

/* The mean of the cells that are inside, halves away from zero; or the largest. */
static inline s32 reference_pool(const struct reference_window *v, s32 y, s32 x, s32 c,
				 bool largest)
{
	s32 sum = 0, most = -128, count = 0, value, i, j;

	for (i = 0; i < v->kh; i++) {
		for (j = 0; j < v->kw; j++) {
			if (!reference_cell(v, y, x, i, j, c, &value))
				continue;
			sum += value;
			most = value > most ? value : most;
			count++;
		}
	}
	if (largest)
		return most;
	return sum < 0 ? -((-2 * sum + count) / (2 * count)) : (2 * sum + count) / (2 * count);
}

#endif /* _NEURAL_TEST_REFERENCE_CONV_H */
