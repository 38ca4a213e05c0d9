// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/kernels.h"
#include "channels.h"
#include "rescale.h"

void neural_channels_init(struct neural_channels *c, const struct neural_node *node)
{
	*c = (struct neural_channels){
		.x = node->in[0],
		.w = node->in[1],
		.bias = node->in[2],
		.multiplier = node->in[3],
		.shift = node->in[4],
	};
}

s32 neural_channels_weight(const struct neural_channels *c, u32 output, u32 input)
{
	const size_t i = (size_t)output * c->w_output + (size_t)input * c->w_input;
	const s8 *w = c->w->data;

	if (c->w->dtype == NEURAL_S8)
		return w[i];
	return (s8)((u8)w[i / 2] << (i % 2 ? 0 : 4)) >> 4;
}

/* Entry for @output of an operand that has one for each or one for all. */
static s32 neural_channels_entry(const struct neural_tensor *t, u32 output)
{
	return ((const s32 *)t->data)[t->elements == 1 ? 0 : output];
}

static s32 neural_channels_bias(const struct neural_channels *c, u32 output)
{
	return c->bias ? ((const s32 *)c->bias->data)[output] : 0;
}

/*
 * Everything is exact: an input and a weight less their zero points are 9 bits each,
 * and there are at most 2^16 of them.
 */
static int neural_channels_prove(const struct neural_channels *c, u32 output,
				 struct neural_reason *why)
{
	s64 lo = c->x->lo - c->x->zero_point;
	s64 hi = c->x->hi - c->x->zero_point;
	s64 least = neural_channels_bias(c, output);
	s64 most = least;
	u32 i;

	if (c->padded) {
		lo = min_t(s64, lo, 0);
		hi = max_t(s64, hi, 0);
	}
	for (i = 0; i < c->k; i++) {
		const s64 w = neural_channels_weight(c, output, i) - c->w->zero_point;

		least += w * (w < 0 ? hi : lo);
		most += w * (w < 0 ? lo : hi);
	}
	return neural_verify_rescale(neural_channels_entry(c->multiplier, output),
				     neural_channels_entry(c->shift, output),
				     least, most, output, why);
}

static int neural_channels_types(const struct neural_channels *c,
				 struct neural_reason *why)
{
	if (c->w->dtype != NEURAL_S8 && c->w->dtype != NEURAL_S4)
		return neural_node_bad(why, "weights are neither S8 nor S4");
	if (c->w->zero_point < S8_MIN || c->w->zero_point > S8_MAX)
		return neural_node_bad(why, "zero point is no S8");
	if (c->bias && (c->bias->dtype != NEURAL_S32 || c->bias->elements != c->n))
		return neural_node_bad(why, "bias is not one S32 per output");
	if (c->multiplier->dtype != NEURAL_S32 || c->shift->dtype != NEURAL_S32)
		return neural_node_bad(why, "multiplier and shift are not S32");
	if ((c->multiplier->elements != 1 && c->multiplier->elements != c->n) ||
	    c->shift->elements != c->multiplier->elements)
		return neural_node_bad(why, "multiplier and shift are not one per output");
	if (c->k > NEURAL_CHANNEL_INPUTS)
		return neural_node_bad(why, "too many inputs per output");
	return 0;
}

int neural_channels_verify(const struct neural_channels *c, struct neural_reason *why)
{
	int ret = neural_channels_types(c, why);
	u32 j;

	for (j = 0; !ret && j < c->n; j++) {
		ret = neural_channels_prove(c, j, why);
		neural_pause();
	}
	return ret;
}

/* Of one parameter for all outputs. */
static size_t neural_channel_array(u32 n)
{
	static_assert(NEURAL_S8_PANEL * sizeof(s32) == 64, "a panel of s32 is a line");

	return ALIGN((size_t)n, NEURAL_S8_PANEL) * sizeof(s32);
}

size_t neural_channel_bytes(u32 n)
{
	return 3 * neural_channel_array(n);
}

/* The bias less what the input's zero point adds to the sum of products. */
static s32 neural_channels_fold(const struct neural_channels *c, u32 output)
{
	s64 sum = 0;
	u32 i;

	for (i = 0; i < c->k; i++)
		sum += neural_channels_weight(c, output, i) - c->w->zero_point;
	/* Kernels add modulo 2^32, and so does this. */
	return (u32)neural_channels_bias(c, output) - (u32)(sum * c->x->zero_point);
}

void neural_channels_fill(const struct neural_channels *c, bool fold, void *block,
			  struct neural_channel_params *params)
{
	const size_t array = neural_channel_array(c->n);
	s32 *bias = block;
	s32 *multiplier = block + array;
	s32 *shift = block + 2 * array;
	u32 j;

	for (j = 0; j < c->n; j++) {
		bias[j] = fold ? neural_channels_fold(c, j) : neural_channels_bias(c, j);
		multiplier[j] = neural_channels_entry(c->multiplier, j);
		shift[j] = neural_channels_entry(c->shift, j);
		neural_pause();
	}
	params->bias = bias;
	params->multiplier = multiplier;
	params->shift = shift;
}
