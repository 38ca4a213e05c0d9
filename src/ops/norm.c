// SPDX-License-Identifier: GPL-2.0-only
/*
 * With n <= 2^14 elements c of at most 255 in magnitude, S = sum(c), Q = sum(c^2):
 *
 *	n * Q			2^14 * 2^14 * 2^16	= 2^44
 *	D = (n Q - S^2) << 16	below			  2^60
 *	  + epsilon * n^2	2^31 * 2^28		= 2^59, together below 2^61
 *	d = n c - S		2^14 * 255		< 2^22
 *	d * inverse		2^22 * 2^32		= 2^54
 *	z			sqrt(n) in Q20		= 2^27
 *	z * gamma		2^27 * 2^15		= 2^42
 */
#include "../q16.h"
#include "../s8.h"
#include "norm.h"
#include "rescale.h"

/* Fraction bits of a normalised element. */
#define NORM_BITS	20

/* An element takes four multiplications of 64 bits, and is read twice. */
#define NORM_COST	8

static const struct neural_tensor *neural_norm_beta(const struct neural_node *node)
{
	return node->nr_in > 2 ? node->in[2] : NULL;
}

static int neural_norm_verify_operands(const struct neural_node *node,
				       struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *gamma = node->in[1], *y = node->out;
	const struct neural_tensor *beta = neural_norm_beta(node);

	if (x->dtype != NEURAL_S8 || y->dtype != NEURAL_S8)
		return neural_node_bad(why, "input and output are not S8");
	if (!x->rank || !neural_tensor_same_shape(x, y))
		return neural_node_bad(why, "input and output differ in shape");
	if (x->dim[x->rank - 1] > NEURAL_NORM_MAX_UNITS)
		return neural_node_bad(why, "too many elements to sum up");
	if (gamma->dtype != NEURAL_S16 || gamma->zero_point)
		return neural_node_bad(why, "gamma is not S16 in fixed point");
	if (gamma->rank != 1 || gamma->dim[0] != x->dim[x->rank - 1])
		return neural_node_bad(why, "not one gamma per element");
	if (!beta)
		return 0;
	if (beta->dtype != NEURAL_S32 || beta->frac != NEURAL_Q16_SHIFT)
		return neural_node_bad(why, "beta is not Q16.16");
	if (beta->rank != 1 || beta->dim[0] != gamma->dim[0])
		return neural_node_bad(why, "not one beta per element");
	return 0;
}

int neural_norm_verify(const struct neural_node *node, struct neural_reason *why)
{
	const s32 min = node->attr[NEURAL_NORM_MIN], max = node->attr[NEURAL_NORM_MAX];
	int ret;

	ret = neural_norm_verify_operands(node, why);
	if (ret)
		return ret;
	if (node->attr[NEURAL_NORM_EPSILON] < 0)
		return neural_node_bad(why, "epsilon is negative");
	ret = neural_verify_bounds(min, max, why);
	if (!ret)
		ret = neural_verify_rescale(node->attr[NEURAL_NORM_MULTIPLIER],
					    node->attr[NEURAL_NORM_SHIFT], S32_MIN, S32_MAX,
					    0, why);
	node->out->lo = min;
	node->out->hi = max;
	return ret;
}

u64 neural_norm_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * NORM_COST;
}

int neural_norm_prepare(struct neural_account *account, const struct neural_node *node,
			u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *gamma = node->in[1];
	const struct neural_tensor *beta = neural_norm_beta(node);
	const size_t head = ALIGN(sizeof(struct neural_norm), sizeof(s64));
	const size_t middle = ALIGN(head + gamma->bytes, sizeof(s64));
	struct neural_norm *p;

	p = neural_mem_alloc(account, middle + (beta ? beta->bytes : 0));
	if (!p)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	p->n = gamma->dim[0];
	p->zero = x->zero_point;
	p->centre = node->code == NEURAL_OP_LAYER_NORM;
	p->epsilon = node->attr[NEURAL_NORM_EPSILON];
	p->drop = NORM_BITS + gamma->frac - NEURAL_Q16_SHIFT;
	p->multiplier = node->attr[NEURAL_NORM_MULTIPLIER];
	p->shift = node->attr[NEURAL_NORM_SHIFT];
	p->zero_point = node->out->zero_point;
	p->min = node->attr[NEURAL_NORM_MIN];
	p->max = node->attr[NEURAL_NORM_MAX];
	p->gamma = memcpy((u8 *)p + head, gamma->data, gamma->bytes);
	if (beta)
		p->beta = memcpy((u8 *)p + middle, beta->data, beta->bytes);
	step->params = p;
	return 0;
}

/* floor(sqrt(@v)) for @v below 2^62. */
static u32 neural_norm_root(u64 v)
{
	u32 bit, root = 0;

	for (bit = 1U << 30; bit; bit >>= 1) {
		const u64 try = root | bit;

		if (try * try <= v)
			root = try;
	}
	return root;
}

/*
 * 2^62 / sqrt(@d * 4^*@up), with *@up chosen so that the root has 31 bits: both it and
 * its inverse are then good to 2^-30 of themselves.
 */
static u64 neural_norm_inverse(u64 d, u32 *up)
{
	for (*up = 0; d < 1ULL << 60; (*up)++)
		d <<= 2;
	return div64_u64(1ULL << 62, neural_norm_root(d));
}

static s64 neural_norm_drop(s64 v, u32 bits)
{
	return (v + (1LL << (bits - 1))) >> bits;
}

static s8 neural_norm_result(const struct neural_norm *p, s64 z, s32 gamma, s32 beta)
{
	const s64 t = neural_norm_drop(z * gamma, p->drop) + beta;

	return neural_requantize_s8(neural_mbqm(neural_q16_saturate(t), p->multiplier,
						p->shift),
				    p->zero_point, p->min, p->max);
}

/* Of a copy of @p: @y could point into it, for all the compiler knows. */
static void neural_norm_results(const struct neural_norm *p, s8 *y, const s8 *x, s64 sum,
				s64 inverse, u32 bits)
{
	const struct neural_norm q = *p;
	const s64 n = q.n;
	u32 i;

	for (i = 0; i < q.n; i++) {
		const s64 c = n * (x[i] - q.zero) - sum;
		const s64 z = neural_norm_drop(c * inverse, bits);

		y[i] = neural_norm_result(&q, z, q.gamma[i], q.beta ? q.beta[i] : 0);
	}
}

static void neural_norm_vector(const struct neural_norm *p, s8 *y, const s8 *x)
{
	s64 sum = 0, squares = 0;
	u64 inverse = 0, d;
	u32 i, up = 0;

	for (i = 0; i < p->n; i++) {
		const s32 c = x[i] - p->zero;

		sum += c;
		squares += c * c;
	}
	if (!p->centre)
		sum = 0;
	d = ((u64)(p->n * squares - sum * sum) << 16) + (u64)p->epsilon * p->n * p->n;
	/* Without any variance, nor any epsilon, every element is the mean. */
	if (d)
		inverse = neural_norm_inverse(d, &up);
	neural_norm_results(p, y, x, sum, inverse, 54 - NORM_BITS - up);
}

void neural_norm_run(const struct neural_step *step, struct neural_exec *x,
		     const struct neural_rows *dst, const struct neural_rows *src,
		     void *scratch)
{
	const struct neural_norm *p = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		for (i = 0; i < step->out; i += p->n)
			neural_norm_vector(p, (s8 *)neural_row(dst, r) + i,
					   (const s8 *)neural_row(src, r) + i);
	}
}
