// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

#define LANES	4

/* Sums of @n channels, all in one panel. */
static void neural_depthwise_few(const struct neural_s8_depthwise_args *a, const s8 *x,
				 const s16 *w, u32 n, u32 sum[LANES])
{
	u32 q, l;

	for (q = 0; q < a->pairs; q++) {
		const s8 *x0 = x + a->cell[2 * q];
		const s8 *x1 = x + a->cell[2 * q + 1];

		for (l = 0; l < n; l++)
			sum[l] += x0[l] * w[2 * l] + x1[l] * w[2 * l + 1];
		w += 2 * NEURAL_S8_PANEL;
	}
}

static void neural_depthwise_four(const struct neural_s8_depthwise_args *a, const s8 *x,
				  const s16 *w, u32 sum[LANES])
{
	u32 s0 = sum[0];
	u32 s1 = sum[1];
	u32 s2 = sum[2];
	u32 s3 = sum[3];
	u32 q;

	for (q = 0; q < a->pairs; q++) {
		const s8 *x0 = x + a->cell[2 * q];
		const s8 *x1 = x + a->cell[2 * q + 1];

		s0 += x0[0] * w[0] + x1[0] * w[1];
		s1 += x0[1] * w[2] + x1[1] * w[3];
		s2 += x0[2] * w[4] + x1[2] * w[5];
		s3 += x0[3] * w[6] + x1[3] * w[7];
		w += 2 * NEURAL_S8_PANEL;
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

static void neural_depthwise_result(const struct neural_s8_depthwise_args *a, s8 *out,
				    const s8 *x, const s16 *w, u32 c)
{
	const u32 n = min_t(u32, a->n - c, LANES);
	u32 sum[LANES], l;

	for (l = 0; l < LANES; l++)
		sum[l] = a->bias[c + l];
	if (n == LANES)
		neural_depthwise_four(a, x + c, w, sum);
	else
		neural_depthwise_few(a, x + c, w, n, sum);
	for (l = 0; l < n; l++)
		out[c + l] = neural_requantize_s8(neural_mbqm(sum[l], a->multiplier[c + l],
							      a->shift[c + l]),
						  a->zero_point, a->min, a->max);
}

void neural_s8_depthwise__generic(const struct neural_s8_depthwise_args *a)
{
	const size_t panel = (size_t)a->pairs * 2 * NEURAL_S8_PANEL;
	u32 c, l, p;

	for (c = 0; c < a->n; c += LANES) {
		const s16 *w = a->w + c / NEURAL_S8_PANEL * panel +
			       2 * neural_s8_depthwise_place(c);
		s8 *out = a->out;

		for (l = 0; l < a->lines; l++) {
			const s8 *x = a->x + l * a->x_line;

			for (p = 0; p < a->results; p++) {
				neural_depthwise_result(a, out, x, w, c);
				x += a->x_step;
				out += a->out_step;
			}
		}
	}
}
