/* SPDX-License-Identifier: GPL-2.0-only */
/* Windows that move over an image: which cells of one are there, and where. */
#ifndef _NEURAL_OPS_WINDOW_H
#define _NEURAL_OPS_WINDOW_H

#include "../../simd/kernels.h"
#include "op.h"

/* Strides, dilations, padding and the sides of windows are at most this. */
#define NEURAL_WINDOW_MAX	65536

/**
 * struct neural_axis - a window along one dimension
 * @in: size of the input
 * @out: positions of the window
 * @kernel: cells of the window
 * @stride: distance of two positions
 * @dilation: distance of two cells
 * @before: cells of padding at the start
 * @after: and at the end
 *
 * Once verified, every coordinate there is fits s32.
 */
struct neural_axis {
	u32 in;
	u32 out;
	u32 kernel;
	u32 stride;
	u32 dilation;
	u32 before;
	u32 after;
};

/**
 * struct neural_image - images, rows and columns of a node
 * @batch: images of one execution
 * @depth: channels of the input
 * @v: down
 * @h: across
 */
struct neural_image {
	u32 batch;
	u32 depth;
	struct neural_axis v;
	struct neural_axis h;
};

/**
 * struct neural_clip - the cells of a window that are inside of the input
 * @first: cells before them
 * @cells: how many, may be none
 * @at: coordinate of the first one; 0 if none
 */
struct neural_clip {
	u32 first;
	u32 cells;
	u32 at;
};

/**
 * struct neural_span - results in a row with the same cells
 * @y: row of results
 * @x: first of them
 * @count: how many; 0 before the first span
 * @v: cells down
 * @h: cells across, of the first
 */
struct neural_span {
	u32 y;
	u32 x;
	u32 count;
	struct neural_clip v;
	struct neural_clip h;
};

/* Sizes of the input and output of @node; windows are left to the operation. */
void neural_image_init(struct neural_image *image, const struct neural_node *node);

/* Limits, and the output of @node has to be what its input gives. */
int neural_image_verify(const struct neural_image *image, const struct neural_node *node,
			struct neural_reason *why);

static inline bool neural_image_padded(const struct neural_image *image)
{
	return image->v.before || image->v.after || image->h.before || image->h.after;
}

struct neural_clip neural_axis_clip(const struct neural_axis *axis, u32 position);

/* Spans of one image in order, from one of all zeros on; false past the last. */
bool neural_span_next(const struct neural_image *image, struct neural_span *span);

/* What a kernel has to know of the span of the image at @at. */
struct neural_s8_window neural_span_window(const struct neural_image *image,
					   const struct neural_span *span, const s8 *at);

/*
 * Channels, whole panels of them if not all @n, and results of windows of @cells that are
 * run by one call, so that it fits @section.
 */
void neural_window_tile(const struct neural_section *section, u32 cells, u32 n,
			u32 *channels, u32 *results);

#endif /* _NEURAL_OPS_WINDOW_H */
