// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "conv.h"
#include "frame.h"
#include "gemm.h"
#include "rescale.h"

/**
 * struct neural_conv - a packed layer
 * @gemm: weights; inputs are the window's cells, row by row, all channels of each
 * @image: sizes
 * @direct: a window is one cell, and they follow each other: nothing to lay out
 * @frame: how inputs are laid out; 0 lines: windows are gathered, as rows of a matrix
 * @segments: runs of inputs of a window
 * @x_segment: distance of two of them in the frame
 */
struct neural_conv {
	struct neural_gemm gemm;
	struct neural_image image;
	bool direct;
	struct neural_frame frame;
	u32 segments;
	size_t x_segment;
};

/* Results that make a tile: with fewer, weights are read too often. */
#define NEURAL_CONV_RESULTS	8

/* How many of these multiply-adds are done in the time of one of those a section counts. */
#define NEURAL_CONV_SPEED	4

void neural_conv_attrs(struct neural_image *image, const struct neural_node *node)
{
	const s32 *attr = node->attr;

	image->v.kernel = node->in[1]->dim[1];
	image->v.stride = attr[NEURAL_CONV_STRIDE_H];
	image->v.dilation = attr[NEURAL_CONV_DILATION_H];
	image->v.before = attr[NEURAL_CONV_PAD_TOP];
	image->v.after = attr[NEURAL_CONV_PAD_BOTTOM];
	image->h.kernel = node->in[1]->dim[2];
	image->h.stride = attr[NEURAL_CONV_STRIDE_W];
	image->h.dilation = attr[NEURAL_CONV_DILATION_W];
	image->h.before = attr[NEURAL_CONV_PAD_LEFT];
	image->h.after = attr[NEURAL_CONV_PAD_RIGHT];
}

static void neural_conv_channels(struct neural_channels *c, const struct neural_node *node,
				 const struct neural_image *image)
{
	neural_channels_init(c, node);
	c->n = c->w->dim[0];
	c->k = c->w->elements / c->n;
	c->w_output = c->k;
	c->w_input = 1;
	c->padded = neural_image_padded(image);
}

int neural_conv_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *w = node->in[1];
	const s32 least = node->attr[NEURAL_CONV_MIN];
	const s32 most = node->attr[NEURAL_CONV_MAX];
	struct neural_image image;
	struct neural_channels c;
	int ret;

	ret = neural_verify_s8(node->in[0], why) ?: neural_verify_s8(node->out, why);
	if (ret)
		return ret;
	neural_image_init(&image, node);
	if (w->rank != 4 || w->dim[3] != image.depth)
		return neural_node_bad(why, "weights do not go with the input");
	if (w->zero_point)
		return neural_node_bad(why, "weights have a zero point");
	neural_conv_attrs(&image, node);
	neural_conv_channels(&c, node, &image);
	if (node->out->dim[3] != c.n)
		return neural_node_bad(why, "output has another shape");
	ret = neural_image_verify(&image, node, why) ?:
	      neural_verify_bounds(least, most, why) ?: neural_channels_verify(&c, why);
	if (ret)
		return ret;
	node->out->lo = least;
	node->out->hi = most;
	return 0;
}

u64 neural_conv_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * (node->in[1]->elements / node->in[1]->dim[0]);
}

/* One cell, without gaps between one and the next. */
static bool neural_conv_direct(const struct neural_image *image)
{
	return image->v.kernel == 1 && image->h.kernel == 1 && image->v.stride == 1 &&
	       image->h.stride == 1 && !neural_image_padded(image);
}

/*
 * The fewest segments a window in the frame is made of, and inputs of each; 0 if they are
 * not at equal distances.
 */
static u32 neural_conv_segment(struct neural_conv *conv)
{
	const struct neural_axis *v = &conv->image.v, *h = &conv->image.h;
	const u32 depth = conv->image.depth;
	u32 segment = depth;

	if (h->dilation == 1 || h->kernel == 1) {
		segment *= h->kernel;
		conv->segments = v->kernel;
		conv->x_segment = v->dilation * conv->frame.line;
	} else if (v->kernel == 1) {
		conv->segments = h->kernel;
		conv->x_segment = (size_t)h->dilation * depth;
	} else {
		return 0;
	}
	if (conv->x_segment == segment) {
		segment *= conv->segments;
		conv->segments = 1;
	}
	return segment;
}

/* How windows are read; inputs of a segment, 0 where rows are. */
static u32 neural_conv_layout(struct neural_conv *conv, const struct neural_channels *c)
{
	u32 segment, k;

	conv->direct = neural_conv_direct(&conv->image);
	if (conv->direct)
		return 0;
	neural_frame_init(&conv->frame, &conv->image, conv->image.depth);
	conv->frame.fill = c->x->zero_point;
	conv->frame.flip = 0x80;
	segment = neural_conv_segment(conv);
	k = ALIGN(segment, NEURAL_S8_GROUP) * conv->segments;
	if (!segment || k > NEURAL_CHANNEL_INPUTS)
		conv->frame.lines = 0;
	if (!conv->frame.lines)
		return 0;
	return segment;
}

int neural_conv_pack(struct neural_account *account, const struct neural_node *node,
		     const struct neural_channels *c, struct neural_step *step,
		     struct neural_reason *why)
{
	struct neural_conv *conv, layout = { };
	u32 segment;

	neural_image_init(&layout.image, node);
	neural_conv_attrs(&layout.image, node);
	segment = neural_conv_layout(&layout, c);
	conv = neural_gemm_pack(account, c, segment, sizeof(*conv), why);
	if (!conv)
		return -ENOMEM;
	layout.gemm = conv->gemm;
	*conv = layout;
	conv->gemm.zero_point = node->out->zero_point;
	conv->gemm.min = node->attr[NEURAL_CONV_MIN];
	conv->gemm.max = node->attr[NEURAL_CONV_MAX];
	step->params = conv;
	return 0;
}

int neural_conv_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_image image;
	struct neural_channels c;

	neural_image_init(&image, node);
	neural_conv_attrs(&image, node);
	neural_conv_channels(&c, node, &image);
	return neural_conv_pack(account, node, &c, step, why);
}

/* Gathered windows begin at whole groups. */
static size_t neural_conv_row(const struct neural_conv *conv)
{
	return ALIGN((size_t)conv->gemm.k, NEURAL_S8_GROUP);
}

size_t neural_conv_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_conv *conv = step->params;

	if (conv->direct)
		return 0;
	if (conv->frame.lines)
		return neural_frame_bytes(&conv->frame, &conv->image, conv->frame.lines) +
		       NEURAL_S8_AHEAD;
	return conv->gemm.tile * neural_conv_row(conv);
}

/*
 * Lines of cells are a few bytes each and there are many of them: a call of memcpy()
 * would take longer than what it does.
 */
static __always_inline s8 *neural_conv_copy(s8 *to, const s8 *from, size_t n)
{
	const s8 *end = from + n;
	u64 v;

	if (n < sizeof(v)) {
		while (from < end)
			*to++ = *from++;
		return to;
	}
	for (; end - from > sizeof(v); from += sizeof(v), to += sizeof(v)) {
		memcpy(&v, from, sizeof(v));
		memcpy(to, &v, sizeof(v));
	}
	/* The last ones, some of them perhaps again. */
	to += end - from;
	memcpy(&v, end - sizeof(v), sizeof(v));
	memcpy(to - sizeof(v), &v, sizeof(v));
	return to;
}

static s8 *neural_conv_fill(const struct neural_conv *conv, s8 *to, size_t n)
{
	if (n)
		memset(to, conv->frame.fill, n);
	return to + n;
}

/* One row of cells; @line is the row of the input. */
static __always_inline s8 *neural_conv_line(const struct neural_conv *conv,
					    const struct neural_clip *h, const s8 *line,
					    s8 *to)
{
	const struct neural_axis *axis = &conv->image.h;
	const size_t depth = conv->image.depth;
	const u32 after = axis->kernel - h->first - h->cells;
	const s8 *cell = line + h->at * depth;
	u32 j;

	to = neural_conv_fill(conv, to, h->first * depth);
	if (axis->dilation == 1)
		to = neural_conv_copy(to, cell, h->cells * depth);
	else
		for (j = 0; j < h->cells; j++)
			to = neural_conv_copy(to, cell + j * axis->dilation * depth, depth);
	return neural_conv_fill(conv, to, after * depth);
}

/**
 * struct neural_conv_walk - from one result to the next
 * @image: the input
 * @y: row of results
 * @x: column
 * @v: cells down
 */
struct neural_conv_walk {
	const s8 *image;
	u32 y;
	u32 x;
	struct neural_clip v;
};

static void neural_conv_gather(const struct neural_conv *conv,
			       const struct neural_conv_walk *walk, s8 *to)
{
	const struct neural_axis *axis = &conv->image.v;
	const struct neural_clip *v = &walk->v;
	const struct neural_clip h = neural_axis_clip(&conv->image.h, walk->x);
	const size_t in_line = conv->image.h.in * (size_t)conv->image.depth;
	const size_t line = conv->image.h.kernel * (size_t)conv->image.depth;
	const s8 *from = walk->image + v->at * in_line;
	u32 i;

	to = neural_conv_fill(conv, to, v->first * line);
	for (i = 0; i < v->cells; i++, from += axis->dilation * in_line)
		to = neural_conv_line(conv, &h, from, to);
	neural_conv_fill(conv, to, (axis->kernel - v->first - v->cells) * line);
}

static void neural_conv_windows(const struct neural_conv *conv, struct neural_exec *x,
				s8 *out, const s8 *image, s8 *scratch)
{
	const u32 width = conv->image.h.out;
	const u32 pixels = width * conv->image.v.out;
	const size_t row = neural_conv_row(conv);
	const u32 tile = conv->gemm.tile;
	struct neural_conv_walk walk = {
		.image = image,
		.v = neural_axis_clip(&conv->image.v, 0),
	};
	u32 p, i, n;

	for (p = 0; p < pixels; p += n) {
		n = min(tile, pixels - p);
		neural_section_scalar(&x->section, n * row);
		for (i = 0; i < n; i++) {
			neural_conv_gather(conv, &walk, scratch + i * row);
			if (++walk.x == width) {
				walk.x = 0;
				walk.v = neural_axis_clip(&conv->image.v, ++walk.y);
			}
		}
		neural_gemm_run(&conv->gemm, x, out + (size_t)p * conv->gemm.n, conv->gemm.n,
				scratch, row, n);
	}
}

/* What @macs count in a section, and whether to open one. */
static u64 neural_conv_cost(u64 macs)
{
	return max(macs / NEURAL_CONV_SPEED, min_t(u64, macs, NEURAL_SIMD_THRESHOLD));
}

/*
 * Outputs of a call, whole panels if not all of them, and results, so that it fits the
 * section; @k multiply-adds each.
 */
static void neural_conv_tile(const struct neural_conv *conv, const struct neural_section *s,
			     u32 k, u32 *channels, u32 *results)
{
	const u32 most = NEURAL_CONV_SPEED * neural_section_bound(s) / k;

	*channels = round_down(most / NEURAL_CONV_RESULTS, NEURAL_S8_PANEL);
	*channels = min(max_t(u32, *channels, NEURAL_S8_PANEL), conv->gemm.n);
	*results = max(most / *channels, 1U);
}

/* @lines lines of results whose windows are at @at, in calls that each fit a section. */
static void neural_conv_calls(const struct neural_conv *conv, struct neural_exec *x, s8 *out,
			      const u8 *at, u32 lines)
{
	const u32 groups = DIV_ROUND_UP(conv->gemm.segment, NEURAL_S8_GROUP);
	const u32 k = conv->segments * groups * NEURAL_S8_GROUP;
	const u32 width = conv->image.h.out, n = conv->gemm.n;
	struct neural_s8_conv_args args = {
		.segments = conv->segments,
		.groups = groups,
		.x_segment = conv->x_segment,
		.x_step = (size_t)conv->image.h.stride * conv->image.depth,
		.x_line = conv->image.v.stride * conv->frame.line,
		.out_step = n,
		.zero_point = conv->gemm.zero_point,
		.min = conv->gemm.min,
		.max = conv->gemm.max,
	};
	u32 l, p, c, channels, results;

	neural_conv_tile(conv, &x->section, k, &channels, &results);
	for (l = 0; l < lines; l += args.lines) {
		args.lines = clamp(results / width, 1U, lines - l);
		for (p = 0; p < width; p += args.results) {
			args.results = min(results, width - p);
			for (c = 0; c < n; c += args.n) {
				args.n = min(channels, n - c);
				args.out = out + ((size_t)l * width + p) * n + c;
				args.x = at + l * args.x_line + p * args.x_step;
				args.w = conv->gemm.w + (size_t)c * k;
				args.bias = conv->gemm.bias_u8 + c;
				args.multiplier = conv->gemm.params.multiplier + c;
				args.shift = conv->gemm.params.shift + c;
				neural_run_s8_conv(&x->section, &args,
						   neural_conv_cost((u64)args.lines *
								    args.results *
								    args.n * k));
			}
		}
	}
}

static void neural_conv_image(const struct neural_conv *conv, struct neural_exec *x, s8 *out,
			      const s8 *image, void *scratch)
{
	const u32 width = conv->image.h.out, height = conv->image.v.out;
	u32 y, n;

	if (!conv->frame.lines) {
		neural_conv_windows(conv, x, out, image, scratch);
		return;
	}
	neural_section_expect(&x->section, (u64)width * height * conv->gemm.n * conv->gemm.k);
	for (y = 0; y < height; y += n) {
		n = min(conv->frame.lines, height - y);
		neural_frame_lay(&conv->frame, &conv->image, x, scratch, image, y, n);
		neural_conv_calls(conv, x, out + (size_t)y * width * conv->gemm.n, scratch,
				  n);
	}
}

static void neural_conv_direct_run(const struct neural_conv *conv, struct neural_exec *x,
				   const struct neural_rows *dst,
				   const struct neural_rows *src)
{
	const struct neural_gemm *gemm = &conv->gemm;
	const u64 pixels = (u64)conv->image.batch * conv->image.v.out * conv->image.h.out;
	u32 r;

	if (src->stride == pixels * gemm->k && dst->stride == pixels * gemm->n) {
		neural_gemm_run(gemm, x, dst->at, gemm->n, src->at, gemm->k,
				pixels * x->rows);
		return;
	}
	for (r = 0; r < x->rows; r++)
		neural_gemm_run(gemm, x, neural_row(dst, r), gemm->n, neural_row(src, r),
				gemm->k, pixels);
}

void neural_conv_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch)
{
	const struct neural_conv *conv = step->params;
	const struct neural_image *i = &conv->image;
	const size_t in = (size_t)i->v.in * i->h.in * i->depth;
	const size_t out = (size_t)i->v.out * i->h.out * conv->gemm.n;
	u32 b, r;

	if (conv->direct) {
		neural_conv_direct_run(conv, x, dst, src);
		return;
	}
	for (r = 0; r < x->rows; r++)
		for (b = 0; b < i->batch; b++)
			neural_conv_image(conv, x, (s8 *)neural_row(dst, r) + b * out,
					  (const s8 *)neural_row(src, r) + b * in, scratch);
}
