// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"

void neural_s8_lut__generic(const struct neural_s8_lut_args *a)
{
	/* What @y points to could be these, for all the compiler knows. */
	const s8 *x = a->x, *table = a->table;
	const u32 n = a->n;
	s8 *y = a->y;
	u32 i;

	for (i = 0; i < n; i++)
		y[i] = table[(u8)x[i]];
}
