// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

static s32 neural_pool_max(const struct neural_s8_window *v, const s8 *x)
{
	s32 most = S8_MIN;
	u32 i, j;

	for (i = 0; i < v->rows; i++)
		for (j = 0; j < v->cols; j++)
			most = max_t(s32, most, x[i * v->x_row + j * v->x_col]);
	return most;
}

static s32 neural_pool_average(const struct neural_s8_window *v, const s8 *x)
{
	const s32 cells = v->rows * v->cols;
	s32 sum = 0;
	u32 i, j;

	for (i = 0; i < v->rows; i++)
		for (j = 0; j < v->cols; j++)
			sum += x[i * v->x_row + j * v->x_col];
	return (sum > 0 ? sum + cells / 2 : sum - cells / 2) / cells;
}

void neural_s8_max_pool__generic(const struct neural_s8_pool_args *a)
{
	const struct neural_s8_window *v = &a->window;
	u32 c, p;

	for (p = 0; p < a->results; p++)
		for (c = 0; c < a->n; c++)
			a->out[p * a->out_step + c] =
				neural_clamp_s8(neural_pool_max(v, v->x + p * v->x_step + c),
						a->min, a->max);
}

void neural_s8_average_pool__generic(const struct neural_s8_pool_args *a)
{
	const struct neural_s8_window *v = &a->window;
	u32 c, p;

	for (p = 0; p < a->results; p++)
		for (c = 0; c < a->n; c++)
			a->out[p * a->out_step + c] =
				neural_clamp_s8(neural_pool_average(v, v->x + p * v->x_step + c),
						a->min, a->max);
}
