// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "channels.h"
#include "conv.h"
#include "depthwise.h"
#include "frame.h"
#include "rescale.h"

#define NEURAL_DEPTHWISE_LINE	64

/* Bytes of windows that are gathered for a go. */
#define NEURAL_DEPTHWISE_GATHER	8192

/**
 * struct neural_depthwise - a packed layer; header of one block of memory
 * @image: sizes
 * @n: channels of the output
 * @fan: of them to each channel of the input
 * @cells: of the window
 * @zero_point: of the output
 * @min: smallest output
 * @max: largest output
 * @direct: windows are read where the input is, all lines at once; else:
 * @frame: how input is laid out, with a channel for each of the output; 0 lines: windows
 *	are gathered one by one
 * @cell: offsets, see &struct neural_s8_depthwise_args, as are:
 * @w: weights
 * @params: per channel of the output
 */
struct neural_depthwise {
	struct neural_image image;
	u32 n;
	u32 fan;
	u32 cells;
	s32 zero_point;
	s32 min;
	s32 max;
	bool direct;
	struct neural_frame frame;
	const u32 *cell;
	const s16 *w;
	struct neural_channel_params params;
};

static void neural_depthwise_channels(struct neural_channels *c,
				      const struct neural_node *node)
{
	neural_channels_init(c, node);
	c->n = c->w->dim[3];
	c->k = c->w->elements / c->n;
	c->w_output = 1;
	c->w_input = c->n;
}

int neural_depthwise_verify(const struct neural_node *node, struct neural_reason *why)
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
	if (w->rank != 4 || w->dim[0] != 1 || w->dim[3] % image.depth)
		return neural_node_bad(why, "weights do not go with the input");
	if (w->zero_point)
		return neural_node_bad(why, "weights have a zero point");
	neural_conv_attrs(&image, node);
	neural_depthwise_channels(&c, node);
	c.padded = neural_image_padded(&image);
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

u64 neural_depthwise_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * (node->in[1]->elements / node->in[1]->dim[3]);
}

static u32 neural_depthwise_pairs(u32 cells)
{
	return DIV_ROUND_UP(cells, 2);
}

static void neural_depthwise_layout(struct neural_depthwise *d)
{
	const struct neural_image *i = &d->image;

	neural_frame_init(&d->frame, i, d->n);
	d->direct = d->fan == 1 && !neural_image_padded(i);
	if (d->direct)
		d->frame.lines = i->v.out;
}

static void neural_depthwise_cells(struct neural_depthwise *d, u32 *cell)
{
	const struct neural_image *i = &d->image;
	u32 k;

	for (k = 0; k < d->cells; k++) {
		if (d->frame.lines)
			cell[k] = k / i->h.kernel * i->v.dilation * d->frame.line +
				  k % i->h.kernel * i->h.dilation * (size_t)d->n;
		else
			cell[k] = k * d->n;
	}
	if (k % 2)
		cell[k] = cell[k - 1];
	d->cell = cell;
}

static void neural_depthwise_fill(struct neural_depthwise *d,
				  const struct neural_channels *c, s16 *w)
{
	const u32 pairs = neural_depthwise_pairs(d->cells);
	u32 i, j;

	for (j = 0; j < c->n; j++) {
		s16 *to = w + ((size_t)j / NEURAL_S8_PANEL * pairs * NEURAL_S8_PANEL +
			       neural_s8_depthwise_place(j)) * 2;

		for (i = 0; i < d->cells; i++)
			to[(size_t)i / 2 * 2 * NEURAL_S8_PANEL + i % 2] =
				neural_channels_weight(c, j, i);
		neural_pause();
	}
	d->w = w;
}

int neural_depthwise_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why)
{
	const size_t params = ALIGN(sizeof(struct neural_depthwise),
				    NEURAL_DEPTHWISE_LINE);
	size_t weights, cells, panels;
	struct neural_depthwise *d;
	struct neural_channels c;

	neural_depthwise_channels(&c, node);
	if (node->in[0]->dim[3] == 1) {
		/* All outputs are made of the same channel: that is a matrix. */
		step->run = neural_conv_run;
		return neural_conv_pack(account, node, &c, step, why);
	}
	cells = params + neural_channel_bytes(c.n);
	weights = cells + ALIGN(neural_depthwise_pairs(c.k) * 2 * sizeof(u32),
				NEURAL_DEPTHWISE_LINE);
	panels = array3_size(ALIGN((size_t)c.n, NEURAL_S8_PANEL),
			     neural_depthwise_pairs(c.k), 2 * sizeof(s16));
	d = neural_mem_alloc(account, size_add(weights, panels));
	if (!d)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	neural_image_init(&d->image, node);
	neural_conv_attrs(&d->image, node);
	d->n = c.n;
	d->fan = c.n / d->image.depth;
	d->cells = c.k;
	d->frame.fill = c.x->zero_point;
	d->zero_point = node->out->zero_point;
	d->min = node->attr[NEURAL_CONV_MIN];
	d->max = node->attr[NEURAL_CONV_MAX];
	neural_depthwise_layout(d);
	neural_depthwise_cells(d, (u32 *)((u8 *)d + cells));
	neural_channels_fill(&c, true, (u8 *)d + params, &d->params);
	neural_depthwise_fill(d, &c, (s16 *)((u8 *)d + weights));
	step->params = d;
	return 0;
}

static u32 neural_depthwise_gathered(const struct neural_depthwise *d)
{
	const size_t window = (size_t)d->cells * d->n;

	return max_t(size_t, NEURAL_DEPTHWISE_GATHER / window, 1);
}

size_t neural_depthwise_scratch(const struct neural_step *step, u32 rows)
{
	const struct neural_depthwise *d = step->params;

	if (step->run == neural_conv_run)
		return neural_conv_scratch(step, rows);
	if (d->direct)
		return 0;
	if (d->frame.lines)
		return neural_frame_bytes(&d->frame, &d->image, d->frame.lines);
	return (size_t)d->cells * d->n * neural_depthwise_gathered(d);
}

/* @lines lines of @results whose windows are at @at, in calls that each fit a section. */
static void neural_depthwise_calls(const struct neural_depthwise *d, struct neural_exec *x,
				   s8 *out, const s8 *at, u32 lines, u32 results,
				   size_t x_step)
{
	const u32 pairs = neural_depthwise_pairs(d->cells);
	struct neural_s8_depthwise_args args = {
		.cell = d->cell,
		.pairs = pairs,
		.x_step = x_step,
		.x_line = d->image.v.stride * d->frame.line,
		.out_step = d->n,
		.zero_point = d->zero_point,
		.min = d->min,
		.max = d->max,
	};
	u32 channels, most, l, p, c;

	neural_window_tile(&x->section, d->cells, d->n, &channels, &most);
	for (l = 0; l < lines; l += args.lines) {
		args.lines = clamp(most / results, 1U, lines - l);
		for (p = 0; p < results; p += args.results) {
			args.results = min(most, results - p);
			for (c = 0; c < d->n; c += channels) {
				args.n = min(channels, d->n - c);
				args.out = out + ((size_t)l * results + p) * d->n + c;
				args.x = at + l * args.x_line + p * x_step + c;
				args.w = d->w + (size_t)c * pairs * 2;
				args.bias = d->params.bias + c;
				args.multiplier = d->params.multiplier + c;
				args.shift = d->params.shift + c;
				neural_run_s8_depthwise(&x->section, &args,
							(u64)args.lines * args.results *
							args.n * d->cells);
			}
		}
	}
}

/* @pixels of the input, each channel as often as there are outputs of it. */
static s8 *neural_depthwise_spread(const struct neural_depthwise *d, s8 *to, const s8 *from,
				   u32 pixels)
{
	const size_t n = (size_t)pixels * d->image.depth;
	size_t i;

	if (d->fan == 1) {
		memcpy(to, from, n);
	} else {
		for (i = 0; i < n; i++)
			memset(to + i * d->fan, from[i], d->fan);
	}
	return to + n * d->fan;
}

static s8 *neural_depthwise_pad(const struct neural_depthwise *d, s8 *to, size_t pixels)
{
	memset(to, d->frame.fill, pixels * d->n);
	return to + pixels * d->n;
}

/* Input for @lines lines of results from @y on. */
static void neural_depthwise_lay(const struct neural_depthwise *d, struct neural_exec *x,
				 s8 *to, const s8 *image, u32 y, u32 lines)
{
	const struct neural_axis *v = &d->image.v, *h = &d->image.h;
	const s32 first = y * v->stride - v->before;
	const size_t bytes = neural_frame_bytes(&d->frame, &d->image, lines);
	const u32 n = bytes / d->frame.line;
	u32 i;

	if (d->fan == 1) {
		neural_frame_lay(&d->frame, &d->image, x, (u8 *)to, image, y, lines);
		return;
	}
	neural_section_scalar(&x->section, bytes);
	for (i = 0; i < n; i++) {
		const u32 at = first + i;

		if (at >= v->in) {
			to = neural_depthwise_pad(d, to, d->frame.line / d->n);
			continue;
		}
		to = neural_depthwise_pad(d, to, h->before);
		to = neural_depthwise_spread(d, to, image + (size_t)at * h->in *
					     d->image.depth, h->in);
		to = neural_depthwise_pad(d, to, h->after);
	}
}

/* The window of one result, for where a line of input with its padding is too long. */
static s8 *neural_depthwise_gather(const struct neural_depthwise *d, s8 *to,
				   const s8 *image, u32 y, u32 x)
{
	const struct neural_axis *v = &d->image.v, *h = &d->image.h;
	u32 i, j;

	for (i = 0; i < v->kernel; i++) {
		for (j = 0; j < h->kernel; j++) {
			const u32 down = y * v->stride + i * v->dilation - v->before;
			const u32 across = x * h->stride + j * h->dilation - h->before;
			const s8 *cell = image + ((size_t)down * h->in + across) *
					 d->image.depth;

			if (down < v->in && across < h->in)
				to = neural_depthwise_spread(d, to, cell, 1);
			else
				to = neural_depthwise_pad(d, to, 1);
		}
	}
	return to;
}

static void neural_depthwise_windows(const struct neural_depthwise *d, struct neural_exec *x,
				     s8 *out, const s8 *image, s8 *scratch)
{
	const u32 width = d->image.h.out;
	const u32 pixels = width * d->image.v.out;
	const u32 tile = neural_depthwise_gathered(d);
	const size_t window = (size_t)d->cells * d->n;
	u32 p, i, n;

	for (p = 0; p < pixels; p += n) {
		s8 *to = scratch;

		n = min(tile, pixels - p);
		neural_section_scalar(&x->section, n * window);
		for (i = 0; i < n; i++)
			to = neural_depthwise_gather(d, to, image, (p + i) / width,
						     (p + i) % width);
		neural_depthwise_calls(d, x, out + (size_t)p * d->n, scratch, 1, n, window);
	}
}

static void neural_depthwise_image(const struct neural_depthwise *d, struct neural_exec *x,
				   s8 *out, const s8 *image, s8 *scratch)
{
	const struct neural_image *i = &d->image;
	const size_t step = (size_t)i->h.stride * d->n;
	u32 y, n;

	if (d->direct) {
		neural_depthwise_calls(d, x, out, image, i->v.out, i->h.out, step);
		return;
	}
	if (!d->frame.lines) {
		neural_depthwise_windows(d, x, out, image, scratch);
		return;
	}
	for (y = 0; y < i->v.out; y += n) {
		n = min(d->frame.lines, i->v.out - y);
		neural_depthwise_lay(d, x, scratch, image, y, n);
		neural_depthwise_calls(d, x, out + (size_t)y * i->h.out * d->n, scratch, n,
				       i->h.out, step);
	}
}

void neural_depthwise_run(const struct neural_step *step, struct neural_exec *x,
			  const struct neural_rows *dst, const struct neural_rows *src,
			  void *scratch)
{
	const struct neural_depthwise *d = step->params;
	const struct neural_image *i = &d->image;
	const size_t in = (size_t)i->v.in * i->h.in * i->depth;
	const size_t out = (size_t)i->v.out * i->h.out * d->n;
	u32 b, r;

	for (r = 0; r < x->rows; r++)
		for (b = 0; b < i->batch; b++)
			neural_depthwise_image(d, x, (s8 *)neural_row(dst, r) + b * out,
					       (const s8 *)neural_row(src, r) + b * in,
					       scratch);
}
