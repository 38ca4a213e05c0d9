// SPDX-License-Identifier: GPL-2.0-only
#include "fixed.h"

/* Operands of a node */
enum { FIXED_X, FIXED_W, FIXED_BIAS };

static const struct neural_tensor *neural_fixed_bias_of(const struct neural_node *node)
{
	return node->nr_in > FIXED_BIAS ? node->in[FIXED_BIAS] : NULL;
}

s64 neural_fixed_element(const struct neural_tensor *t, size_t i)
{
	switch (t->dtype) {
	case NEURAL_S8:
		return ((const s8 *)t->data)[i];
	case NEURAL_S16:
		return ((const s16 *)t->data)[i];
	case NEURAL_S32:
		return ((const s32 *)t->data)[i];
	default:
		return ((const s64 *)t->data)[i];
	}
}

static u64 neural_fixed_abs(s64 v)
{
	return v < 0 ? 0ULL - (u64)v : (u64)v;
}

u64 neural_fixed_reach(const struct neural_tensor *t)
{
	return max(neural_fixed_abs(t->lo), neural_fixed_abs(t->hi));
}

static s64 neural_fixed_half(u32 shift)
{
	return shift ? 1LL << (shift - 1) : 0;
}

s64 neural_fixed_bias(const struct neural_node *node, u32 j)
{
	const struct neural_tensor *bias = neural_fixed_bias_of(node);
	const s64 b = bias ? neural_fixed_element(bias, j) : 0;

	return b * (1LL << node->attr[NEURAL_DENSE_BIAS_SHIFT]) +
	       neural_fixed_half(node->attr[NEURAL_DENSE_SHIFT]);
}

struct neural_fixed_end neural_fixed_end(const struct neural_node *node)
{
	return (struct neural_fixed_end){
		.dtype = node->out->dtype,
		.frac = node->out->frac,
		.shift = node->attr[NEURAL_DENSE_SHIFT],
		.act = node->attr[NEURAL_DENSE_ACTIVATION],
		.slope = node->attr[NEURAL_DENSE_SLOPE],
	};
}

static int neural_fixed_verify_types(const struct neural_node *node,
				     struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[FIXED_X], *w = node->in[FIXED_W];
	const struct neural_tensor *bias = neural_fixed_bias_of(node), *y = node->out;

	if (x->dtype == NEURAL_S4)
		return neural_node_bad(why, "input type is none a fixed point has");
	if (w->dtype != NEURAL_S8 && w->dtype != NEURAL_S16 && w->dtype != NEURAL_S32)
		return neural_node_bad(why, "weights are not S8, S16 or S32");
	if (bias && bias->dtype != NEURAL_S32 && bias->dtype != NEURAL_S64)
		return neural_node_bad(why, "bias is not S32 or S64");
	if (y->dtype != NEURAL_S16 && y->dtype != NEURAL_S32 && y->dtype != NEURAL_S64)
		return neural_node_bad(why, "output is not S16, S32 or S64");
	if (x->zero_point || w->zero_point || y->zero_point)
		return neural_node_bad(why, "fixed point with a zero point");
	return 0;
}

static int neural_fixed_verify_shapes(const struct neural_node *node,
				      struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[FIXED_X], *w = node->in[FIXED_W];
	const struct neural_tensor *bias = neural_fixed_bias_of(node), *y = node->out;

	if (w->rank != 2)
		return neural_node_bad(why, "weights are not a matrix");
	if (w->dim[0] > NEURAL_MAX_UNITS || w->dim[1] > NEURAL_MAX_UNITS)
		return neural_node_bad(why, "units out of range");
	if (!x->rank || x->dim[x->rank - 1] != w->dim[1])
		return neural_node_bad(why, "input and weights do not agree");
	if (bias && (bias->rank != 1 || bias->dim[0] != w->dim[0]))
		return neural_node_bad(why, "bias and weights do not agree");
	if (y->rank != x->rank || y->dim[y->rank - 1] != w->dim[0] ||
	    memcmp(y->dim, x->dim, (x->rank - 1) * sizeof(x->dim[0])))
		return neural_node_bad(why, "output and weights do not agree");
	return 0;
}

static int neural_fixed_verify_attrs(const struct neural_node *node,
				     struct neural_reason *why)
{
	const s32 shift = node->attr[NEURAL_DENSE_SHIFT];
	const s32 bias_shift = node->attr[NEURAL_DENSE_BIAS_SHIFT];
	const s32 act = node->attr[NEURAL_DENSE_ACTIVATION];
	const struct neural_tensor *bias = neural_fixed_bias_of(node);
	const u32 frac = node->in[FIXED_X]->frac + node->in[FIXED_W]->frac;

	if (shift < 0 || shift > 62)
		return neural_node_bad(why, "shift is out of range");
	if (bias_shift < 0 || bias_shift > 31)
		return neural_node_bad(why, "shift of the bias is out of range");
	if (act < NEURAL_LINEAR || act > NEURAL_TANH)
		return neural_node_bad(why, "unknown activation");
	if (node->attr[NEURAL_DENSE_SLOPE] < 0)
		return neural_node_bad(why, "slope is negative");
	if (act >= NEURAL_SIGMOID && node->out->dtype == NEURAL_S64)
		return neural_node_bad(why, "sigmoid and tanh have no 64-bit result");
	if (frac != node->out->frac + shift)
		return neural_node_bad(why, "fraction bits of the output do not agree");
	if (bias && bias->frac + bias_shift != frac)
		return neural_node_bad(why, "fraction bits of the bias do not agree");
	return 0;
}

/* Positive and negative weights of output @j, each added up as magnitudes. */
static void neural_fixed_weigh(const struct neural_tensor *w, u32 j, u64 *pos, u64 *neg)
{
	const u32 k = w->dim[1];
	u32 i;

	*pos = 0;
	*neg = 0;
	for (i = 0; i < k; i++) {
		const s64 v = neural_fixed_element(w, (size_t)j * k + i);

		if (v > 0)
			*pos += v;
		else
			*neg += -v;
	}
}

/*
 * Whatever the order, a partial sum is no larger in magnitude than all that goes into
 * the sum, each at the largest magnitude it can have.
 */
static bool neural_fixed_fits(const struct neural_node *node, u32 j, u64 weight, u64 reach)
{
	const struct neural_tensor *bias = neural_fixed_bias_of(node);
	u64 sum, b = bias ? neural_fixed_abs(neural_fixed_element(bias, j)) : 0;

	return !check_mul_overflow(weight, reach, &sum) &&
	       !check_mul_overflow(b, 1ULL << node->attr[NEURAL_DENSE_BIAS_SHIFT], &b) &&
	       !check_add_overflow(sum, b, &sum) &&
	       !check_add_overflow(sum, neural_fixed_half(node->attr[NEURAL_DENSE_SHIFT]),
				   &sum) && sum <= S64_MAX;
}

/*
 * No product below can overflow once neural_fixed_fits() has said so: each is one of
 * those it has added up, or smaller.
 */
static int neural_fixed_verify_unit(const struct neural_node *node, u32 j,
				    struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[FIXED_X];
	const struct neural_fixed_end end = neural_fixed_end(node);
	struct neural_tensor *y = node->out;
	u64 pos, neg;
	s64 bias;

	neural_pause();
	neural_fixed_weigh(node->in[FIXED_W], j, &pos, &neg);
	if (!neural_fixed_fits(node, j, pos + neg, neural_fixed_reach(x)))
		return neural_refuse(why, -ERANGE, "weights could overflow the accumulator",
				     j);
	bias = neural_fixed_bias(node, j);
	y->lo = min(y->lo, neural_fixed_result(&end, (s64)pos * x->lo - (s64)neg * x->hi +
					       bias));
	y->hi = max(y->hi, neural_fixed_result(&end, (s64)pos * x->hi - (s64)neg * x->lo +
					       bias));
	return 0;
}

int neural_fixed_verify(const struct neural_node *node, struct neural_reason *why)
{
	u32 j;
	int ret;

	ret = neural_fixed_verify_types(node, why);
	if (!ret)
		ret = neural_fixed_verify_shapes(node, why);
	if (!ret)
		ret = neural_fixed_verify_attrs(node, why);
	node->out->lo = S64_MAX;
	node->out->hi = S64_MIN;
	for (j = 0; !ret && j < node->in[FIXED_W]->dim[0]; j++)
		ret = neural_fixed_verify_unit(node, j, why);
	return ret;
}

u64 neural_fixed_macs(const struct neural_node *node)
{
	return (u64)node->in[FIXED_X]->elements * node->in[FIXED_W]->dim[0];
}
