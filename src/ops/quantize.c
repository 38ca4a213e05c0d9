// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../s8.h"
#include "lut.h"
#include "quantize.h"

/* A 64-bit multiplication and a shift of either sign. */
#define NEURAL_QUANTIZE_COST	4

/* Shifts that leave 0 .. 62 bits to the right: more would be nothing but zero. */
#define NEURAL_QUANTIZE_SHIFT_MIN	(-31)
#define NEURAL_QUANTIZE_SHIFT_MAX	31

/**
 * struct neural_quantize - parameters of one direction; one block of memory
 * @multiplier: Q0.31, not negative
 * @right: bits the product is shifted by
 * @zero_point: of the S8 side
 */
struct neural_quantize {
	s32 multiplier;
	u32 right;
	s32 zero_point;
};

static s8 neural_quantize_value(const struct neural_quantize *q, s32 x)
{
	return clamp_t(s64, neural_scale_away(x, q->multiplier, q->right) + q->zero_point,
		       S8_MIN, S8_MAX);
}

static s32 neural_dequantize_value(const struct neural_quantize *q, s32 x)
{
	return clamp_t(s64, neural_scale_away(x - q->zero_point, q->multiplier, q->right),
		       S32_MIN, S32_MAX);
}

static struct neural_quantize neural_quantize_params(const struct neural_node *node,
						     s32 zero_point)
{
	return (struct neural_quantize){
		.multiplier = node->attr[NEURAL_QUANTIZE_MULTIPLIER],
		.right = 31 - node->attr[NEURAL_QUANTIZE_SHIFT],
		.zero_point = zero_point,
	};
}

static int neural_quantize_check(const struct neural_node *node, struct neural_reason *why)
{
	const s32 shift = node->attr[NEURAL_QUANTIZE_SHIFT];

	if (!neural_tensor_same_shape(node->in[0], node->out))
		return neural_node_bad(why, "output has another shape than the input");
	if (node->attr[NEURAL_QUANTIZE_MULTIPLIER] < 0)
		return neural_node_bad(why, "multiplier is negative");
	if (shift < NEURAL_QUANTIZE_SHIFT_MIN || shift > NEURAL_QUANTIZE_SHIFT_MAX)
		return neural_node_bad(why, "shift is out of range");
	return 0;
}

int neural_quantize_verify(const struct neural_node *node, struct neural_reason *why)
{
	struct neural_quantize q;
	int ret;

	if (node->in[0]->dtype != NEURAL_S32 || node->out->dtype != NEURAL_S8)
		return neural_node_bad(why, "operands are not S32 in and S8 out");
	ret = neural_quantize_check(node, why);
	if (ret)
		return ret;
	q = neural_quantize_params(node, node->out->zero_point);
	node->out->lo = neural_quantize_value(&q, node->in[0]->lo);
	node->out->hi = neural_quantize_value(&q, node->in[0]->hi);
	return 0;
}

int neural_dequantize_verify(const struct neural_node *node, struct neural_reason *why)
{
	struct neural_quantize q;
	int ret;

	if (node->in[0]->dtype != NEURAL_S8 || node->out->dtype != NEURAL_S32)
		return neural_node_bad(why, "operands are not S8 in and S32 out");
	ret = neural_quantize_check(node, why);
	if (ret)
		return ret;
	q = neural_quantize_params(node, node->in[0]->zero_point);
	node->out->lo = neural_dequantize_value(&q, node->in[0]->lo);
	node->out->hi = neural_dequantize_value(&q, node->in[0]->hi);
	return 0;
}

u64 neural_quantize_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * NEURAL_QUANTIZE_COST;
}

int neural_quantize_prepare(struct neural_account *account,
			    const struct neural_node *node, u32 part,
			    struct neural_step *step, struct neural_reason *why)
{
	struct neural_quantize *q = neural_mem_alloc(account, sizeof(*q));

	if (!q)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	*q = neural_quantize_params(node, node->out->zero_point);
	step->params = q;
	return 0;
}

/* There are but 256 values to start from. */
int neural_dequantize_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why)
{
	const struct neural_quantize q = neural_quantize_params(node,
								node->in[0]->zero_point);
	s32 *table = neural_mem_alloc(account, 256 * sizeof(*table));
	s32 x;

	if (!table)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	for (x = S8_MIN; x <= S8_MAX; x++)
		table[(u8)x] = neural_dequantize_value(&q, x);
	step->params = table;
	return 0;
}

void neural_quantize_run(const struct neural_step *step, struct neural_exec *x,
			 const struct neural_rows *dst, const struct neural_rows *src,
			 void *scratch)
{
	const struct neural_quantize *q = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		for (i = 0; i < step->out; i += NEURAL_MAP_TILE) {
			const struct neural_s8_quantize_args args = {
				.y = (s8 *)neural_row(dst, r) + i,
				.x = (const s32 *)neural_row(src, r) + i,
				.n = min(step->out - i, NEURAL_MAP_TILE),
				.multiplier = q->multiplier,
				.right = q->right,
				.zero_point = q->zero_point,
			};

			neural_run_s8_quantize(&x->section, &args,
					       (u64)args.n * NEURAL_QUANTIZE_COST);
		}
	}
}

void neural_dequantize_run(const struct neural_step *step, struct neural_exec *x,
			   const struct neural_rows *dst, const struct neural_rows *src,
			   void *scratch)
{
	const s32 *table = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		const s8 *from = neural_row(src, r);
		s32 *to = neural_row(dst, r);

		neural_section_scalar(&x->section, step->macs);
		for (i = 0; i < step->out; i++)
			to[i] = table[(u8)from[i]];
	}
}
