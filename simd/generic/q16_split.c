// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"

/*
 * The lower digit is made signed by an offset, because the multipliers of vector
 * kernels are; what the offset costs is a constant of each output's weights.
 */
void neural_q16_split__generic(const struct neural_q16_split_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++) {
		a->hi[i] = a->x[i] >> 16;
		a->lo[i] = (a->x[i] & 0xffff) - 0x8000;
	}
	if (i % 2) {
		a->hi[i] = 0;
		a->lo[i] = 0;
	}
}
