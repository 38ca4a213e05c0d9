// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/q16.h"

#define LANES	4

static_assert(NEURAL_Q16_PANEL % LANES == 0, "a panel is whole groups");

/*
 * Four outputs at a time: as many sums as stay in registers beside the pointers,
 * and enough to keep the multiplier busy while each waits for its last addition.
 * A group past @n meets weights of zero, so only the store needs to know.
 */
static void neural_dense_group(const s32 *x, const s32 *w, u32 k, const s64 *bias,
			       s32 *out, u32 n)
{
	s64 s0 = bias[0];
	s64 s1 = bias[1];
	s64 s2 = bias[2];
	s64 s3 = bias[3];
	u32 i;

	for (i = 0; i < k; i++, w += NEURAL_Q16_PANEL) {
		const s64 v = x[i];

		s0 += v * w[0];
		s1 += v * w[1];
		s2 += v * w[2];
		s3 += v * w[3];
	}
	out[0] = neural_q16_round(s0);
	if (n > 1)
		out[1] = neural_q16_round(s1);
	if (n > 2)
		out[2] = neural_q16_round(s2);
	if (n > 3)
		out[3] = neural_q16_round(s3);
}

void neural_q16_dense__generic(const struct neural_q16_dense_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const s32 *w = a->w + panel * a->k * NEURAL_Q16_PANEL + j % NEURAL_Q16_PANEL;

		for (r = 0; r < a->rows; r++)
			neural_dense_group(a->x + (size_t)r * a->x_stride, w, a->k,
					   a->bias + j,
					   a->out + (size_t)r * a->out_stride + j,
					   a->n - j);
	}
}
