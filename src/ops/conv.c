// SPDX-License-Identifier: GPL-2.0-only
#include "conv.h"
#include "gemm.h"
#include "rescale.h"

/**
 * struct neural_conv - a packed layer
 * @gemm: weights; inputs are the window's cells, row by row, all channels of each
 * @image: sizes
 * @zero_point: of the input, what padding is filled with
 * @direct: a window is one cell, and they follow each other: nothing to gather
 */
struct neural_conv {
	struct neural_gemm gemm;
	struct neural_image image;
	s32 zero_point;
	bool direct;
};

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

int neural_conv_pack(struct neural_account *account, const struct neural_node *node,
		     const struct neural_channels *c, struct neural_step *step,
		     struct neural_reason *why)
{
	struct neural_conv *conv;

	conv = neural_gemm_pack(account, c, sizeof(*conv), why);
	if (!conv)
		return -ENOMEM;
	conv->gemm.zero_point = node->out->zero_point;
	conv->gemm.min = node->attr[NEURAL_CONV_MIN];
	conv->gemm.max = node->attr[NEURAL_CONV_MAX];
	neural_image_init(&conv->image, node);
	neural_conv_attrs(&conv->image, node);
	conv->zero_point = c->x->zero_point;
	conv->direct = neural_conv_direct(&conv->image);
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

	return conv->direct ? 0 : conv->gemm.tile * neural_conv_row(conv);
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
		memset(to, conv->zero_point, n);
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

static void neural_conv_image(const struct neural_conv *conv, struct neural_exec *x,
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
