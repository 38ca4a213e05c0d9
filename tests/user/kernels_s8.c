// SPDX-License-Identifier: GPL-2.0-only
/* The S8 families, between guard pages, against what their contracts say. */
#include "../reference/s8_kernels.h"
#include "kernels.h"

struct guards {
	struct s8_placer placer;
	enum guard_side side;
	struct guard at[S8_BUFFERS];
};

static struct guards guards;

static void *place(struct s8_placer *placer, enum s8_buffer which, size_t bytes, size_t align)
{
	struct guards *g = container_of(placer, struct guards, placer);

	return guard_place(&g->at[which], g->side, bytes, align);
}

static void check(const struct neural_kernel *kernel, const struct s8_case *c,
		  unsigned int *failed)
{
	static s32 expect[S8_MOST_RESULTS];
	union s8_args args;

	WARN_ON(c->n * c->results > S8_MOST_RESULTS);
	guards.placer.place = place;
	for (guards.side = 0; guards.side < GUARD_SIDES; guards.side++) {
		s8_build(&guards.placer, c, &args);
		s8_expect_all(c, &args, expect);
		tap_check(failed, guard_call((void (*)(const void *))kernel->fn, &args) &&
			  s8_same(c, &args, expect, GUARD_PATTERN) &&
			  guard_intact(&guards.at[S8_OUT]),
			  "%s: k %u n %u results %u window %u %u gap %u seed %llu side %d",
			  kernel->name, c->k, c->n, c->results, c->down, c->across,
			  c->gap, (unsigned long long)c->seed, guards.side);
	}
}

static unsigned int s8_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	struct s8_case c;
	u32 i, turn;

	for (i = 1; i <= LONGEST; i++) {
		for (turn = 0; turn < 6; turn++) {
			s8_case_lengths(&c, kernel->family, i, turn);
			check(kernel, &c, &failed);
		}
	}
	return failed;
}

static unsigned int s8_tiles(const struct neural_kernel *kernel)
{
	static const u32 ns[] = {
		1, 3, 4, 5, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 80, 127, 129,
	};
	unsigned int failed = 0;
	u32 i, results, turn = 0;
	struct s8_case c;

	for (i = 0; i < ARRAY_SIZE(ns); i++) {
		for (results = 1; results <= 9; results++) {
			for (turn = 0; turn < 24; turn++) {
				s8_case_tiles(&c, kernel->family, ns[i], results, turn);
				check(kernel, &c, &failed);
			}
		}
	}
	return failed;
}

#define BOTH(family)							\
	{ NEURAL_FAMILY_##family, "every length to 300", s8_lengths },	\
	{ NEURAL_FAMILY_##family, "tile edges, windows, strides", s8_tiles }

const struct aspect s8_aspects[] = {
	BOTH(s8_gemm),
	BOTH(s8_conv),
	BOTH(s8_frame),
	BOTH(s8s4_gemm),
	BOTH(s8_depthwise),
	BOTH(s8_max_pool),
	BOTH(s8_average_pool),
	BOTH(s8_sum),
};

const unsigned int nr_s8_aspects = ARRAY_SIZE(s8_aspects);
