// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "pool.h"
#include "rescale.h"
#include "window.h"

/* Cells of a window: a panel of channels of them is the largest kernel call there is. */
#define NEURAL_POOL_CELLS	65536

/**
 * struct neural_pool - sizes and bounds
 * @image: sizes
 * @min: smallest output
 * @max: largest output
 */
struct neural_pool {
	struct neural_image image;
	s32 min;
	s32 max;
};

static void neural_pool_attrs(struct neural_image *image, const struct neural_node *node)
{
	const s32 *attr = node->attr;

	image->v.kernel = attr[NEURAL_POOL_KERNEL_H];
	image->v.stride = attr[NEURAL_POOL_STRIDE_H];
	image->v.dilation = 1;
	image->v.before = attr[NEURAL_POOL_PAD_TOP];
	image->v.after = attr[NEURAL_POOL_PAD_BOTTOM];
	image->h.kernel = attr[NEURAL_POOL_KERNEL_W];
	image->h.stride = attr[NEURAL_POOL_STRIDE_W];
	image->h.dilation = 1;
	image->h.before = attr[NEURAL_POOL_PAD_LEFT];
	image->h.after = attr[NEURAL_POOL_PAD_RIGHT];
}

/* No window is of padding alone: it would have no largest cell, and no average. */
static bool neural_pool_overlaps(const struct neural_axis *axis)
{
	return axis->before < axis->kernel && axis->after < axis->kernel;
}

int neural_pool_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 least = node->attr[NEURAL_POOL_MIN];
	const s32 most = node->attr[NEURAL_POOL_MAX];
	struct neural_image image;
	int ret;

	ret = neural_verify_s8(node->in[0], why) ?: neural_verify_s8(node->out, why);
	if (ret)
		return ret;
	neural_image_init(&image, node);
	if (node->out->dim[3] != image.depth)
		return neural_node_bad(why, "output has another shape");
	if (node->in[0]->zero_point != node->out->zero_point)
		return neural_node_bad(why, "output has another zero point");
	neural_pool_attrs(&image, node);
	ret = neural_image_verify(&image, node, why) ?:
	      neural_verify_bounds(least, most, why);
	if (ret)
		return ret;
	if ((u64)image.v.kernel * image.h.kernel > NEURAL_POOL_CELLS)
		return neural_node_bad(why, "window is empty or too large");
	if (!neural_pool_overlaps(&image.v) || !neural_pool_overlaps(&image.h))
		return neural_node_bad(why, "padding is as large as the window");
	node->out->lo = least;
	node->out->hi = most;
	return 0;
}

u64 neural_pool_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * node->attr[NEURAL_POOL_KERNEL_H] *
	       node->attr[NEURAL_POOL_KERNEL_W];
}

int neural_pool_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_pool *pool;

	pool = neural_mem_alloc(account, sizeof(*pool));
	if (!pool)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	neural_image_init(&pool->image, node);
	neural_pool_attrs(&pool->image, node);
	pool->min = node->attr[NEURAL_POOL_MIN];
	pool->max = node->attr[NEURAL_POOL_MAX];
	step->params = pool;
	return 0;
}

/* @results from @p on of a span, channels from @c on. */
static void neural_pool_call(const struct neural_pool *pool, struct neural_exec *x,
			     bool largest, s8 *out, const struct neural_s8_window *window,
			     u32 c, u32 n, u32 p, u32 results)
{
	const size_t depth = pool->image.depth;
	const u64 macs = (u64)results * n * window->rows * window->cols;
	struct neural_s8_pool_args args = {
		.out = out + p * depth + c,
		.window = *window,
		.n = n,
		.results = results,
		.out_step = depth,
		.min = pool->min,
		.max = pool->max,
	};

	args.window.x += p * window->x_step + c;
	if (largest)
		neural_run_s8_max_pool(&x->section, &args, macs);
	else
		neural_run_s8_average_pool(&x->section, &args, macs);
}

static void neural_pool_span(const struct neural_pool *pool, struct neural_exec *x,
			     bool largest, const struct neural_span *span, s8 *out,
			     const s8 *image)
{
	const struct neural_s8_window window = neural_span_window(&pool->image, span, image);
	const u32 depth = pool->image.depth;
	u32 channels, results, c, p;

	out += ((size_t)span->y * pool->image.h.out + span->x) * depth;
	neural_window_tile(&x->section, span->v.cells * span->h.cells, depth, &channels,
			   &results);
	for (p = 0; p < span->count; p += results)
		for (c = 0; c < depth; c += channels)
			neural_pool_call(pool, x, largest, out, &window, c,
					 min(channels, depth - c), p,
					 min(results, span->count - p));
}

static void neural_pool_run(const struct neural_pool *pool, struct neural_exec *x,
			    bool largest, const struct neural_rows *dst,
			    const struct neural_rows *src)
{
	const struct neural_image *i = &pool->image;
	const size_t in = (size_t)i->v.in * i->h.in * i->depth;
	const size_t out = (size_t)i->v.out * i->h.out * i->depth;
	u32 b, r;

	for (r = 0; r < x->rows; r++) {
		for (b = 0; b < i->batch; b++) {
			struct neural_span span = { };

			while (neural_span_next(i, &span))
				neural_pool_span(pool, x, largest, &span,
						 (s8 *)neural_row(dst, r) + b * out,
						 (const s8 *)neural_row(src, r) + b * in);
		}
	}
}

void neural_average_pool_run(const struct neural_step *step, struct neural_exec *x,
			     const struct neural_rows *dst, const struct neural_rows *src,
			     void *scratch)
{
	neural_pool_run(step->params, x, false, dst, src);
}

void neural_max_pool_run(const struct neural_step *step, struct neural_exec *x,
			 const struct neural_rows *dst, const struct neural_rows *src,
			 void *scratch)
{
	neural_pool_run(step->params, x, true, dst, src);
}
