// SPDX-License-Identifier: GPL-2.0-only
#include "../q16_softmax.h"
#include "softmax.h"

/* An element takes two exponentials and a division: some 60 multiply-adds. */
#define NEURAL_SOFTMAX_COST	60

u64 neural_softmax_macs(u32 n)
{
	return (u64)n * NEURAL_SOFTMAX_COST;
}

void neural_softmax_run(const struct neural_step *step, struct neural_exec *x,
			const struct neural_rows *dst, const struct neural_rows *src,
			void *scratch)
{
	u32 r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		neural_q16_softmax(neural_row(dst, r), neural_row(src, r), step->out);
	}
}
