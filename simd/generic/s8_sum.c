// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"

void neural_s8_sum__generic(const struct neural_s8_sum_args *a)
{
	u32 c, r;

	for (r = 0; r < a->rows; r++) {
		const s8 *x = a->x + r * a->stride;

		for (c = 0; c < a->n; c++)
			a->sum[c] = (u32)a->sum[c] + x[c];
	}
}
