// SPDX-License-Identifier: GPL-2.0-only
/* Batch-norm coefficients and folding against __int128 and long double. */
#include <math.h>
#include "tap.h"
#include "../../src/q16.h"
#include "../../src/q16_batch_norm.h"

#define ONE		65536
#define EPSILON		42950		/* 1e-5 */
#define ROUNDS		300000
#define ROW		37

static u64 random_state = 1;

static u64 random_u64(void)
{
	u64 v = random_state += 0x9e3779b97f4a7c15;

	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

/* Every magnitude is as likely as any other. */
static s32 random_s32(void)
{
	const s32 v = (s32)random_u64();

	return v >> (random_u64() & 31);
}

static s32 random_variance(void)
{
	return random_s32() & S32_MAX;
}

static long double real_scale(s32 gamma, s32 variance, u32 epsilon)
{
	return gamma / sqrtl(ldexpl(variance, 16) + epsilon);
}

/* 2^-62 of it is what the long double is off by itself. */
static bool scale_is_nearest(s64 scale, s32 gamma, s32 variance, u32 epsilon)
{
	const long double real = ldexpl(real_scale(gamma, variance, epsilon), 40);

	return fabsl(scale - real) <= 0.5L + ldexpl(fabsl(real), -62);
}

static void test_coeff(void)
{
	struct neural_q16_affine bn;
	long failed = 0, out_of_range = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		const s32 gamma = random_s32(), variance = random_variance();
		const s32 beta = random_s32(), mean = random_s32();
		const u32 epsilon = (u32)random_u64() >> (random_u64() & 31);
		const int ret = neural_q16_bn_coeff(&bn, gamma, beta, mean, variance, epsilon);

		if (!variance && !epsilon) {
			tap_check(&failed, ret == -EINVAL, "zero variance: %d", ret);
			continue;
		}
		if (fabsl(real_scale(gamma, variance, epsilon)) >= 1 << 21) {
			tap_check(&failed, ret == -ERANGE, "large scale: %d", ret);
			out_of_range++;
			continue;
		}
		tap_check(&failed, !ret && bn.beta == beta && bn.mean == mean &&
			  scale_is_nearest(bn.scale, gamma, variance, epsilon),
			  "gamma %d variance %d epsilon %u: %d, %lld", gamma, variance,
			  epsilon, ret, (long long)bn.scale);
	}
	tap_ok(!failed && out_of_range, "coefficients are the nearest to the real ones");
}

static void test_coeff_exact(void)
{
	struct neural_q16_affine bn;
	long failed = 0;
	int i;

	/* sqrt(4^i) is 2^i: nothing is left to round. */
	for (i = 0; i < 23; i++) {
		const s64 limit = 1LL << (21 + i);
		const s32 gamma = (s32)max_t(s64, 1 - limit, S32_MIN);
		const s32 variance = (s32)((1ULL << (2 * i)) >> 16);
		const u32 epsilon = (1ULL << (2 * i)) & 0xffff;

		if (limit <= -(s64)S32_MIN)
			tap_check(&failed, neural_q16_bn_coeff(&bn, (s32)-limit, 0, 0, variance,
							       epsilon) == -ERANGE,
				  "sqrt(4^%d): too large a gamma", i);
		tap_check(&failed, !neural_q16_bn_coeff(&bn, gamma, 0, 0, variance, epsilon) &&
			  bn.scale == gamma * (1LL << (40 - i)),
			  "sqrt(4^%d): gamma %d", i, gamma);
	}
	tap_check(&failed, !neural_q16_bn_coeff(&bn, 0, 7, 9, 5, 3) && !bn.scale,
		  "gamma 0: %lld", (long long)bn.scale);
	tap_ok(!failed, "coefficients of exact roots are exact");
}

static void test_coeff_errors(void)
{
	const struct neural_q16_affine before = { 11, 22, 33 };
	struct neural_q16_affine bn = before;
	bool ok;

	ok = neural_q16_bn_coeff(&bn, ONE, 0, 0, -1, EPSILON) == -EINVAL &&
	     neural_q16_bn_coeff(&bn, ONE, 0, 0, S32_MIN, U32_MAX) == -EINVAL &&
	     neural_q16_bn_coeff(&bn, ONE, 0, 0, 0, 0) == -EINVAL &&
	     neural_q16_bn_coeff(&bn, 1 << 21, 0, 0, 0, 1) == -ERANGE &&
	     neural_q16_bn_coeff(&bn, S32_MIN, 0, 0, 0, 1) == -ERANGE;
	ok = ok && bn.scale == before.scale && bn.mean == before.mean &&
	     bn.beta == before.beta;
	tap_ok(ok, "impossible coefficients are refused, nothing written");

	ok = !neural_q16_bn_coeff(&bn, (1 << 21) - 1, 0, 0, 0, 1) &&
	     bn.scale == ((1LL << 21) - 1) << 40;
	tap_ok(ok, "the largest coefficient is accepted");
}

/* Half up, of the exact product. */
static __int128 exact_mul(s64 a, s64 scale)
{
	return ((__int128)a * scale + (1LL << 39)) >> 40;
}

static bool in_s32(__int128 v)
{
	return v >= S32_MIN && v <= S32_MAX;
}

typedef int fold_fn(const struct neural_q16_affine *bn, s32 *w, u32 k, s32 *b);

/* What is wrong with @fold, on @rounds random rows; @folded: how many were not refused. */
static long fold_failures(fold_fn *fold, int rounds, long *folded)
{
	long failed = 0;
	int i, j;

	*folded = 0;
	for (i = 0; i < rounds; i++) {
		s32 w[ROW], old[ROW];
		const s32 old_b = random_s32();
		const u32 room = (u32)random_u64() & 31;
		struct neural_q16_affine bn;
		s32 b = old_b;
		__int128 bias;
		bool fits;
		int ret;

		bn.scale = (s64)random_u64() >> (2 + (random_u64() & 31));
		if (!(i & 1023))
			bn.scale = i & 1024 ? 1LL << 61 : -(1LL << 61);
		bn.mean = random_s32();
		bn.beta = random_s32();
		bias = exact_mul((s64)b - bn.mean, bn.scale) + bn.beta;
		fits = in_s32(bias);
		for (j = 0; j < ROW; j++) {
			w[j] = random_s32() >> room;
			old[j] = w[j];
			fits = fits && in_s32(exact_mul(w[j], bn.scale));
		}

		ret = fold(&bn, w, ROW, &b);
		failed += ret != (fits ? 0 : -ERANGE);
		failed += b != (fits ? (s32)bias : old_b);
		for (j = 0; j < ROW; j++)
			failed += w[j] != (fits ? (s32)exact_mul(old[j], bn.scale) : old[j]);
		*folded += fits;
	}
	return failed;
}

static int fold_truncated(const struct neural_q16_affine *bn, s32 *w, u32 k, s32 *b)
{
	const struct neural_q16_affine down = { bn->scale & ~255LL, bn->mean, bn->beta };

	return neural_q16_bn_fold_row(&down, w, k, b);
}

static void test_fold(void)
{
	long folded;
	long failed = fold_failures(neural_q16_bn_fold_row, ROUNDS, &folded);

	tap_ok(!failed && folded > ROUNDS / 10 && folded < ROUNDS,
	       "folding rounds the exact product, or changes nothing (%ld of %d fit)",
	       folded, ROUNDS);
	tap_ok(fold_failures(fold_truncated, ROUNDS, &folded),
	       "a scale of 32 fraction bits is flagged");
}

/* Folding by the reals: the rounding and 2^-10 of the coefficient. */
static void test_fold_real(void)
{
	long double worst = 0;
	long failed = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		long double scale, error;
		const s32 gamma = random_s32(), variance = random_variance();
		const s32 beta = random_s32(), mean = random_s32();
		const s32 w = random_s32(), b = random_s32();
		struct neural_q16_affine bn;
		s32 new_w = w, new_b = b;

		if (neural_q16_bn_coeff(&bn, gamma, beta, mean, variance, EPSILON) ||
		    neural_q16_bn_fold_row(&bn, &new_w, 1, &new_b))
			continue;
		scale = real_scale(gamma, variance, EPSILON);
		error = fabsl(new_w - w * scale);
		error = fmaxl(error, fabsl(new_b - (((s64)b - mean) * scale + beta)));
		worst = fmaxl(worst, error);
		tap_check(&failed, error <= 0.5L + 1 / 512.0L,
			  "w %d b %d: %d %d, off by %Lf", w, b, new_w, new_b, error);
	}
	tap_ok(!failed, "folded weights and biases: within %.4Lf LSB of the reals", worst);
}

static void test_scale(void)
{
	long failed = 0, fit = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		long double real, error;
		const s32 gamma = random_s32(), variance = random_variance();
		const s32 beta = random_s32(), mean = random_s32(), x = random_s32();
		s32 scale = 1234, shift = 5678;
		struct neural_q16_affine bn;
		__int128 addend;
		s64 factor;
		int ret;

		if (neural_q16_bn_coeff(&bn, gamma, beta, mean, variance, EPSILON))
			continue;
		factor = (bn.scale + (1 << 23)) >> 24;
		addend = ((-(__int128)mean * factor + (1 << 15)) >> 16) + beta;
		ret = neural_q16_bn_scale(&bn, &scale, &shift);
		if (!in_s32(factor) || !in_s32(addend)) {
			tap_check(&failed, ret == -ERANGE && scale == 1234 && shift == 5678,
				  "factor %lld: %d", (long long)factor, ret);
			continue;
		}
		fit++;
		tap_check(&failed, !ret && scale == factor && shift == addend,
			  "factor %lld: %d, %d %d", (long long)factor, ret, scale, shift);

		real = ((s64)x - mean) * real_scale(gamma, variance, EPSILON) + beta;
		real = fminl(fmaxl(real, S32_MIN), S32_MAX);
		error = fabsl(neural_q16_scale(x, scale, shift) - real);
		tap_check(&failed, error <= 1.002L + ldexpl(llabs((s64)x - mean), -17),
			  "x %d gamma %d mean %d: off by %Lf", x, gamma, mean, error);
	}
	tap_ok(!failed && fit > ROUNDS / 2, "standalone: a LSB and 2^-17 of the distance");
}

/* The identity batch-norm is made for: y = gamma (x w + b - mean) / deviation + beta. */
static void test_dense(void)
{
	long failed = 0;
	int i, j;

	for (i = 0; i < ROUNDS / 10; i++) {
		long double real = 0, bound = 0;
		const s32 gamma = random_s32() >> 8, variance = random_variance() >> 8;
		const s32 beta = random_s32() >> 8, mean = random_s32() >> 8;
		s32 b = random_s32() >> 8, old_b = b;
		s32 x[ROW], w[ROW];
		struct neural_q16_affine bn;
		s64 acc;
		s32 y;

		for (j = 0; j < ROW; j++) {
			x[j] = random_s32() >> 8;
			w[j] = random_s32() >> 12;
			real += (long double)x[j] * w[j] / ONE;
			bound += 0.51L * abs(x[j]) / ONE;
		}
		if (neural_q16_bn_coeff(&bn, gamma, beta, mean, variance, EPSILON) ||
		    neural_q16_bn_fold_row(&bn, w, ROW, &b))
			continue;
		real = (real + old_b - mean) * real_scale(gamma, variance, EPSILON) + beta;
		real = fminl(fmaxl(real, S32_MIN), S32_MAX);

		acc = neural_q16_bias(b);
		for (j = 0; j < ROW; j++)
			acc += (s64)x[j] * w[j];
		y = neural_q16_round(acc);
		tap_check(&failed, fabsl(y - real) <= 1.01L + bound,
			  "%d, really %Lf, bound %Lf", y, real, bound);
	}
	tap_ok(!failed, "dense, then folded: half a LSB for every input and weight");
}

int main(void)
{
	tap_plan(9);
	test_coeff();
	test_coeff_exact();
	test_coeff_errors();
	test_fold();
	test_fold_real();
	test_scale();
	test_dense();
	return tap_done();
}
