// SPDX-License-Identifier: GPL-2.0-only
#include "../q16_softmax.h"
#include "softmax.h"

/* An element takes two exponentials and a division: some 60 multiply-adds. */
#define NEURAL_SOFTMAX_COST	60

u64 neural_softmax_cost(const struct neural_step *step)
{
	return (u64)step->out * NEURAL_SOFTMAX_COST;
}

void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			s32 *dst, const s32 *src, void *scratch)
{
	u32 r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, neural_softmax_cost(step));
		neural_q16_softmax(dst + (size_t)r * step->out,
				   src + (size_t)r * step->out, step->out);
	}
}
