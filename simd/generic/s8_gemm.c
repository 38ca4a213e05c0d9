// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

#define LANES	4

static_assert(NEURAL_S8_PANEL % LANES == 0, "a panel is whole quarters");

/* The bytes at which the next group of the same outputs starts. */
#define GROUP_BYTES	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)

static u32 neural_gemm_group(const s8 *x, const s8 *w)
{
	return x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
}

/* Sums of four outputs over one row; @sum has the bias. */
static void neural_gemm_sums(const s8 *x, const s8 *w, u32 k, u32 sum[LANES])
{
	u32 s0 = sum[0];
	u32 s1 = sum[1];
	u32 s2 = sum[2];
	u32 s3 = sum[3];
	u32 i;

	for (; k >= NEURAL_S8_GROUP; k -= NEURAL_S8_GROUP) {
		s0 += neural_gemm_group(x, w);
		s1 += neural_gemm_group(x, w + NEURAL_S8_GROUP);
		s2 += neural_gemm_group(x, w + 2 * NEURAL_S8_GROUP);
		s3 += neural_gemm_group(x, w + 3 * NEURAL_S8_GROUP);
		x += NEURAL_S8_GROUP;
		w += GROUP_BYTES;
	}
	for (i = 0; i < k; i++) {
		s0 += x[i] * w[i];
		s1 += x[i] * w[NEURAL_S8_GROUP + i];
		s2 += x[i] * w[2 * NEURAL_S8_GROUP + i];
		s3 += x[i] * w[3 * NEURAL_S8_GROUP + i];
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

static void neural_gemm_row(const struct neural_s8_gemm_args *a, const s8 *w, u32 j, u32 r)
{
	const u32 row_bias = a->row_bias ? a->row_bias[r] : 0;
	const u32 n = min_t(u32, a->n - j, LANES);
	s8 *out = a->out + r * a->out_stride + j;
	u32 sum[LANES], c;

	for (c = 0; c < LANES; c++)
		sum[c] = a->bias[j + c] + row_bias;
	neural_gemm_sums(a->x + r * a->x_stride, w, a->k, sum);
	for (c = 0; c < n; c++)
		out[c] = neural_requantize_s8(neural_mbqm(sum[c], a->multiplier[j + c],
							  a->shift[j + c]),
					      a->zero_point, a->min, a->max);
}

void neural_s8_gemm__generic(const struct neural_s8_gemm_args *a)
{
	const size_t panel = (size_t)DIV_ROUND_UP(a->k, NEURAL_S8_GROUP) * GROUP_BYTES;
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const s8 *w = a->w + j / NEURAL_S8_PANEL * panel +
			      j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;

		for (r = 0; r < a->rows; r++)
			neural_gemm_row(a, w, j, r);
	}
}
