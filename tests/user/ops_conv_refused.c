// SPDX-License-Identifier: GPL-2.0-only
/* Fully connected, convolutions, pools and mean: what is refused, and what just is not. */
#include "step.h"

static void *constant(struct neural_tensor *t)
{
	step_const(t, 0, 0);
	return (void *)t->data;
}

/*
 * Sums of products of a single output at the ends of s32: 16 inputs of -128 less a zero
 * point of 127, weights of 127, make -518160 and nothing in the other direction.
 */
static void make_edge_fc(struct step *s)
{
	step_begin(s, NEURAL_OP_FULLY_CONNECTED);
	step_in(s, NEURAL_S8, 2, 1, 16)->zero_point = 127;
	step_in(s, NEURAL_S8, 2, 1, 16);
	memset(constant(&s->in[1]), 127, 16);
	step_const(step_in(s, NEURAL_S32, 1, 1), S32_MIN + 518160, S32_MIN + 518160);
	step_const(step_in(s, NEURAL_S32, 1, 1), 1 << 30, 1 << 30);
	step_const(step_in(s, NEURAL_S32, 1, 1), -22, -22);
	step_out(s, NEURAL_S8, 2, 1, 1);
	s->node.attr[NEURAL_FC_MIN] = S8_MIN;
	s->node.attr[NEURAL_FC_MAX] = S8_MAX;
}

static void set(const struct neural_tensor *t, s64 v)
{
	step_set((void *)t->data, t->dtype, 0, v);
}

/* An input that is never zero, and padding, which is. */
static void make_padded(struct step *s)
{
	s32 *attr = s->node.attr;

	step_begin(s, NEURAL_OP_CONV_2D);
	step_in(s, NEURAL_S8, 4, 1, 3, 3, 2)->lo = 3;
	step_in(s, NEURAL_S8, 4, 2, 2, 2, 2);
	memset(constant(&s->in[1]), 1, 16);
	step_const(step_in(s, NEURAL_S32, 1, 2), 0, 0);
	step_const(step_in(s, NEURAL_S32, 1, 2), 1 << 30, S32_MAX);
	step_const(step_in(s, NEURAL_S32, 1, 2), -7, -7);
	step_out(s, NEURAL_S8, 4, 1, 3, 3, 2);
	attr[NEURAL_CONV_STRIDE_H] = 1;
	attr[NEURAL_CONV_STRIDE_W] = 1;
	attr[NEURAL_CONV_DILATION_H] = 1;
	attr[NEURAL_CONV_DILATION_W] = 1;
	attr[NEURAL_CONV_PAD_BOTTOM] = 1;
	attr[NEURAL_CONV_PAD_RIGHT] = 1;
	attr[NEURAL_CONV_MIN] = S8_MIN;
	attr[NEURAL_CONV_MAX] = S8_MAX;
}

/*
 * Half of the first output's weights are negative: the smallest sum is of cells of 127
 * under those and padding, not cells of 3, under the others.
 */
static void make_signs(struct step *s)
{
	make_padded(s);
	memset((void *)s->in[1].data, -1, 4);
	((s32 *)s->in[2].data)[0] = S32_MIN + 4 * 127;
}

static void make_thin(struct step *s)
{
	make_padded(s);
	s->node.code = NEURAL_OP_DEPTHWISE_CONV_2D;
	s->in[1].dim[0] = 1;
	s->in[1].dim[3] = 2;
	s->in[1].elements = 8;
}

static void proofs(void)
{
	unsigned int failed = 0;
	struct step s;

	REFUSE(make_edge_fc, set(&s.in[2], S32_MIN + 518159), -ERANGE, "sum can overflow");
	REFUSE(make_edge_fc, s.in[0].zero_point = 126; set(&s.in[2], S32_MAX - 2031),
	       -ERANGE, "sum can overflow");
	/* What the input cannot be does not count. */
	make_edge_fc(&s);
	s.in[0].lo = -127;
	set(&s.in[2], S32_MIN + 518160 - 16 * 127);
	tap_check(&failed, !step_verify(&s), "input of -127");
	s.in[0].hi = 126;
	set(&s.in[2], S32_MIN + 518159 - 16 * 127);
	tap_check(&failed, step_refused(&s, -ERANGE, "sum can overflow"), "one more");
	/* A shift to the left has to leave room as well. */
	s.in[0].lo = -128;
	set(&s.in[2], (1 << 29) - 1);
	set(&s.in[4], 2);
	tap_check(&failed, !step_verify(&s), "shift of 2");
	set(&s.in[2], 1 << 29);
	s.in[0].hi = 127;
	tap_check(&failed, step_refused(&s, -ERANGE, "left shift can overflow"), "one more");
	step_end(&s);
	/* The second of two outputs is named. */
	make_padded(&s);
	((s32 *)s.in[2].data)[1] = S32_MAX;
	tap_check(&failed, step_refused(&s, -ERANGE, "sum can overflow") && s.why.unit == 1,
		  "unit %u", s.why.unit);
	step_end(&s);
	tap_ok(!failed, "no sum overflows, and none that cannot is refused");
}

static void refused_conv(void)
{
	unsigned int failed = 0;

	BAD(make_padded, s.in[0].dtype = NEURAL_S16, "operand is not S8");
	BAD(make_padded, s.out.dtype = NEURAL_S16, "operand is not S8");
	BAD(make_padded, s.in[0].zero_point = 128, "zero point is no S8");
	BAD(make_padded, s.in[0].rank = 3, "input or output does not have 4 dimensions");
	BAD(make_padded, s.out.rank = 5, "input or output does not have 4 dimensions");
	BAD(make_padded, s.out.dim[0] = 2, "output has another shape");
	BAD(make_padded, s.out.dim[1] = 2, "output has another shape");
	BAD(make_padded, s.out.dim[2] = 4, "output has another shape");
	BAD(make_padded, s.out.dim[3] = 1, "output has another shape");
	BAD(make_padded, s.in[1].rank = 3, "weights do not go with the input");
	BAD(make_padded, s.in[1].dim[3] = 3, "weights do not go with the input");
	BAD(make_padded, s.in[1].zero_point = 1, "weights have a zero point");
	BAD(make_padded, s.in[1].dtype = NEURAL_S32, "weights are neither S8 nor S4");
	BAD(make_padded, s.in[2].dtype = NEURAL_S64, "bias is not one S32 per output");
	BAD(make_padded, s.in[2].elements = 1, "bias is not one S32 per output");
	BAD(make_padded, s.in[3].dtype = NEURAL_S16, "multiplier and shift are not S32");
	BAD(make_padded, s.in[4].dtype = NEURAL_S8, "multiplier and shift are not S32");
	BAD(make_padded, s.in[3].elements = 1, "multiplier and shift are not one per output");
	BAD(make_padded, s.in[4].elements = 1, "multiplier and shift are not one per output");
	BAD(make_padded, set(&s.in[3], -1), "multiplier is negative");
	BAD(make_padded, set(&s.in[4], 32), "shift is out of range");
	BAD(make_padded, set(&s.in[4], -32), "shift is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_STRIDE_H] = 0, "stride is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_STRIDE_W] = -1, "stride is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_DILATION_H] = 0, "dilation is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_DILATION_W] = S32_MIN,
	    "dilation is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_DILATION_W] = 65536,
	    "window is larger than the padded input");
	BAD(make_padded, s.node.attr[NEURAL_CONV_PAD_TOP] = -1, "padding is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_PAD_RIGHT] = 65537, "padding is out of range");
	BAD(make_padded, s.node.attr[NEURAL_CONV_PAD_LEFT] = 1, "output has another shape");
	BAD(make_padded, s.node.attr[NEURAL_CONV_MIN] = -129,
	    "bounds are not S8 values in order");
	BAD(make_padded, s.node.attr[NEURAL_CONV_MAX] = 128,
	    "bounds are not S8 values in order");
	BAD(make_padded, s.node.attr[NEURAL_CONV_MAX] = -128; s.node.attr[NEURAL_CONV_MIN] = 0,
	    "bounds are not S8 values in order");
	REFUSE(make_padded, set(&s.in[2], S32_MAX - 8 * 127 + 1), -ERANGE, "sum can overflow");
	REFUSE(make_padded, s.in[0].zero_point = 3; set(&s.in[2], S32_MAX - 8 * 124 + 1),
	       -ERANGE, "sum can overflow");
	REFUSE(make_signs, set(&s.in[2], S32_MIN + 4 * 127 - 1), -ERANGE, "sum can overflow");
	BAD(make_thin, s.in[1].dim[0] = 2, "weights do not go with the input");
	BAD(make_thin, s.in[1].dim[3] = 3, "weights do not go with the input");
	BAD(make_thin, s.in[1].zero_point = 1, "weights have a zero point");
	BAD(make_thin, s.in[0].dtype = NEURAL_S4, "operand is not S8");
	BAD(make_thin, s.out.dim[3] = 4, "output has another shape");
	BAD(make_thin, s.node.attr[NEURAL_CONV_STRIDE_H] = 0, "stride is out of range");
	REFUSE(make_thin, set(&s.in[2], S32_MAX - 4 * 127 + 1), -ERANGE, "sum can overflow");
	tap_ok(!failed, "convolutions that are refused");
}

static void refused_fc(void)
{
	unsigned int failed = 0;

	BAD(make_edge_fc, s.in[0].dtype = NEURAL_S16, "operand is not S8");
	BAD(make_edge_fc, s.in[1].rank = 3, "weights do not have 2 dimensions");
	BAD(make_edge_fc, s.in[1].zero_point = 200, "zero point is no S8");
	BAD(make_edge_fc, s.in[0].elements = 17, "input is not whole rows");
	BAD(make_edge_fc, s.out.elements = 2, "output has another shape");
	BAD(make_edge_fc, s.node.attr[NEURAL_FC_MIN] = 128, "bounds are not S8 values in order");
	BAD(make_edge_fc, s.in[1].dim[1] = 65537; s.in[0].elements = 65537,
	    "too many inputs per output");
	tap_ok(!failed, "layers that are refused");
}

static void make_plain_pool(struct step *s)
{
	s32 *attr = s->node.attr;

	step_begin(s, NEURAL_OP_AVERAGE_POOL_2D);
	step_in(s, NEURAL_S8, 4, 1, 4, 4, 3);
	step_out(s, NEURAL_S8, 4, 1, 4, 4, 3);
	attr[NEURAL_POOL_KERNEL_H] = 2;
	attr[NEURAL_POOL_KERNEL_W] = 2;
	attr[NEURAL_POOL_STRIDE_H] = 1;
	attr[NEURAL_POOL_STRIDE_W] = 1;
	attr[NEURAL_POOL_PAD_TOP] = 1;
	attr[NEURAL_POOL_PAD_LEFT] = 1;
	attr[NEURAL_POOL_MIN] = S8_MIN;
	attr[NEURAL_POOL_MAX] = S8_MAX;
}

/* Dimensions 4, 5 and 6, of which the middle one goes. */
static void make_plain_mean(struct step *s)
{
	step_begin(s, NEURAL_OP_MEAN);
	step_in(s, NEURAL_S8, 3, 4, 5, 6);
	step_out(s, NEURAL_S8, 2, 4, 6);
	s->node.attr[NEURAL_MEAN_AXES] = 2;
	s->node.attr[NEURAL_MEAN_MULTIPLIER] = 1 << 30;
}

static void refused_others(void)
{
	unsigned int failed = 0;

	BAD(make_plain_pool, s.out.zero_point = 1, "output has another zero point");
	BAD(make_plain_pool, s.out.dim[3] = 2, "output has another shape");
	BAD(make_plain_pool, s.out.dim[1] = 3, "output has another shape");
	BAD(make_plain_pool, s.out.dtype = NEURAL_S32, "operand is not S8");
	BAD(make_plain_pool, s.node.attr[NEURAL_POOL_KERNEL_H] = 0,
	    "window is empty or too large");
	BAD(make_plain_pool, s.node.attr[NEURAL_POOL_KERNEL_W] = 6,
	    "window is larger than the padded input");
	BAD(make_plain_pool, s.in[0].dim[1] = 1000; s.in[0].dim[2] = 1000;
	    s.node.attr[NEURAL_POOL_KERNEL_H] = 998; s.node.attr[NEURAL_POOL_KERNEL_W] = 998,
	    "window is empty or too large");
	BAD(make_plain_pool, s.node.attr[NEURAL_POOL_PAD_TOP] = 0;
	    s.node.attr[NEURAL_POOL_PAD_BOTTOM] = 2; s.out.dim[1] = 5,
	    "padding is as large as the window");
	BAD(make_plain_pool, s.node.attr[NEURAL_POOL_MAX] = 300,
	    "bounds are not S8 values in order");
	BAD(make_plain_mean, s.node.attr[NEURAL_MEAN_AXES] = 0,
	    "axes are not dimensions of the input");
	BAD(make_plain_mean, s.node.attr[NEURAL_MEAN_AXES] = 8,
	    "axes are not dimensions of the input");
	BAD(make_plain_mean, s.node.attr[NEURAL_MEAN_AXES] = S32_MIN,
	    "axes are not dimensions of the input");
	BAD(make_plain_mean, s.node.attr[NEURAL_MEAN_AXES] = 1, "output has another shape");
	BAD(make_plain_mean, s.out.rank = 3, "output has another shape");
	BAD(make_plain_mean, s.node.attr[NEURAL_MEAN_MULTIPLIER] = -5, "multiplier is negative");
	BAD(make_plain_mean, s.in[0].dtype = NEURAL_S16, "operand is not S8");
	REFUSE(make_plain_mean, s.node.attr[NEURAL_MEAN_SHIFT] = 22; s.in[0].zero_point = 127,
	       -ERANGE, "left shift can overflow");
	tap_ok(!failed, "pools and means that are refused");
}

int main(void)
{
	tap_plan(4);
	proofs();
	refused_fc();
	refused_conv();
	refused_others();
	return tap_done();
}
