/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Images laid out with their padding, some lines at a time, so that windows are all
 * there and kernels read them where they are.
 */
#ifndef _NEURAL_OPS_FRAME_H
#define _NEURAL_OPS_FRAME_H

#include "op.h"
#include "window.h"

/**
 * struct neural_frame - how the input of windows is laid out
 * @depth: bytes of a cell
 * @line: bytes of a line with its padding
 * @lines: lines of results for which this is done together; 0: a line is too long
 * @fill: what padding is filled with
 * @flip: and what everything is written ^
 */
struct neural_frame {
	u32 depth;
	size_t line;
	u32 lines;
	s8 fill;
	u8 flip;
};

/* Sizes; fill and flip are left to the caller. */
void neural_frame_init(struct neural_frame *frame, const struct neural_image *image,
		       u32 depth);

/* Bytes of input for @lines lines of results. */
size_t neural_frame_bytes(const struct neural_frame *frame, const struct neural_image *image,
			  u32 lines);

/* Input of @image at @at for @lines lines of results from @y on, to @to. */
void neural_frame_lay(const struct neural_frame *frame, const struct neural_image *image,
		      struct neural_exec *x, u8 *to, const s8 *at, u32 y, u32 lines);

#endif /* _NEURAL_OPS_FRAME_H */
