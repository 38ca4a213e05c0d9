// SPDX-License-Identifier: GPL-2.0-only
/* The dense families that make exact sums, every kernel against the definition. */
#include "../reference/arith.h"
#include "fence.h"
#include "kernels.h"
#include "suites.h"

#define FIXED_POOL	8192
#define FIXED_OUTPUTS	2048

/* Magnitudes for which 300 products and a bias fit s64, and a chunk of them s32. */
#define FIXED_X16	(1 << 13)
#define FIXED_W16	(1 << 11)
#define FIXED_X64	(1LL << 39)

struct fixed_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	s64 x[FIXED_POOL];
	s32 w[FIXED_POOL];
	s64 b[KERNELS_LONGEST + 1];
	s64 expect[FIXED_OUTPUTS];
	struct fence fx, fw, fbias, fout;
	union {
		void *out;
		struct neural_fx_dense16_args narrow;
		struct neural_fx_dense64_args wide;
		struct neural_fx_dot_args dot;
		struct neural_fx_split_args split;
	} args;
};

struct fixed_layer {
	u32 k, n, rows, gap;
};

/* Sums as they are. */
static const struct neural_fx_end fixed_sums = {
	.lo = S64_MIN, .hi = S64_MAX, .bytes = sizeof(s64),
};

static struct fixed_test *fixed_begin(struct kunit *test)
{
	struct fixed_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u64 seed = 8;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	for (i = 0; i < FIXED_POOL; i++) {
		if (t->kernel->family == NEURAL_FAMILY_fx_dense16) {
			t->x[i] = reference_between(&seed, -FIXED_X16, FIXED_X16);
			t->w[i] = reference_between(&seed, -FIXED_W16, FIXED_W16);
		} else {
			t->x[i] = reference_any(&seed) * (FIXED_X64 >> 31);
			t->w[i] = reference_between(&seed, -(1 << 15), 1 << 15);
		}
	}
	for (i = 0; i < ARRAY_SIZE(t->b); i++)
		t->b[i] = reference_any(&seed) * (1LL << 30);
	fence_init(test, &t->fx, FIXED_POOL * sizeof(s64));
	/* The last panel is padded. */
	fence_init(test, &t->fw, 2 * FIXED_POOL * sizeof(s32));
	fence_init(test, &t->fbias, FIXED_OUTPUTS * sizeof(s64));
	fence_init(test, &t->fout, FIXED_OUTPUTS * sizeof(s64));
	t->fx.slack = fence_slack();
	t->fw.slack = fence_slack();
	t->fbias.slack = fence_slack();
	return t;
}

static void fixed_place_narrow(struct fixed_test *t, const struct fixed_layer *l,
			       enum fence_side side)
{
	const u32 pairs = DIV_ROUND_UP(l->k, 2), stride = ALIGN(l->k + l->gap % 3, 2);
	const size_t words = (size_t)ALIGN(l->n, NEURAL_Q16_PANEL) * pairs * 2;
	const size_t inputs = (l->rows - 1) * stride + 2 * pairs;
	s16 *w = memset(fence_place(&t->fw, side, words * 2, 64), 0, words * 2);
	s16 *x = fence_place(&t->fx, side, inputs * 2, 4);
	u32 i, j, r;

	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[(((j / 16) * pairs + i / 2) * 16 + j % 16) * 2 + i % 2] =
				t->w[j * l->k + i];
	for (r = 0; r < l->rows; r++)
		for (i = 0; i < l->k; i++)
			x[r * stride + i] = t->x[r * l->k + i];
	t->args.narrow = (struct neural_fx_dense16_args){
		.x = x, .w = w, .bias = (s64 *)t->fbias.data, .pairs = pairs,
		.chunk = S32_MAX / (2 * FIXED_X16 * FIXED_W16), .n = l->n, .rows = l->rows,
		.digits = 1, .x_stride = stride, .out_stride = l->n + l->gap,
		.end = fixed_sums,
	};
}

static void fixed_place_wide(struct fixed_test *t, const struct fixed_layer *l,
			     enum fence_side side)
{
	const u32 stride = l->k + l->gap % 3;
	const size_t words = (size_t)ALIGN(l->n, NEURAL_Q16_PANEL) * l->k;
	s32 *w = memset(fence_place(&t->fw, side, words * 4, 64), 0, words * 4);
	s64 *x = fence_place(&t->fx, side, ((l->rows - 1) * stride + l->k) * 8, 8);
	u32 i, j, r;

	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[((j / 16) * l->k + i) * 16 + j % 16] = t->w[j * l->k + i];
	for (r = 0; r < l->rows; r++)
		memcpy(x + r * stride, t->x + r * l->k, l->k * 8);
	t->args.wide = (struct neural_fx_dense64_args){
		.x = x, .w = w, .bias = (s64 *)t->fbias.data, .k = l->k, .n = l->n,
		.rows = l->rows, .x_stride = stride, .out_stride = l->n + l->gap,
		.end = fixed_sums,
	};
}

static void fixed_place_dot(struct fixed_test *t, const struct fixed_layer *l,
			    enum fence_side side)
{
	const u32 stride = l->k + l->gap % 3;
	const size_t words = (size_t)ALIGN(l->n, 2) * l->k;
	s32 *w = memset(fence_place(&t->fw, side, words * 4, 8), 0, words * 4);
	s64 *x = fence_place(&t->fx, side, ((l->rows - 1) * stride + l->k) * 8, 8);
	u32 i, j, r;

	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			w[(j / 2 * l->k + i) * 2 + j % 2] = t->w[j * l->k + i];
	for (r = 0; r < l->rows; r++)
		memcpy(x + r * stride, t->x + r * l->k, l->k * 8);
	t->args.dot = (struct neural_fx_dot_args){
		.x = x, .w = w, .bias = (s64 *)t->fbias.data, .k = l->k, .n = l->n,
		.rows = l->rows, .x_stride = stride, .out_stride = l->n + l->gap,
		.x_bytes = sizeof(s64), .end = fixed_sums,
	};
}

static void fixed_expect(struct fixed_test *t, const struct fixed_layer *l)
{
	u32 i, j, r;

	for (r = 0; r < l->rows; r++) {
		for (j = 0; j < l->n; j++) {
			s64 sum = t->b[j];

			for (i = 0; i < l->k; i++)
				sum += t->x[r * l->k + i] * t->w[j * l->k + i];
			t->expect[r * (l->n + l->gap) + j] = sum;
		}
	}
}

static void fixed_check(struct fixed_test *t, u32 k, u32 n, u32 rows, u32 gap)
{
	const struct fixed_layer l = { .k = k, .n = n, .rows = rows, .gap = gap };
	const size_t bytes = ((rows - 1) * (n + gap) + n) * sizeof(s64);
	const size_t padded = ALIGN(n, NEURAL_Q16_PANEL) * sizeof(s64);
	enum fence_side side;
	s64 *out;

	KUNIT_ASSERT_LE(t->test, k * max(n, rows), FIXED_POOL);
	KUNIT_ASSERT_LE(t->test, bytes, sizeof(t->expect));
	for (side = 0; side < FENCE_SIDES; side++) {
		memset(fence_place(&t->fbias, side, padded, 64), 0, padded);
		memcpy(t->fbias.data, t->b, n * sizeof(s64));
		if (t->kernel->family == NEURAL_FAMILY_fx_dense16)
			fixed_place_narrow(t, &l, side);
		else if (t->kernel->family == NEURAL_FAMILY_fx_dot)
			fixed_place_dot(t, &l, side);
		else
			fixed_place_wide(t, &l, side);
		/* Between two rows of results nothing is written either. */
		memset32((u32 *)t->expect, FENCE_PATTERN, bytes / 4);
		fixed_expect(t, &l);
		out = fence_place(&t->fout, side, bytes, 8);
		memset32((u32 *)out, FENCE_PATTERN, bytes / 4);
		t->args.out = out;
		kernels_call(t->kernel, &t->args);
		KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(out, t->expect, bytes) &&
				      fence_intact(&t->fout),
				      "k %u n %u rows %u gap %u side %d", k, n, rows, gap, side);
	}
}

static void fixed_every_length(struct kunit *test)
{
	struct fixed_test *t = fixed_begin(test);
	u32 i;

	static_assert(!offsetof(struct neural_fx_dense16_args, out));
	static_assert(!offsetof(struct neural_fx_dense64_args, out));
	static_assert(!offsetof(struct neural_fx_dot_args, out));
	for (i = 1; i <= KERNELS_LONGEST; i++) {
		fixed_check(t, i, 1, 1, 0);
		fixed_check(t, i, 17, 1, 0);
		fixed_check(t, 1 + i % 4, i, 1, 0);
		cond_resched();
	}
}

static void fixed_tile_edges(struct kunit *test)
{
	static const u32 ks[] = { 1, 2, 3, 9, 33 };
	static const u32 ns[] = { 1, 4, 5, 8, 15, 16, 17, 31, 32, 33, 48, 49, 64, 65 };
	struct fixed_test *t = fixed_begin(test);
	u32 i, n, rows;

	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		for (n = 0; n < ARRAY_SIZE(ns); n++) {
			for (rows = 1; rows <= 9; rows++)
				fixed_check(t, ks[i], ns[n], rows, (i + n + rows) % 20);
			cond_resched();
		}
	}
}

static bool fixed_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_fx_dense16 || family == NEURAL_FAMILY_fx_dense64 ||
	       family == NEURAL_FAMILY_fx_dot;
}

static const void *fixed_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, fixed_wanted);
}

/* Inputs of @n, put together again. */
static void fixed_check_split(struct fixed_test *t, u32 n, u32 digits, enum fence_side side)
{
	const u32 plane = ALIGN(n, 2);
	const size_t bytes = digits * plane * sizeof(s16);
	s16 *y = fence_place(&t->fout, side, bytes, 2);
	s64 *x = fence_place(&t->fx, side, n * sizeof(s64), 8);
	u32 d, i;

	for (i = 0; i < n; i++)
		x[i] = t->x[i] >> (48 - 16 * digits);
	t->args.split = (struct neural_fx_split_args){
		.y = y, .x = x, .n = n, .x_bytes = sizeof(s64), .digits = digits,
		.plane = plane,
	};
	kernels_call(t->kernel, &t->args);
	KUNIT_ASSERT_TRUE(t->test, fence_intact(&t->fout));
	for (i = 0; i < n; i++) {
		s64 v = 0;

		for (d = 0; d < digits; d++)
			v += (y[d * plane + i] + (d + 1 < digits ? 0x8000LL : 0)) *
			     (1LL << (16 * d));
		KUNIT_ASSERT_EQ_MSG(t->test, v, x[i], "n %u digits %u", n, digits);
	}
}

static void fixed_split(struct kunit *test)
{
	struct fixed_test *t = fixed_begin(test);
	u32 digits, n;

	for (n = 1; n <= KERNELS_LONGEST; n++) {
		for (digits = 1; digits <= NEURAL_FX_DIGITS; digits++)
			fixed_check_split(t, n, digits, n % FENCE_SIDES);
		cond_resched();
	}
}

static bool fixed_split_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_fx_split;
}

static const void *fixed_split_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, fixed_split_wanted);
}

static struct kunit_case fixed_cases[] = {
	KUNIT_CASE_PARAM(fixed_every_length, fixed_next),
	KUNIT_CASE_PARAM(fixed_tile_edges, fixed_next),
	KUNIT_CASE_PARAM(fixed_split, fixed_split_next),
	{ }
};

struct kunit_suite neural_kernels_fixed_suite = {
	.name = "neural_kernels_fixed",
	.test_cases = fixed_cases,
};
