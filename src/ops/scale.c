// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../q16.h"
#include "activation.h"
#include "scale.h"

static bool neural_scale_is_q16(const struct neural_tensor *t)
{
	return t->dtype == NEURAL_S32 && t->frac == NEURAL_Q16_SHIFT;
}

static int neural_scale_verify_attrs(const struct neural_node *node,
				     struct neural_reason *why)
{
	const s32 act = node->attr[NEURAL_DENSE_ACTIVATION];

	if (node->attr[NEURAL_DENSE_SHIFT] != NEURAL_Q16_SHIFT ||
	    node->attr[NEURAL_DENSE_BIAS_SHIFT] != NEURAL_Q16_SHIFT)
		return neural_node_bad(why, "shifts are not those of Q16.16");
	if (act < NEURAL_LINEAR || act > NEURAL_TANH)
		return neural_node_bad(why, "unknown activation");
	if (node->attr[NEURAL_DENSE_SLOPE] < 0)
		return neural_node_bad(why, "slope is negative");
	return 0;
}

/* No result is beyond one of those at the ends: everything below is monotone. */
static s32 neural_scale_result(const struct neural_node *node, u32 i, s32 x)
{
	const s32 y = neural_q16_scale(x, ((const s32 *)node->in[1]->data)[i],
				       ((const s32 *)node->in[2]->data)[i]);

	switch (node->attr[NEURAL_DENSE_ACTIVATION]) {
	case NEURAL_RELU:
		return neural_q16_relu(y);
	case NEURAL_LEAKY_RELU:
		return neural_q16_leaky_relu(y, node->attr[NEURAL_DENSE_SLOPE]);
	case NEURAL_SIGMOID:
		return neural_q16_sigmoid(y);
	case NEURAL_TANH:
		return neural_q16_tanh(y);
	default:
		return y;
	}
}

static void neural_scale_range(const struct neural_node *node, u32 i)
{
	const s64 a = neural_scale_result(node, i, node->in[0]->lo);
	const s64 b = neural_scale_result(node, i, node->in[0]->hi);

	node->out->lo = min(node->out->lo, min(a, b));
	node->out->hi = max(node->out->hi, max(a, b));
}

int neural_scale_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	struct neural_tensor *y = node->out;
	u32 i, n;
	int ret;

	for (i = 0; i < 3; i++)
		if (!neural_scale_is_q16(node->in[i]))
			return neural_node_bad(why, "operand is not Q16.16");
	if (!neural_scale_is_q16(y))
		return neural_node_bad(why, "output is not Q16.16");
	if (!x->rank || !neural_tensor_same_shape(x, y))
		return neural_node_bad(why, "input and output differ in shape");
	n = x->dim[x->rank - 1];
	/* As of a layer: one vector is one call of a kernel. */
	if (n > NEURAL_MAX_UNITS)
		return neural_node_bad(why, "units out of range");
	for (i = 1; i < 3; i++)
		if (node->in[i]->rank != 1 || node->in[i]->dim[0] != n)
			return neural_node_bad(why, "not one factor and addend per channel");
	ret = neural_scale_verify_attrs(node, why);
	if (ret)
		return ret;
	y->lo = S64_MAX;
	y->hi = S64_MIN;
	for (i = 0; i < n; i++)
		neural_scale_range(node, i);
	return 0;
}

u64 neural_scale_macs(const struct neural_node *node)
{
	return node->out->elements;
}

int neural_scale_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why)
{
	const size_t head = ALIGN(sizeof(struct neural_scale), NEURAL_CACHE_LINE_SIZE);
	const struct neural_tensor *factor = node->in[1], *addend = node->in[2];
	struct neural_scale *s;
	s32 *at;

	s = neural_mem_alloc(account, head + factor->bytes + addend->bytes);
	if (!s)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	at = (s32 *)((u8 *)s + head);
	s->n = factor->dim[0];
	s->act = node->attr[NEURAL_DENSE_ACTIVATION];
	s->slope = node->attr[NEURAL_DENSE_SLOPE];
	s->scale = memcpy(at, factor->data, factor->bytes);
	s->shift = memcpy(at + s->n, addend->data, addend->bytes);
	step->params = s;
	return 0;
}

void neural_scale_run(const struct neural_step *step, struct neural_exec *x,
		      const struct neural_rows *dst, const struct neural_rows *src,
		      void *scratch)
{
	const struct neural_scale *scale = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		for (i = 0; i < step->out; i += scale->n) {
			const struct neural_q16_map_args args = {
				.y = (s32 *)neural_row(dst, r) + i,
				.x = (s32 *)neural_row(src, r) + i,
				.scale = scale->scale,
				.shift = scale->shift,
				.n = scale->n,
			};

			neural_run_q16_scale(&x->section, &args, scale->n);
			neural_activate(&x->section, scale->act, args.y, scale->n,
					scale->slope);
		}
	}
}
