// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../s8.h"
#include "add.h"
#include "broadcast.h"
#include "lut.h"
#include "rescale.h"

/* 255 << 20 is below 2^28. */
#define NEURAL_ADD_LEFT_SHIFT_MAX	20

/**
 * struct neural_add - parameters; one block of memory
 * @bc: how to go over the operands
 * @p: what to do with their elements
 */
struct neural_add {
	struct neural_broadcast bc;
	struct neural_s8_add p;
};

static struct neural_s8_add neural_add_params(const struct neural_node *node)
{
	return (struct neural_s8_add){
		.a_zero = node->in[0]->zero_point,
		.b_zero = node->in[1]->zero_point,
		.y_zero = node->out->zero_point,
		.left_shift = node->attr[NEURAL_ADD_LEFT_SHIFT],
		.a_multiplier = node->attr[NEURAL_ADD_MULTIPLIER_A],
		.a_shift = node->attr[NEURAL_ADD_SHIFT_A],
		.b_multiplier = node->attr[NEURAL_ADD_MULTIPLIER_B],
		.b_shift = node->attr[NEURAL_ADD_SHIFT_B],
		.multiplier = node->attr[NEURAL_ADD_MULTIPLIER],
		.shift = node->attr[NEURAL_ADD_SHIFT],
		.min = node->attr[NEURAL_ADD_MIN],
		.max = node->attr[NEURAL_ADD_MAX],
		.subtract = node->code == NEURAL_OP_SUB,
	};
}

/*
 * What operand @unit comes to at its ends, in place of which *@lo and *@hi.  Rescaling
 * keeps order, so whatever is between them stays there.
 */
static int neural_add_operand(const struct neural_tensor *t, u32 left_shift,
			      s32 multiplier, s32 shift, u32 unit, s64 *lo, s64 *hi,
			      struct neural_reason *why)
{
	int ret;

	*lo = (t->lo - t->zero_point) * (1LL << left_shift);
	*hi = (t->hi - t->zero_point) * (1LL << left_shift);
	ret = neural_verify_rescale(multiplier, shift, *lo, *hi, unit, why);
	if (ret)
		return ret;
	*lo = neural_mbqm(*lo, multiplier, shift);
	*hi = neural_mbqm(*hi, multiplier, shift);
	return 0;
}

static int neural_add_sum(const struct neural_node *node, const struct neural_s8_add *p,
			  struct neural_reason *why)
{
	s64 lo, hi, b_lo, b_hi;
	int ret;

	ret = neural_add_operand(node->in[0], p->left_shift, p->a_multiplier, p->a_shift,
				 0, &lo, &hi, why);
	if (ret)
		return ret;
	ret = neural_add_operand(node->in[1], p->left_shift, p->b_multiplier, p->b_shift,
				 1, &b_lo, &b_hi, why);
	if (ret)
		return ret;
	lo += p->subtract ? -b_hi : b_lo;
	hi += p->subtract ? -b_lo : b_hi;
	ret = neural_verify_rescale(p->multiplier, p->shift, lo, hi, 2, why);
	if (ret)
		return ret;
	node->out->lo = neural_requantize_s8(neural_mbqm(lo, p->multiplier, p->shift),
					     p->y_zero, p->min, p->max);
	node->out->hi = neural_requantize_s8(neural_mbqm(hi, p->multiplier, p->shift),
					     p->y_zero, p->min, p->max);
	return 0;
}

int neural_add_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_s8_add p = neural_add_params(node);
	int ret;

	if (node->in[0]->dtype != NEURAL_S8 || node->in[1]->dtype != NEURAL_S8 ||
	    node->out->dtype != NEURAL_S8)
		return neural_node_bad(why, "operands are not S8");
	ret = neural_broadcast_verify(node, why);
	if (ret)
		return ret;
	if (p.left_shift > NEURAL_ADD_LEFT_SHIFT_MAX)
		return neural_node_bad(why, "left shift is out of range");
	ret = neural_verify_bounds(p.min, p.max, why);
	if (ret)
		return ret;
	return neural_add_sum(node, &p, why);
}

int neural_add_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_add *add = neural_mem_alloc(account, sizeof(*add));

	if (!add)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	add->p = neural_add_params(node);
	neural_broadcast_init(&add->bc, node);
	step->params = add;
	return 0;
}

static void neural_add_tile(struct neural_section *section, const void *p,
			    const struct neural_broadcast *bc,
			    const struct neural_broadcast_tile *t)
{
	const struct neural_s8_add_args args = {
		.y = t->y, .a = t->a, .b = t->b, .p = p, .n = t->n,
		.a_step = bc->a_step, .b_step = bc->b_step,
	};

	neural_run_s8_add(section, &args, args.n);
}

void neural_add_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch)
{
	const struct neural_add *add = step->params;

	neural_broadcast_run(&add->bc, x, dst, src, neural_add_tile, &add->p);
}
