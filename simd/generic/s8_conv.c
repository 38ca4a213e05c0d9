// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

#define LANES	4

/* The bytes at which the next group of the same outputs starts. */
#define GROUP_BYTES	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)

static u32 neural_conv_group(const u8 *x, const s8 *w)
{
	return x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
}

/* Sums of four outputs over one window; @sum has the bias. */
static void neural_conv_sums(const struct neural_s8_conv_args *a, const u8 *x, const s8 *w,
			     u32 sum[LANES])
{
	u32 s0 = sum[0];
	u32 s1 = sum[1];
	u32 s2 = sum[2];
	u32 s3 = sum[3];
	u32 s, g;

	for (s = 0; s < a->segments; s++, x += a->x_segment) {
		for (g = 0; g < a->groups; g++, w += GROUP_BYTES) {
			const u8 *at = x + g * NEURAL_S8_GROUP;

			s0 += neural_conv_group(at, w);
			s1 += neural_conv_group(at, w + NEURAL_S8_GROUP);
			s2 += neural_conv_group(at, w + 2 * NEURAL_S8_GROUP);
			s3 += neural_conv_group(at, w + 3 * NEURAL_S8_GROUP);
		}
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

static void neural_conv_result(const struct neural_s8_conv_args *a, const s8 *w, u32 j,
			       const u8 *x, s8 *out)
{
	const u32 n = min_t(u32, a->n - j, LANES);
	u32 sum[LANES], c;

	for (c = 0; c < LANES; c++)
		sum[c] = a->bias[j + c];
	neural_conv_sums(a, x, w, sum);
	for (c = 0; c < n; c++)
		out[c] = neural_requantize_s8(neural_mbqm(sum[c], a->multiplier[j + c],
							  a->shift[j + c]),
					      a->zero_point, a->min, a->max);
}

void neural_s8_conv__generic(const struct neural_s8_conv_args *a)
{
	const size_t panel = (size_t)a->segments * a->groups * GROUP_BYTES;
	u32 j, l, p;

	for (j = 0; j < a->n; j += LANES) {
		const s8 *w = a->w + j / NEURAL_S8_PANEL * panel +
			      j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;
		s8 *out = a->out + j;

		for (l = 0; l < a->lines; l++)
			for (p = 0; p < a->results; p++, out += a->out_step)
				neural_conv_result(a, w, j,
						   a->x + l * a->x_line + p * a->x_step, out);
	}
}
