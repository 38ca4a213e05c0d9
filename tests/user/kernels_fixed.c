// SPDX-License-Identifier: GPL-2.0-only
/* The dense families that make exact sums: fixed point other than Q16.16. */
#include "kernels.h"

#define MAX_K		512
#define MAX_N		304
#define MAX_ROWS	9

struct layer {
	u32 k, n, rows;
	u32 x_stride, out_stride;
	u32 chunk;		/* fx_dense16 only */
	enum value_kind kind;
	u64 reach;		/* of the inputs */
};

static s64 x[MAX_ROWS * MAX_K];
static s32 w[MAX_N * MAX_K];
static s64 b[MAX_N];
static s64 expect[MAX_ROWS * MAX_N];
static s64 got[MAX_ROWS * MAX_N];

static struct guard g_x, g_w, g_bias, g_out;

static s64 random_size(enum value_kind kind, u64 most)
{
	const u64 size = kind == VALUE_EXTREME && random_below(4) ? most :
			 random64() % (most + 1);

	return random_below(2) ? -(s64)size : (s64)size;
}

/* Weights whose magnitudes are at most @budget over any @part of them. */
static void fill_weights(const struct layer *l, u32 j, u32 part, u64 budget, u64 most)
{
	const u64 share = l->kind == VALUE_EXTREME ? most :
			  min(most, 2 * budget / min(part, l->k));
	u64 left = 0;
	u32 i;

	for (i = 0; i < l->k; i++) {
		s32 *v = &w[(size_t)j * l->k + i];

		if (i % part == 0)
			left = budget;
		*v = random_size(l->kind, min(share, left));
		left -= llabs(*v);
		/* all of one sign against the first row: sums go as far as they may */
		if (l->kind == VALUE_EXTREME)
			*v = x[i] < 0 ? -abs(*v) : abs(*v);
	}
}

static void fill_layer(const struct layer *l, bool narrow)
{
	u64 sum;
	u32 i, j;

	WARN_ON(l->k > MAX_K || l->n > MAX_N || l->rows > MAX_ROWS);
	for (i = 0; i < l->rows * l->k; i++) {
		x[i] = random_size(l->kind, l->reach);
		if (narrow && x[i] > S16_MAX)
			x[i] = S16_MIN;
	}
	for (j = 0; j < l->n; j++) {
		if (narrow)
			fill_weights(l, j, 2 * min(l->chunk, MAX_K), S32_MAX / l->reach,
				     S16_MAX);
		else
			fill_weights(l, j, l->k, S64_MAX / l->reach, S32_MAX);
		/* the one weight without an opposite, where a budget has room for it */
		if (narrow && w[(size_t)j * l->k] == -S16_MAX && l->chunk == 1 && l->k == 1 &&
		    l->reach < 32768)
			w[(size_t)j * l->k]--;
		for (i = 0, sum = 0; i < l->k; i++)
			sum += llabs((s64)w[(size_t)j * l->k + i]) * l->reach;
		b[j] = random_size(l->kind, S64_MAX - sum);
	}
}

static void reference(const struct layer *l)
{
	u32 i, j, r;

	for (r = 0; r < l->rows; r++) {
		for (j = 0; j < l->n; j++) {
			__int128 acc = b[j];

			for (i = 0; i < l->k; i++)
				acc += (__int128)x[r * l->k + i] * w[(size_t)j * l->k + i];
			WARN_ON(acc > S64_MAX || acc < S64_MIN);
			expect[r * l->n + j] = (s64)acc;
		}
	}
}

static const s64 *place_bias(const struct layer *l, enum guard_side side)
{
	const size_t bytes = ALIGN(l->n, NEURAL_Q16_PANEL) * sizeof(s64);
	s64 *bias = guard_place(&g_bias, side, bytes, 64);

	memset(bias, 0, bytes);
	return memcpy(bias, b, l->n * sizeof(s64));
}

static s64 *place_out(const struct layer *l, enum guard_side side)
{
	return guard_place(&g_out, side,
			   ((l->rows - 1) * l->out_stride + l->n) * sizeof(s64), sizeof(s64));
}

/* Results out of @out; false if anything else has changed. */
static bool collect(const struct layer *l, const s64 *out)
{
	bool clean = guard_intact(&g_out);
	u32 j, r;

	for (r = 0; r < l->rows; r++) {
		memcpy(got + r * l->n, out + r * l->out_stride, l->n * sizeof(s64));
		for (j = 2 * l->n; r + 1 < l->rows && j < 2 * l->out_stride; j++)
			clean &= ((const s32 *)(out + r * l->out_stride))[j] == GUARD_PATTERN;
	}
	return clean;
}

static bool run_dense16(const struct neural_kernel *kernel, const struct layer *l,
			enum guard_side side)
{
	const u32 digits = ALIGN(l->k, 2), stride = ALIGN(l->x_stride, 2);
	const size_t words = (size_t)ALIGN(l->n, NEURAL_Q16_PANEL) * digits;
	struct neural_fx_dense16_args a = {
		.bias = place_bias(l, side), .pairs = digits / 2, .chunk = l->chunk,
		.n = l->n, .rows = l->rows, .x_stride = stride, .out_stride = l->out_stride,
	};
	s16 *packed = guard_place(&g_w, side, words * sizeof(s16), 64);
	s16 *in = guard_place(&g_x, side, ((l->rows - 1) * stride + digits) * sizeof(s16), 4);
	u32 i, j, r;

	memset(packed, 0, words * sizeof(s16));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[(((j / 16) * a.pairs + i / 2) * 16 + j % 16) * 2 + i % 2] =
				w[(size_t)j * l->k + i];
	/* The input without a partner is followed by pattern. */
	for (r = 0; r < l->rows; r++)
		for (i = 0; i < l->k; i++)
			in[r * stride + i] = x[r * l->k + i];
	a.w = packed;
	a.x = in;
	a.out = place_out(l, side);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_dense64(const struct neural_kernel *kernel, const struct layer *l,
			enum guard_side side)
{
	const size_t words = (size_t)ALIGN(l->n, NEURAL_Q16_PANEL) * l->k;
	struct neural_fx_dense64_args a = {
		.bias = place_bias(l, side), .k = l->k, .n = l->n, .rows = l->rows,
		.x_stride = l->x_stride, .out_stride = l->out_stride,
	};
	s32 *packed = guard_place(&g_w, side, words * sizeof(s32), 64);
	s64 *in = guard_place(&g_x, side, ((l->rows - 1) * l->x_stride + l->k) * sizeof(s64),
			      sizeof(s64));
	u32 i, j, r;

	memset(packed, 0, words * sizeof(s32));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[((j / 16) * l->k + i) * 16 + j % 16] = w[(size_t)j * l->k + i];
	for (r = 0; r < l->rows; r++)
		memcpy(in + r * l->x_stride, x + r * l->k, l->k * sizeof(s64));
	a.w = packed;
	a.x = in;
	a.out = place_out(l, side);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_layer(const struct neural_kernel *kernel, const struct layer *l,
		      enum guard_side side)
{
	return kernel->family == NEURAL_FAMILY_fx_dense16 ? run_dense16(kernel, l, side) :
							    run_dense64(kernel, l, side);
}

static void check(const struct neural_kernel *kernel, struct layer *l, unsigned int *failed)
{
	const bool narrow = kernel->family == NEURAL_FAMILY_fx_dense16;
	enum guard_side side;

	l->x_stride = max(l->x_stride, l->k);
	l->out_stride = max(l->out_stride, l->n);
	/* From inputs of one bit to the widest there are. */
	l->reach = narrow ? 1ULL << random_below(16) : 1ULL << random_below(63);
	if (l->kind == VALUE_EXTREME && random_below(2))
		l->reach = narrow ? 32768 : S64_MAX;
	fill_layer(l, narrow);
	reference(l);
	for (side = 0; side < GUARD_SIDES; side++)
		tap_check(failed, run_layer(kernel, l, side) &&
			  !memcmp(expect, got, l->rows * l->n * sizeof(s64)),
			  "%s: k %u n %u rows %u strides %u %u chunk %u kind %d side %d",
			  kernel->name, l->k, l->n, l->rows, l->x_stride, l->out_stride,
			  l->chunk, l->kind, side);
}

static unsigned int fixed_lengths(const struct neural_kernel *kernel)
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

static unsigned int fixed_tiles(const struct neural_kernel *kernel)
{
	static const u32 ks[] = { 1, 2, 3, 8, 17, 33 };
	static const u32 ns[] = {
		1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65, 81, 129,
	};
	unsigned int failed = 0;
	u32 i, n, rows;

	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		for (n = 0; n < ARRAY_SIZE(ns); n++) {
			for (rows = 1; rows <= MAX_ROWS; rows++) {
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

static unsigned int fixed_extremes(const struct neural_kernel *kernel)
{
	static const u32 chunks[] = { 1, 2, 3, 5, 8, 13, 512, U32_MAX };
	unsigned int failed = 0;
	u32 i, turn;

	for (turn = 0; turn < 40; turn++) {
		for (i = 0; i < ARRAY_SIZE(chunks); i++) {
			struct layer l = {
				.k = 1 + random_below(turn % 10 ? 40 : MAX_K), .n = 33,
				.rows = 1 + turn % 6, .chunk = chunks[i],
				.kind = turn % 4 ? VALUE_EXTREME : VALUE_ANY,
			};

			check(kernel, &l, &failed);
		}
	}
	return failed;
}

const struct aspect fixed_aspects[] = {
	{ NEURAL_FAMILY_fx_dense16, "every k and n to 300", fixed_lengths },
	{ NEURAL_FAMILY_fx_dense16, "tile edges, rows, strides", fixed_tiles },
	{ NEURAL_FAMILY_fx_dense16, "sums at their limits", fixed_extremes },
	{ NEURAL_FAMILY_fx_dense64, "every k and n to 300", fixed_lengths },
	{ NEURAL_FAMILY_fx_dense64, "tile edges, rows, strides", fixed_tiles },
	{ NEURAL_FAMILY_fx_dense64, "sums at their limits", fixed_extremes },
};

const unsigned int nr_fixed_aspects = ARRAY_SIZE(fixed_aspects);
