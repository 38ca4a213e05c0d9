/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the numbers have to be, written from Documentation/numerics.rst and from
 * nothing else.  Slow and plain; shared by the tests of all worlds.
 */
#ifndef _NEURAL_TEST_REFERENCE_ARITH_H
#define _NEURAL_TEST_REFERENCE_ARITH_H

#include <linux/kernel.h>
#include <linux/neural.h>

/* Same numbers everywhere for the same seed. */
static inline u32 reference_random(u64 *seed)
{
	u64 z = (*seed += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z >> 32;
}

/* @low .. @high, both included. */
static inline s32 reference_between(u64 *seed, s32 low, s32 high)
{
	const u64 span = (s64)high - low + 1;

	return low + (s64)(reference_random(seed) * span >> 32);
}

/* Any number, but one in four that things break at. */
static inline s32 reference_any(u64 *seed)
{
	static const s32 edge[] = {
		NEURAL_FP_MIN, NEURAL_FP_MIN + 1, NEURAL_FP_MAX, NEURAL_FP_MAX - 1,
		0, 1, -1, NEURAL_FP_ONE, -NEURAL_FP_ONE, 0x7fff, 0x8000, -0x8000,
		-0x8001, 0xffff, 12 << 16, (12 << 16) - 1, -(6 << 16), 1023,
	};

	if (reference_random(seed) % 4)
		return (s32)reference_random(seed);
	return edge[reference_random(seed) % ARRAY_SIZE(edge)];
}

/* floor(@a / 2^@bits), without leaning on how the compiler shifts. */
static inline s64 reference_floor(s64 a, u32 bits)
{
	const s64 unit = 1LL << bits;

	return a / unit - (a % unit < 0);
}

static inline s32 reference_saturate(s64 v)
{
	if (v > NEURAL_FP_MAX)
		return NEURAL_FP_MAX;
	return v < NEURAL_FP_MIN ? NEURAL_FP_MIN : (s32)v;
}

/* One output of a dense layer, before its activation. */
static inline s32 reference_dense(const s32 *w, s32 b, const s32 *x, u32 k)
{
	s64 acc = (s64)b * NEURAL_FP_ONE + NEURAL_FP_ONE / 2;
	u32 i;

	for (i = 0; i < k; i++)
		acc += (s64)x[i] * w[i];
	return reference_saturate(reference_floor(acc, NEURAL_FP_SHIFT));
}

static inline s32 reference_relu(s32 x)
{
	return x > 0 ? x : 0;
}

/* @slope is Q0.31. */
static inline s32 reference_leaky_relu(s32 x, s32 slope)
{
	return x >= 0 ? x : (s32)reference_floor((s64)x * slope + (1LL << 30), 31);
}

/*
 * @gamma / sqrt(variance + epsilon) in Q40, to nearest, where that sum is the
 * square of @root in Q32: then there is no root to take.
 */
static inline s64 reference_norm_factor(s32 gamma, u32 root)
{
	const u64 size = gamma < 0 ? 0ULL - (s64)gamma : (u64)gamma;
	u64 factor = (size << 32) / root;
	u64 left = (size << 32) % root;

	factor = (factor << 8) + (left << 8) / root;
	left = (left << 8) % root;
	if (2 * left >= root)
		factor++;
	return gamma < 0 ? -(s64)factor : (s64)factor;
}

/* @a times a factor in Q40, half up; the product has to fit. */
static inline s64 reference_norm_mul(s64 a, s64 factor)
{
	return reference_floor(a * factor + (1LL << 39), 40);
}

/* Batch-norm on its own: the factor is rounded to Q16.16 first. */
static inline s32 reference_norm(s32 x, s64 factor, s32 mean, s32 beta)
{
	const s64 scale = reference_floor(factor + (1LL << 23), 24);
	const s64 shift = reference_floor(-mean * scale + NEURAL_FP_ONE / 2, 16) + beta;

	return reference_saturate(reference_floor(x * scale + shift * NEURAL_FP_ONE +
						  NEURAL_FP_ONE / 2, NEURAL_FP_SHIFT));
}

#endif /* _NEURAL_TEST_REFERENCE_ARITH_H */
