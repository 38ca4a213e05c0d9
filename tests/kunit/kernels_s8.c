// SPDX-License-Identifier: GPL-2.0-only
/* The S8 families, every kernel of the table against what its contract says. */
#include <linux/string.h>
#include "../reference/s8_kernels.h"
#include "fence.h"
#include "kernels.h"
#include "suites.h"

#define S8_BYTES	(512 * 1024)	/* for the largest buffer of any case */

struct s8_test {
	struct kunit *test;
	const struct neural_kernel *kernel;
	struct s8_placer placer;
	enum fence_side side;
	struct fence fence[S8_BUFFERS];
	union s8_args args;
	s32 expect[S8_MOST_RESULTS];
};

static void *s8_place(struct s8_placer *placer, enum s8_buffer which, size_t bytes,
		      size_t align)
{
	struct s8_test *t = container_of(placer, struct s8_test, placer);

	return fence_place(&t->fence[which], t->side, bytes, align);
}

static struct s8_test *s8_begin(struct kunit *test)
{
	struct s8_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	t->kernel = test->param_value;
	t->placer.place = s8_place;
	for (i = 0; i < S8_BUFFERS; i++) {
		fence_init(test, &t->fence[i], S8_BYTES);
		if (i != S8_OUT)
			t->fence[i].slack = fence_slack();
	}
	return t;
}

static void s8_check(struct s8_test *t, const struct s8_case *c)
{
	KUNIT_ASSERT_LE(t->test, c->n * c->results, S8_MOST_RESULTS);
	for (t->side = 0; t->side < FENCE_SIDES; t->side++) {
		s8_build(&t->placer, c, &t->args);
		s8_expect_all(c, &t->args, t->expect);
		kernels_call(t->kernel, &t->args);
		KUNIT_ASSERT_TRUE_MSG(t->test, s8_same(c, &t->args, t->expect, FENCE_PATTERN) &&
				      fence_intact(&t->fence[S8_OUT]),
				      "k %u n %u results %u window %u %u gap %u side %d",
				      c->k, c->n, c->results, c->down, c->across,
				      c->gap, t->side);
	}
}

static void s8_every_length(struct kunit *test)
{
	struct s8_test *t = s8_begin(test);
	struct s8_case c;
	u32 i, turn;

	for (i = 1; i <= KERNELS_LONGEST; i++) {
		for (turn = i % 2; turn < 6; turn += 2) {
			s8_case_lengths(&c, t->kernel->family, i, turn);
			s8_check(t, &c);
		}
		cond_resched();
	}
}

static void s8_tile_edges(struct kunit *test)
{
	static const u32 ns[] = { 1, 4, 5, 15, 16, 17, 31, 32, 33, 48, 49, 64, 65 };
	struct s8_test *t = s8_begin(test);
	u32 i, results, turn;
	struct s8_case c;

	for (i = 0; i < ARRAY_SIZE(ns); i++) {
		for (results = 1; results <= 9; results++) {
			for (turn = results % 5; turn < 24; turn += 5) {
				s8_case_tiles(&c, t->kernel->family, ns[i], results, turn);
				s8_check(t, &c);
			}
			cond_resched();
		}
	}
}

static bool s8_wanted(enum neural_kernel_family family)
{
	return family >= NEURAL_FAMILY_s8_gemm && family <= NEURAL_FAMILY_s8_sum;
}

static const void *s8_next(const void *prev, char *desc)
{
	return kernels_next(prev, desc, s8_wanted);
}

static struct kunit_case s8_cases[] = {
	KUNIT_CASE_PARAM(s8_every_length, s8_next),
	KUNIT_CASE_PARAM(s8_tile_edges, s8_next),
	{ }
};

struct kunit_suite neural_kernels_s8_suite = {
	.name = "neural_kernels_s8",
	.test_cases = s8_cases,
};
