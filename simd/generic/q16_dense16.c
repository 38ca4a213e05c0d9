// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/q16.h"

#define LANES	4

static_assert(NEURAL_Q16_PANEL % LANES == 0, "a panel is whole groups");

/* The input again, less 2^15: the bias has what that costs. */
static s64 neural_dense16_input(const s16 *hi, const s16 *lo)
{
	return (s64)*hi * NEURAL_Q16_ONE + *lo;
}

/*
 * The digits serve vector kernels.  A scalar multiplier takes an input whole, and
 * its sum is as wide as its product, so the chunk does not matter either.
 */
static void neural_dense16_group(const s16 *hi, const s16 *lo, const s16 *w,
				 u32 pairs, const s64 *bias, s32 *out, u32 n)
{
	s64 s0 = bias[0];
	s64 s1 = bias[1];
	s64 s2 = bias[2];
	s64 s3 = bias[3];
	u32 p;

	for (p = 0; p < pairs; p++, hi += 2, lo += 2, w += 2 * NEURAL_Q16_PANEL) {
		const s64 even = neural_dense16_input(hi, lo);
		const s64 odd = neural_dense16_input(hi + 1, lo + 1);

		s0 += even * w[0] + odd * w[1];
		s1 += even * w[2] + odd * w[3];
		s2 += even * w[4] + odd * w[5];
		s3 += even * w[6] + odd * w[7];
	}
	out[0] = neural_q16_round(s0);
	if (n > 1)
		out[1] = neural_q16_round(s1);
	if (n > 2)
		out[2] = neural_q16_round(s2);
	if (n > 3)
		out[3] = neural_q16_round(s3);
}

void neural_q16_dense16__generic(const struct neural_q16_dense16_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const size_t lane = j % NEURAL_Q16_PANEL;
		const s16 *w = a->w + (panel * a->pairs * NEURAL_Q16_PANEL + lane) * 2;

		for (r = 0; r < a->rows; r++) {
			const size_t row = (size_t)r * a->x_stride;

			neural_dense16_group(a->hi + row, a->lo + row, w, a->pairs,
					     a->bias + j,
					     a->out + (size_t)r * a->out_stride + j,
					     a->n - j);
		}
	}
}
