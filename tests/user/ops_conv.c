// SPDX-License-Identifier: GPL-2.0-only
/* Fully connected, convolutions, pools and mean: every bit. */
#include "../reference/conv.h"
#include "step.h"

static u32 pick(u32 n)
{
	return reference_random(&step_seed) % n;
}

static s32 zero_point(void)
{
	return pick(4) ? (s32)pick(256) - 128 : 0;
}

static void make_bounds(struct step *s, u32 min, u32 max)
{
	s->node.attr[min] = pick(2) ? -128 : (s32)pick(100) - 128;
	s->node.attr[max] = pick(2) ? 127 : (s32)pick(140) - 12;
}

static void *constant(struct neural_tensor *t)
{
	void *data;

	WARN_ON(posix_memalign(&data, NEURAL_MODEL_ALIGN, t->bytes));
	memset(data, 0, t->bytes);
	t->data = data;
	return data;
}

static s32 weight(const struct neural_tensor *w, u32 i)
{
	const u8 *data = w->data;
	u32 nibble;

	if (w->dtype == NEURAL_S8)
		return step_get(data, NEURAL_S8, i);
	nibble = data[i / 2] >> (i % 2 * 4) & 15;
	return nibble < 8 ? (s32)nibble : (s32)nibble - 16;
}

/* Weights that are there, bias, multipliers and shifts for @n outputs of @k inputs. */
static void make_channels(struct step *s, u32 n, u32 k)
{
	struct neural_tensor *w = &s->in[1];
	const u32 each = pick(3) ? n : 1;
	u8 *data = constant(w);
	u32 i, bits = 1;

	for (i = 0; i < w->bytes; i++)
		data[i] = step_between(0, 255);
	if (w->dtype == NEURAL_S4 && w->elements % 2)
		data[w->bytes - 1] &= 15;
	while (k >> bits)
		bits++;
	step_const(step_in(s, NEURAL_S32, 1, n), -(1 << 20), 1 << 20);
	if (!pick(3))
		s->list[2] = NULL;
	step_const(step_in(s, NEURAL_S32, 1, each), pick(4) ? 1 << 30 : 0, S32_MAX);
	step_const(step_in(s, NEURAL_S32, 1, each), pick(4) ? -9 - (s32)bits / 2 : -31,
		   pick(4) ? -5 - (s32)bits / 2 : 1);
}

static s32 entry(const struct step *s, u32 operand, u32 j)
{
	const struct neural_tensor *t = s->list[operand];

	return t ? step_get(t->data, NEURAL_S32, t->elements == 1 ? 0 : j) : 0;
}

static s32 finish(const struct step *s, s64 sum, u32 j, u32 min, u32 max)
{
	const s64 y = reference_rescale(sum + entry(s, 2, j), entry(s, 3, j), entry(s, 4, j));

	return reference_clamp(y + s->out.zero_point, s->node.attr[min], s->node.attr[max]);
}

static void make_fc(struct step *s, u32 m, u32 n, u32 k)
{
	struct neural_tensor *x, *w;

	step_begin(s, NEURAL_OP_FULLY_CONNECTED);
	x = step_in(s, NEURAL_S8, 2, m, k);
	x->zero_point = zero_point();
	w = step_in(s, pick(3) ? NEURAL_S8 : NEURAL_S4, 2, n, k);
	w->zero_point = w->dtype == NEURAL_S8 && !pick(3) ? zero_point() : 0;
	make_channels(s, n, k);
	step_out(s, NEURAL_S8, 2, m, n)->zero_point = zero_point();
	make_bounds(s, NEURAL_FC_MIN, NEURAL_FC_MAX);
}

static bool fc_answers(const struct step *s)
{
	const u32 n = s->in[1].dim[0], k = s->in[1].dim[1];
	u32 i, o, r;

	for (r = 0; r < s->rows; r++) {
		for (o = 0; o < s->out.elements; o++) {
			const s8 *x = (const s8 *)step_src(s, 0, r) + o / n * k;
			s64 sum = 0;

			for (i = 0; i < k; i++)
				sum += (x[i] - s->in[0].zero_point) *
				       (weight(&s->in[1], o % n * k + i) -
					s->in[1].zero_point);
			if (((const s8 *)step_dst(s, r))[o] !=
			    finish(s, sum, o % n, NEURAL_FC_MIN, NEURAL_FC_MAX))
				return false;
		}
	}
	return true;
}

/* One axis of a window that fits its input; returns positions. */
static u32 make_axis(u32 in, u32 kernel, u32 dilation, u32 stride, u32 before, u32 after)
{
	const u32 reach = (kernel - 1) * dilation + 1;

	WARN_ON(in + before + after < reach);
	return (in + before + after - reach) / stride + 1;
}

static u32 size_within(u32 most)
{
	return most ? step_size(most) : 1;
}

static void make_conv_in(struct step *s, u32 h, u32 w, u32 depth, u32 kh, u32 kw,
			 bool depthwise, u32 n)
{
	s32 *attr = s->node.attr;
	const u32 batch = 1 + !pick(4) * pick(3);
	struct neural_tensor *x = step_in(s, NEURAL_S8, 4, batch, h, w, depth);
	const u8 type = pick(3) ? NEURAL_S8 : NEURAL_S4;
	u32 oh, ow;

	x->zero_point = zero_point();
	/* Of what an activation leaves, now and then. */
	x->lo = pick(4) ? S8_MIN : x->zero_point;
	attr[NEURAL_CONV_STRIDE_H] = size_within(3);
	attr[NEURAL_CONV_STRIDE_W] = size_within(3);
	attr[NEURAL_CONV_DILATION_H] = pick(3) ? 1 : size_within(3);
	attr[NEURAL_CONV_DILATION_W] = pick(3) ? 1 : size_within(3);
	if (kh < 10 && pick(4)) {
		const u32 down = (kh - 1) * attr[NEURAL_CONV_DILATION_H] + 1;
		const u32 across = (kw - 1) * attr[NEURAL_CONV_DILATION_W] + 1;

		attr[NEURAL_CONV_PAD_TOP] = pick(down + 1);
		attr[NEURAL_CONV_PAD_BOTTOM] = down;
		attr[NEURAL_CONV_PAD_LEFT] = pick(across + 1);
		attr[NEURAL_CONV_PAD_RIGHT] = across;
	} else {
		s->node.attr[NEURAL_CONV_STRIDE_H] = 1;
		attr[NEURAL_CONV_STRIDE_W] = 1;
		attr[NEURAL_CONV_DILATION_H] = 1;
		attr[NEURAL_CONV_DILATION_W] = 1;
		kh = min(kh, h);
		kw = min(kw, w);
	}
	if (depthwise)
		step_in(s, type, 4, 1, kh, kw, n);
	else
		step_in(s, type, 4, n, kh, kw, depth);
	make_channels(s, n, kh * kw * (depthwise ? 1 : depth));
	oh = make_axis(h, kh, attr[NEURAL_CONV_DILATION_H], attr[NEURAL_CONV_STRIDE_H],
		       attr[NEURAL_CONV_PAD_TOP], attr[NEURAL_CONV_PAD_BOTTOM]);
	ow = make_axis(w, kw, attr[NEURAL_CONV_DILATION_W], attr[NEURAL_CONV_STRIDE_W],
		       attr[NEURAL_CONV_PAD_LEFT], attr[NEURAL_CONV_PAD_RIGHT]);
	step_out(s, NEURAL_S8, 4, batch, oh, ow, n)->zero_point = zero_point();
	make_bounds(s, NEURAL_CONV_MIN, NEURAL_CONV_MAX);
}

static void make_conv(struct step *s)
{
	const u32 k = pick(3) ? size_within(4) : 1;

	step_begin(s, NEURAL_OP_CONV_2D);
	make_conv_in(s, step_size(9), step_size(9), step_size(pick(8) ? 12 : 600), k,
		     pick(3) ? k : size_within(4), false, step_size(40));
}

static void make_depthwise(struct step *s)
{
	const u32 depth = step_size(40), fan = pick(3) ? 1 : size_within(5);

	step_begin(s, NEURAL_OP_DEPTHWISE_CONV_2D);
	/* A window of which one call does not do all channels. */
	if (!pick(100)) {
		make_conv_in(s, 71, 71, 15, 70, 70, true, 45);
		return;
	}
	make_conv_in(s, step_size(9), step_size(9), depth, size_within(4), size_within(4),
		     true, depth * fan);
}

static struct reference_window window(const struct step *s, u32 r, u32 image)
{
	const struct neural_tensor *x = &s->in[0];
	const s32 *attr = s->node.attr;
	struct reference_window v = {
		.h = x->dim[1], .w = x->dim[2], .c = x->dim[3], .zero = x->zero_point,
		.kh = s->in[1].dim[1], .kw = s->in[1].dim[2],
		.sh = attr[NEURAL_CONV_STRIDE_H], .sw = attr[NEURAL_CONV_STRIDE_W],
		.dh = attr[NEURAL_CONV_DILATION_H], .dw = attr[NEURAL_CONV_DILATION_W],
		.top = attr[NEURAL_CONV_PAD_TOP], .left = attr[NEURAL_CONV_PAD_LEFT],
	};

	if (s->node.nr_in == 1) {
		v.kh = attr[NEURAL_POOL_KERNEL_H];
		v.kw = attr[NEURAL_POOL_KERNEL_W];
		v.sh = attr[NEURAL_POOL_STRIDE_H];
		v.sw = attr[NEURAL_POOL_STRIDE_W];
		v.dh = 1;
		v.dw = 1;
		v.top = attr[NEURAL_POOL_PAD_TOP];
		v.left = attr[NEURAL_POOL_PAD_LEFT];
	}
	v.x = (const s8 *)step_src(s, 0, r) + image * v.h * v.w * v.c;
	return v;
}

static s32 conv_expect(const struct step *s, const struct reference_window *v, s32 y, s32 x,
		       s32 o)
{
	const bool depthwise = s->node.code == NEURAL_OP_DEPTHWISE_CONV_2D;
	const s32 n = s->out.dim[3], deep = depthwise ? 1 : v->c;
	s32 i, j, c, value;
	s64 sum = 0;

	for (i = 0; i < v->kh; i++) {
		for (j = 0; j < v->kw; j++) {
			for (c = 0; c < deep; c++) {
				const s32 cell = i * v->kw + j;
				const u32 at = depthwise ? cell * n + o :
						(o * v->kh * v->kw + cell) * v->c + c;

				reference_cell(v, y, x, i, j,
					       depthwise ? o / (n / v->c) : c, &value);
				sum += (value - v->zero) * weight(&s->in[1], at);
			}
		}
	}
	return finish(s, sum, o, NEURAL_CONV_MIN, NEURAL_CONV_MAX);
}

static s32 pool_expect(const struct step *s, const struct reference_window *v, s32 y, s32 x,
		       s32 c)
{
	return reference_clamp(reference_pool(v, y, x, c,
					      s->node.code == NEURAL_OP_MAX_POOL_2D),
			       s->node.attr[NEURAL_POOL_MIN], s->node.attr[NEURAL_POOL_MAX]);
}

static s8 image_expect(const struct step *s, const struct reference_window *v, u32 y, u32 x,
		       u32 c)
{
	return s->node.nr_in == 1 ? pool_expect(s, v, y, x, c) : conv_expect(s, v, y, x, c);
}

static bool image_answers(const struct step *s)
{
	const u32 *dim = s->out.dim;
	const u32 image = dim[1] * dim[2] * dim[3];
	u32 r, b, i;

	for (r = 0; r < s->rows; r++) {
		const s8 *got = step_dst(s, r);

		for (b = 0; b < dim[0]; b++) {
			const struct reference_window v = window(s, r, b);

			for (i = 0; i < image; i++)
				if (*got++ != image_expect(s, &v, i / dim[3] / dim[2],
							   i / dim[3] % dim[2], i % dim[3]))
					return false;
		}
	}
	return true;
}

static void make_pool(struct step *s, u16 code)
{
	/* Now and then a window of which one call does not do all channels. */
	const bool large = !pick(100);
	const u32 h = large ? 70 : step_size(9), w = large ? 71 : step_size(9);
	const u32 c = large ? 37 : step_size(40);
	const u32 batch = 1 + !pick(4) * pick(3);
	s32 *attr = s->node.attr;
	u32 kh, kw;

	step_begin(s, code);
	kh = large ? h : step_size(h);
	kw = large ? w : step_size(w);
	attr[NEURAL_POOL_KERNEL_H] = kh;
	attr[NEURAL_POOL_KERNEL_W] = kw;
	attr[NEURAL_POOL_STRIDE_H] = size_within(3);
	attr[NEURAL_POOL_STRIDE_W] = size_within(3);
	if (!large && pick(2)) {
		attr[NEURAL_POOL_PAD_TOP] = pick(kh);
		attr[NEURAL_POOL_PAD_BOTTOM] = pick(kh);
		attr[NEURAL_POOL_PAD_LEFT] = pick(kw);
		attr[NEURAL_POOL_PAD_RIGHT] = pick(kw);
	}
	step_in(s, NEURAL_S8, 4, batch, h, w, c)->zero_point = 5;
	step_out(s, NEURAL_S8, 4, batch,
		 make_axis(h, kh, 1, attr[NEURAL_POOL_STRIDE_H], attr[NEURAL_POOL_PAD_TOP],
			   attr[NEURAL_POOL_PAD_BOTTOM]),
		 make_axis(w, kw, 1, attr[NEURAL_POOL_STRIDE_W], attr[NEURAL_POOL_PAD_LEFT],
			   attr[NEURAL_POOL_PAD_RIGHT]), c)->zero_point = 5;
	make_bounds(s, NEURAL_POOL_MIN, NEURAL_POOL_MAX);
}

static void make_max_pool(struct step *s)
{
	make_pool(s, NEURAL_OP_MAX_POOL_2D);
}

static void make_average_pool(struct step *s)
{
	make_pool(s, NEURAL_OP_AVERAGE_POOL_2D);
}

static void make_mean(struct step *s)
{
	const u32 rank = 1 + pick(NEURAL_MODEL_RANK);
	const u32 axes = 1 + pick((1 << rank) - 1);
	const bool ones = pick(2);
	u32 d, dim[NEURAL_MODEL_RANK], y[NEURAL_MODEL_RANK], kept = 0, count = 1;

	step_begin(s, NEURAL_OP_MEAN);
	for (d = 0; d < rank; d++) {
		dim[d] = step_size(rank < 4 ? 90 : 6);
		if (axes & BIT(d))
			count *= dim[d];
		if (!(axes & BIT(d)) || ones)
			y[kept++] = axes & BIT(d) ? 1 : dim[d];
	}
	s->node.nr_in = 1;
	step_shape(&s->in[0], NEURAL_S8, rank, dim);
	step_shape(&s->out, NEURAL_S8, kept, y);
	s->in[0].zero_point = zero_point();
	s->out.zero_point = zero_point();
	s->node.attr[NEURAL_MEAN_AXES] = axes;
	s->node.attr[NEURAL_MEAN_MULTIPLIER] = step_between(1 << 29, S32_MAX) / count;
	s->node.attr[NEURAL_MEAN_SHIFT] = (s32)pick(4) - 2 + (count < 8000);
}

static bool mean_answers(const struct step *s)
{
	const struct neural_tensor *x = &s->in[0];
	const u32 axes = s->node.attr[NEURAL_MEAN_AXES];
	s64 *sum = calloc(s->out.elements, sizeof(*sum));
	bool ok = true;
	u32 r, e, d;

	for (r = 0; r < s->rows; r++) {
		memset(sum, 0, s->out.elements * sizeof(*sum));
		for (e = 0; e < x->elements; e++) {
			u32 rest = e, at = 0, step = 1;

			for (d = x->rank; d-- > 0; rest /= x->dim[d]) {
				if (axes & BIT(d))
					continue;
				at += rest % x->dim[d] * step;
				step *= x->dim[d];
			}
			sum[at] += ((const s8 *)step_src(s, 0, r))[e] - x->zero_point;
		}
		for (e = 0; e < s->out.elements; e++) {
			const s64 mean = reference_rescale(sum[e],
							   s->node.attr[NEURAL_MEAN_MULTIPLIER],
							   s->node.attr[NEURAL_MEAN_SHIFT]);

			ok &= ((const s8 *)step_dst(s, r))[e] ==
			      reference_clamp(mean + s->out.zero_point, S8_MIN, S8_MAX);
		}
	}
	free(sum);
	return ok;
}

static void make_any_fc(struct step *s)
{
	const bool wide = !pick(50);

	make_fc(s, pick(2) ? 1 : step_size(90), step_size(wide ? 300 : 60),
		step_size(wide ? 5000 : 300));
}

static void random_ones(const char *name, u32 turns, void (*make)(struct step *s),
			bool (*answers)(const struct step *s))
{
	unsigned int failed = 0;
	u32 i, ran = 0;
	struct step s;

	for (i = 0; i < turns; i++) {
		make(&s);
		if (step_verify(&s)) {
			/* Only what random numbers may do: shift too far to the left. */
			tap_check(&failed, s.why.rule && s.why.rule[0] == 'l',
				  "%s %u: %s", name, i, s.why.rule);
			step_end(&s);
			continue;
		}
		ran++;
		tap_check(&failed, !step_run(&s, step_size(9)) && answers(&s) &&
			  step_clean(&s), "%s %u: wrong", name, i);
		((s8 *)s.dst.at)[pick(s.out.bytes)] ^= 1;
		tap_check(&failed, !answers(&s), "%s %u: a wrong bit goes unnoticed", name, i);
		tap_check(&failed, step_survives(&s), "%s %u: memory", name, i);
		step_end(&s);
	}
	tap_check(&failed, ran > turns / 2, "%s: %u ran", name, ran);
	tap_ok(!failed, "%s: random ones", name);
}

int main(void)
{
	tap_plan(6);
	neural_simd_init();
	random_ones("fully_connected", 1500, make_any_fc, fc_answers);
	random_ones("conv_2d", 1500, make_conv, image_answers);
	random_ones("depthwise_conv_2d", 1500, make_depthwise, image_answers);
	random_ones("average_pool_2d", 1000, make_average_pool, image_answers);
	random_ones("max_pool_2d", 1000, make_max_pool, image_answers);
	random_ones("mean", 1500, make_mean, mean_answers);
	return tap_done();
}
