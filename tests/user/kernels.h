/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the kernel suite share. */
#ifndef _NEURAL_TEST_KERNELS_H
#define _NEURAL_TEST_KERNELS_H

#include "../../simd/dispatch.h"
#include "../../src/q16.h"
#include "guard.h"
#include "tap.h"

/**
 * struct aspect - one thing to check of every kernel of a family
 * @family: which
 * @name: for the line of TAP
 * @run: check it; returns the number of failures
 */
struct aspect {
	enum neural_kernel_family family;
	const char *name;
	unsigned int (*run)(const struct neural_kernel *kernel);
};

extern const struct aspect dense_aspects[];
extern const unsigned int nr_dense_aspects;
extern const struct aspect fixed_aspects[];
extern const unsigned int nr_fixed_aspects;
extern const struct aspect map_aspects[];
extern const unsigned int nr_map_aspects;
extern const struct aspect s8_map_aspects[];
extern const unsigned int nr_s8_map_aspects;
extern const struct aspect s8_norm_aspects[];
extern const unsigned int nr_s8_norm_aspects;
extern const struct aspect s8_aspects[];
extern const unsigned int nr_s8_aspects;

#define LONGEST	300	/* every length up to this one is run */

/* A generator that is the same everywhere. */
static inline u64 random64(void)
{
	static u64 state = 0x9e3779b97f4a7c15ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1dULL;
}

static inline u32 random_below(u32 n)
{
	return (random64() >> 32) * n >> 32;
}

enum value_kind { VALUE_ANY, VALUE_EXTREME, VALUE_USUAL, VALUE_KINDS };

/* An input: any, one of those things break at, or one of a layer's usual ones. */
static inline s32 random_value(enum value_kind kind)
{
	static const s32 extreme[] = {
		S32_MIN, S32_MIN + 1, S32_MAX, S32_MAX - 1, 0, 1, -1, 0x7fff, 0x8000,
		0xffff, 0x10000, -0x7fff, -0x8000, -0x8001, -0x10000, 0x7fff0000,
		768 << 10, (768 << 10) - 1, 768 << 9, (768 << 9) - 1, -(768 << 10),
		-(768 << 9), 1 - (768 << 10), 1 - (768 << 9), 1023, 1024, -1024,
	};

	switch (kind) {
	case VALUE_EXTREME:
		return extreme[random_below(ARRAY_SIZE(extreme))];
	case VALUE_USUAL:
		return (s32)random_below(8 * NEURAL_Q16_ONE) - 4 * NEURAL_Q16_ONE;
	default:
		return (s32)random64();
	}
}

/* The definition of the final rounding, without the tricks. */
static inline s32 reference_round(__int128 acc)
{
	__int128 v = acc / NEURAL_Q16_ONE;

	if (acc < 0 && acc % NEURAL_Q16_ONE)
		v--;
	if (v > S32_MAX)
		return S32_MAX;
	return v < S32_MIN ? S32_MIN : (s32)v;
}

#endif /* _NEURAL_TEST_KERNELS_H */
