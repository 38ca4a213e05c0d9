// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

void neural_s8_quantize__generic(const struct neural_s8_quantize_args *a)
{
	/* A copy, which results cannot be written to. */
	const struct neural_s8_quantize_args c = *a;
	u32 i;

	for (i = 0; i < c.n; i++)
		c.y[i] = clamp_t(s64, neural_scale_away(c.x[i], c.multiplier, c.right) +
				 c.zero_point, S8_MIN, S8_MAX);
}
