// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../s8.h"
#include "broadcast.h"
#include "lut.h"
#include "mul.h"
#include "rescale.h"

/**
 * struct neural_mul - parameters; one block of memory
 * @bc: how to go over the operands
 * @p: what to do with their elements
 */
struct neural_mul {
	struct neural_broadcast bc;
	struct neural_s8_mul p;
};

static struct neural_s8_mul neural_mul_params(const struct neural_node *node)
{
	return (struct neural_s8_mul){
		.a_zero = node->in[0]->zero_point,
		.b_zero = node->in[1]->zero_point,
		.y_zero = node->out->zero_point,
		.multiplier = node->attr[NEURAL_RESCALE_MULTIPLIER],
		.shift = node->attr[NEURAL_RESCALE_SHIFT],
		.min = node->attr[NEURAL_RESCALE_MIN],
		.max = node->attr[NEURAL_RESCALE_MAX],
	};
}

/* The products that are furthest apart are those of ends. */
static void neural_mul_range(const struct neural_node *node, s64 *lo, s64 *hi)
{
	const struct neural_tensor *a = node->in[0], *b = node->in[1];
	const s64 a_lo = a->lo - a->zero_point, a_hi = a->hi - a->zero_point;
	const s64 b_lo = b->lo - b->zero_point, b_hi = b->hi - b->zero_point;

	*lo = min(min(a_lo * b_lo, a_lo * b_hi), min(a_hi * b_lo, a_hi * b_hi));
	*hi = max(max(a_lo * b_lo, a_lo * b_hi), max(a_hi * b_lo, a_hi * b_hi));
}

int neural_mul_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_s8_mul p = neural_mul_params(node);
	s64 lo, hi;
	int ret;

	if (node->in[0]->dtype != NEURAL_S8 || node->in[1]->dtype != NEURAL_S8 ||
	    node->out->dtype != NEURAL_S8)
		return neural_node_bad(why, "operands are not S8");
	ret = neural_broadcast_verify(node, why);
	if (ret)
		return ret;
	ret = neural_verify_bounds(p.min, p.max, why);
	if (ret)
		return ret;
	neural_mul_range(node, &lo, &hi);
	ret = neural_verify_rescale(p.multiplier, p.shift, lo, hi, 0, why);
	if (ret)
		return ret;
	node->out->lo = neural_requantize_s8(neural_mbqm(lo, p.multiplier, p.shift),
					     p.y_zero, p.min, p.max);
	node->out->hi = neural_requantize_s8(neural_mbqm(hi, p.multiplier, p.shift),
					     p.y_zero, p.min, p.max);
	return 0;
}

int neural_mul_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why)
{
	struct neural_mul *mul = neural_mem_alloc(account, sizeof(*mul));

	if (!mul)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	mul->p = neural_mul_params(node);
	neural_broadcast_init(&mul->bc, node);
	step->params = mul;
	return 0;
}

static void neural_mul_tile(struct neural_section *section, const void *p,
			    const struct neural_broadcast *bc,
			    const struct neural_broadcast_tile *t)
{
	const struct neural_s8_mul_args args = {
		.y = t->y, .a = t->a, .b = t->b, .p = p, .n = t->n,
		.a_step = bc->a_step, .b_step = bc->b_step,
	};

	neural_run_s8_mul(section, &args, args.n);
}

void neural_mul_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch)
{
	const struct neural_mul *mul = step->params;

	neural_broadcast_run(&mul->bc, x, dst, src, neural_mul_tile, &mul->p);
}
