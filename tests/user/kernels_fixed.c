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
	u32 digits;		/* likewise */
	bool small;		/* likewise */
	u32 x_bytes;		/* fx_dot only */
	bool narrow;		/* likewise */
	enum value_kind kind;
	u64 reach;		/* of the inputs, or of their digits */
	struct neural_fx_end end;
};

static s16 digit[NEURAL_FX_DIGITS][MAX_ROWS * MAX_K];
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

/* Inputs of digits that are no larger than reach. */
static void fill_digits(const struct layer *l)
{
	u32 d, i;

	memset(x, 0, sizeof(x));
	for (d = 0; d < l->digits; d++) {
		for (i = 0; i < l->rows * l->k; i++) {
			const s64 v = random_size(l->kind, l->reach);

			digit[d][i] = v > S16_MAX ? S16_MIN : v;
			x[i] += digit[d][i] * (1LL << (16 * d));
		}
	}
}

/*
 * Of weights against digits: a chunk has to fit s32, and so has all of it where it is
 * small; three digits and all weights have to fit s64.
 */
static void fill_weights16(const struct layer *l, u32 j)
{
	const u32 part = 2 * min(l->chunk, MAX_K);
	u64 budget = S32_MAX / l->reach;

	if (l->digits == 3)
		budget = min(budget, (u64)S16_MAX / DIV_ROUND_UP(l->k, part));
	fill_weights(l, j, part, budget, S16_MAX);
	/* the one weight without an opposite, where a budget has room for it */
	if (w[(size_t)j * l->k] == -S16_MAX && l->chunk == 1 && l->k == 1 &&
	    l->reach < 32768 && l->digits < 3)
		w[(size_t)j * l->k]--;
}

static void fill_layer(const struct layer *l, bool digits)
{
	const u64 ones = 0x100010001ULL;	/* one of each digit */
	__int128 sum;
	u32 i, j;

	WARN_ON(l->k > MAX_K || l->n > MAX_N || l->rows > MAX_ROWS);
	if (digits)
		fill_digits(l);
	else
		for (i = 0; i < l->rows * l->k; i++)
			x[i] = random_size(l->kind, l->reach);
	for (j = 0; j < l->n; j++) {
		if (digits)
			fill_weights16(l, j);
		else
			fill_weights(l, j, l->k, S64_MAX / l->reach, S32_MAX);
		for (i = 0, sum = 0; i < l->k; i++)
			sum += (__int128)llabs((s64)w[(size_t)j * l->k + i]) *
			       l->reach * (digits ? ones >> 16 * (3 - l->digits) : 1);
		WARN_ON(sum > S64_MAX);
		b[j] = random_size(l->kind, (l->small ? S32_MAX : S64_MAX) - (u64)sum);
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
			acc >>= l->end.shift;
			expect[r * l->n + j] = acc < l->end.lo ? l->end.lo :
					       acc > l->end.hi ? l->end.hi : (s64)acc;
		}
	}
}

static const void *place_bias(const struct layer *l, enum guard_side side)
{
	const size_t each = l->small ? sizeof(s32) : sizeof(s64);
	const size_t bytes = ALIGN(l->n, NEURAL_Q16_PANEL) * each;
	u8 *bias = guard_place(&g_bias, side, bytes, 64);
	u32 j;

	memset(bias, 0, bytes);
	for (j = 0; j < l->n; j++)
		memcpy(bias + j * each, &b[j], each);
	return bias;
}

static void *place_out(const struct layer *l, enum guard_side side)
{
	return guard_place(&g_out, side,
			   ((l->rows - 1) * l->out_stride + l->n) * l->end.bytes,
			   l->end.bytes);
}

static s64 load(const u8 *from, u32 bytes)
{
	switch (bytes) {
	case sizeof(s16):
		return *(const s16 *)from;
	case sizeof(s32):
		return *(const s32 *)from;
	default:
		return *(const s64 *)from;
	}
}

/* Results out of @out; false if anything else has changed. */
static bool collect(const struct layer *l, const u8 *out)
{
	const u32 bytes = l->end.bytes;
	bool clean = guard_intact(&g_out);
	u32 j, r;

	for (r = 0; r < l->rows; r++, out += l->out_stride * bytes) {
		for (j = 0; j < l->n; j++)
			got[r * l->n + j] = load(out + j * bytes, bytes);
		for (j = l->n * bytes; r + 1 < l->rows && j < l->out_stride * bytes; j++)
			clean &= guard_untouched(out + j);
	}
	return clean;
}

static bool run_dense16(const struct neural_kernel *kernel, const struct layer *l,
			enum guard_side side)
{
	const u32 pairs = DIV_ROUND_UP(l->k, 2), stride = ALIGN(l->x_stride, 2);
	const u32 plane = (l->rows - 1) * stride + 2 * pairs;
	const size_t words = (size_t)ALIGN(l->n, NEURAL_Q16_PANEL) * 2 * pairs;
	struct neural_fx_dense16_args a = {
		.bias = place_bias(l, side), .pairs = pairs, .chunk = l->chunk,
		.n = l->n, .rows = l->rows, .digits = l->digits, .small = l->small,
		.plane = plane, .x_stride = stride, .out_stride = l->out_stride,
		.end = l->end,
	};
	s16 *packed = guard_place(&g_w, side, words * sizeof(s16), 64);
	s16 *in = guard_place(&g_x, side, l->digits * plane * sizeof(s16), 4);
	u32 d, i, j, r;

	memset(packed, 0, words * sizeof(s16));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[(((j / 16) * pairs + i / 2) * 16 + j % 16) * 2 + i % 2] =
				w[(size_t)j * l->k + i];
	/* The input without a partner is followed by pattern. */
	for (d = 0; d < l->digits; d++)
		for (r = 0; r < l->rows; r++)
			for (i = 0; i < l->k; i++)
				in[d * plane + r * stride + i] = digit[d][r * l->k + i];
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
		.x_stride = l->x_stride, .out_stride = l->out_stride, .end = l->end,
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

static bool run_dot(const struct neural_kernel *kernel, const struct layer *l,
		    enum guard_side side)
{
	const size_t words = (size_t)ALIGN(l->n, 2) * l->k;
	s32 *packed = guard_place(&g_w, side, words * sizeof(s32), 8);
	u8 *in = guard_place(&g_x, side,
			     ((l->rows - 1) * l->x_stride + l->k) * l->x_bytes, l->x_bytes);
	struct neural_fx_dot_args a = {
		.out = place_out(l, side), .x = in, .w = packed,
		.bias = memcpy(guard_place(&g_bias, side, l->n * sizeof(s64), sizeof(s64)),
			       b, l->n * sizeof(s64)),
		.k = l->k, .n = l->n, .rows = l->rows, .x_stride = l->x_stride,
		.out_stride = l->out_stride, .x_bytes = l->x_bytes, .narrow = l->narrow,
		.end = l->end,
	};
	u32 i, j, r;

	memset(packed, 0, words * sizeof(s32));
	for (j = 0; j < l->n; j++)
		for (i = 0; i < l->k; i++)
			packed[(j / 2 * l->k + i) * 2 + j % 2] = w[(size_t)j * l->k + i];
	for (r = 0; r < l->rows; r++)
		for (i = 0; i < l->k; i++)
			memcpy(in + (r * l->x_stride + i) * l->x_bytes, &x[r * l->k + i],
			       l->x_bytes);
	return guard_call((void (*)(const void *))kernel->fn, &a) && collect(l, a.out);
}

static bool run_layer(const struct neural_kernel *kernel, const struct layer *l,
		      enum guard_side side)
{
	switch (kernel->family) {
	case NEURAL_FAMILY_fx_dense16:
		return run_dense16(kernel, l, side);
	case NEURAL_FAMILY_fx_dense64:
		return run_dense64(kernel, l, side);
	default:
		return run_dot(kernel, l, side);
	}
}

/* From inputs of one bit to the widest there are. */
static void choose_inputs(enum neural_kernel_family family, struct layer *l)
{
	const bool widest = l->kind == VALUE_EXTREME && random_below(2);

	switch (family) {
	case NEURAL_FAMILY_fx_dense16:
		l->digits = 1 + random_below(NEURAL_FX_DIGITS);
		l->reach = widest || l->digits > 1 ? 32768 : 1ULL << random_below(16);
		l->small = l->digits == 1 && random_below(2);
		if (l->small)
			l->chunk = MAX_K;
		break;
	case NEURAL_FAMILY_fx_dense64:
		l->reach = widest ? S64_MAX : 1ULL << random_below(63);
		break;
	default:
		l->x_bytes = random_below(2) ? sizeof(s32) : sizeof(s64);
		l->narrow = l->x_bytes == sizeof(s32) || random_below(2);
		l->reach = widest ? l->narrow ? S32_MAX : S64_MAX :
			   1ULL << random_below(l->narrow ? 31 : 63);
		break;
	}
}

/* The range of a type, of a relu into it, or another one. */
static void choose_end(struct layer *l)
{
	struct neural_fx_end *end = &l->end;

	end->bytes = 2 << random_below(3);
	end->shift = random_below(2) ? 0 : random_below(63);
	end->hi = U64_MAX >> (65 - 8 * end->bytes);
	end->lo = random_below(2) ? 0 : -1 - end->hi;
	if (random_below(4))
		return;
	end->hi >>= random_below(8 * end->bytes);
	end->lo = end->lo >> random_below(8 * end->bytes);
}

static void check(const struct neural_kernel *kernel, struct layer *l, unsigned int *failed)
{
	enum guard_side side;

	l->x_stride = max(l->x_stride, l->k);
	l->out_stride = max(l->out_stride, l->n);
	choose_inputs(kernel->family, l);
	choose_end(l);
	fill_layer(l, kernel->family == NEURAL_FAMILY_fx_dense16);
	reference(l);
	for (side = 0; side < GUARD_SIDES; side++)
		tap_check(failed, run_layer(kernel, l, side) &&
			  !memcmp(expect, got, l->rows * l->n * sizeof(s64)),
			  "%s: k %u n %u rows %u strides %u %u chunk %u digits %u small %d x %u bytes %u shift %u kind %d side %d",
			  kernel->name, l->k, l->n, l->rows, l->x_stride, l->out_stride,
			  l->chunk, l->digits, l->small, l->x_bytes, l->end.bytes,
			  l->end.shift, l->kind, side);
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

/* Inputs of @bytes put together again from their digits, and nothing beside those. */
static bool run_split(const struct neural_kernel *kernel, u32 n, u32 bytes, u32 digits,
		      enum guard_side side)
{
	const u32 plane = ALIGN(n, 2) + random_below(3);
	s16 *y = guard_place(&g_out, side,
			     ((digits - 1) * plane + ALIGN(n, 2)) * sizeof(s16), 2);
	u8 *in = guard_place(&g_x, side, n * bytes, bytes);
	const struct neural_fx_split_args a = {
		.y = y, .x = in, .n = n, .x_bytes = bytes, .digits = digits, .plane = plane,
	};
	u32 d, i;
	bool ok;

	for (i = 0; i < n; i++)
		memcpy(in + i * bytes, &x[i], bytes);
	ok = guard_call((void (*)(const void *))kernel->fn, &a) && guard_intact(&g_out);
	for (i = 0; i < n; i++) {
		s64 v = 0;

		for (d = 0; d < digits; d++)
			v += (y[d * plane + i] + (d + 1 < digits ? 0x8000LL : 0)) *
			     (1LL << (16 * d));
		ok &= v == x[i];
	}
	for (d = 0; d < digits; d++) {
		ok &= n % 2 == 0 || !y[d * plane + n];
		for (i = ALIGN(n, 2) * 2; d + 1 < digits && i < plane * 2; i++)
			ok &= guard_untouched((u8 *)(y + d * plane) + i);
	}
	return ok;
}

static unsigned int split_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 digits, i, n, turn;

	for (n = 1; n <= LONGEST; n++) {
		for (turn = 0; turn < 8; turn++) {
			digits = turn % 4 ?: 1;
			for (i = 0; i < n; i++) {
				x[i] = (s64)random64() >> (64 - (turn % 4 ? 16 * digits : 8));
				if (random_below(4) == 0)
					x[i] = (x[i] & 1) - (x[i] & 2);
			}
			tap_check(&failed, run_split(kernel, n, turn % 4 ? 8 : 1, digits,
						     turn / 4),
				  "%s: n %u turn %u", kernel->name, n, turn);
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
	{ NEURAL_FAMILY_fx_dot, "every k and n to 300", fixed_lengths },
	{ NEURAL_FAMILY_fx_dot, "tile edges, rows, strides", fixed_tiles },
	{ NEURAL_FAMILY_fx_dot, "sums at their limits", fixed_extremes },
	{ NEURAL_FAMILY_fx_split, "every n to 300", split_lengths },
};

const unsigned int nr_fixed_aspects = ARRAY_SIZE(fixed_aspects);
