// SPDX-License-Identifier: GPL-2.0-only
#include "../kernels.h"
#include "../../src/s8.h"

/* Inputs whose weights lie in four bytes, and the bytes of those of a panel. */
#define PAIR		(2 * NEURAL_S8_GROUP)
#define PAIR_BYTES	(NEURAL_S8_PANEL * NEURAL_S8_GROUP)

static s32 neural_gemm_low(s8 byte)
{
	return (s8)((u8)byte << 4) >> 4;
}

static s32 neural_gemm_high(s8 byte)
{
	return byte >> 4;
}

/* Modulo 2^32. */
static u32 neural_gemm_sum(const s8 *x, const s8 *w, u32 k)
{
	u32 i, sum = 0;

	for (; k >= PAIR; k -= PAIR, x += PAIR, w += PAIR_BYTES)
		for (i = 0; i < NEURAL_S8_GROUP; i++)
			sum += x[i] * neural_gemm_low(w[i]) +
			       x[NEURAL_S8_GROUP + i] * neural_gemm_high(w[i]);
	for (i = 0; i < k; i++)
		sum += x[i] * (i < NEURAL_S8_GROUP ?
			       neural_gemm_low(w[i]) :
			       neural_gemm_high(w[i - NEURAL_S8_GROUP]));
	return sum;
}

void neural_s8s4_gemm__generic(const struct neural_s8_gemm_args *a)
{
	const size_t panel = (size_t)DIV_ROUND_UP(a->k, PAIR) * PAIR_BYTES;
	u32 j, r;

	for (j = 0; j < a->n; j++) {
		const s8 *w = a->w + j / NEURAL_S8_PANEL * panel +
			      j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;

		for (r = 0; r < a->rows; r++) {
			const u32 bias = (u32)a->bias[j] + (a->row_bias ? a->row_bias[r] : 0);
			const s32 sum = bias + neural_gemm_sum(a->x + r * a->x_stride, w, a->k);

			a->out[r * a->out_stride + j] =
				neural_requantize_s8(neural_mbqm(sum, a->multiplier[j],
								 a->shift[j]),
						     a->zero_point, a->min, a->max);
		}
	}
}
