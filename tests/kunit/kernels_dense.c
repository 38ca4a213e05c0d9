// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dense families, every kernel of the table on the same layers: vector ones
 * against the generic one, that one against the definition.
 */
#include <linux/string.h>
#include "../reference/arith.h"
#include "dense.h"
#include "suites.h"

static void dense_run(struct dense_test *t, const struct neural_kernel *kernel, s32 *out)
{
	t->args.out = out;
	kernels_call(kernel, &t->args);
}

static void dense_expect(struct dense_test *t, const struct dense_layer *l)
{
	s32 w[64];
	u32 i, j, r;

	if (t->kernel->level != NEURAL_SIMD_generic || l->k > ARRAY_SIZE(w)) {
		dense_run(t, kernels_generic(t->kernel), t->expect);
		return;
	}
	for (j = 0; j < l->n; j++) {
		for (i = 0; i < l->k; i++)
			w[i] = dense_weight(t, l, j, i);
		for (r = 0; r < l->rows; r++)
			t->expect[r * l->out_stride + j] =
				reference_dense(w, t->b[j], t->x + r * l->k, l->k);
	}
}

static void dense_check_layer(struct dense_test *t, const struct dense_layer *l)
{
	const size_t words = (l->rows - 1) * l->out_stride + l->n;
	const size_t bytes = words * sizeof(s32);
	enum fence_side side;
	s32 *out;

	KUNIT_ASSERT_LE(t->test, l->k * max(l->n, l->rows), DENSE_POOL);
	KUNIT_ASSERT_LE(t->test, words, DENSE_OUTPUTS);
	for (side = 0; side < FENCE_SIDES; side++) {
		dense_place(t, l, side);
		/* Between two rows of results nothing is written either. */
		memset32((u32 *)t->expect, FENCE_PATTERN, words);
		dense_expect(t, l);
		out = fence_place(&t->fout, side, bytes, 4);
		memset32((u32 *)out, FENCE_PATTERN, words);
		dense_run(t, t->kernel, out);
		KUNIT_ASSERT_TRUE_MSG(t->test, !memcmp(out, t->expect, bytes) &&
				      fence_intact(&t->fout),
				      "k %u n %u rows %u strides %u %u chunk %u side %d",
				      l->k, l->n, l->rows, l->x_stride, l->out_stride,
				      l->chunk, side);
	}
}

static void dense_check(struct dense_test *t, u32 k, u32 n, u32 rows, u32 gap)
{
	const u32 turn = 7 * k + 3 * n + rows;
	struct dense_layer l = {
		.k = k, .n = n, .rows = rows, .x_stride = k + gap % 3, .out_stride = n + gap,
		/* From sums that mostly saturate to sums that never do. */
		.shift = 8 + turn % 13,
	};

	if (t->kernel->family == NEURAL_FAMILY_q16_dense16) {
		l.chunk = 1 << turn % 6;
		/* Two weights to the pair: a chunk of them is just below 65536. */
		l.shift = 16 + turn % 6;
	}
	dense_check_layer(t, &l);
}

static void dense_every_length(struct kunit *test)
{
	struct dense_test *t = dense_begin(test);
	u32 i;

	for (i = 1; i <= KERNELS_LONGEST; i++) {
		dense_check(t, i, 1, 1, 0);
		dense_check(t, i, 17, 1, 0);
		dense_check(t, 1 + i % 4, i, 1, 0);
		dense_check(t, 16, i, 1, 0);
		cond_resched();
	}
}

/* Panels of 16, unrolled by rows and outputs in ways that differ by level. */
static void dense_tile_edges(struct kunit *test)
{
	static const u32 ks[] = { 1, 2, 3, 9, 33 };
	static const u32 ns[] = {
		1, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 49, 63, 64, 65, 80,
	};
	struct dense_test *t = dense_begin(test);
	u32 i, n, rows;

	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		for (n = 0; n < ARRAY_SIZE(ns); n++) {
			for (rows = 1; rows <= 9; rows++)
				dense_check(t, ks[i], ns[n], rows, (i + n + rows) % 20);
			cond_resched();
		}
	}
}

static bool dense_wanted(enum neural_kernel_family family)
{
	return family == NEURAL_FAMILY_q16_dense || family == NEURAL_FAMILY_q16_dense16 ||
	       family == NEURAL_FAMILY_q16_dot;
}

static const void *dense_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, dense_wanted);
}

static struct kunit_case dense_cases[] = {
	KUNIT_CASE_PARAM(dense_every_length, dense_next),
	KUNIT_CASE_PARAM(dense_tile_edges, dense_next),
	{ }
};

struct kunit_suite neural_kernels_dense_suite = {
	.name = "neural_kernels_dense",
	.test_cases = dense_cases,
};
