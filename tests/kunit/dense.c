// SPDX-License-Identifier: GPL-2.0-only
/* Packing as simd/kernels.h describes it, and not as src/plan/pack.c does it. */
#include "../reference/arith.h"
#include "dense.h"

struct dense_test *dense_begin(struct kunit *test)
{
	struct dense_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u64 seed = 5;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	for (i = 0; i < DENSE_POOL; i++) {
		t->w[i] = reference_any(&seed);
		t->x[i] = reference_any(&seed);
	}
	for (i = 0; i < ARRAY_SIZE(t->b); i++)
		t->b[i] = reference_any(&seed);
	fence_init(test, &t->fx, DENSE_POOL * sizeof(s32));
	fence_init(test, &t->flo, DENSE_POOL * sizeof(s32));
	/* The last panel is padded. */
	fence_init(test, &t->fw, 2 * DENSE_POOL * sizeof(s32));
	fence_init(test, &t->fbias, DENSE_OUTPUTS * sizeof(s64));
	fence_init(test, &t->fwsum, DENSE_OUTPUTS * sizeof(s64));
	fence_init(test, &t->fout, DENSE_OUTPUTS * sizeof(s32));
	t->fx.slack = fence_slack();
	t->flo.slack = fence_slack();
	t->fw.slack = fence_slack();
	t->fbias.slack = fence_slack();
	t->fwsum.slack = fence_slack();
	return t;
}

s32 dense_weight(const struct dense_test *t, const struct dense_layer *l, u32 j, u32 i)
{
	const s32 most = (1U << (31 - l->shift)) - 1;

	return max(t->w[j * l->k + i] >> l->shift, -most);
}

/* Bias and sum of weights of each output, zeros up to @padded. */
static void dense_place_sums(struct dense_test *t, const struct dense_layer *l,
			     enum fence_side side, u32 padded, bool digits)
{
	const size_t bytes = padded * sizeof(s64), align = padded == l->n ? 8 : 64;
	s64 *bias = memset(fence_place(&t->fbias, side, bytes, align), 0, bytes);
	s64 *wsum = memset(fence_place(&t->fwsum, side, bytes, align), 0, bytes);
	u32 i, j;

	for (j = 0; j < l->n; j++) {
		for (i = 0; i < l->k; i++)
			wsum[j] += dense_weight(t, l, j, i);
		bias[j] = (s64)t->b[j] * 65536 + 32768 + (digits ? wsum[j] * 32768 : 0);
	}
}

static const s32 *dense_place_x(struct dense_test *t, const struct dense_layer *l,
				enum fence_side side)
{
	const size_t words = (l->rows - 1) * l->x_stride + l->k;
	s32 *x = fence_place(&t->fx, side, words * sizeof(s32), 4);
	u32 r;

	for (r = 0; r < l->rows; r++)
		memcpy(x + r * l->x_stride, t->x + r * l->k, l->k * sizeof(s32));
	return x;
}

static void dense_place_wide(struct dense_test *t, const struct dense_layer *l,
			     enum fence_side side)
{
	const u32 padded = ALIGN(l->n, NEURAL_Q16_PANEL);
	const size_t bytes = (size_t)padded * l->k * sizeof(s32);
	s32 *w = fence_place(&t->fw, side, bytes, 64);
	u32 i, j;

	memset(w, 0, bytes);
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[((j / 16) * l->k + i) * 16 + j % 16] = dense_weight(t, l, j, i);
	dense_place_sums(t, l, side, padded, false);
	t->args.dense = (struct neural_q16_dense_args){
		.x = dense_place_x(t, l, side), .w = w, .bias = (s64 *)t->fbias.data,
		.wsum = (s64 *)t->fwsum.data, .k = l->k, .n = l->n, .rows = l->rows,
		.x_stride = l->x_stride, .out_stride = l->out_stride,
	};
}

static void dense_place_digits(struct dense_test *t, const struct dense_layer *l,
			       enum fence_side side)
{
	const u32 stride = ALIGN(l->x_stride, 2), pairs = DIV_ROUND_UP(l->k, 2);
	const size_t bytes = ((l->rows - 1) * stride + 2 * pairs) * sizeof(s16);
	s16 *hi = memset(fence_place(&t->fx, side, bytes, 4), 0, bytes);
	s16 *lo = memset(fence_place(&t->flo, side, bytes, 4), 0, bytes);
	u32 i, r;

	for (r = 0; r < l->rows; r++) {
		for (i = 0; i < l->k; i++) {
			const s32 x = t->x[r * l->k + i];

			hi[r * stride + i] = reference_floor(x, 16);
			lo[r * stride + i] = (x & 0xffff) - 0x8000;
		}
	}
	t->args.dense16.hi = hi;
	t->args.dense16.lo = lo;
	t->args.dense16.x_stride = stride;
	t->args.dense16.pairs = pairs;
}

static void dense_place_narrow(struct dense_test *t, const struct dense_layer *l,
			       enum fence_side side)
{
	const u32 padded = ALIGN(l->n, NEURAL_Q16_PANEL), pairs = DIV_ROUND_UP(l->k, 2);
	const size_t bytes = (size_t)padded * pairs * 2 * sizeof(s16);
	s16 *w = fence_place(&t->fw, side, bytes, 64);
	u32 i, j;

	memset(w, 0, bytes);
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[(((j / 16) * pairs + i / 2) * 16 + j % 16) * 2 + i % 2] =
				dense_weight(t, l, j, i);
	dense_place_sums(t, l, side, padded, true);
	t->args.dense16 = (struct neural_q16_dense16_args){
		.w = w, .bias = (s64 *)t->fbias.data, .chunk = l->chunk, .n = l->n,
		.rows = l->rows, .out_stride = l->out_stride,
	};
	dense_place_digits(t, l, side);
}

static void dense_place_dot(struct dense_test *t, const struct dense_layer *l,
			    enum fence_side side)
{
	s32 *w = fence_place(&t->fw, side, l->n * l->k * sizeof(s32), 4);
	u32 i, j;

	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[j * l->k + i] = dense_weight(t, l, j, i);
	dense_place_sums(t, l, side, l->n, false);
	t->args.dot = (struct neural_q16_dot_args){
		.x = dense_place_x(t, l, side), .w = w, .bias = (s64 *)t->fbias.data,
		.k = l->k, .n = l->n, .rows = l->rows, .x_stride = l->x_stride,
		.out_stride = l->out_stride,
	};
}

void dense_place(struct dense_test *t, const struct dense_layer *l, enum fence_side side)
{
	static_assert(!offsetof(struct neural_q16_dense_args, out));
	static_assert(!offsetof(struct neural_q16_dense16_args, out));
	static_assert(!offsetof(struct neural_q16_dot_args, out));

	switch (t->kernel->family) {
	case NEURAL_FAMILY_q16_dense:
		dense_place_wide(t, l, side);
		break;
	case NEURAL_FAMILY_q16_dense16:
		dense_place_narrow(t, l, side);
		break;
	default:
		dense_place_dot(t, l, side);
		break;
	}
}
