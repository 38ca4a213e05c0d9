// SPDX-License-Identifier: GPL-2.0-only
/* Dense layers in fixed point other than Q16.16: exact sums, and nothing else. */
#include "../kernels.h"

#define LANES	4

static_assert(NEURAL_Q16_PANEL % LANES == 0, "a panel is whole groups");

static void neural_fx_store(s64 *out, u32 n, s64 s0, s64 s1, s64 s2, s64 s3)
{
	out[0] = s0;
	if (n > 1)
		out[1] = s1;
	if (n > 2)
		out[2] = s2;
	if (n > 3)
		out[3] = s3;
}

/* The input without a partner meets a weight of zero, whatever it is. */
static void neural_fx_dense16_group(const s16 *x, const s16 *w, u32 pairs,
				    const s64 *bias, s64 *out, u32 n)
{
	s64 s0 = bias[0];
	s64 s1 = bias[1];
	s64 s2 = bias[2];
	s64 s3 = bias[3];
	u32 p;

	for (p = 0; p < pairs; p++, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const s64 even = x[0];
		const s64 odd = x[1];

		s0 += even * w[0] + odd * w[1];
		s1 += even * w[2] + odd * w[3];
		s2 += even * w[4] + odd * w[5];
		s3 += even * w[6] + odd * w[7];
	}
	neural_fx_store(out, n, s0, s1, s2, s3);
}

void neural_fx_dense16__generic(const struct neural_fx_dense16_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const size_t lane = j % NEURAL_Q16_PANEL;
		const s16 *w = a->w + (panel * a->pairs * NEURAL_Q16_PANEL + lane) * 2;

		for (r = 0; r < a->rows; r++)
			neural_fx_dense16_group(a->x + (size_t)r * a->x_stride, w, a->pairs,
						a->bias + j,
						a->out + (size_t)r * a->out_stride + j,
						a->n - j);
	}
}

static void neural_fx_dense64_group(const s64 *x, const s32 *w, u32 k, const s64 *bias,
				    s64 *out, u32 n)
{
	s64 s0 = bias[0];
	s64 s1 = bias[1];
	s64 s2 = bias[2];
	s64 s3 = bias[3];
	u32 i;

	for (i = 0; i < k; i++, w += NEURAL_Q16_PANEL) {
		const s64 v = x[i];

		s0 += v * w[0];
		s1 += v * w[1];
		s2 += v * w[2];
		s3 += v * w[3];
	}
	neural_fx_store(out, n, s0, s1, s2, s3);
}

void neural_fx_dense64__generic(const struct neural_fx_dense64_args *a)
{
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const s32 *w = a->w + panel * a->k * NEURAL_Q16_PANEL + j % NEURAL_Q16_PANEL;

		for (r = 0; r < a->rows; r++)
			neural_fx_dense64_group(a->x + (size_t)r * a->x_stride, w, a->k,
						a->bias + j,
						a->out + (size_t)r * a->out_stride + j,
						a->n - j);
	}
}
