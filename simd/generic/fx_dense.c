// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dense layers in fixed point other than Q16.16.  Sums are of u64, which may wrap: the
 * whole of one does not.
 */
#include "../fx_end.h"

#define LANES	4

static_assert(NEURAL_Q16_PANEL % LANES == 0, "a panel is whole groups");

/* @n results to @out, which is result @at. */
static void neural_fx_store(void *out, size_t at, u32 n, const u64 sum[LANES],
			    const struct neural_fx_end *end)
{
	u32 i;

	for (i = 0; i < min_t(u32, n, LANES); i++)
		neural_fx_put(out, at + i, sum[i], end);
}

/* An input put together from its digits, but for what the bias makes up for. */
static __always_inline u64 neural_fx_input(const s16 *x, u32 digits, u32 plane)
{
	u64 v = x[0];
	u32 d;

	for (d = 1; d < digits; d++)
		v += (u64)x[(size_t)d * plane] << (16 * d);
	return v;
}

/* @digits is a constant.  The input without a partner meets a weight of zero. */
static __always_inline void neural_fx_dense16_group(const struct neural_fx_dense16_args *a,
						    const s16 *x, const s16 *w,
						    const u32 digits, u64 sum[LANES])
{
	u64 s0 = sum[0], s1 = sum[1], s2 = sum[2], s3 = sum[3];
	u32 p;

	for (p = 0; p < a->pairs; p++, x += 2, w += 2 * NEURAL_Q16_PANEL) {
		const u64 even = neural_fx_input(x, digits, a->plane);
		const u64 odd = neural_fx_input(x + 1, digits, a->plane);

		s0 += even * w[0] + odd * w[1];
		s1 += even * w[2] + odd * w[3];
		s2 += even * w[4] + odd * w[5];
		s3 += even * w[6] + odd * w[7];
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

void neural_fx_dense16__generic(const struct neural_fx_dense16_args *a)
{
	u64 sum[LANES];
	u32 i, j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const size_t lane = j % NEURAL_Q16_PANEL;
		const s16 *w = a->w + (panel * a->pairs * NEURAL_Q16_PANEL + lane) * 2;

		for (r = 0; r < a->rows; r++) {
			const s16 *x = a->x + (size_t)r * a->x_stride;

			for (i = 0; i < LANES; i++)
				sum[i] = a->small ? ((const s32 *)a->bias)[j + i] :
						    ((const s64 *)a->bias)[j + i];
			if (a->digits == 1)
				neural_fx_dense16_group(a, x, w, 1, sum);
			else if (a->digits == 2)
				neural_fx_dense16_group(a, x, w, 2, sum);
			else
				neural_fx_dense16_group(a, x, w, 3, sum);
			neural_fx_store(a->out, (size_t)r * a->out_stride + j, a->n - j, sum,
					&a->end);
		}
	}
}

static void neural_fx_dense64_group(const s64 *x, const s32 *w, u32 k, u64 sum[LANES])
{
	u64 s0 = sum[0], s1 = sum[1], s2 = sum[2], s3 = sum[3];
	u32 i;

	for (i = 0; i < k; i++, w += NEURAL_Q16_PANEL) {
		const u64 v = x[i];

		s0 += v * w[0];
		s1 += v * w[1];
		s2 += v * w[2];
		s3 += v * w[3];
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

void neural_fx_dense64__generic(const struct neural_fx_dense64_args *a)
{
	u64 sum[LANES];
	u32 j, r;

	for (j = 0; j < a->n; j += LANES) {
		const size_t panel = j / NEURAL_Q16_PANEL;
		const s32 *w = a->w + panel * a->k * NEURAL_Q16_PANEL + j % NEURAL_Q16_PANEL;

		for (r = 0; r < a->rows; r++) {
			memcpy(sum, a->bias + j, sizeof(sum));
			neural_fx_dense64_group(a->x + (size_t)r * a->x_stride, w, a->k, sum);
			neural_fx_store(a->out, (size_t)r * a->out_stride + j, a->n - j, sum,
					&a->end);
		}
	}
}
