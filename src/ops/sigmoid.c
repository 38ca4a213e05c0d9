// SPDX-License-Identifier: GPL-2.0-only
#include "../s8.h"
#include "../s8_exp.h"
#include "lut.h"
#include "rescale.h"
#include "sigmoid.h"

/*
 * f(@x) for an @f that has Q4.27 in and Q0.31 out, 2^@bits steps to 1.0 of the output.
 * A sum of S32_MIN cannot come out of neural_mbqm(): its multiplier is below one.
 */
static s8 neural_sigmoid_value(const struct neural_node *node, s32 x,
			       s32 (*f)(s32 x), u32 bits)
{
	const s32 radius = node->attr[NEURAL_SIGMOID_RADIUS];
	const s32 v = x - node->in[0]->zero_point;
	s32 y;

	if (v <= -radius)
		return S8_MIN;
	if (v >= radius)
		return S8_MAX;
	y = f(neural_mbqm(v, node->attr[NEURAL_SIGMOID_MULTIPLIER],
			  node->attr[NEURAL_SIGMOID_SHIFT]));
	return neural_requantize_s8(neural_rdbypot(y, 31 - bits), node->out->zero_point,
				    S8_MIN, S8_MAX);
}

static int neural_sigmoid_verify(const struct neural_node *node, s32 zero_point,
				 struct neural_reason *why)
{
	const s64 radius = node->attr[NEURAL_SIGMOID_RADIUS];
	int ret = neural_lut_verify(node, why);

	if (ret)
		return ret;
	if (node->out->zero_point != zero_point)
		return neural_node_bad(why, "zero point of the output is another");
	if (radius < 0)
		return neural_node_bad(why, "radius is negative");
	/* From the radius on nothing is rescaled, and below there may be nothing. */
	return neural_verify_rescale(node->attr[NEURAL_SIGMOID_MULTIPLIER],
				     node->attr[NEURAL_SIGMOID_SHIFT],
				     clamp(neural_node_lo(node), min(1 - radius, 0LL), 0LL),
				     clamp(neural_node_hi(node), 0LL, max(radius - 1, 0LL)),
				     0, why);
}

static s8 neural_logistic_value(const struct neural_node *node, s32 x)
{
	return neural_sigmoid_value(node, x, neural_s8_logistic, 8);
}

int neural_logistic_verify(const struct neural_node *node, struct neural_reason *why)
{
	int ret = neural_sigmoid_verify(node, S8_MIN, why);

	if (!ret)
		neural_lut_bound(node, neural_logistic_value);
	return ret;
}

int neural_logistic_prepare(struct neural_account *account,
			    const struct neural_node *node, u32 part,
			    struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_logistic_value, step, why);
}

static s8 neural_tanh_value(const struct neural_node *node, s32 x)
{
	return neural_sigmoid_value(node, x, neural_s8_tanh, 7);
}

int neural_tanh_verify(const struct neural_node *node, struct neural_reason *why)
{
	int ret = neural_sigmoid_verify(node, 0, why);

	if (!ret)
		neural_lut_bound(node, neural_tanh_value);
	return ret;
}

int neural_tanh_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_tanh_value, step, why);
}
