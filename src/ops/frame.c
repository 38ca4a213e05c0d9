// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "frame.h"

/* Bytes that are laid out together: well within L1. */
#define NEURAL_FRAME_BYTES	24576

/* Most of them that one line of results may want. */
#define NEURAL_FRAME_MAX	(1U << 20)

/* Bytes are copied in this fraction of the time of a multiply-add. */
#define NEURAL_FRAME_SPEED	8

/* Lines of input from the first to the last cell of a window. */
static size_t neural_frame_reach(const struct neural_axis *axis)
{
	return (size_t)(axis->kernel - 1) * axis->dilation + 1;
}

size_t neural_frame_bytes(const struct neural_frame *frame, const struct neural_image *image,
			  u32 lines)
{
	return array_size(frame->line, (size_t)(lines - 1) * image->v.stride +
				       neural_frame_reach(&image->v));
}

void neural_frame_init(struct neural_frame *frame, const struct neural_image *image,
		       u32 depth)
{
	const struct neural_axis *v = &image->v, *h = &image->h;
	size_t one;

	frame->depth = depth;
	frame->line = array_size((size_t)h->in + h->before + h->after, depth);
	frame->lines = 0;
	one = neural_frame_bytes(frame, image, 1);
	if (one > NEURAL_FRAME_MAX)
		return;
	frame->lines = 1;
	if (one < NEURAL_FRAME_BYTES)
		frame->lines += min_t(size_t, (NEURAL_FRAME_BYTES - one) / v->stride /
					      frame->line, v->out - 1);
}

void neural_frame_lay(const struct neural_frame *frame, const struct neural_image *image,
		      struct neural_exec *x, u8 *to, const s8 *at, u32 y, u32 lines)
{
	const struct neural_axis *v = &image->v, *h = &image->h;
	const size_t bytes = neural_frame_bytes(frame, image, lines);
	const u32 all = (lines - 1) * v->stride + neural_frame_reach(v);
	const s64 first = (s64)y * v->stride - v->before;
	const u32 above = clamp_t(s64, -first, 0, all);
	const u32 end = clamp_t(s64, v->in - first, above, all);
	const struct neural_s8_frame_args args = {
		.y = to,
		.x = at + (first + above) * h->in * frame->depth,
		.x_line = (size_t)h->in * frame->depth,
		.lines = end - above,
		.n = h->in * frame->depth,
		.before = h->before * frame->depth,
		.after = h->after * frame->depth,
		.above = above,
		.below = all - end,
		.fill = frame->fill,
		.flip = frame->flip,
	};

	if (args.lines) {
		neural_run_s8_frame(&x->section, &args, bytes / NEURAL_FRAME_SPEED);
		return;
	}
	/* Nothing but padding. */
	neural_section_scalar(&x->section, bytes / NEURAL_FRAME_SPEED);
	memset(to, frame->fill ^ frame->flip, bytes);
}
