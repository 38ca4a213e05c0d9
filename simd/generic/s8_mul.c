// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

void neural_s8_mul__generic(const struct neural_s8_mul_args *args)
{
	const struct neural_s8_mul p = *args->p;
	const s8 *a = args->a, *b = args->b;
	u32 i;

	for (i = 0; i < args->n; i++, a += args->a_step, b += args->b_step) {
		const s32 product = (*a - p.a_zero) * (*b - p.b_zero);

		args->y[i] = neural_requantize_s8(neural_mbqm(product, p.multiplier, p.shift),
						  p.y_zero, p.min, p.max);
	}
}
