// SPDX-License-Identifier: GPL-2.0-only
/* The dense families: the same layers, packed three ways. */
#include "kernels.h"

#define MAX_K		1024
#define MAX_N		304
#define MAX_ROWS	17

/* With Sum|w| up to this and any s32 bias, no input overflows the sum. */
#define WEIGHT_BUDGET	((1ULL << 32) - (1 << 17))

struct layer {
	u32 k, n, rows;
	u32 x_stride, out_stride;
	u32 chunk;		/* q16_dense16 only */
	enum value_kind kind;
	bool oppose;		/* weights take the sign of the inputs, or its opposite */
};

static s32 x[MAX_ROWS * MAX_K];
static s32 w[MAX_N * MAX_K];
static s32 b[MAX_N];
static s32 expect[MAX_ROWS * MAX_N];
static s32 got[MAX_ROWS * MAX_N];

static struct guard g_x, g_lo, g_w, g_bias, g_wsum, g_out;

/* A weight of at most @left and @most in size, which tends to use up what is left. */
static s32 random_weight(const struct layer *l, u64 *left, u32 most, u32 share)
{
	u64 size;

	switch (l->kind) {
	case VALUE_EXTREME:
		size = random_below(4) ? most : random_below(3);
		break;
	case VALUE_USUAL:
		size = random_below(min(13107U, most));
		break;
	default:
		size = random_below(share);
	}
	size = min(min(size, (u64)most), *left);
	*left -= size;
	return random_below(2) ? -(s64)size : size;
}

/* The weights of one output; a budget holds for @part of them at a time. */
static void fill_weights(const struct layer *l, u32 j, u32 part, u64 budget, u32 most)
{
	const u32 share = clamp_t(u64, 2 * budget / min(part, l->k), 1, most);
	u64 left = 0;
	u32 i;

	for (i = 0; i < l->k; i++) {
		s32 *v = &w[(size_t)j * l->k + i];

		if (i % part == 0)
			left = budget;
		*v = random_weight(l, &left, most, share);
		/* the last of a part is given the rest, to be at the bound exactly */
		if (l->kind == VALUE_EXTREME && (i % part == part - 1 || i == l->k - 1))
			*v += (*v < 0 ? -1 : 1) * (s64)min(left, (u64)most - llabs(*v));
		if (l->oppose)
			*v = (x[i] < 0) == j % 2 ? llabs(*v) : -llabs(*v);
	}
}

static void fill_layer(const struct layer *l, bool narrow)
{
	u32 i;

	WARN_ON(l->k > MAX_K || l->n > MAX_N || l->rows > MAX_ROWS);
	for (i = 0; i < l->rows * l->k; i++)
		x[i] = random_value(l->kind);
	for (i = 0; i < l->n; i++) {
		b[i] = random_value(l->kind);
		if (narrow)
			fill_weights(l, i, min(l->chunk, MAX_K) * 2, 65535, 32767);
		else
			fill_weights(l, i, l->k, WEIGHT_BUDGET, S32_MAX);
		/* the one value that has no opposite */
		if (!narrow && l->kind == VALUE_EXTREME && w[(size_t)i * l->k] == -S32_MAX)
			w[(size_t)i * l->k]--;
	}
}

static void reference(const struct layer *l)
{
	u32 i, j, r;

	for (r = 0; r < l->rows; r++) {
		for (j = 0; j < l->n; j++) {
			__int128 acc = (__int128)b[j] * NEURAL_Q16_ONE + NEURAL_Q16_ONE / 2;

			for (i = 0; i < l->k; i++)
				acc += (__int128)x[r * l->k + i] * w[(size_t)j * l->k + i];
			expect[r * l->n + j] = reference_round(acc);
		}
	}
}

/* Rows of inputs; what lies between them is pattern. */
static s32 *place_x(const struct layer *l, enum guard_side side)
{
	s32 *p = guard_place(&g_x, side, ((l->rows - 1) * l->x_stride + l->k) * sizeof(s32),
			     sizeof(s32));
	u32 r;

	for (r = 0; r < l->rows; r++)
		memcpy(p + r * l->x_stride, x + r * l->k, l->k * sizeof(s32));
	return p;
}

static s32 *place_out(const struct layer *l, enum guard_side side)
{
	return guard_place(&g_out, side,
			   ((l->rows - 1) * l->out_stride + l->n) * sizeof(s32), sizeof(s32));
}

/* Bias and sum of weights per output, padded with zeros to @padded of them. */
static void place_sums(const struct layer *l, enum guard_side side, u32 padded, bool narrow,
		       s64 **bias, s64 **wsum)
{
	const size_t align = padded == l->n ? sizeof(s64) : 64;
	u32 i, j;

	*bias = guard_place(&g_bias, side, padded * sizeof(s64), align);
	*wsum = guard_place(&g_wsum, side, padded * sizeof(s64), align);
	memset(*bias, 0, padded * sizeof(s64));
	memset(*wsum, 0, padded * sizeof(s64));
	for (j = 0; j < l->n; j++) {
		for (i = 0; i < l->k; i++)
			(*wsum)[j] += w[(size_t)j * l->k + i];
		(*bias)[j] = neural_q16_bias(b[j]) + (narrow ? (*wsum)[j] * 0x8000 : 0);
	}
}

/* Results out of @out; false if anything else has changed. */
static bool collect(const struct layer *l, const s32 *out)
{
	bool clean = guard_intact(&g_out);
	u32 j, r;

	for (r = 0; r < l->rows; r++) {
		memcpy(got + r * l->n, out + r * l->out_stride, l->n * sizeof(s32));
		for (j = l->n; r + 1 < l->rows && j < l->out_stride; j++)
			clean &= out[r * l->out_stride + j] == GUARD_PATTERN;
	}
	return clean;
}

static bool run_dense(const struct neural_kernel *kernel, const struct layer *l,
		      enum guard_side side)
{
	const u32 padded = ALIGN(l->n, NEURAL_Q16_PANEL);
	const size_t words = (size_t)padded * l->k;
	struct neural_q16_dense_args a = {
		.k = l->k, .n = l->n, .rows = l->rows,
		.x_stride = l->x_stride, .out_stride = l->out_stride,
	};
	s32 *packed = guard_place(&g_w, side, words * sizeof(s32), 64);
	s64 *bias, *wsum;
	u32 i, j;

	memset(packed, 0, words * sizeof(s32));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[((j / 16) * l->k + i) * 16 + j % 16] = w[(size_t)j * l->k + i];
	place_sums(l, side, padded, false, &bias, &wsum);
	a.w = packed;
	a.bias = bias;
	a.wsum = wsum;
	a.x = place_x(l, side);
	a.out = place_out(l, side);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_dense16(const struct neural_kernel *kernel, const struct layer *l,
			enum guard_side side)
{
	const u32 padded = ALIGN(l->n, NEURAL_Q16_PANEL);
	const u32 digits = ALIGN(l->k, 2);
	const size_t words = (size_t)padded * digits;
	const size_t row = ALIGN(l->x_stride, 2);
	const size_t bytes = ((l->rows - 1) * row + digits) * sizeof(s16);
	struct neural_q16_dense16_args a = {
		.pairs = digits / 2, .chunk = l->chunk, .n = l->n, .rows = l->rows,
		.x_stride = row, .out_stride = l->out_stride,
	};
	s16 *packed = guard_place(&g_w, side, words * sizeof(s16), 64);
	s16 *hi = guard_place(&g_x, side, bytes, 4);
	s16 *lo = guard_place(&g_lo, side, bytes, 4);
	s64 *bias, *wsum;
	u32 i, j, r;

	memset(packed, 0, words * sizeof(s16));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[(((j / 16) * a.pairs + i / 2) * 16 + j % 16) * 2 + i % 2] =
				w[(size_t)j * l->k + i];
	for (r = 0; r < l->rows; r++) {
		for (i = 0; i < digits; i++) {
			const s32 v = i < l->k ? x[r * l->k + i] : 0x8000;

			hi[r * row + i] = v >> 16;
			lo[r * row + i] = (v & 0xffff) - 0x8000;
		}
	}
	place_sums(l, side, padded, true, &bias, &wsum);
	a.w = packed;
	a.bias = bias;
	a.hi = hi;
	a.lo = lo;
	a.out = place_out(l, side);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_dot(const struct neural_kernel *kernel, const struct layer *l,
		    enum guard_side side)
{
	const size_t bytes = (size_t)l->n * l->k * sizeof(s32);
	struct neural_q16_dot_args a = {
		.k = l->k, .n = l->n, .rows = l->rows,
		.x_stride = l->x_stride, .out_stride = l->out_stride,
	};
	s64 *bias, *wsum;

	place_sums(l, side, l->n, false, &bias, &wsum);
	a.w = memcpy(guard_place(&g_w, side, bytes, sizeof(s32)), w, bytes);
	a.bias = bias;
	a.x = place_x(l, side);
	a.out = place_out(l, side);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_layer(const struct neural_kernel *kernel, const struct layer *l,
		      enum guard_side side)
{
	switch (kernel->family) {
	case NEURAL_FAMILY_q16_dense:
		return run_dense(kernel, l, side);
	case NEURAL_FAMILY_q16_dense16:
		return run_dense16(kernel, l, side);
	default:
		return run_dot(kernel, l, side);
	}
}

/* The generic row of the family has its answer checked against the reference. */
static const struct neural_kernel *generic_of(const struct neural_kernel *kernel)
{
	u32 i;

	for (i = 0; neural_kernels[i].family != kernel->family; i++)
		;
	return &neural_kernels[i];
}

static void check(const struct neural_kernel *kernel, struct layer *l, unsigned int *failed)
{
	const size_t bytes = l->rows * l->n * sizeof(s32);
	enum guard_side side;

	if (l->x_stride < l->k)
		l->x_stride = l->k;
	if (l->out_stride < l->n)
		l->out_stride = l->n;
	fill_layer(l, kernel->family == NEURAL_FAMILY_q16_dense16);
	if (kernel->level == NEURAL_SIMD_generic) {
		reference(l);
	} else {
		run_layer(generic_of(kernel), l, GUARD_START);
		memcpy(expect, got, bytes);
	}
	for (side = 0; side < GUARD_SIDES; side++) {
		tap_check(failed, run_layer(kernel, l, side) && !memcmp(expect, got, bytes),
			  "%s: k %u n %u rows %u strides %u %u chunk %u kind %d side %d",
			  kernel->name, l->k, l->n, l->rows, l->x_stride, l->out_stride,
			  l->chunk, l->kind, side);
	}
}

static unsigned int dense_lengths(const struct neural_kernel *kernel)
{
	static const u32 other[] = { 1, 2, 9, 17, 64 };
	unsigned int failed = 0;
	u32 i, o;

	for (i = 1; i <= LONGEST; i++) {
		for (o = 0; o < ARRAY_SIZE(other); o++) {
			struct layer by_k = {
				.k = i, .n = other[o], .rows = 1, .chunk = 1 + i % 9,
				.kind = i % VALUE_KINDS,
			};
			struct layer by_n = {
				.k = other[o], .n = i, .rows = 1, .chunk = 1 + i % 9,
				.kind = i % VALUE_KINDS,
			};

			check(kernel, &by_k, &failed);
			check(kernel, &by_n, &failed);
		}
	}
	return failed;
}

static unsigned int dense_tiles(const struct neural_kernel *kernel)
{
	static const u32 ks[] = { 1, 2, 3, 8, 17, 33 };
	static const u32 ns[] = {
		1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 24, 25, 31, 32, 33, 47, 48, 49,
		63, 64, 65, 80, 81, 127, 128, 129,
	};
	unsigned int failed = 0;
	u32 i, n, rows;

	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		for (n = 0; n < ARRAY_SIZE(ns); n++) {
			for (rows = 1; rows <= 9; rows++) {
				struct layer l = {
					.k = ks[i], .n = ns[n], .rows = rows,
					.x_stride = ks[i] + random_below(4),
					.out_stride = ns[n] + random_below(20),
					.chunk = 1 + random_below(12),
					.kind = rows % VALUE_KINDS,
				};

				check(kernel, &l, &failed);
			}
		}
	}
	return failed;
}

static unsigned int dense_extremes(const struct neural_kernel *kernel)
{
	static const u32 chunks[] = { 1, 2, 3, 5, 8, 13, 512, U32_MAX };
	unsigned int failed = 0;
	u32 i, turn;

	for (turn = 0; turn < 40; turn++) {
		for (i = 0; i < ARRAY_SIZE(chunks); i++) {
			struct layer l = {
				.k = 1 + random_below(turn % 10 ? 40 : MAX_K), .n = 33,
				.rows = 1 + turn % 6, .chunk = chunks[i],
				.kind = turn % 3 ? VALUE_EXTREME : VALUE_ANY,
				.oppose = turn % 2,
			};

			check(kernel, &l, &failed);
		}
	}
	return failed;
}

const struct aspect dense_aspects[] = {
	{ NEURAL_FAMILY_q16_dense, "every k and n to 300", dense_lengths },
	{ NEURAL_FAMILY_q16_dense, "tile edges, rows, strides", dense_tiles },
	{ NEURAL_FAMILY_q16_dense, "extremes and saturation", dense_extremes },
	{ NEURAL_FAMILY_q16_dense16, "every k and n to 300", dense_lengths },
	{ NEURAL_FAMILY_q16_dense16, "tile edges, rows, strides", dense_tiles },
	{ NEURAL_FAMILY_q16_dense16, "extremes and saturation", dense_extremes },
	{ NEURAL_FAMILY_q16_dot, "every k and n to 300", dense_lengths },
	{ NEURAL_FAMILY_q16_dot, "tile edges, rows, strides", dense_tiles },
	{ NEURAL_FAMILY_q16_dot, "extremes and saturation", dense_extremes },
};

const unsigned int nr_dense_aspects = ARRAY_SIZE(dense_aspects);
