// SPDX-License-Identifier: GPL-2.0-only
/* Functions of one S8 value, at every value there is. */
#include <math.h>

#include "ops_elementwise.h"

#define ALL	256

static const u16 codes[] = {
	NEURAL_OP_RELU, NEURAL_OP_LEAKY_RELU, NEURAL_OP_HARD_SWISH, NEURAL_OP_LOGISTIC,
	NEURAL_OP_TANH, NEURAL_OP_REQUANTIZE, NEURAL_OP_LUT,
};

static u64 seed = 22;
static s8 table[ALL];

/* Attributes that an op may have; shifts to the left as far as 255 allows. */
static void random_case(struct op_case *c, u16 code)
{
	static const u32 all = ALL;
	s32 *attr = c->node.attr;
	u32 i;

	op_case_init(c, code, 1, &all);
	c->t[0].zero_point = reference_any_s8(&seed);
	c->t[2].zero_point = reference_any_s8(&seed);
	for (i = 0; i < 4; i += 2) {
		attr[i] = reference_random(&seed) % 8 ?
			  reference_between(&seed, 1 << 30, NEURAL_FP_MAX) :
			  reference_between(&seed, 0, NEURAL_FP_MAX);
		attr[i + 1] = reference_random(&seed) % 8 ? reference_between(&seed, -5, 3) :
							    reference_between(&seed, -31, 23);
	}
	switch (code) {
	case NEURAL_OP_RELU:
		attr[NEURAL_RESCALE_MIN] = reference_any_s8(&seed);
		attr[NEURAL_RESCALE_MAX] = reference_between(&seed, attr[NEURAL_RESCALE_MIN],
							     127);
		break;
	case NEURAL_OP_HARD_SWISH:
		attr[NEURAL_HARD_SWISH_MULTIPLIER] = reference_between(&seed, 0, 32767);
		attr[NEURAL_HARD_SWISH_SHIFT] = reference_between(&seed, -15, 0);
		attr[NEURAL_HARD_SWISH_RELU_MULTIPLIER] = reference_between(&seed, 0, 32767);
		attr[NEURAL_HARD_SWISH_RELU_SHIFT] = reference_between(&seed, -15, 15);
		break;
	case NEURAL_OP_LOGISTIC:
	case NEURAL_OP_TANH:
		memset(attr, 0, sizeof(c->node.attr));
		c->t[2].zero_point = code == NEURAL_OP_TANH ? 0 : -128;
		attr[NEURAL_SIGMOID_MULTIPLIER] = reference_between(&seed, 1 << 30,
								    NEURAL_FP_MAX);
		attr[NEURAL_SIGMOID_SHIFT] = reference_between(&seed, 15, 28);
		/* 15 of the 16 that Q4.27 has */
		attr[NEURAL_SIGMOID_RADIUS] = min((15LL << 28 >> attr[NEURAL_SIGMOID_SHIFT]) / 2,
						  300LL);
		break;
	}
	/* A table, which a file has aligned. */
	for (i = 0; i < ALL; i++)
		table[i] = reference_any_s8(&seed);
	c->t[1].data = table;
}

static s64 expected(const struct op_case *c, s32 x)
{
	const s32 *attr = c->node.attr;
	const s32 v = x - c->t[0].zero_point, zero = c->t[2].zero_point;
	s64 y;

	switch (c->node.code) {
	case NEURAL_OP_RELU:
		return reference_clamp(reference_rescale(v, attr[0], attr[1]) + zero,
				       attr[NEURAL_RESCALE_MIN], attr[NEURAL_RESCALE_MAX]);
	case NEURAL_OP_LEAKY_RELU:
		return reference_rescale(v, attr[v < 0 ? 2 : 0], attr[v < 0 ? 3 : 1]) + zero;
	case NEURAL_OP_HARD_SWISH:
		return reference_hard_swish(v, attr[0], attr[1], attr[2], attr[3]) + zero;
	case NEURAL_OP_LOGISTIC:
	case NEURAL_OP_TANH:
		if (v <= -attr[0] || v >= attr[0])
			return v < 0 ? -128 : 127;
		y = reference_rescale(v, attr[1], attr[2]);
		if (c->node.code == NEURAL_OP_TANH)
			return reference_half_away(reference_tanh31(y), 24);
		return reference_half_away(reference_logistic31(y), 23) - 128;
	case NEURAL_OP_REQUANTIZE:
		return reference_rescale(v, attr[0], attr[1]) + zero;
	default:
		return table[x + 128];
	}
}

/* All values in each of @rows rows, turned by one from row to row. */
static bool check(struct op_case *c, u32 rows, bool in_place, s8 *y)
{
	static s8 x[4 * (ALL + 3)], result[4 * (ALL + 7)];
	struct op_buffer in = { x, ALL + 3 }, out = { result, ALL + 7 };
	u32 i, r;
	bool ok;

	for (r = 0; r < rows; r++)
		for (i = 0; i < ALL; i++)
			x[r * in.stride + i] = (s8)(i + r);
	if (in_place)
		out = in;
	ok = !op_case_run(c, &out, &in, rows, false);
	for (r = 0; r < rows; r++) {
		for (i = 0; i < ALL; i++) {
			const s8 got = ((s8 *)out.data)[r * out.stride + i];

			ok &= got == reference_clamp(expected(c, (s8)(i + r)), -128, 127);
			ok &= got >= c->t[2].lo && got <= c->t[2].hi;
		}
	}
	if (y)
		memcpy(y, out.data, ALL);
	return ok;
}

void ops_unary_random(void)
{
	unsigned int failed = 0;
	u32 turn;

	for (turn = 0; turn < 7 * 1500; turn++) {
		const u16 code = codes[turn % ARRAY_SIZE(codes)];
		const char *rule;
		struct op_case c;

		random_case(&c, code);
		tap_check(&failed, !op_case_verify(&c, &rule) &&
			  check(&c, reference_between(&seed, 1, 4), turn % 2, NULL),
			  "%s turn %u: %s", neural_ops[code].name, turn,
			  rule ? rule : "results differ");
	}
	tap_ok(!failed, "functions of one value, at all 256");
}

/* Close to the functions they are named after, at a scale that a model would have. */
void ops_unary_real(void)
{
	unsigned int failed = 0;
	double worst = 0;
	u32 turn, i;
	s8 y[ALL];

	for (turn = 0; turn < 200; turn++) {
		const bool is_tanh = turn % 2;
		const char *rule;
		struct op_case c;
		double step;

		random_case(&c, is_tanh ? NEURAL_OP_TANH : NEURAL_OP_LOGISTIC);
		step = ldexp(c.node.attr[NEURAL_SIGMOID_MULTIPLIER],
			     c.node.attr[NEURAL_SIGMOID_SHIFT] - 31 - 27);
		tap_check(&failed, !op_case_verify(&c, &rule) && check(&c, 1, false, y),
			  "turn %u", turn);
		for (i = 0; i < ALL; i++) {
			const double x = ((s8)i - c.t[0].zero_point) * step;
			const double real = is_tanh ? 128 * tanh(x) : 256 / (1 + exp(-x)) - 128;

			worst = fmax(worst, fabs(y[i] - fmin(real, 127)));
		}
	}
	tap_note("off by %.4f steps at most", worst);
	tap_ok(!failed && worst < 0.51, "logistic and tanh are near the real functions");
}

/* More than a tile. */
void ops_lut_long(void)
{
	const u32 n = 50001;
	s8 *x = malloc(2 * n), *y = malloc(2 * n);
	struct op_buffer in = { x, n }, out = { y, n };
	unsigned int failed = 0;
	struct op_case c;
	const char *rule;
	u32 i;

	random_case(&c, NEURAL_OP_LUT);
	op_case_shape(&c.t[0], NEURAL_S8, 1, &n);
	op_case_shape(&c.t[2], NEURAL_S8, 1, &n);
	for (i = 0; i < 2 * n; i++)
		x[i] = reference_any_s8(&seed);
	tap_check(&failed, !op_case_verify(&c, &rule) && !op_case_run(&c, &out, &in, 2, true),
		  "refused");
	for (i = 0; i < 2 * n; i++)
		tap_check(&failed, y[i] == table[x[i] + 128], "at %u", i);
	free(x);
	free(y);
	tap_ok(!failed, "tables over large tensors");
}
