// SPDX-License-Identifier: GPL-2.0-only
#include "../s8.h"
#include "lut.h"
#include "relu.h"
#include "rescale.h"

static s8 neural_requantize_value(const struct neural_node *node, s32 x)
{
	const s32 v = neural_mbqm(x - node->in[0]->zero_point,
				  node->attr[NEURAL_RESCALE_MULTIPLIER],
				  node->attr[NEURAL_RESCALE_SHIFT]);

	return neural_requantize_s8(v, node->out->zero_point, S8_MIN, S8_MAX);
}

int neural_requantize_verify(const struct neural_node *node, struct neural_reason *why)
{
	int ret = neural_lut_verify(node, why);

	if (ret)
		return ret;
	ret = neural_verify_rescale(node->attr[NEURAL_RESCALE_MULTIPLIER],
				    node->attr[NEURAL_RESCALE_SHIFT],
				    neural_node_lo(node), neural_node_hi(node), 0, why);
	if (ret)
		return ret;
	neural_lut_bound(node, neural_requantize_value);
	return 0;
}

int neural_requantize_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_requantize_value, step, why);
}

/* What makes it a relu is in the bounds. */
static s8 neural_relu_value(const struct neural_node *node, s32 x)
{
	const s32 v = neural_mbqm(x - node->in[0]->zero_point,
				  node->attr[NEURAL_RESCALE_MULTIPLIER],
				  node->attr[NEURAL_RESCALE_SHIFT]);

	return neural_requantize_s8(v, node->out->zero_point,
				    node->attr[NEURAL_RESCALE_MIN],
				    node->attr[NEURAL_RESCALE_MAX]);
}

int neural_relu_verify(const struct neural_node *node, struct neural_reason *why)
{
	int ret = neural_requantize_verify(node, why);

	if (ret)
		return ret;
	ret = neural_verify_bounds(node->attr[NEURAL_RESCALE_MIN],
				   node->attr[NEURAL_RESCALE_MAX], why);
	if (ret)
		return ret;
	neural_lut_bound(node, neural_relu_value);
	return 0;
}

int neural_relu_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_relu_value, step, why);
}

static s8 neural_leaky_relu_value(const struct neural_node *node, s32 x)
{
	s32 v = x - node->in[0]->zero_point;

	if (v >= 0)
		v = neural_mbqm(v, node->attr[NEURAL_LEAKY_MULTIPLIER],
				node->attr[NEURAL_LEAKY_SHIFT]);
	else
		v = neural_mbqm(v, node->attr[NEURAL_LEAKY_MULTIPLIER_ALPHA],
				node->attr[NEURAL_LEAKY_SHIFT_ALPHA]);
	return neural_requantize_s8(v, node->out->zero_point, S8_MIN, S8_MAX);
}

int neural_leaky_relu_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s64 lo = neural_node_lo(node), hi = neural_node_hi(node);
	int ret = neural_lut_verify(node, why);

	if (ret)
		return ret;
	ret = neural_verify_rescale(node->attr[NEURAL_LEAKY_MULTIPLIER],
				    node->attr[NEURAL_LEAKY_SHIFT],
				    max(lo, 0LL), max(hi, 0LL), 0, why);
	if (ret)
		return ret;
	ret = neural_verify_rescale(node->attr[NEURAL_LEAKY_MULTIPLIER_ALPHA],
				    node->attr[NEURAL_LEAKY_SHIFT_ALPHA],
				    min(lo, 0LL), min(hi, 0LL), 1, why);
	if (ret)
		return ret;
	neural_lut_bound(node, neural_leaky_relu_value);
	return 0;
}

int neural_leaky_relu_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_leaky_relu_value, step, why);
}
