/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two operands of shapes that need not be the same.
 *
 * Shapes are aligned at their last dimensions; a dimension that is 1 or absent in one
 * operand is repeated as often as the other says.  Dimensions that follow each other
 * and are repeated alike are one, so what is left are runs along the innermost.
 */
#ifndef _NEURAL_OPS_BROADCAST_H
#define _NEURAL_OPS_BROADCAST_H

#include "lut.h"

/**
 * struct neural_broadcast - how to go over operands a and b
 * @n: elements of a run
 * @a_step: 1, or 0 where a has one element for the whole run
 * @b_step: the same of b
 * @levels: loops around the runs
 * @count: of each loop, innermost first
 * @a_stride: what one turn of each adds to the place in a
 * @b_stride: and in b
 */
struct neural_broadcast {
	u32 n;
	u32 a_step;
	u32 b_step;
	u32 levels;
	u32 count[NEURAL_MODEL_RANK];
	u32 a_stride[NEURAL_MODEL_RANK];
	u32 b_stride[NEURAL_MODEL_RANK];
};

/**
 * struct neural_broadcast_at - where a run starts; all zero at the first
 * @y: in the output, which is gone through in order
 * @a: in operand a
 * @b: in operand b
 * @turn: of each loop
 */
struct neural_broadcast_at {
	u32 y;
	u32 a;
	u32 b;
	u32 turn[NEURAL_MODEL_RANK];
};

/* Is the output's shape the one its two operands have together? */
int neural_broadcast_verify(const struct neural_node *node, struct neural_reason *why);

/* Of a verified node. */
void neural_broadcast_init(struct neural_broadcast *bc, const struct neural_node *node);

/* On to the next run; false after the last. */
static inline bool neural_broadcast_next(const struct neural_broadcast *bc,
					 struct neural_broadcast_at *at)
{
	u32 l;

	at->y += bc->n;
	for (l = 0; l < bc->levels; l++) {
		at->a += bc->a_stride[l];
		at->b += bc->b_stride[l];
		if (++at->turn[l] < bc->count[l])
			return true;
		at->turn[l] = 0;
		at->a -= bc->a_stride[l] * bc->count[l];
		at->b -= bc->b_stride[l] * bc->count[l];
	}
	return false;
}

/**
 * struct neural_broadcast_tile - a piece of a run, as large as a kernel takes at once
 * @y: results
 * @a: elements, or one for all
 * @b: likewise
 * @n: how many
 */
struct neural_broadcast_tile {
	s8 *y;
	const s8 *a;
	const s8 *b;
	u32 n;
};

/* All rows of S8 operands piece by piece; @tile is put in where it is called. */
static __always_inline void
neural_broadcast_run(const struct neural_broadcast *bc, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void (*tile)(struct neural_section *section, const void *p,
				  const struct neural_broadcast *bc,
				  const struct neural_broadcast_tile *t), const void *p)
{
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		s8 *y = neural_row(dst, r);
		const s8 *a = neural_row(&src[0], r), *b = neural_row(&src[1], r);
		struct neural_broadcast_at at = { };

		do {
			for (i = 0; i < bc->n; i += NEURAL_MAP_TILE) {
				const struct neural_broadcast_tile t = {
					.y = y + at.y + i,
					.a = a + at.a + i * bc->a_step,
					.b = b + at.b + i * bc->b_step,
					.n = min(bc->n - i, NEURAL_MAP_TILE),
				};

				tile(&x->section, p, bc, &t);
			}
		} while (neural_broadcast_next(bc, &at));
	}
}

#endif /* _NEURAL_OPS_BROADCAST_H */
