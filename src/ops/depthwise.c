// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "channels.h"
#include "conv.h"
#include "depthwise.h"
#include "rescale.h"

#define NEURAL_DEPTHWISE_LINE	64

/**
 * struct neural_depthwise - a packed layer; header of one block of memory
 * @image: sizes
 * @n: channels of the output
 * @fan: of them to each channel of the input
 * @cells: of the window
 * @x_zero_point: of the input
 * @zero_point: of the output
 * @min: smallest output
 * @max: largest output
 * @w: weights, see &struct neural_s8_depthwise_args
 * @params: per channel of the output
 */
struct neural_depthwise {
	struct neural_image image;
	u32 n;
	u32 fan;
	u32 cells;
	s32 x_zero_point;
	s32 zero_point;
	s32 min;
	s32 max;
	const s8 *w;
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

static void neural_depthwise_fill(struct neural_depthwise *d,
				  const struct neural_channels *c, s8 *w)
{
	const size_t panel = (size_t)d->cells * NEURAL_S8_PANEL;
	u32 i, j;

	for (j = 0; j < c->n; j++) {
		s8 *to = w + j / NEURAL_S8_PANEL * panel + j % NEURAL_S8_PANEL;

		for (i = 0; i < d->cells; i++)
			to[(size_t)i * NEURAL_S8_PANEL] = neural_channels_weight(c, j, i);
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
	struct neural_depthwise *d;
	struct neural_channels c;
	size_t weights, panels;

	neural_depthwise_channels(&c, node);
	weights = params + neural_channel_bytes(c.n);
	panels = array_size(ALIGN((size_t)c.n, NEURAL_S8_PANEL), c.k);
	d = neural_mem_alloc(account, size_add(weights, panels));
	if (!d)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	neural_image_init(&d->image, node);
	neural_conv_attrs(&d->image, node);
	d->n = c.n;
	d->fan = c.n / d->image.depth;
	d->cells = c.k;
	d->x_zero_point = c.x->zero_point;
	d->zero_point = node->out->zero_point;
	d->min = node->attr[NEURAL_CONV_MIN];
	d->max = node->attr[NEURAL_CONV_MAX];
	neural_channels_fill(&c, false, (u8 *)d + params, &d->params);
	neural_depthwise_fill(d, &c, (s8 *)d + weights);
	step->params = d;
	return 0;
}

/* @results from @p on of a span, channels from @c on, a multiple of a panel. */
static void neural_depthwise_call(const struct neural_depthwise *d, struct neural_exec *x,
				  const struct neural_span *span, s8 *out,
				  const struct neural_s8_window *window, u32 c, u32 n, u32 p,
				  u32 results)
{
	const size_t line = (size_t)d->image.h.kernel * NEURAL_S8_PANEL;
	const size_t panel = (size_t)d->cells * NEURAL_S8_PANEL;
	struct neural_s8_depthwise_args args = {
		.out = out + (size_t)p * d->n + c,
		.window = *window,
		.w = d->w + c / NEURAL_S8_PANEL * panel,
		.bias = d->params.bias + c,
		.multiplier = d->params.multiplier + c,
		.shift = d->params.shift + c,
		.w_panel = panel,
		.w_row = line,
		.n = n,
		.fan = d->fan,
		.phase = c % d->fan,
		.results = results,
		.out_step = d->n,
		.x_zero_point = d->x_zero_point,
		.zero_point = d->zero_point,
		.min = d->min,
		.max = d->max,
	};

	if (window->rows && window->cols)
		args.w += span->v.first * line + (size_t)span->h.first * NEURAL_S8_PANEL;
	args.window.x += p * window->x_step + c / d->fan;
	neural_run_s8_depthwise(&x->section, &args,
				(u64)results * n * window->rows * window->cols);
}

static void neural_depthwise_span(const struct neural_depthwise *d, struct neural_exec *x,
				  const struct neural_span *span, s8 *out, const s8 *image)
{
	const struct neural_s8_window window = neural_span_window(&d->image, span, image);
	u32 channels, results, c, p;

	out += ((size_t)span->y * d->image.h.out + span->x) * d->n;
	neural_span_tile(span, d->n, &channels, &results);
	for (p = 0; p < span->count; p += results)
		for (c = 0; c < d->n; c += channels)
			neural_depthwise_call(d, x, span, out, &window, c,
					      min(channels, d->n - c), p,
					      min(results, span->count - p));
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

	for (r = 0; r < x->rows; r++) {
		for (b = 0; b < i->batch; b++) {
			struct neural_span span = { };

			while (neural_span_next(i, &span))
				neural_depthwise_span(d, x, &span,
						      (s8 *)neural_row(dst, r) + b * out,
						      (const s8 *)neural_row(src, r) + b * in);
		}
	}
}
