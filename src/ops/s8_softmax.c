// SPDX-License-Identifier: GPL-2.0-only
#include "../../simd/dispatch.h"
#include "../../simd/s8_softmax.h"
#include "../s8.h"
#include "../s8_exp.h"
#include "rescale.h"
#include "s8_softmax.h"

/* What 2^20 terms of 1.0 each come to is 2^39, far from the end of the sum. */
#define NEURAL_S8_SOFTMAX_MAX	(1U << 20)

/* Two look-ups and a multiplication an element. */
#define NEURAL_S8_SOFTMAX_COST	4

/* Fewer elements than this are scalar work at any level: no reason to open a section. */
#define NEURAL_S8_SOFTMAX_SHORT	64

/**
 * struct neural_s8_softmax - parameters; one block of memory
 * @n: elements of a vector
 * @exp: exp(-d) at a distance of d from the largest element, Q0.31; 0 where the node
 *	says it is too far off
 * @term: the same as it enters the sum
 */
struct neural_s8_softmax {
	u32 n;
	s32 exp[256] __aligned(64);
	u32 term[256];
};

int neural_s8_softmax_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	const s64 far = node->attr[NEURAL_SOFTMAX_DIFF_MIN];

	if (x->dtype != NEURAL_S8 || y->dtype != NEURAL_S8)
		return neural_node_bad(why, "operands are not S8");
	if (!neural_tensor_same_shape(x, y))
		return neural_node_bad(why, "output has another shape than the input");
	if (!x->rank)
		return neural_node_bad(why, "there is no dimension to go over");
	if (x->dim[x->rank - 1] > NEURAL_S8_SOFTMAX_MAX)
		return neural_node_bad(why, "last dimension is too large");
	if (y->zero_point != S8_MIN)
		return neural_node_bad(why, "zero point of the output is another");
	if (far > 0)
		return neural_node_bad(why, "least difference is positive");
	if (node->attr[NEURAL_SOFTMAX_SHIFT] < 0)
		return neural_node_bad(why, "shift is out of range");
	/* One element is the largest, so of a difference the zero point is no part. */
	return neural_verify_rescale(node->attr[NEURAL_SOFTMAX_MULTIPLIER],
				     node->attr[NEURAL_SOFTMAX_SHIFT],
				     max(far, x->lo - x->hi), 0, 0, why);
}

u64 neural_s8_softmax_macs(const struct neural_node *node)
{
	return (u64)node->out->elements * NEURAL_S8_SOFTMAX_COST;
}

int neural_s8_softmax_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why)
{
	struct neural_s8_softmax *softmax = neural_mem_alloc(account, sizeof(*softmax));
	const struct neural_tensor *x = node->in[0];
	const s64 far = max_t(s64, node->attr[NEURAL_SOFTMAX_DIFF_MIN], x->lo - x->hi);
	s32 d;

	if (!softmax)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	softmax->n = x->dim[x->rank - 1];
	for (d = 0; -d >= far; d++) {
		const s32 v = neural_mbqm(-d, node->attr[NEURAL_SOFTMAX_MULTIPLIER],
					  node->attr[NEURAL_SOFTMAX_SHIFT]);

		softmax->exp[d] = neural_s8_exp(v, 5);
		softmax->term[d] = neural_rdbypot(softmax->exp[d],
						  31 - NEURAL_S8_SOFTMAX_SUM);
	}
	step->params = softmax;
	return 0;
}

/* One vector, in a section where it is worth one and short enough for it. */
static void neural_s8_softmax_one(struct neural_section *section,
				  const struct neural_s8_softmax_args *args)
{
	const u64 macs = (u64)args->n * NEURAL_S8_SOFTMAX_COST;

	if (args->n >= NEURAL_S8_SOFTMAX_SHORT && macs <= NEURAL_SECTION_MACS) {
		neural_run_s8_softmax(section, args, macs);
		return;
	}
	neural_section_scalar(section, macs);
	neural_s8_softmax__generic(args);
}

void neural_s8_softmax_run(const struct neural_step *step, struct neural_exec *x,
			   const struct neural_rows *dst, const struct neural_rows *src,
			   void *scratch)
{
	const struct neural_s8_softmax *softmax = step->params;
	u32 i, r;

	for (r = 0; r < x->rows; r++) {
		for (i = 0; i < step->out; i += softmax->n) {
			const struct neural_s8_softmax_args args = {
				.y = (s8 *)neural_row(dst, r) + i,
				.x = (const s8 *)neural_row(src, r) + i,
				.exp = softmax->exp, .term = softmax->term,
				.n = softmax->n,
			};

			neural_s8_softmax_one(&x->section, &args);
		}
	}
}
