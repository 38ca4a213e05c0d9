// SPDX-License-Identifier: GPL-2.0-only
/* Softmax of S8 tensors, and the border between S8 and fixed point. */
#include "ops_elementwise.h"

static u64 seed = 23;

/* Vectors of the last of @dim; a scale of what a model would have to the odd. */
static void softmax_case(struct op_case *c, u32 rank, const u32 *dim)
{
	s32 shift = reference_between(&seed, 16, 28);

	op_case_init(c, NEURAL_OP_SOFTMAX, rank, dim);
	c->t[0].zero_point = reference_any_s8(&seed);
	c->t[2].zero_point = -128;
	c->node.attr[NEURAL_SOFTMAX_MULTIPLIER] = reference_between(&seed, 1 << 30,
								    NEURAL_FP_MAX);
	c->node.attr[NEURAL_SOFTMAX_SHIFT] = shift;
	/* 31 of the 32 that Q5.26 has */
	c->node.attr[NEURAL_SOFTMAX_DIFF_MIN] = -(s32)((31LL << 28 >> shift) / 4);
}

/* @at of the vectors @n long of @rows rows, compared at every @step-th element. */
static void softmax_check(const struct op_case *c, const s8 *x, const s8 *y, u32 n,
			  u32 step, unsigned int *failed)
{
	u32 i;

	for (i = 0; i < n; i += step)
		tap_check(failed, y[i] == reference_softmax_s8(x, n, i, c->node.attr[0],
							       c->node.attr[1],
							       c->node.attr[2]),
			  "n %u at %u: %d", n, i, y[i]);
}

void ops_softmax_random(void)
{
	static s8 x[3 * 1300], y[3 * 1300];
	unsigned int failed = 0;
	u32 turn, i, r;

	for (turn = 0; turn < 3000; turn++) {
		const u32 dim[] = { 1 + turn % 4, 1 + turn % 3,
				    reference_between(&seed, 1, turn % 5 ? 12 : 100) };
		const u32 rows = 1 + turn % 3, bytes = dim[0] * dim[1] * dim[2];
		struct op_buffer in = { x, bytes + 3 }, out = { y, bytes + 5 };
		const s32 spread = reference_between(&seed, 0, 127);
		struct op_case c;
		const char *rule;

		softmax_case(&c, 3, dim);
		for (i = 0; i < ARRAY_SIZE(x); i++)
			x[i] = turn % 2 ? reference_any_s8(&seed) :
					  reference_between(&seed, -spread, spread);
		if (turn % 7 == 0) {
			memcpy(y, x, sizeof(x));
			in = (struct op_buffer){ y, bytes + 3 };
			out = in;
		}
		tap_check(&failed, !op_case_verify(&c, &rule) &&
			  !op_case_run(&c, &out, &in, rows, true), "%s", rule);
		for (r = 0; r < rows; r++)
			for (i = 0; i < bytes; i += dim[2])
				softmax_check(&c, x + r * (bytes + 3) + i,
					      y + r * out.stride + i, dim[2], 1, &failed);
	}
	tap_ok(!failed, "softmax of random vectors");
}

void ops_softmax_long(void)
{
	static const u32 sizes[] = { 300, 4096, 1 << 20 };
	s8 *x = malloc(1 << 20), *y = malloc(1 << 20);
	unsigned int failed = 0;
	u32 i, s;

	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		struct op_buffer in = { x, sizes[s] }, out = { y, sizes[s] };
		struct op_case c;
		const char *rule;

		softmax_case(&c, 1, &sizes[s]);
		for (i = 0; i < sizes[s]; i++)
			x[i] = reference_between(&seed, -128, 100);
		x[sizes[s] / 2] = 127;
		tap_check(&failed, !op_case_verify(&c, &rule) &&
			  !op_case_run(&c, &out, &in, 1, true), "%s", rule);
		softmax_check(&c, x, y, sizes[s], sizes[s] / 20, &failed);
	}
	free(x);
	free(y);
	tap_ok(!failed, "softmax of long vectors");
}

/*
 * Equal elements: 1/n of 256 steps, halves up, as long as it is more than a half; from
 * 512 on, where that would be half a step, nothing.
 */
void ops_softmax_equal(void)
{
	s8 *x = malloc(1 << 20), *y = malloc(1 << 20);
	unsigned int failed = 0;
	u32 n;

	for (n = 1; n <= 1 << 20; n += n < 1100 ? 1 : n / 3) {
		struct op_buffer in = { x, n }, out = { y, n };
		const s64 share = n < 512 ? (2 * 256 + n) / (2 * n) : 0;
		struct op_case c;
		const char *rule;

		softmax_case(&c, 1, &n);
		memset(x, n % 256, n);
		tap_check(&failed, !op_case_verify(&c, &rule) &&
			  !op_case_run(&c, &out, &in, 1, false), "%s", rule);
		tap_check(&failed, y[0] == min(share, 255LL) - 128 && y[n - 1] == y[0] &&
			  !memcmp(y, y + 1, n - 1), "n %u: %d", n, y[0]);
		softmax_check(&c, x, y, n, n, &failed);
	}
	free(x);
	free(y);
	tap_ok(!failed, "softmax of up to 2^20 equal elements");
}

/* @x * @multiplier * 2^(@shift - 31) in 128 bits, halves away from zero. */
static s64 scaled(__int128 x, s32 multiplier, s32 shift)
{
	const __int128 unit = (__int128)1 << (31 - shift);
	const __int128 twice = 2 * x * multiplier;

	return (twice + (x < 0 ? -unit : unit)) / (2 * unit);
}

void ops_quantize_random(void)
{
	static s32 fixed[3 * 60];
	static s8 bytes[3 * 60];
	unsigned int failed = 0;
	u32 turn, i;

	for (turn = 0; turn < 8000; turn++) {
		const bool back = turn % 2;
		const u32 dim[] = { 4, 15 }, rows = 1 + turn % 3, n = 60;
		struct op_buffer wide = { fixed, n * sizeof(s32) }, narrow = { bytes, n };
		struct op_case c;
		const char *rule;
		s32 multiplier, shift, zero;

		op_case_init(&c, back ? NEURAL_OP_DEQUANTIZE : NEURAL_OP_QUANTIZE, 2, dim);
		op_case_shape(&c.t[back ? 2 : 0], NEURAL_S32, 2, dim);
		zero = reference_any_s8(&seed);
		c.t[back ? 0 : 2].zero_point = zero;
		multiplier = reference_random(&seed) % 4 ? reference_random(&seed) >> 1 :
			     NEURAL_FP_MAX;
		shift = reference_between(&seed, -31, 31);
		c.node.attr[NEURAL_QUANTIZE_MULTIPLIER] = multiplier;
		c.node.attr[NEURAL_QUANTIZE_SHIFT] = shift;
		for (i = 0; i < ARRAY_SIZE(fixed); i++) {
			fixed[i] = reference_any(&seed) >> (turn / 2 % 4 * 8);
			bytes[i] = reference_any_s8(&seed);
		}
		tap_check(&failed, !op_case_verify(&c, &rule), "turn %u: %s", turn, rule);
		tap_check(&failed, !op_case_run(&c, back ? &wide : &narrow,
						back ? &narrow : &wide, rows, false),
			  "turn %u", turn);
		for (i = 0; i < rows * n; i++) {
			const s64 want = back ?
				reference_saturate(scaled(bytes[i] - zero, multiplier, shift)) :
				reference_clamp(scaled(fixed[i], multiplier, shift) + zero,
						-128, 127);
			const s64 got = back ? fixed[i] : bytes[i];

			tap_check(&failed, got == want && got >= c.t[2].lo &&
				  got <= c.t[2].hi, "turn %u at %u", turn, i);
		}
	}
	tap_ok(!failed, "from fixed point to S8 and back");
}
