// SPDX-License-Identifier: GPL-2.0-only
#include "s8.h"
#include "s8_exp.h"

#define Q0_ONE		S32_MAX
#define Q2_ONE		(1 << 29)

/* @x * 2^@shift, saturated. */
static s32 neural_s8_widen(s32 x, u32 shift)
{
	return clamp_t(s64, (s64)x * (1LL << shift), S32_MIN, S32_MAX);
}

/*
 * exp(@x) for @x in [-1/4, 0), all Q0.31: the Taylor series around -1/8 up to the
 * fourth power, as e^(-1/8) (1 + d + (d^2 + (d^3 + d^4/4) / 3) / 2).
 */
static s32 neural_s8_exp_quarter(s32 x)
{
	static const s32 exp_eighth = 1895147668;	/* exp(-1/8) */
	static const s32 third = 715827883;
	const s32 d = x + (1 << 28);
	const s32 d2 = neural_srdhm(d, d);
	const s32 d3 = neural_srdhm(d2, d);
	const s32 d4 = neural_srdhm(d2, d2);
	const s32 tail = neural_srdhm(neural_rdbypot(d4, 2) + d3, third) + d2;

	return exp_eighth + neural_srdhm(exp_eighth, d + neural_rdbypot(tail, 1));
}

/*
 * The part of @x below a quarter goes through the series.  Every bit above it that is
 * set contributes a factor exp(-2^i), i = -2 .. 4, of which those a Q4.27 does not have
 * are never set.
 */
s32 neural_s8_exp(s32 x, u32 whole)
{
	static const s32 factor[] = {
		1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242,
	};
	const u32 quarter = 31 - whole - 2;
	const s32 part = (x & ((1 << quarter) - 1)) - (1 << quarter);
	const u32 rest = (u32)part - x;
	s32 y;
	u32 i;

	if (!x)
		return Q0_ONE;
	y = neural_s8_exp_quarter(part * (1 << whole));
	for (i = 0; i < whole + 2; i++)
		if (rest & (1U << (quarter + i)))
			y = neural_srdhm(y, factor[i]);
	return y;
}

/*
 * 1 / ((1 + @x) / 2) in Q2.29 by three of Newton's steps, from the straight line that
 * is nowhere off by more than 1/17: 48/17 - 32/17 * half.
 */
static s32 neural_s8_newton(s32 x)
{
	/* half of a sum that is not negative, so this rounds half up */
	const s32 half = ((s64)x + Q0_ONE + 1) / 2;
	s32 y = 1515870810 + neural_srdhm(half, -1010580540);
	u32 i;

	for (i = 0; i < 3; i++) {
		const s32 off = Q2_ONE - neural_srdhm(half, y);

		y += neural_s8_widen(neural_srdhm(y, off), 2);
	}
	return y;
}

s32 neural_s8_reciprocal(s32 x)
{
	/* Half of it, hence one bit and not two. */
	return neural_s8_widen(neural_s8_newton(x), 1);
}

s32 neural_s8_logistic(s32 x)
{
	s32 y;

	if (!x)
		return 1 << 30;
	y = neural_s8_reciprocal(neural_s8_exp(x < 0 ? x : -x, 4));
	return x < 0 ? Q0_ONE - y : y;
}

/*
 * (1 - e) / (1 + e) = 2 / (1 + e) - 1 for e = exp(-2|x|); doubling @x is a matter of
 * reading it as Q5.26.
 */
s32 neural_s8_tanh(s32 x)
{
	s32 y;

	if (!x)
		return 0;
	y = neural_s8_newton(neural_s8_exp(x < 0 ? x : -x, 5));
	y = neural_s8_widen(y - Q2_ONE, 2);
	return x < 0 ? -y : y;
}
