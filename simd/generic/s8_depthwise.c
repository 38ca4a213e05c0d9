// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

#define LANES	4

/* Sums of @n channels, all in one panel, over the cells of one result. */
static void neural_depthwise_few(const struct neural_s8_depthwise_args *a, const s8 *x,
				 const s8 *w, u32 c, u32 n, u32 sum[LANES])
{
	const struct neural_s8_window *v = &a->window;
	u32 i, j, l;

	for (i = 0; i < v->rows; i++) {
		for (j = 0; j < v->cols; j++) {
			const s8 *cell = x + i * v->x_row + j * v->x_col;
			const s8 *weight = w + i * a->w_row + j * NEURAL_S8_PANEL;

			for (l = 0; l < n; l++)
				sum[l] += (cell[(a->phase + c + l) / a->fan] -
					   a->x_zero_point) * weight[l];
		}
	}
}

/* Four channels with an input channel each. */
static void neural_depthwise_four(const struct neural_s8_depthwise_args *a, const s8 *x,
				  const s8 *w, u32 sum[LANES])
{
	const struct neural_s8_window *v = &a->window;
	const s32 zero = a->x_zero_point;
	u32 s0 = sum[0];
	u32 s1 = sum[1];
	u32 s2 = sum[2];
	u32 s3 = sum[3];
	u32 i, j;

	for (i = 0; i < v->rows; i++) {
		const s8 *cell = x + i * v->x_row;
		const s8 *weight = w + i * a->w_row;

		for (j = 0; j < v->cols; j++) {
			s0 += (cell[0] - zero) * weight[0];
			s1 += (cell[1] - zero) * weight[1];
			s2 += (cell[2] - zero) * weight[2];
			s3 += (cell[3] - zero) * weight[3];
			cell += v->x_col;
			weight += NEURAL_S8_PANEL;
		}
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

static void neural_depthwise_result(const struct neural_s8_depthwise_args *a, u32 p,
				    const s8 *w, u32 c)
{
	const u32 n = min_t(u32, a->n - c, LANES);
	const s8 *x = a->window.x + p * a->window.x_step;
	s8 *out = a->out + p * a->out_step + c;
	u32 sum[LANES], l;

	for (l = 0; l < LANES; l++)
		sum[l] = a->bias[c + l];
	if (n == LANES && a->fan == 1)
		neural_depthwise_four(a, x + c, w, sum);
	else
		neural_depthwise_few(a, x, w, c, n, sum);
	for (l = 0; l < n; l++)
		out[l] = neural_requantize_s8(neural_mbqm(sum[l], a->multiplier[c + l],
							  a->shift[c + l]),
					      a->zero_point, a->min, a->max);
}

void neural_s8_depthwise__generic(const struct neural_s8_depthwise_args *a)
{
	u32 c, p;

	for (c = 0; c < a->n; c += LANES) {
		const s8 *w = a->w + c / NEURAL_S8_PANEL * a->w_panel + c % NEURAL_S8_PANEL;

		for (p = 0; p < a->results; p++)
			neural_depthwise_result(a, p, w, c);
	}
}
