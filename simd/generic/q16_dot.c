// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/q16.h"

/* Two sums, so that an addition need not wait for the one before it. */
static s32 neural_dot_one(const s32 *x, const s32 *w, u32 k, s64 bias)
{
	s64 even = bias;
	s64 odd = 0;
	u32 i;

	for (i = 0; i + 2 <= k; i += 2) {
		even += (s64)x[i] * w[i];
		odd += (s64)x[i + 1] * w[i + 1];
	}
	if (i < k)
		even += (s64)x[i] * w[i];
	return neural_q16_round(even + odd);
}

void neural_q16_dot__generic(const struct neural_q16_dot_args *a)
{
	u32 j, r;

	for (r = 0; r < a->rows; r++)
		for (j = 0; j < a->n; j++)
			a->out[(size_t)r * a->out_stride + j] =
				neural_dot_one(a->x + (size_t)r * a->x_stride,
					       a->w + (size_t)j * a->k, a->k,
					       a->bias[j]);
}
