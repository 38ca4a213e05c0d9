// SPDX-License-Identifier: GPL-2.0-only
/* Standard work of the S8 families. */
#include "work_s8.h"

/* Scales of about one, and results that seldom saturate. */
static const struct neural_s8_add neural_work_add_numbers = {
	.a_zero = 3, .b_zero = -5, .y_zero = 7, .left_shift = 20,
	.a_multiplier = 1 << 30, .a_shift = -1, .b_multiplier = 1 << 30, .b_shift = 0,
	.multiplier = 1431655765, .shift = -18, .min = S8_MIN, .max = S8_MAX,
};

static const struct neural_s8_mul neural_work_mul_numbers = {
	.a_zero = 3, .b_zero = -5, .y_zero = 7, .multiplier = 1431655765, .shift = -7,
	.min = S8_MIN, .max = S8_MAX,
};

static const void *neural_work_lut(struct neural_work_pool *pool)
{
	struct neural_s8_lut_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_lut_args){
		.y = pool->results, .x = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.table = neural_work_s8(pool, 256), .n = NEURAL_WORK_ELEMENTS,
	};
	return a;
}

static const void *neural_work_add(struct neural_work_pool *pool)
{
	struct neural_s8_add_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_add_args){
		.y = pool->results, .a = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.b = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.p = &neural_work_add_numbers, .n = NEURAL_WORK_ELEMENTS,
		.a_step = 1, .b_step = 1,
	};
	return a;
}

static const void *neural_work_mul(struct neural_work_pool *pool)
{
	struct neural_s8_mul_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_mul_args){
		.y = pool->results, .a = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.b = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.p = &neural_work_mul_numbers, .n = NEURAL_WORK_ELEMENTS,
		.a_step = 1, .b_step = 1,
	};
	return a;
}

/* From -4.0 to 4.0 in steps of a 32nd. */
static const void *neural_work_quantize(struct neural_work_pool *pool)
{
	struct neural_s8_quantize_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_quantize_args){
		.y = pool->results, .x = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 19),
		.n = NEURAL_WORK_ELEMENTS, .multiplier = 1 << 30, .right = 41,
		.zero_point = 7,
	};
	return a;
}

/* A layer's, to steps of a 32nd: gamma of about one in Q12, beta within 2. */
static const void *neural_work_norm(struct neural_work_pool *pool)
{
	struct neural_s8_norm_args *a = neural_work_take(pool, sizeof(*a));
	struct neural_s8_norm *p = neural_work_take(pool, sizeof(*p));

	*p = (struct neural_s8_norm){
		.n = NEURAL_WORK_ELEMENTS, .zero = -3, .centre = true, .epsilon = 655,
		.drop = 16, .multiplier = 1 << 30, .shift = -10, .zero_point = 7,
		.min = S8_MIN, .max = S8_MAX,
		.gamma = neural_work_s16(pool, NEURAL_WORK_ELEMENTS, 14),
		.beta = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 18),
	};
	*a = (struct neural_s8_norm_args){
		.y = pool->results, .x = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.p = p, .rows = 1,
	};
	return a;
}

/* Something that falls by a part of itself with each step. */
static const void *neural_work_softmax(struct neural_work_pool *pool)
{
	struct neural_s8_softmax_args *a = neural_work_take(pool, sizeof(*a));
	s32 *exp = neural_work_take(pool, 256 * sizeof(*exp));
	u32 *term = neural_work_take(pool, 256 * sizeof(*term));
	u32 d;

	exp[0] = S32_MAX;
	for (d = 1; d < 256; d++)
		exp[d] = exp[d - 1] - exp[d - 1] / 16;
	for (d = 0; d < 256; d++)
		term[d] = ((u32)exp[d] + (1 << 11)) >> 12;
	*a = (struct neural_s8_softmax_args){
		.y = pool->results, .x = neural_work_s8(pool, NEURAL_WORK_ELEMENTS),
		.exp = exp, .term = term, .n = NEURAL_WORK_ELEMENTS,
	};
	return a;
}

/* @n times @value. */
static s32 *neural_work_same(struct neural_work_pool *pool, u32 n, s32 value)
{
	s32 *p = neural_work_take(pool, n * sizeof(*p));
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = value;
	return p;
}

/* The four weights of 16 outputs that begin at @w, of one group or of two. */
static s32 neural_work_gemm_sum(const s8 *w, bool s4)
{
	s32 sum = 0;
	u32 i;

	for (i = 0; i < NEURAL_S8_GROUP; i++)
		sum += s4 ? (s8)((u8)w[i] << 4) / 16 + (w[i] >> 4) : w[i];
	return sum;
}

/* Weights are what comes, so the bias for inputs without a sign is made of them. */
static void neural_work_gemm_bias(s32 *bias_u8, const s8 *w, bool s4)
{
	const u32 blocks = NEURAL_WORK_K / NEURAL_S8_GROUP / (s4 ? 2 : 1);
	const u32 block = NEURAL_S8_PANEL * NEURAL_S8_GROUP;
	u32 i, j;

	for (j = 0; j < NEURAL_WORK_N; j++) {
		const s8 *at = w + j / NEURAL_S8_PANEL * blocks * block +
			       j % NEURAL_S8_PANEL * NEURAL_S8_GROUP;

		for (i = 0; i < blocks; i++)
			bias_u8[j] -= 128 * neural_work_gemm_sum(at + i * block, s4);
	}
}

static const void *neural_work_gemm(struct neural_work_pool *pool, bool s4)
{
	struct neural_s8_gemm_args *a = neural_work_take(pool, sizeof(*a));
	s32 *bias_u8 = neural_work_same(pool, NEURAL_WORK_N, 0);

	*a = (struct neural_s8_gemm_args){
		.out = pool->results, .x = neural_work_s8(pool, NEURAL_WORK_K),
		.w = neural_work_s8(pool, NEURAL_WORK_K * NEURAL_WORK_N / (s4 ? 2 : 1)),
		.bias = neural_work_same(pool, NEURAL_WORK_N, 0), .bias_u8 = bias_u8,
		.multiplier = neural_work_same(pool, NEURAL_WORK_N, 1431655765),
		.shift = neural_work_same(pool, NEURAL_WORK_N, s4 ? -7 : -11),
		.k = NEURAL_WORK_K, .n = NEURAL_WORK_N, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_N,
		.zero_point = -3, .min = S8_MIN, .max = S8_MAX,
	};
	neural_work_gemm_bias(bias_u8, a->w, s4);
	return a;
}

/* Segments are lines of the window; the bias is that of inputs without a sign. */
static const void *neural_work_conv(struct neural_work_pool *pool)
{
	const u32 segment = NEURAL_WORK_WINDOW * NEURAL_WORK_INPUTS;
	const u32 line = (NEURAL_WORK_PLACES + NEURAL_WORK_WINDOW - 1) * NEURAL_WORK_INPUTS;
	struct neural_s8_conv_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_conv_args){
		.out = pool->results,
		.x = (u8 *)neural_work_s8(pool, NEURAL_WORK_WINDOW * line + NEURAL_S8_AHEAD),
		.w = neural_work_s8(pool, NEURAL_WORK_WINDOW * segment * NEURAL_WORK_OUTPUTS),
		.bias = neural_work_same(pool, NEURAL_WORK_OUTPUTS, 0),
		.multiplier = neural_work_same(pool, NEURAL_WORK_OUTPUTS, 1431655765),
		.shift = neural_work_same(pool, NEURAL_WORK_OUTPUTS, -11),
		.segments = NEURAL_WORK_WINDOW, .groups = segment / NEURAL_S8_GROUP,
		.n = NEURAL_WORK_OUTPUTS, .results = NEURAL_WORK_PLACES, .lines = 1,
		.x_segment = line, .x_step = NEURAL_WORK_INPUTS, .x_line = line,
		.out_step = NEURAL_WORK_OUTPUTS,
		.zero_point = -3, .min = S8_MIN, .max = S8_MAX,
	};
	return a;
}

static const void *neural_work_frame(struct neural_work_pool *pool)
{
	struct neural_s8_frame_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_frame_args){
		.y = pool->results,
		.x = neural_work_s8(pool, NEURAL_WORK_LINES * NEURAL_WORK_LINE),
		.x_line = NEURAL_WORK_LINE, .lines = NEURAL_WORK_LINES, .n = NEURAL_WORK_LINE,
		.before = NEURAL_WORK_INPUTS, .after = NEURAL_WORK_INPUTS,
		.above = 1, .below = 1, .fill = -3, .flip = 0x80,
	};
	return a;
}

/* A line of an image, and the lines under it that a window sees. */
static const s8 *neural_work_image(struct neural_work_pool *pool, u32 window)
{
	const u32 columns = NEURAL_WORK_PLACES + window - 1;

	return neural_work_s8(pool, window * columns * NEURAL_WORK_CHANNELS);
}

static const void *neural_work_depthwise(struct neural_work_pool *pool)
{
	const u32 cells = NEURAL_WORK_WINDOW * NEURAL_WORK_WINDOW;
	const u32 pairs = DIV_ROUND_UP(cells, 2);
	const u32 line = (NEURAL_WORK_PLACES + NEURAL_WORK_WINDOW - 1) * NEURAL_WORK_CHANNELS;
	struct neural_s8_depthwise_args *a = neural_work_take(pool, sizeof(*a));
	u32 *cell = neural_work_take(pool, 2 * pairs * sizeof(*cell));
	s16 *w = neural_work_s16(pool, 2 * pairs * NEURAL_WORK_CHANNELS, 8);
	u32 c, i;

	for (i = 0; i < cells; i++)
		cell[i] = i / NEURAL_WORK_WINDOW * line +
			  i % NEURAL_WORK_WINDOW * NEURAL_WORK_CHANNELS;
	/* The cell that there is no more of. */
	for (c = 0; c < NEURAL_WORK_CHANNELS; c++)
		w[((c / NEURAL_S8_PANEL * pairs + pairs - 1) * NEURAL_S8_PANEL +
		   c % NEURAL_S8_PANEL) * 2 + 1] = 0;
	*a = (struct neural_s8_depthwise_args){
		.out = pool->results, .x = neural_work_image(pool, NEURAL_WORK_WINDOW),
		.cell = cell, .w = w,
		.bias = neural_work_same(pool, NEURAL_WORK_CHANNELS, 0),
		.multiplier = neural_work_same(pool, NEURAL_WORK_CHANNELS, 1431655765),
		.shift = neural_work_same(pool, NEURAL_WORK_CHANNELS, -8),
		.pairs = pairs, .n = NEURAL_WORK_CHANNELS,
		.results = NEURAL_WORK_PLACES, .lines = 1,
		.x_step = NEURAL_WORK_CHANNELS, .x_line = line,
		.out_step = NEURAL_WORK_CHANNELS,
		.zero_point = -3, .min = S8_MIN, .max = S8_MAX,
	};
	return a;
}

static const void *neural_work_pooling(struct neural_work_pool *pool)
{
	const u32 window = NEURAL_WORK_WINDOW - 1;
	struct neural_s8_pool_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_pool_args){
		.out = pool->results,
		.window = {
			.x = neural_work_image(pool, window), .rows = window, .cols = window,
			.x_row = (NEURAL_WORK_PLACES + window - 1) * NEURAL_WORK_CHANNELS,
			.x_col = NEURAL_WORK_CHANNELS, .x_step = NEURAL_WORK_CHANNELS,
		},
		.n = NEURAL_WORK_CHANNELS, .results = NEURAL_WORK_PLACES,
		.out_step = NEURAL_WORK_CHANNELS, .min = S8_MIN, .max = S8_MAX,
	};
	return a;
}

static const void *neural_work_sum(struct neural_work_pool *pool)
{
	struct neural_s8_sum_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_s8_sum_args){
		.sum = pool->results,
		.x = neural_work_s8(pool, NEURAL_WORK_ROWS * NEURAL_WORK_CHANNELS),
		.rows = NEURAL_WORK_ROWS, .n = NEURAL_WORK_CHANNELS,
		.stride = NEURAL_WORK_CHANNELS,
	};
	return a;
}

const void *neural_work_make_s8(enum neural_kernel_family family,
				struct neural_work_pool *pool)
{
	switch (family) {
	case NEURAL_FAMILY_s8_lut:
		return neural_work_lut(pool);
	case NEURAL_FAMILY_s8_add:
		return neural_work_add(pool);
	case NEURAL_FAMILY_s8_mul:
		return neural_work_mul(pool);
	case NEURAL_FAMILY_s8_quantize:
		return neural_work_quantize(pool);
	case NEURAL_FAMILY_s8_norm:
		return neural_work_norm(pool);
	case NEURAL_FAMILY_s8_softmax:
		return neural_work_softmax(pool);
	case NEURAL_FAMILY_s8_gemm:
		return neural_work_gemm(pool, false);
	case NEURAL_FAMILY_s8s4_gemm:
		return neural_work_gemm(pool, true);
	case NEURAL_FAMILY_s8_conv:
		return neural_work_conv(pool);
	case NEURAL_FAMILY_s8_frame:
		return neural_work_frame(pool);
	case NEURAL_FAMILY_s8_depthwise:
		return neural_work_depthwise(pool);
	case NEURAL_FAMILY_s8_max_pool:
	case NEURAL_FAMILY_s8_average_pool:
		return neural_work_pooling(pool);
	case NEURAL_FAMILY_s8_sum:
		return neural_work_sum(pool);
	default:
		return NULL;
	}
}
