// SPDX-License-Identifier: GPL-2.0-only
/* Standard work of the fixed-point families, and of all of them the sizes. */
#include "../src/q16.h"
#include "work.h"
#include "work_pool.h"
#include "work_s8.h"

#define MACS(_units, _shape)	{ .units = _units, .unit = "mac", .shape = _shape }
#define CELLS(_units, _shape)	{ .units = _units, .unit = "cell", .shape = _shape }
#define ELEMENTS		{ .units = NEURAL_WORK_ELEMENTS, .unit = "element",	\
				  .shape = "1024" }
#define MATRIX			MACS(NEURAL_WORK_K * NEURAL_WORK_N, "1x256x256")
#define POOL			CELLS((NEURAL_WORK_WINDOW - 1) * (NEURAL_WORK_WINDOW - 1) * \
				      NEURAL_WORK_CHANNELS * NEURAL_WORK_PLACES, "16x2x2x64")

const struct neural_work neural_work[NEURAL_KERNEL_NR_FAMILIES] = {
	[NEURAL_FAMILY_q16_dense] = MATRIX,
	[NEURAL_FAMILY_q16_dense16] = MATRIX,
	[NEURAL_FAMILY_q16_dot] = MACS(NEURAL_WORK_K * NEURAL_WORK_FEW, "1x256x4"),
	[NEURAL_FAMILY_fx_dense16] = MATRIX,
	[NEURAL_FAMILY_fx_dense64] = MATRIX,
	[NEURAL_FAMILY_fx_dot] = MACS(NEURAL_WORK_K * NEURAL_WORK_FEW, "1x256x4"),
	[NEURAL_FAMILY_fx_split] = ELEMENTS,
	[NEURAL_FAMILY_q16_split] = ELEMENTS,
	[NEURAL_FAMILY_q16_relu] = ELEMENTS,
	[NEURAL_FAMILY_q16_leaky_relu] = ELEMENTS,
	[NEURAL_FAMILY_q16_sigmoid] = ELEMENTS,
	[NEURAL_FAMILY_q16_tanh] = ELEMENTS,
	[NEURAL_FAMILY_q16_scale] = ELEMENTS,
	[NEURAL_FAMILY_s8_lut] = ELEMENTS,
	[NEURAL_FAMILY_s8_add] = ELEMENTS,
	[NEURAL_FAMILY_s8_mul] = ELEMENTS,
	[NEURAL_FAMILY_s8_quantize] = ELEMENTS,
	[NEURAL_FAMILY_s8_norm] = ELEMENTS,
	[NEURAL_FAMILY_s8_softmax] = ELEMENTS,
	[NEURAL_FAMILY_s8_gemm] = MATRIX,
	[NEURAL_FAMILY_s8s4_gemm] = MATRIX,
	[NEURAL_FAMILY_s8_conv] =
		MACS(NEURAL_WORK_WINDOW * NEURAL_WORK_WINDOW * NEURAL_WORK_INPUTS *
		     NEURAL_WORK_OUTPUTS * NEURAL_WORK_PLACES, "16x3x3x16x32"),
	[NEURAL_FAMILY_s8_frame] =
		CELLS((NEURAL_WORK_LINES + 2) * (NEURAL_WORK_LINE + 2 * NEURAL_WORK_INPUTS),
		      "10x288"),
	[NEURAL_FAMILY_s8_depthwise] =
		MACS(NEURAL_WORK_WINDOW * NEURAL_WORK_WINDOW * NEURAL_WORK_CHANNELS *
		     NEURAL_WORK_PLACES, "16x3x3x64"),
	[NEURAL_FAMILY_s8_max_pool] = POOL,
	[NEURAL_FAMILY_s8_average_pool] = POOL,
	[NEURAL_FAMILY_s8_sum] = CELLS(NEURAL_WORK_ROWS * NEURAL_WORK_CHANNELS, "49x64"),
};

/* Results of 64 bits, as they are. */
static const struct neural_fx_end neural_work_end = {
	.lo = S64_MIN, .hi = S64_MAX, .bytes = sizeof(s64),
};

/* Some kernels take the sign out of what they multiply, and want to know of what. */
static s64 *neural_work_wsum(struct neural_work_pool *pool, const s32 *w)
{
	s64 *wsum = neural_work_take(pool, NEURAL_WORK_N * sizeof(*wsum));
	u32 i, j;

	for (j = 0; j < NEURAL_WORK_N; j++)
		for (i = 0; i < NEURAL_WORK_K; i++)
			wsum[j] += w[(j / NEURAL_Q16_PANEL * NEURAL_WORK_K + i) *
				     NEURAL_Q16_PANEL + j % NEURAL_Q16_PANEL];
	return wsum;
}

static const void *neural_work_dense(struct neural_work_pool *pool)
{
	struct neural_q16_dense_args *a = neural_work_take(pool, sizeof(*a));
	const s32 *w = neural_work_s32(pool, NEURAL_WORK_K * NEURAL_WORK_N, 16);

	*a = (struct neural_q16_dense_args){
		.out = pool->results,
		.x = neural_work_s32(pool, NEURAL_WORK_K, 18),
		.w = w,
		.bias = neural_work_take(pool, NEURAL_WORK_N * sizeof(s64)),
		.wsum = neural_work_wsum(pool, w),
		.k = NEURAL_WORK_K, .n = NEURAL_WORK_N, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_N,
	};
	return a;
}

/* Weights of 13 bits: a chunk is 8 pairs of them. */
static const void *neural_work_dense16(struct neural_work_pool *pool)
{
	struct neural_q16_dense16_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_q16_dense16_args){
		.out = pool->results,
		.hi = neural_work_s16(pool, NEURAL_WORK_K, 16),
		.lo = neural_work_s16(pool, NEURAL_WORK_K, 16),
		.w = neural_work_s16(pool, NEURAL_WORK_K * NEURAL_WORK_N, 13),
		.bias = neural_work_take(pool, NEURAL_WORK_N * sizeof(s64)),
		.pairs = NEURAL_WORK_K / 2, .chunk = 65535 / (2 << 12),
		.n = NEURAL_WORK_N, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_N,
	};
	return a;
}

static const void *neural_work_dot(struct neural_work_pool *pool)
{
	struct neural_q16_dot_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_q16_dot_args){
		.out = pool->results,
		.x = neural_work_s32(pool, NEURAL_WORK_K, 18),
		.w = neural_work_s32(pool, NEURAL_WORK_K * NEURAL_WORK_FEW, 16),
		.bias = neural_work_take(pool, NEURAL_WORK_FEW * sizeof(s64)),
		.k = NEURAL_WORK_K, .n = NEURAL_WORK_FEW, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_FEW,
	};
	return a;
}

/* Inputs and weights of 12 bits: 256 products are below 2^30. */
static const void *neural_work_fx_dense16(struct neural_work_pool *pool)
{
	struct neural_fx_dense16_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_fx_dense16_args){
		.out = pool->results,
		.x = neural_work_s16(pool, NEURAL_WORK_K, 12),
		.w = neural_work_s16(pool, NEURAL_WORK_K * NEURAL_WORK_N, 12),
		.bias = neural_work_take(pool, NEURAL_WORK_N * sizeof(s64)),
		.pairs = NEURAL_WORK_K / 2, .chunk = NEURAL_WORK_K / 2,
		.n = NEURAL_WORK_N, .rows = 1, .digits = 1,
		.plane = NEURAL_WORK_K, .x_stride = NEURAL_WORK_K,
		.out_stride = NEURAL_WORK_N, .end = neural_work_end,
	};
	return a;
}

static const void *neural_work_fx_dense64(struct neural_work_pool *pool)
{
	struct neural_fx_dense64_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_fx_dense64_args){
		.out = pool->results,
		.x = neural_work_s64(pool, NEURAL_WORK_K, 32),
		.w = neural_work_s32(pool, NEURAL_WORK_K * NEURAL_WORK_N, 16),
		.bias = neural_work_take(pool, NEURAL_WORK_N * sizeof(s64)),
		.k = NEURAL_WORK_K, .n = NEURAL_WORK_N, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_N,
		.end = neural_work_end,
	};
	return a;
}

static const void *neural_work_fx_dot(struct neural_work_pool *pool)
{
	struct neural_fx_dot_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_fx_dot_args){
		.out = pool->results,
		.x = neural_work_s64(pool, NEURAL_WORK_K, 32),
		.w = neural_work_s32(pool, NEURAL_WORK_K * NEURAL_WORK_FEW, 16),
		.bias = neural_work_take(pool, NEURAL_WORK_FEW * sizeof(s64)),
		.k = NEURAL_WORK_K, .n = NEURAL_WORK_FEW, .rows = 1,
		.x_stride = NEURAL_WORK_K, .out_stride = NEURAL_WORK_FEW,
		.x_bytes = sizeof(s64), .end = neural_work_end,
	};
	return a;
}

static const void *neural_work_fx_split(struct neural_work_pool *pool)
{
	struct neural_fx_split_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_fx_split_args){
		.y = pool->results,
		.x = neural_work_s64(pool, NEURAL_WORK_ELEMENTS, 32),
		.n = NEURAL_WORK_ELEMENTS, .x_bytes = sizeof(s64), .digits = 2,
		.plane = NEURAL_WORK_ELEMENTS,
	};
	return a;
}

static const void *neural_work_split(struct neural_work_pool *pool)
{
	struct neural_q16_split_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_q16_split_args){
		.hi = pool->results, .lo = (s16 *)pool->results + NEURAL_WORK_ELEMENTS,
		.x = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 32),
		.n = NEURAL_WORK_ELEMENTS,
	};
	return a;
}

/* From -4.0 to 4.0, and a slope of a tenth. */
static const void *neural_work_map(struct neural_work_pool *pool)
{
	struct neural_q16_map_args *a = neural_work_take(pool, sizeof(*a));

	*a = (struct neural_q16_map_args){
		.y = pool->results,
		.x = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 19),
		.scale = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 19),
		.shift = neural_work_s32(pool, NEURAL_WORK_ELEMENTS, 19),
		.n = NEURAL_WORK_ELEMENTS, .alpha = S32_MAX / 10,
	};
	return a;
}

const void *neural_work_make(enum neural_kernel_family family, void *memory)
{
	struct neural_work_pool pool = {
		.results = memory, .at = (u8 *)memory + NEURAL_WORK_RESULTS, .seed = family,
	};

	switch (family) {
	case NEURAL_FAMILY_q16_dense:
		return neural_work_dense(&pool);
	case NEURAL_FAMILY_q16_dense16:
		return neural_work_dense16(&pool);
	case NEURAL_FAMILY_q16_dot:
		return neural_work_dot(&pool);
	case NEURAL_FAMILY_fx_dense16:
		return neural_work_fx_dense16(&pool);
	case NEURAL_FAMILY_fx_dense64:
		return neural_work_fx_dense64(&pool);
	case NEURAL_FAMILY_fx_dot:
		return neural_work_fx_dot(&pool);
	case NEURAL_FAMILY_fx_split:
		return neural_work_fx_split(&pool);
	case NEURAL_FAMILY_q16_split:
		return neural_work_split(&pool);
	case NEURAL_FAMILY_q16_relu:
	case NEURAL_FAMILY_q16_leaky_relu:
	case NEURAL_FAMILY_q16_sigmoid:
	case NEURAL_FAMILY_q16_tanh:
	case NEURAL_FAMILY_q16_scale:
		return neural_work_map(&pool);
	default:
		return neural_work_make_s8(family, &pool);
	}
}
