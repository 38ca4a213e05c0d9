// SPDX-License-Identifier: GPL-2.0-only
#include "../s8.h"
#include "hard_swish.h"
#include "lut.h"

/* Multipliers are Q0.15 and so are products, and what is shifted has 16 bits. */
#define NEURAL_HARD_SWISH_BITS	15

static s32 neural_hard_swish_clamp(s32 v)
{
	return clamp_t(s32, v, S16_MIN, S16_MAX);
}

/* Upper half of twice the product, halves rounded up.  No multiplier is -2^15. */
static s32 neural_hard_swish_mul(s32 a, s32 multiplier)
{
	const s32 product = a * multiplier;

	return (product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15);
}

/*
 * (x / 3 + 1) / 2 between 0 and 1, Q0.15.  The multiplier and its shift bring x / 3 to
 * Q0.15, where saturation is the bound that the function has at -3 and 3.  A shift to the
 * left leaves its last bit until after the product, which else would lose it.
 */
static s32 neural_hard_swish_gate(const struct neural_node *node, s32 v)
{
	const s32 multiplier = node->attr[NEURAL_HARD_SWISH_RELU_MULTIPLIER];
	const s32 shift = node->attr[NEURAL_HARD_SWISH_RELU_SHIFT];

	if (shift > 0)
		v = neural_hard_swish_clamp(v * (1 << (shift - 1)));
	v = neural_hard_swish_mul(v, multiplier);
	if (shift > 0)
		v = neural_hard_swish_clamp(v * 2);
	else
		v = neural_rdbypot(v, -shift);
	return (v + (1 << 15)) >> 1;
}

static s8 neural_hard_swish_value(const struct neural_node *node, s32 x)
{
	/* at most 255 in magnitude, so 7 bits more still are 16 */
	const s32 v = (x - node->in[0]->zero_point) * (1 << 7);
	const s32 gate = neural_hard_swish_gate(node, v);
	const s32 scaled = neural_hard_swish_mul(v, node->attr[NEURAL_HARD_SWISH_MULTIPLIER]);
	/* this product alone is rounded towards zero */
	const s32 y = neural_rdbypot(gate * scaled / (1 << 15),
				     -node->attr[NEURAL_HARD_SWISH_SHIFT]);

	return neural_requantize_s8(y, node->out->zero_point, S8_MIN, S8_MAX);
}

int neural_hard_swish_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 *attr = node->attr;
	int ret = neural_lut_verify(node, why);

	if (ret)
		return ret;
	if (attr[NEURAL_HARD_SWISH_MULTIPLIER] < 0 ||
	    attr[NEURAL_HARD_SWISH_MULTIPLIER] > S16_MAX ||
	    attr[NEURAL_HARD_SWISH_RELU_MULTIPLIER] < 0 ||
	    attr[NEURAL_HARD_SWISH_RELU_MULTIPLIER] > S16_MAX)
		return neural_node_bad(why, "multiplier is not Q0.15");
	if (attr[NEURAL_HARD_SWISH_SHIFT] < -NEURAL_HARD_SWISH_BITS ||
	    attr[NEURAL_HARD_SWISH_SHIFT] > 0)
		return neural_node_bad(why, "shift is not -15 .. 0");
	if (attr[NEURAL_HARD_SWISH_RELU_SHIFT] < -NEURAL_HARD_SWISH_BITS ||
	    attr[NEURAL_HARD_SWISH_RELU_SHIFT] > NEURAL_HARD_SWISH_BITS)
		return neural_node_bad(why, "shift of the relu is not -15 .. 15");
	neural_lut_bound(node, neural_hard_swish_value);
	return 0;
}

int neural_hard_swish_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why)
{
	return neural_lut_prepare(account, node, neural_hard_swish_value, step, why);
}
