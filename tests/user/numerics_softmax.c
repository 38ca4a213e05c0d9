// SPDX-License-Identifier: GPL-2.0-only
/* Softmax and its exponential against long double. */
#include <math.h>
#include "tap.h"
#include "../../src/q16_softmax.h"

#define ONE	65536
#define MAX_N	NEURAL_Q16_SOFTMAX_MAX

/* What Documentation/numerics.rst promises is one; what it says is measured: */
#define BOUND	0.503L

typedef void softmax_fn(s32 *y, const s32 *x, u32 n);

static s32 x[MAX_N], y[MAX_N], z[MAX_N];
static long double worst;

static u64 random_state = 1;

static u64 random_u64(void)
{
	u64 v = random_state += 0x9e3779b97f4a7c15;

	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

static u32 random_below(u32 n)
{
	return (u32)((random_u64() >> 32) * n >> 32);
}

struct pair {
	s32 x;
	s32 y;
};

static int pair_order(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->y < q->y ? -1 : p->y > q->y;
}

/* Sorted by input, outputs never fall, and equal inputs have equal outputs. */
static void check_monotone(long *failed, u32 n)
{
	static struct pair pairs[MAX_N];
	u32 i;

	for (i = 0; i < n; i++)
		pairs[i] = (struct pair){ x[i], y[i] };
	qsort(pairs, n, sizeof(*pairs), pair_order);
	for (i = 1; i < n; i++)
		tap_check(failed, pairs[i - 1].y == pairs[i].y ||
			  (pairs[i - 1].y < pairs[i].y && pairs[i - 1].x < pairs[i].x),
			  "n %u: %d -> %d but %d -> %d", n, pairs[i - 1].x,
			  pairs[i - 1].y, pairs[i].x, pairs[i].y);
}

/* Everything promised, for the vector in x[]. */
static void check_vector(long *failed, softmax_fn *fn, u32 n)
{
	static long double e[MAX_N];
	long double sum = 0;
	s32 top = S32_MIN;
	s64 total = 0;
	u32 i;

	for (i = 0; i < n; i++)
		top = max(top, x[i]);
	for (i = 0; i < n; i++) {
		e[i] = expl(((long double)x[i] - top) / ONE);
		sum += e[i];
	}

	memset(y, 0x55, sizeof(*y) * n);
	fn(y, x, n);
	for (i = 0; i < n; i++) {
		const long double real = ONE * e[i] / sum;
		const long double error = fabsl(y[i] - real);

		worst = fmaxl(worst, error);
		total += y[i];
		tap_check(failed, error < BOUND, "n %u i %u x %d: %d, really %Lf",
			  n, i, x[i], y[i], real);
	}
	tap_check(failed, 2 * llabs(total - ONE) <= n + 2LL, "n %u: sum %lld",
		  n, (long long)total);
	check_monotone(failed, n);

	memcpy(z, x, sizeof(*z) * n);
	fn(z, z, n);
	tap_check(failed, !memcmp(y, z, sizeof(*y) * n), "n %u: not so in place", n);
}

/* Inputs of many characters: all of s32, close together, few values, the ends. */
static void fill(u32 n, u32 kind)
{
	static const s32 ends[] = { S32_MIN, S32_MIN + 1, -1, 0, 1, S32_MAX - 1, S32_MAX };
	const u32 spread = 1U << random_below(22);
	u32 i;

	for (i = 0; i < n; i++) {
		switch (kind) {
		case 0:
			x[i] = (s32)random_u64();
			break;
		case 1:
			x[i] = (s32)random_below(spread) - (s32)random_below(spread);
			break;
		case 2:
			x[i] = (s32)random_below(3) * (s32)spread - ONE;
			break;
		case 3:
			x[i] = ends[random_below(ARRAY_SIZE(ends))];
			break;
		case 4:
			/* Ever thinner, as far as a term can be told from none. */
			x[i] = S32_MAX - (s32)(i * (u64)(30 * ONE) / n);
			break;
		default:
			x[i] = S32_MIN + (s32)random_below(spread);
		}
	}
}

#define KINDS	6

static void test_exp(void)
{
	long double most = 0;
	u64 before = U64_MAX;
	long failed = 0;
	u64 d;

	for (d = 0; d < 30 * ONE; d++) {
		const long double real = ldexpl(expl(-(long double)d / ONE), 40);
		const long double error = fabsl(neural_q16_exp((u32)d) - real);
		const u64 e = neural_q16_exp((u32)d);

		tap_check(&failed, error <= 0.5L + ldexpl(real, -29),
			  "exp(-%llu): off by %Lf", (unsigned long long)d, error);
		tap_check(&failed, e <= before, "exp(-%llu) grows", (unsigned long long)d);
		most = fmaxl(most, (error - 0.5L) / real);
		before = e;
	}
	for (; d <= U32_MAX; d += 65521)
		tap_check(&failed, !neural_q16_exp((u32)d), "exp(-%llu) is not 0",
			  (unsigned long long)d);
	tap_check(&failed, !neural_q16_exp(U32_MAX), "exp(-65536) is not 0");
	tap_check(&failed, neural_q16_exp(0) == 1ULL << 40, "exp(0) is not 1");
	tap_ok(!failed, "exp: every distance, 2^%.2Lf of itself and half an LSB", log2l(most));
}

static void test_random(void)
{
	static const u32 large[] = { 301, 1000, 4095, 4096, 4097, MAX_N - 1, MAX_N };
	long failed = 0;
	u32 n, kind, i;

	worst = 0;
	for (n = 1; n <= 300; n++) {
		for (kind = 0; kind < KINDS; kind++) {
			fill(n, kind);
			check_vector(&failed, neural_q16_softmax, n);
		}
	}
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		for (kind = 0; kind < KINDS; kind++) {
			fill(large[i], kind);
			check_vector(&failed, neural_q16_softmax, large[i]);
		}
	}
	tap_ok(!failed, "random vectors, 1 .. 65536 elements: within %.4Lf LSB", worst);
}

static void test_equal(void)
{
	static const s32 values[] = { S32_MIN, -1, 0, 12345, S32_MAX };
	long failed = 0;
	u32 n, i, j;

	for (n = 1; n <= MAX_N; n += n < 300 ? 1 : 4349) {
		for (j = 0; j < ARRAY_SIZE(values); j++) {
			for (i = 0; i < n; i++)
				x[i] = values[j];
			neural_q16_softmax(y, x, n);
			for (i = 0; i < n; i++)
				tap_check(&failed, y[i] == (s32)((2 * ONE + n) / (2 * n)),
					  "n %u of %d: %d", n, values[j], y[i]);
		}
	}
	tap_ok(!failed, "equal inputs share exactly");
}

static void test_one_hot(void)
{
	long failed = 0;
	u32 n, hot, i;

	for (n = 1; n <= 300; n++) {
		hot = random_below(n);
		for (i = 0; i < n; i++)
			x[i] = i == hot ? S32_MAX : S32_MIN;
		neural_q16_softmax(y, x, n);
		for (i = 0; i < n; i++)
			tap_check(&failed, y[i] == (i == hot ? ONE : 0), "n %u i %u: %d",
				  n, i, y[i]);
	}
	tap_ok(!failed, "one hot: one and zeros");
}

/* One input on top of a tail that only the sum can see. */
static long tail_failures(softmax_fn *fn, u32 d)
{
	const long double e = expl(-(long double)d / ONE);
	const long double sum = 1 + (MAX_N - 1) * e;
	long double error;
	long failed = 0;
	u32 i;

	for (i = 0; i < MAX_N; i++)
		x[i] = i == MAX_N / 3 ? 0 : -(s32)d;
	fn(y, x, MAX_N);
	error = fabsl(y[MAX_N / 3] - ONE / sum);
	worst = fmaxl(worst, error);
	failed += error >= BOUND;
	for (i = 0; i < MAX_N; i += MAX_N / 2 - 1) {
		error = fabsl(y[i] - ONE * e / sum);
		worst = fmaxl(worst, error);
		failed += error >= BOUND;
	}
	return failed;
}

static void test_tail(void)
{
	long failed = 0;
	u32 d;

	worst = 0;
	for (d = 0; d < 30 * ONE; d += 9973)
		tap_check(&failed, !tail_failures(neural_q16_softmax, d),
			  "tail at -%u", d);
	tap_ok(!failed, "65535 equal tails below one input: within %.4Lf LSB", worst);
}

static void test_shift(void)
{
	long failed = 0;
	u32 n, i;

	for (n = 1; n <= 300; n++) {
		const s32 by = (s32)random_u64() >> 1;

		fill(n, 0);
		for (i = 0; i < n; i++)
			x[i] >>= 1;
		neural_q16_softmax(y, x, n);
		for (i = 0; i < n; i++)
			x[i] += by;
		neural_q16_softmax(z, x, n);
		tap_check(&failed, !memcmp(y, z, sizeof(*y) * n), "n %u by %d", n, by);
	}
	tap_ok(!failed, "adding a constant changes no bit");
}

static void test_empty(void)
{
	s32 untouched = 42;

	neural_q16_softmax(&untouched, &untouched, 0);
	tap_ok(untouched == 42, "no elements, nothing written");
}

/* Terms cut to Q31 before they are summed: what src/q16_softmax.c warns of. */
static void softmax_narrow(s32 *out, const s32 *in, u32 n)
{
	s32 top = S32_MIN;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < n; i++)
		top = max(top, in[i]);
	for (i = 0; i < n; i++)
		sum += neural_q16_exp((u32)top - (u32)in[i]) >> 9;
	for (i = 0; i < n; i++) {
		const u64 e = neural_q16_exp((u32)top - (u32)in[i]) >> 9;

		out[i] = (s32)((e * ONE + sum / 2) / sum);
	}
}

/* Not monotone: the last element gets what rounding left over. */
static void softmax_rest(s32 *out, const s32 *in, u32 n)
{
	s32 rest = ONE;
	u32 i;

	neural_q16_softmax(out, in, n);
	for (i = 0; i + 1 < n; i++)
		rest -= out[i];
	out[n - 1] = rest;
}

static void test_of_test(void)
{
	long failed = 0;
	u32 d;

	for (d = 20 * ONE; d < 24 * ONE; d += 9973)
		failed += tail_failures(softmax_narrow, d);
	tap_ok(failed, "narrow terms are flagged");

	failed = 0;
	fill(300, 2);
	tap_quiet = true;
	check_vector(&failed, softmax_rest, 300);
	tap_quiet = false;
	tap_ok(failed, "a last element that differs is flagged");
}

int main(void)
{
	tap_plan(9);
	test_exp();
	test_random();
	test_equal();
	test_one_hot();
	test_tail();
	test_shift();
	test_empty();
	test_of_test();
	return tap_done();
}
