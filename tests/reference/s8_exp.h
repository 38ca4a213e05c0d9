/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exp, logistic and tanh as Documentation/numerics.rst has them for S8, in products and
 * quotients of integers of 64 bits; and softmax and hard_swish, which are made of these.
 */
#ifndef _NEURAL_TEST_REFERENCE_S8_EXP_H
#define _NEURAL_TEST_REFERENCE_S8_EXP_H

#include "s8_map.h"

#define REFERENCE_Q31	(1LL << 31)

/* a * b / 2^31, halves up. */
static inline s64 reference_mul31(s64 a, s64 b)
{
	return reference_half_up(a * b, 31);
}

/* exp(-@m / 2^@fraction), @m >= 0. */
static inline s64 reference_exp31(s64 m, u32 fraction)
{
	static const s64 power[] = {
		1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242,
	};
	const s64 quarter = 1LL << (fraction - 2);
	s64 d, d2, d3, sum, y, quarters = (m - 1) / quarter;
	u32 i;

	if (!m)
		return REFERENCE_Q31 - 1;
	d = REFERENCE_Q31 / 8 - ((m - 1) % quarter + 1) * (REFERENCE_Q31 / 4 / quarter);
	d2 = reference_mul31(d, d);
	d3 = reference_mul31(d2, d);
	sum = reference_half_away(reference_mul31(d2, d2), 2) + d3;
	sum = reference_half_away(reference_mul31(sum, 715827883) + d2, 1);
	y = 1895147668 + reference_mul31(1895147668, d + sum);
	for (i = 0; quarters; i++, quarters /= 2)
		if (quarters % 2)
			y = reference_mul31(y, power[i]);
	return y;
}

/* 2 / (1 + @x / 2^31), in 2^-29. */
static inline s64 reference_inverse(s64 x)
{
	const s64 half = (x + REFERENCE_Q31) / 2;
	s64 y = 1515870810 + reference_mul31(half, -1010580540);
	u32 i;

	for (i = 0; i < 3; i++)
		y += 4 * reference_mul31(y, (1 << 29) - reference_mul31(half, y));
	return y;
}

static inline s64 reference_reciprocal31(s64 x)
{
	return reference_clamp(2 * reference_inverse(x), -REFERENCE_Q31, REFERENCE_Q31 - 1);
}

/* Of @x / 2^27. */
static inline s64 reference_logistic31(s64 x)
{
	const s64 y = reference_reciprocal31(reference_exp31(x < 0 ? -x : x, 27));

	if (!x)
		return REFERENCE_Q31 / 2;
	return x < 0 ? REFERENCE_Q31 - 1 - y : y;
}

static inline s64 reference_tanh31(s64 x)
{
	s64 y = reference_inverse(reference_exp31(x < 0 ? -x : x, 26)) - (1 << 29);

	y = reference_clamp(4 * y, -REFERENCE_Q31, REFERENCE_Q31 - 1);
	if (!x)
		return 0;
	return x < 0 ? -y : y;
}

/* One result of a softmax of @n. */
static inline s8 reference_softmax_s8(const s8 *x, u32 n, u32 at, s32 multiplier,
				      s32 shift, s32 far)
{
	s64 largest = -128, sum = 0, own = 0, unit = 1LL << 19;
	u32 i, bits = 0;

	for (i = 0; i < n; i++)
		largest = x[i] > largest ? x[i] : largest;
	for (i = 0; i < n; i++) {
		const s64 d = x[i] - largest;
		s64 e;

		if (d < far)
			continue;
		e = reference_exp31(-reference_mul31(d * (1LL << shift), multiplier), 26);
		sum += reference_half_away(e, 12);
		if (i == at)
			own = e;
	}
	for (; sum >= 2 * unit; bits++)
		unit *= 2;
	/* Powers of two, so one of these divides the other. */
	sum = unit > REFERENCE_Q31 ? (sum - unit) / (unit / REFERENCE_Q31) :
				     (sum - unit) * (REFERENCE_Q31 / unit);
	own *= reference_reciprocal31(sum);
	own = reference_half_up(own, 31);
	return reference_clamp(reference_half_away(own, bits + 23) - 128, -128, 127);
}

static inline s64 reference_clamp16(s64 v)
{
	return reference_clamp(v, -32768, 32767);
}

/* @x is less its zero point, and so is the result, which is not clamped. */
static inline s64 reference_hard_swish(s64 x, s32 multiplier, s32 shift, s32 gate_multiplier,
				       s32 gate_shift)
{
	s64 gate = x * 128;
	const s64 scaled = reference_half_up(gate * multiplier, 15);

	if (gate_shift > 0)
		gate = reference_clamp16(gate * (1LL << (gate_shift - 1)));
	gate = reference_half_up(gate * gate_multiplier, 15);
	gate = gate_shift > 0 ? reference_clamp16(2 * gate) :
				reference_half_away(gate, -gate_shift);
	gate = reference_floor(gate + 32768, 1);
	return reference_half_away(gate * scaled / 32768, -shift);
}

#endif /* _NEURAL_TEST_REFERENCE_S8_EXP_H */
