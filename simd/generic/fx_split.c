// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"

static void neural_fx_split_bytes(s16 *y, const s8 *x, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		y[i] = x[i];
}

static void neural_fx_split_digit(s16 *y, const s64 *x, u32 n, u32 shift, u32 offset)
{
	u32 i;

	for (i = 0; i < n; i++)
		y[i] = (x[i] >> shift) ^ offset;
}

void neural_fx_split__generic(const struct neural_fx_split_args *a)
{
	u32 d;

	for (d = 0; d < a->digits; d++) {
		s16 *y = a->y + (size_t)d * a->plane;

		if (a->x_bytes == sizeof(s8))
			neural_fx_split_bytes(y, a->x, a->n);
		else
			neural_fx_split_digit(y, a->x, a->n, 16 * d,
					      d + 1 < a->digits ? 0x8000 : 0);
		if (a->n % 2)
			y[a->n] = 0;
	}
}
