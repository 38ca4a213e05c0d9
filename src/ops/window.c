// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/thresholds.h"
#include "window.h"

void neural_image_init(struct neural_image *image, const struct neural_node *node)
{
	const struct neural_tensor *x = node->in[0];
	const struct neural_tensor *y = node->out;

	*image = (struct neural_image){
		.batch = x->dim[0],
		.depth = x->dim[3],
		.v = { .in = x->dim[1], .out = y->dim[1] },
		.h = { .in = x->dim[2], .out = y->dim[2] },
	};
}

static bool neural_axis_within(u32 value, u32 least)
{
	return value >= least && value <= NEURAL_WINDOW_MAX;
}

/* Attributes are s32: negative ones come here as something beyond every limit. */
static int neural_axis_verify(const struct neural_axis *axis, struct neural_reason *why)
{
	s64 room;

	if (!neural_axis_within(axis->kernel, 1))
		return neural_node_bad(why, "window is empty or too large");
	if (!neural_axis_within(axis->stride, 1))
		return neural_node_bad(why, "stride is out of range");
	if (!neural_axis_within(axis->dilation, 1))
		return neural_node_bad(why, "dilation is out of range");
	if (!neural_axis_within(axis->before, 0) || !neural_axis_within(axis->after, 0))
		return neural_node_bad(why, "padding is out of range");
	room = (s64)axis->in + axis->before + axis->after -
	       ((s64)(axis->kernel - 1) * axis->dilation + 1);
	if (room < 0)
		return neural_node_bad(why, "window is larger than the padded input");
	if (div_u64(room, axis->stride) + 1 != axis->out)
		return neural_node_bad(why, "output has another shape");
	return 0;
}

int neural_image_verify(const struct neural_image *image, const struct neural_node *node,
			struct neural_reason *why)
{
	if (node->in[0]->rank != 4 || node->out->rank != 4)
		return neural_node_bad(why, "input or output does not have 4 dimensions");
	if (node->out->dim[0] != image->batch)
		return neural_node_bad(why, "output has another shape");
	return neural_axis_verify(&image->v, why) ?: neural_axis_verify(&image->h, why);
}

/* Steps of the dilation that make at least @distance; mostly that is 1. */
static u32 neural_axis_steps(const struct neural_axis *axis, u32 distance)
{
	return axis->dilation == 1 ? distance : DIV_ROUND_UP(distance, axis->dilation);
}

struct neural_clip neural_axis_clip(const struct neural_axis *axis, u32 position)
{
	const s32 start = position * axis->stride - axis->before;
	struct neural_clip clip = { };
	u32 end = 0;

	if (start < 0)
		clip.first = neural_axis_steps(axis, -start);
	if (start < (s32)axis->in)
		end = min(axis->kernel, neural_axis_steps(axis, axis->in - start));
	if (clip.first >= end) {
		clip.first = axis->kernel;
		return clip;
	}
	clip.cells = end - clip.first;
	clip.at = start + clip.first * axis->dilation;
	return clip;
}

/* Positions from @position on, for which all cells are there. */
static u32 neural_axis_whole(const struct neural_axis *axis, u32 position)
{
	const u32 reach = (axis->kernel - 1) * axis->dilation;
	const u32 end = (axis->in + axis->before - reach - 1) / axis->stride + 1;

	return min(end, axis->out) - position;
}

bool neural_span_next(const struct neural_image *image, struct neural_span *span)
{
	span->x += span->count;
	if (span->x == image->h.out) {
		span->x = 0;
		if (++span->y == image->v.out)
			return false;
	}
	span->v = neural_axis_clip(&image->v, span->y);
	span->h = neural_axis_clip(&image->h, span->x);
	span->count = 1;
	if (span->h.cells == image->h.kernel)
		span->count = neural_axis_whole(&image->h, span->x);
	return true;
}

struct neural_s8_window neural_span_window(const struct neural_image *image,
					   const struct neural_span *span, const s8 *at)
{
	const size_t depth = image->depth;
	const size_t line = image->h.in * depth;

	return (struct neural_s8_window){
		.x = at + span->v.at * line + span->h.at * depth,
		.rows = span->v.cells,
		.cols = span->h.cells,
		.x_row = image->v.dilation * line,
		.x_col = image->h.dilation * depth,
		.x_step = image->h.stride * depth,
	};
}

void neural_window_tile(const struct neural_section *section, u32 cells, u32 n,
			u32 *channels, u32 *results)
{
	const u32 bound = neural_section_bound(section);
	const u32 most = round_down(bound / cells, NEURAL_S8_PANEL);

	*channels = min(n, max_t(u32, most, NEURAL_S8_PANEL));
	*results = max_t(u32, bound / (cells * *channels), 1);
}
