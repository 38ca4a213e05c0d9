/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softmax over Q16.16 values, and the exponential it is made of.
 */
#ifndef _NEURAL_Q16_SOFTMAX_H
#define _NEURAL_Q16_SOFTMAX_H

#include "env.h"

/* What the sum is proved not to overflow for, and one LSB to hold. */
#define NEURAL_Q16_SOFTMAX_MAX	65536

#define NEURAL_Q16_EXP_BITS	40
#define NEURAL_Q16_EXP_UNITS	29	/* exp(-29) is 0.28 of an LSB in Q40 */

/* exp(-k): times a Q1.31 factor, shifted right by @shift, it is in Q40. */
struct neural_q16_exp_unit {
	u32 mantissa;
	u32 shift;
};

extern const struct neural_q16_exp_unit neural_q16_exp_unit[NEURAL_Q16_EXP_UNITS];
extern const u32 neural_q16_exp_hi[256];
extern const u32 neural_q16_exp_lo[256];

/**
 * neural_q16_exp - exp(-d) for a Q16.16 distance
 * @d: distance below the maximum; any u32
 *
 * Return: exp(-@d / 65536) in Q40, never growing with @d; 0 from 29.0 on.
 */
static inline u64 neural_q16_exp(u32 d)
{
	const struct neural_q16_exp_unit *unit;
	u64 p;

	if (d >> 16 >= NEURAL_Q16_EXP_UNITS)
		return 0;
	unit = &neural_q16_exp_unit[d >> 16];
	p = (u64)neural_q16_exp_hi[d >> 8 & 255] * neural_q16_exp_lo[d & 255];
	p = (p + (1U << 30)) >> 31;
	return (unit->mantissa * p + (1ULL << (unit->shift - 1))) >> unit->shift;
}

/**
 * neural_q16_softmax - exp(x[i]) / sum(exp(x[j])) in Q16.16
 * @y: @n results, 0 .. 65536; may be @x itself, otherwise does not overlap
 * @x: @n inputs
 * @n: elements, up to NEURAL_Q16_SOFTMAX_MAX; 0 is allowed
 *
 * Every result is within one LSB of the real softmax (0.503 LSB at worst), and
 * x[i] >= x[j] means y[i] >= y[j].
 */
void neural_q16_softmax(s32 *y, const s32 *x, u32 n);

#endif /* _NEURAL_Q16_SOFTMAX_H */
