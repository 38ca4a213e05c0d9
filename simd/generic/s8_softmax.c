// SPDX-License-Identifier: GPL-2.0-only
#include "../s8_softmax.h"

void neural_s8_softmax__generic(const struct neural_s8_softmax_args *a)
{
	s32 largest = S8_MIN, scale;
	u32 i, shift;

	for (i = 0; i < a->n; i++)
		largest = max_t(s32, largest, a->x[i]);
	scale = neural_s8_softmax_scale(neural_s8_softmax_total(a, largest), &shift);
	/* Past 31 even the largest is less than half a step. */
	if (shift > 31) {
		memset(a->y, S8_MIN, a->n);
		return;
	}
	for (i = 0; i < a->n; i++) {
		const s32 v = neural_srdhm(scale, a->exp[largest - a->x[i]]);

		a->y[i] = neural_requantize_s8(neural_rdbypot(v, shift), S8_MIN, S8_MIN,
					       S8_MAX);
	}
}
