// SPDX-License-Identifier: GPL-2.0-only
/* Few outputs in fixed point, two of them at a time. */
#include "../fx_end.h"

static void neural_fx_dot_pair32(const s32 *x, const s32 *w, u32 k, u64 sum[2])
{
	u64 s0 = sum[0], s1 = sum[1];
	u32 i;

	for (i = 0; i < k; i++, w += 2) {
		s0 += (s64)x[i] * w[0];
		s1 += (s64)x[i] * w[1];
	}
	sum[0] = s0;
	sum[1] = s1;
}

static void neural_fx_dot_pair64(const s64 *x, const s32 *w, u32 k, u64 sum[2])
{
	u64 s0 = sum[0], s1 = sum[1];
	u32 i;

	for (i = 0; i < k; i++, w += 2) {
		s0 += (u64)x[i] * w[0];
		s1 += (u64)x[i] * w[1];
	}
	sum[0] = s0;
	sum[1] = s1;
}

void neural_fx_dot__generic(const struct neural_fx_dot_args *a)
{
	u32 j, r;

	for (r = 0; r < a->rows; r++) {
		const void *x = a->x + (size_t)r * a->x_stride * a->x_bytes;
		const size_t at = (size_t)r * a->out_stride;

		for (j = 0; j < a->n; j += 2) {
			const s32 *w = a->w + (size_t)j * a->k;
			const bool two = a->n - j > 1;
			u64 sum[2] = { a->bias[j], two ? a->bias[j + 1] : 0 };

			if (a->x_bytes == sizeof(s32))
				neural_fx_dot_pair32(x, w, a->k, sum);
			else
				neural_fx_dot_pair64(x, w, a->k, sum);
			neural_fx_put(a->out, at + j, sum[0], &a->end);
			if (two)
				neural_fx_put(a->out, at + j + 1, sum[1], &a->end);
		}
	}
}
