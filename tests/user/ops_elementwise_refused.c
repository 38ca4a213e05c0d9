// SPDX-License-Identifier: GPL-2.0-only
/* What verification refuses, a rule at a time, and memory that is not there. */
#include "ops_elementwise.h"

static const u32 dim[] = { 3, 4 };

/* A node of @code that is in order. */
static void good(struct op_case *c, u16 code)
{
	static s8 table[256];
	static const u32 entries = 256;
	s32 *attr = c->node.attr;

	op_case_init(c, code, 2, dim);
	switch (code) {
	case NEURAL_OP_ADD:
	case NEURAL_OP_SUB:
		attr[NEURAL_ADD_LEFT_SHIFT] = 20;
		attr[NEURAL_ADD_MULTIPLIER_A] = 1 << 30;
		attr[NEURAL_ADD_MULTIPLIER_B] = 1 << 30;
		attr[NEURAL_ADD_MULTIPLIER] = 1 << 30;
		attr[NEURAL_ADD_SHIFT] = -18;
		attr[NEURAL_ADD_MAX] = 127;
		break;
	case NEURAL_OP_MUL:
	case NEURAL_OP_RELU:
		attr[NEURAL_RESCALE_MAX] = 127;
		fallthrough;
	case NEURAL_OP_REQUANTIZE:
	case NEURAL_OP_LEAKY_RELU:
	case NEURAL_OP_HARD_SWISH:
		break;
	case NEURAL_OP_LOGISTIC:
		c->t[2].zero_point = -128;
		fallthrough;
	case NEURAL_OP_TANH:
		attr[NEURAL_SIGMOID_RADIUS] = 100;
		break;
	case NEURAL_OP_SOFTMAX:
		c->t[2].zero_point = -128;
		break;
	case NEURAL_OP_LUT:
		op_case_shape(&c->t[1], NEURAL_S8, 1, &entries);
		c->t[1].data = table;
		break;
	case NEURAL_OP_QUANTIZE:
		op_case_shape(&c->t[0], NEURAL_S32, 2, dim);
		break;
	case NEURAL_OP_DEQUANTIZE:
		op_case_shape(&c->t[2], NEURAL_S32, 2, dim);
		break;
	}
}

enum { TYPE_0 = 100, TYPE_1, TYPE_OUT, RANK_0, DIM_1, DIM_OUT, RANK_OUT, ZERO_OUT, LAST };

static void damage(struct op_case *c, u32 what, s32 value)
{
	const u32 scalar[] = { 1 }, other[] = { 3, 5 }, more[] = { 1, 3, 4 };
	const u32 last[] = { value };

	switch (what) {
	case TYPE_0:
	case TYPE_1:
	case TYPE_OUT:
		op_case_shape(&c->t[what - TYPE_0], value, c->t[what - TYPE_0].rank,
			      c->t[what - TYPE_0].dim);
		break;
	case RANK_0:
		op_case_shape(&c->t[0], c->t[0].dtype, 0, scalar);
		op_case_shape(&c->t[2], c->t[2].dtype, 0, scalar);
		break;
	case DIM_1:
		op_case_shape(&c->t[1], c->t[1].dtype, 2, other);
		break;
	case DIM_OUT:
		op_case_shape(&c->t[2], c->t[2].dtype, 2, other);
		break;
	case RANK_OUT:
		op_case_shape(&c->t[2], c->t[2].dtype, 3, more);
		break;
	case ZERO_OUT:
		c->t[2].zero_point = value;
		break;
	case LAST:
		op_case_shape(&c->t[0], NEURAL_S8, 1, last);
		op_case_shape(&c->t[2], NEURAL_S8, 1, last);
		break;
	default:
		c->node.attr[what] = value;
		break;
	}
}

/**
 * struct refusal - one thing wrong with a node
 * @code: of which operation
 * @what: attribute, or one of the above
 * @value: that it gets
 * @err: the errno it is refused with; 0 where it is the last value allowed
 */
struct refusal {
	u16 code;
	u32 what;
	s32 value;
	int err;
};

static const struct refusal refusals[] = {
	{ NEURAL_OP_ADD, TYPE_0, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_ADD, TYPE_1, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_SUB, TYPE_OUT, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_ADD, DIM_1, 0, -EINVAL },
	{ NEURAL_OP_SUB, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_ADD, RANK_OUT, 0, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_LEFT_SHIFT, 21, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_LEFT_SHIFT, -1, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_MULTIPLIER_A, -1, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_MULTIPLIER_B, -1, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_SHIFT_A, -32, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_SHIFT_B, 32, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_SHIFT, -32, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_SHIFT_A, 4, 0 },
	{ NEURAL_OP_ADD, NEURAL_ADD_SHIFT_A, 5, -ERANGE },
	{ NEURAL_OP_SUB, NEURAL_ADD_SHIFT_B, 5, -ERANGE },
	{ NEURAL_OP_SUB, NEURAL_ADD_SHIFT, 3, 0 },
	{ NEURAL_OP_SUB, NEURAL_ADD_SHIFT, 5, -ERANGE },
	{ NEURAL_OP_ADD, NEURAL_ADD_MIN, -129, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_MAX, 128, -EINVAL },
	{ NEURAL_OP_ADD, NEURAL_ADD_MAX, -1, -EINVAL },
	{ NEURAL_OP_MUL, TYPE_0, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_MUL, TYPE_1, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_MUL, TYPE_OUT, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_MUL, DIM_1, 0, -EINVAL },
	{ NEURAL_OP_MUL, NEURAL_RESCALE_MULTIPLIER, S32_MIN, -EINVAL },
	{ NEURAL_OP_MUL, NEURAL_RESCALE_SHIFT, 32, -EINVAL },
	{ NEURAL_OP_MUL, NEURAL_RESCALE_SHIFT, 16, 0 },
	{ NEURAL_OP_MUL, NEURAL_RESCALE_SHIFT, 17, -ERANGE },
	{ NEURAL_OP_MUL, NEURAL_RESCALE_MIN, 128, -EINVAL },
	{ NEURAL_OP_RELU, TYPE_0, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_RELU, TYPE_OUT, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_RELU, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_RELU, NEURAL_RESCALE_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_RELU, NEURAL_RESCALE_SHIFT, 24, 0 },
	{ NEURAL_OP_RELU, NEURAL_RESCALE_SHIFT, 25, -ERANGE },
	{ NEURAL_OP_RELU, NEURAL_RESCALE_MAX, 128, -EINVAL },
	{ NEURAL_OP_REQUANTIZE, RANK_OUT, 0, -EINVAL },
	{ NEURAL_OP_REQUANTIZE, NEURAL_RESCALE_SHIFT, -32, -EINVAL },
	{ NEURAL_OP_REQUANTIZE, NEURAL_RESCALE_SHIFT, 25, -ERANGE },
	{ NEURAL_OP_LEAKY_RELU, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_LEAKY_RELU, NEURAL_LEAKY_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_LEAKY_RELU, NEURAL_LEAKY_SHIFT, 25, -ERANGE },
	{ NEURAL_OP_LEAKY_RELU, NEURAL_LEAKY_MULTIPLIER_ALPHA, -1, -EINVAL },
	{ NEURAL_OP_LEAKY_RELU, NEURAL_LEAKY_SHIFT_ALPHA, 25, -ERANGE },
	{ NEURAL_OP_HARD_SWISH, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_MULTIPLIER, 32768, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_RELU_MULTIPLIER, 32768, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_RELU_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_SHIFT, 1, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_SHIFT, -16, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_RELU_SHIFT, 16, -EINVAL },
	{ NEURAL_OP_HARD_SWISH, NEURAL_HARD_SWISH_RELU_SHIFT, -16, -EINVAL },
	{ NEURAL_OP_LOGISTIC, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_LOGISTIC, ZERO_OUT, 0, -EINVAL },
	{ NEURAL_OP_LOGISTIC, NEURAL_SIGMOID_RADIUS, -1, -EINVAL },
	{ NEURAL_OP_LOGISTIC, NEURAL_SIGMOID_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_TANH, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_TANH, ZERO_OUT, -128, -EINVAL },
	{ NEURAL_OP_TANH, NEURAL_SIGMOID_RADIUS, 0, 0 },
	{ NEURAL_OP_TANH, NEURAL_SIGMOID_SHIFT, 24, 0 },
	{ NEURAL_OP_TANH, NEURAL_SIGMOID_SHIFT, 25, -ERANGE },
	{ NEURAL_OP_LUT, TYPE_0, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_LUT, TYPE_1, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_LUT, DIM_1, 0, -EINVAL },
	{ NEURAL_OP_SOFTMAX, TYPE_0, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_SOFTMAX, TYPE_OUT, NEURAL_S32, -EINVAL },
	{ NEURAL_OP_SOFTMAX, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_SOFTMAX, RANK_0, 0, -EINVAL },
	{ NEURAL_OP_SOFTMAX, LAST, 1 << 20, 0 },
	{ NEURAL_OP_SOFTMAX, LAST, (1 << 20) + 1, -EINVAL },
	{ NEURAL_OP_SOFTMAX, ZERO_OUT, -127, -EINVAL },
	{ NEURAL_OP_SOFTMAX, NEURAL_SOFTMAX_DIFF_MIN, 1, -EINVAL },
	{ NEURAL_OP_SOFTMAX, NEURAL_SOFTMAX_DIFF_MIN, S32_MIN, 0 },
	{ NEURAL_OP_SOFTMAX, NEURAL_SOFTMAX_SHIFT, -1, -EINVAL },
	{ NEURAL_OP_SOFTMAX, NEURAL_SOFTMAX_SHIFT, 32, -EINVAL },
	{ NEURAL_OP_SOFTMAX, NEURAL_SOFTMAX_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_QUANTIZE, TYPE_0, NEURAL_S64, -EINVAL },
	{ NEURAL_OP_QUANTIZE, TYPE_OUT, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_QUANTIZE, DIM_OUT, 0, -EINVAL },
	{ NEURAL_OP_QUANTIZE, NEURAL_QUANTIZE_MULTIPLIER, -1, -EINVAL },
	{ NEURAL_OP_QUANTIZE, NEURAL_QUANTIZE_SHIFT, 32, -EINVAL },
	{ NEURAL_OP_DEQUANTIZE, TYPE_0, NEURAL_S16, -EINVAL },
	{ NEURAL_OP_DEQUANTIZE, TYPE_OUT, NEURAL_S8, -EINVAL },
	{ NEURAL_OP_DEQUANTIZE, RANK_OUT, 0, -EINVAL },
	{ NEURAL_OP_DEQUANTIZE, NEURAL_QUANTIZE_SHIFT, -32, -EINVAL },
};

/* Differences are shifted as they are, so a softmax needs two attributes to go wrong. */
static void softmax_range(unsigned int *failed)
{
	const char *rule;
	struct op_case c;

	good(&c, NEURAL_OP_SOFTMAX);
	c.node.attr[NEURAL_SOFTMAX_SHIFT] = 24;
	c.node.attr[NEURAL_SOFTMAX_DIFF_MIN] = -128;
	tap_check(failed, !op_case_verify(&c, &rule), "softmax: %s", rule);
	c.node.attr[NEURAL_SOFTMAX_DIFF_MIN] = -129;
	tap_check(failed, op_case_verify(&c, &rule) == -ERANGE, "softmax: shift of 129");
	/* unless no two elements are that far from each other */
	c.t[0].lo = 0;
	tap_check(failed, !op_case_verify(&c, &rule), "softmax: %s", rule);
}

/* Two sums of 2^31 between them: each fits, together they do not. */
static void sum_range(unsigned int *failed)
{
	const char *rule;
	struct op_case c;

	good(&c, NEURAL_OP_ADD);
	c.node.attr[NEURAL_ADD_MULTIPLIER_A] = S32_MAX;
	c.node.attr[NEURAL_ADD_MULTIPLIER_B] = S32_MAX;
	c.node.attr[NEURAL_ADD_SHIFT_A] = 3;
	c.node.attr[NEURAL_ADD_SHIFT_B] = 3;
	tap_check(failed, !op_case_verify(&c, &rule), "add: %s", rule);
	c.node.attr[NEURAL_ADD_SHIFT_A] = 4;
	c.node.attr[NEURAL_ADD_SHIFT_B] = 4;
	tap_check(failed, op_case_verify(&c, &rule) == -ERANGE, "add: sum of 2^32");
}

void ops_refused(void)
{
	unsigned int failed = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct refusal *r = &refusals[i];
		const char *rule;
		struct op_case c;

		good(&c, r->code);
		tap_check(&failed, !op_case_verify(&c, &rule), "%s: %s",
			  neural_ops[r->code].name, rule);
		damage(&c, r->what, r->value);
		tap_check(&failed, op_case_verify(&c, &rule) == r->err,
			  "%s, refusal %u: %s", neural_ops[r->code].name, i, rule);
	}
	softmax_range(&failed);
	sum_range(&failed);
	tap_ok(!failed, "every rule of verification");
}

void ops_memory(void)
{
	static s32 in[2][16], out[16];
	const size_t before = neural_shim_live_bytes;
	struct op_buffer from[2] = { { in[0], 64 }, { in[1], 64 } }, to = { out, 64 };
	unsigned int failed = 0;
	u16 code;

	for (code = NEURAL_OP_ADD; code <= NEURAL_OP_DEQUANTIZE; code++) {
		const char *rule;
		struct op_case c;
		long left;
		int ret;

		if (code > NEURAL_OP_MUL && code < NEURAL_OP_SOFTMAX)
			continue;
		good(&c, code);
		tap_check(&failed, !op_case_verify(&c, &rule), "%s", rule);
		for (left = 0, ret = -ENOMEM; ret; left++) {
			neural_shim_fail_after = left;
			ret = op_case_run(&c, &to, from, 1, false);
			neural_shim_fail_after = -1;
			tap_check(&failed, ret == (left ? 0 : -ENOMEM), "%s after %ld: %d",
				  neural_ops[code].name, left, ret);
			if (left)
				break;
		}
		tap_check(&failed, neural_shim_live_bytes == before, "%s leaks",
			  neural_ops[code].name);
	}
	tap_ok(!failed, "out of memory");
}
