/* SPDX-License-Identifier: GPL-2.0-only */
/* One call of an S8 kernel, and what goes into it. */
#ifndef _NEURAL_TEST_REFERENCE_S8_CASE_H
#define _NEURAL_TEST_REFERENCE_S8_CASE_H

#include "../../simd/kernels.h"
#include "s8_map.h"

enum s8_buffer {
	S8_OUT, S8_X, S8_W, S8_BIAS, S8_BIAS_U8, S8_MULTIPLIER, S8_SHIFT, S8_ROW_BIAS, S8_CELL,
	S8_BUFFERS
};

/**
 * struct s8_case - one call of a kernel
 * @family: whose
 * @seed: for everything that is not said here
 * @k: s8_gemm: inputs; s8_conv: those of a segment; s8_sum: rows that are added up
 * @n: outputs, channels, columns; s8_frame: bytes of a line with its padding
 * @results: rows, results; s8_frame: lines, those of padding included
 * @down: cells of the window; s8_conv: segments
 * @across: cells of the window
 * @gap: bytes between what could be next to each other
 * @extreme: inputs and weights are ends of their range
 */
struct s8_case {
	enum neural_kernel_family family;
	u64 seed;
	u32 k;
	u32 n;
	u32 results;
	u32 down;
	u32 across;
	u32 gap;
	bool extreme;
};

union s8_args {
	struct neural_s8_gemm_args gemm;
	struct neural_s8_conv_args conv;
	struct neural_s8_frame_args frame;
	struct neural_s8_depthwise_args depthwise;
	struct neural_s8_pool_args pool;
	struct neural_s8_sum_args sum;
};

/* Where buffers come from. */
struct s8_placer {
	void *(*place)(struct s8_placer *placer, enum s8_buffer which, size_t bytes,
		       size_t align);
};

static inline s8 s8_value(const struct s8_case *c, u64 *seed)
{
	const s32 v = reference_between(seed, -128, 127);

	if (!c->extreme)
		return v;
	return v % 3 ? (v < 0 ? -128 : 127) : v / 16;
}

static inline s8 *s8_fill(struct s8_placer *p, enum s8_buffer which,
			  const struct s8_case *c, u64 *seed, size_t bytes, size_t align)
{
	s8 *at = p->place(p, which, bytes, align);
	size_t i;

	for (i = 0; i < bytes; i++)
		at[i] = s8_value(c, seed);
	return at;
}

/*
 * Parameters of the outputs, for sums of products of at most @reach in size.  One case in
 * two has shifts to the right alone, as layers have: kernels know a shorter way for them,
 * and one that every second of those is for, in which no shift is far.  Whether it is has to
 * have nothing to do with what else a case is.
 */
static inline void s8_params(struct s8_placer *p, const struct s8_case *c, u64 *seed,
			     s32 reach, const s32 **bias, const s32 **multiplier,
			     const s32 **shift)
{
	const size_t bytes = ALIGN(c->n, 16) * sizeof(s32);
	s32 *b = memset(p->place(p, S8_BIAS, bytes, 64), 0, bytes);
	s32 *m = memset(p->place(p, S8_MULTIPLIER, bytes, 64), 0, bytes);
	s32 *s = memset(p->place(p, S8_SHIFT, bytes, 64), 0, bytes);
	const u32 way = reference_random(seed) % 4;
	const s32 highest = way > 1 ? -2 : 31, lowest = way > 2 ? -23 : -31;
	u32 j;

	for (j = 0; j < c->n; j++) {
		u32 kind;
		s32 room;

		/* One in three of any kind, the others in the range of a real layer. */
		if (reference_random(seed) % 3) {
			m[j] = reference_between(seed, 1 << 30, S32_MAX);
			s[j] = reference_between(seed, -14, -4);
			b[j] = reference_between(seed, -20000, 20000);
			continue;
		}
		kind = reference_random(seed) % 8;
		m[j] = kind > 2 ? reference_between(seed, 0, S32_MAX) : kind ? S32_MAX : 0;
		s[j] = reference_between(seed, lowest, m[j] || way > 2 ? highest : 31);
		while (s[j] > 0 && S32_MAX >> s[j] <= reach)
			s[j]--;
		room = (s[j] > 0 ? S32_MAX >> s[j] : S32_MAX) - reach;
		kind = reference_random(seed) % 8;
		b[j] = kind > 2 ? reference_between(seed, -room, room) : kind ? room : -room;
	}
	*bias = b;
	*multiplier = m;
	*shift = s;
}

static inline void s8_bounds(const struct s8_case *c, u64 *seed, s32 *min, s32 *max)
{
	*min = -128;
	*max = 127;
	if (c->seed % 3)
		return;
	*min = reference_between(seed, -128, 127);
	*max = reference_between(seed, *min, 127);
}

#endif /* _NEURAL_TEST_REFERENCE_S8_CASE_H */
