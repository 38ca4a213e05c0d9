// SPDX-License-Identifier: GPL-2.0-only
/* The elementwise S8 families: tables, sums and products. */
#include "../reference/s8_exp.h"
#include "kernels.h"

#define TABLE	256

/* How an operand is read: @y may be in its place if every element is. */
enum place { PLACE_OWN, PLACE_A, PLACE_B, PLACES };

static s8 a_data[LONGEST], b_data[LONGEST], y_data[LONGEST], table[TABLE];
static struct guard g_a, g_b, g_y, g_table;
static u64 seed = 11;

static void fill(u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		a_data[i] = reference_any_s8(&seed);
		b_data[i] = reference_any_s8(&seed);
	}
}

static void *place(struct guard *g, enum guard_side side, const s8 *from, u32 n)
{
	void *p = guard_place(g, side, n, 1);

	return n ? memcpy(p, from, n) : p;
}

static bool run_lut(const struct neural_kernel *kernel, u32 n, enum guard_side side,
		    bool in_place)
{
	struct neural_s8_lut_args args = {
		.x = place(&g_a, side, a_data, n),
		.table = memcpy(guard_place(&g_table, side, TABLE, 64), table, TABLE),
		.n = n,
	};

	args.y = in_place ? (s8 *)args.x : guard_place(&g_y, side, n, 1);
	return guard_call((void (*)(const void *))kernel->fn, &args) &&
	       guard_intact(&g_a) && (in_place || guard_intact(&g_y)) &&
	       !memcmp(args.y, y_data, n);
}

static unsigned int lut_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 i, n, way;

	for (n = 0; n <= LONGEST; n++) {
		for (i = 0; i < TABLE; i++)
			table[i] = random_below(TABLE) - 128;
		fill(n);
		/* Wherever that fits, every value there is. */
		for (i = 0; i < n && n >= TABLE; i++)
			a_data[i] = (s8)i;
		for (i = 0; i < n; i++)
			y_data[i] = table[a_data[i] < 0 ? a_data[i] + TABLE : a_data[i]];
		for (way = 0; way < 4; way++)
			tap_check(&failed, run_lut(kernel, n, way / 2, way % 2),
				  "%s: n %u way %u", kernel->name, n, way);
	}
	return failed;
}

static bool run_binary(const struct neural_kernel *kernel, u32 n, u32 a_step, u32 b_step,
		       const struct reference_add *r, bool subtract, enum guard_side side,
		       enum place where)
{
	const struct neural_s8_add add = {
		.a_zero = r->zero[0], .b_zero = r->zero[1], .y_zero = r->zero[2],
		.left_shift = r->left,
		.a_multiplier = r->multiplier[0], .a_shift = r->shift[0],
		.b_multiplier = r->multiplier[1], .b_shift = r->shift[1],
		.multiplier = r->multiplier[2], .shift = r->shift[2],
		.min = r->low, .max = r->high, .subtract = subtract,
	};
	const struct neural_s8_mul mul = {
		.a_zero = r->zero[0], .b_zero = r->zero[1], .y_zero = r->zero[2],
		.multiplier = r->multiplier[2], .shift = r->shift[2],
		.min = r->low, .max = r->high,
	};
	s8 *a = place(&g_a, side, a_data, a_step ? n : !!n);
	s8 *b = place(&g_b, side, b_data, b_step ? n : !!n);
	s8 *y = where == PLACE_A ? a : where == PLACE_B ? b : guard_place(&g_y, side, n, 1);
	const struct neural_s8_add_args add_args = { y, a, b, &add, n, a_step, b_step };
	const struct neural_s8_mul_args mul_args = { y, a, b, &mul, n, a_step, b_step };
	const void *args = &mul_args;

	if (kernel->family == NEURAL_FAMILY_s8_add)
		args = &add_args;
	return guard_call((void (*)(const void *))kernel->fn, args) &&
	       guard_intact(&g_a) && guard_intact(&g_b) &&
	       (where != PLACE_OWN || guard_intact(&g_y)) && !memcmp(y, y_data, n);
}

static void check_binary(const struct neural_kernel *kernel, u32 n, u32 a_step, u32 b_step,
			 unsigned int *failed)
{
	const bool add = kernel->family == NEURAL_FAMILY_s8_add;
	const bool subtract = add && random_below(2);
	struct reference_add r;
	u32 i, where;

	if (add)
		reference_add_random(&r, &seed);
	else
		reference_mul_random(&r, &seed);
	fill(n);
	for (i = 0; i < n; i++) {
		const s32 a = a_data[i * a_step], b = b_data[i * b_step];

		y_data[i] = add ? reference_add_s8(&r, a, b, subtract ? -1 : 1) :
				  reference_mul_s8(&r, a, b);
	}
	for (where = 0; where < PLACES; where++) {
		if ((where == PLACE_A && !a_step) || (where == PLACE_B && !b_step))
			continue;
		tap_check(failed, run_binary(kernel, n, a_step, b_step, &r, subtract, n % 2,
					     where),
			  "%s: n %u steps %u %u place %u subtract %d", kernel->name, n, a_step,
			  b_step, where, subtract);
	}
}

static unsigned int binary_lengths(const struct neural_kernel *kernel)
{
	unsigned int failed = 0;
	u32 n, steps, turn;

	for (n = 0; n <= LONGEST; n++)
		for (steps = 0; steps < 4; steps++)
			for (turn = 0; turn < 4; turn++)
				check_binary(kernel, n, steps / 2, steps % 2, &failed);
	return failed;
}

/* Tables of a softmax whose elements are @multiplier << @shift apart, down to @far. */
static void softmax_tables(s32 *exp, u32 *term, s32 multiplier, s32 shift, s32 far)
{
	s32 d;

	memset(exp, 0, TABLE * sizeof(*exp));
	memset(term, 0, TABLE * sizeof(*term));
	for (d = 0; -d >= far && d < TABLE; d++) {
		exp[d] = reference_exp31(-reference_mul31(-d * (1LL << shift), multiplier), 26);
		term[d] = reference_half_away(exp[d], 12);
	}
}

static bool run_softmax(const struct neural_kernel *kernel, u32 n, const s32 *exp,
			const u32 *term, enum guard_side side, bool in_place)
{
	static struct guard g_exp, g_term;
	const size_t bytes = TABLE * sizeof(*exp);
	struct neural_s8_softmax_args args = {
		.x = place(&g_a, side, a_data, n),
		.exp = memcpy(guard_place(&g_exp, side, bytes, 64), exp, bytes),
		.term = memcpy(guard_place(&g_term, side, bytes, 64), term, bytes),
		.n = n,
	};

	args.y = in_place ? (s8 *)args.x : guard_place(&g_y, side, n, 1);
	return guard_call((void (*)(const void *))kernel->fn, &args) &&
	       guard_intact(&g_a) && (in_place || guard_intact(&g_y)) &&
	       !memcmp(args.y, y_data, n);
}

/* Elements of any distance, and ones so near that each has its share. */
static unsigned int softmax_lengths(const struct neural_kernel *kernel)
{
	static s32 exp[TABLE];
	static u32 term[TABLE];
	unsigned int failed = 0;
	u32 i, n, way;

	for (n = 1; n <= LONGEST; n++) {
		const s32 multiplier = reference_between(&seed, 1 << 30, S32_MAX);
		const s32 shift = reference_between(&seed, 16, 28);
		const s32 far = -(s32)((31LL << 28 >> shift) / 4);

		softmax_tables(exp, term, multiplier, shift, far);
		fill(n);
		for (i = 0; i < n && n % 3 == 0; i++)
			a_data[i] = a_data[i] / 16 - (s32)(n % 256) / 2;
		for (i = 0; i < n && n % 50 == 1; i++)
			a_data[i] = -128 + n % 256;
		for (i = 0; i < n; i++)
			y_data[i] = reference_softmax_s8(a_data, n, i, multiplier, shift, far);
		for (way = 0; way < 4; way++)
			tap_check(&failed, run_softmax(kernel, n, exp, term, way / 2, way % 2),
				  "%s: n %u way %u", kernel->name, n, way);
	}
	return failed;
}

/* Inputs of one size, one in four of them any. */
static void quantize_fill(s32 *x, u32 n)
{
	const u32 down = random_below(32);
	u32 i;

	for (i = 0; i < n; i++)
		x[i] = reference_any(&seed) >> (random_below(4) ? down : 0);
}

static bool run_quantize(const struct neural_kernel *kernel, u32 n, const s32 *x,
			 struct neural_s8_quantize_args *args, enum guard_side side)
{
	static struct guard g_x;
	s32 *at = guard_place(&g_x, side, n * sizeof(*x), sizeof(*x));

	args->x = n ? memcpy(at, x, n * sizeof(*x)) : at;
	args->y = guard_place(&g_y, side, n, 1);
	return guard_call((void (*)(const void *))kernel->fn, args) && guard_intact(&g_x) &&
	       guard_intact(&g_y) && !memcmp(args->y, y_data, n);
}

static unsigned int quantize_lengths(const struct neural_kernel *kernel)
{
	static s32 x[LONGEST];
	unsigned int failed = 0;
	u32 i, n, turn;

	for (n = 0; n <= LONGEST; n++) {
		for (turn = 0; turn < 16; turn++) {
			struct neural_s8_quantize_args args = {
				.n = n, .zero_point = reference_any_s8(&seed),
			};

			quantize_fill(x, n);
			reference_quantize_random(&seed, n ? x[random_below(n)] : 0,
						  &args.multiplier, &args.right);
			for (i = 0; i < n; i++)
				y_data[i] = reference_quantize_s8(x[i], args.multiplier,
								  args.right, args.zero_point);
			tap_check(&failed, run_quantize(kernel, n, x, &args, turn % 2),
				  "%s: n %u multiplier %d right %u", kernel->name, n,
				  args.multiplier, args.right);
		}
	}
	return failed;
}

const struct aspect s8_map_aspects[] = {
	{ NEURAL_FAMILY_s8_lut, "every n to 300, in place or not", lut_lengths },
	{ NEURAL_FAMILY_s8_add, "every n to 300, one or all, in place or not", binary_lengths },
	{ NEURAL_FAMILY_s8_mul, "every n to 300, one or all, in place or not", binary_lengths },
	{ NEURAL_FAMILY_s8_quantize, "every n to 300, any scale", quantize_lengths },
	{ NEURAL_FAMILY_s8_softmax, "every n from 1 to 300, in place or not", softmax_lengths },
};

const unsigned int nr_s8_map_aspects = ARRAY_SIZE(s8_map_aspects);
