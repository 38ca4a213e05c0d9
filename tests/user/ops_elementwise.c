// SPDX-License-Identifier: GPL-2.0-only
/* Elementwise operations and softmax, each against tests/reference. */
#include "ops_elementwise.h"

#define ROWS	3

static u64 seed = 21;

/* A shape that goes with another one: dimensions of 1 here and there, or not there. */
static void random_shapes(struct op_case *c)
{
	u32 dim[NEURAL_MODEL_RANK], part[2][NEURAL_MODEL_RANK], rank[2], from, i, d;
	const u32 most = reference_between(&seed, 0, NEURAL_MODEL_RANK);

	for (d = 0; d < most; d++)
		dim[d] = reference_between(&seed, 1, 4);
	for (i = 0; i < 2; i++) {
		from = reference_random(&seed) % 3 ? 0 : reference_between(&seed, 0, most);
		rank[i] = most - from;
		for (d = from; d < most; d++)
			part[i][d - from] = reference_random(&seed) % 3 ? dim[d] : 1;
		op_case_shape(&c->t[i], NEURAL_S8, rank[i], part[i]);
	}
	/* What they have together, one dimension after the other from the last. */
	rank[0] = max(rank[0], rank[1]);
	for (d = 0; d < rank[0]; d++) {
		dim[rank[0] - 1 - d] = 1;
		for (i = 0; i < 2; i++)
			if (d < c->t[i].rank)
				dim[rank[0] - 1 - d] = max(dim[rank[0] - 1 - d],
							   c->t[i].dim[c->t[i].rank - 1 - d]);
	}
	op_case_shape(&c->t[2], NEURAL_S8, rank[0], dim);
}

/* Where element @at of the output has its operand: by coordinates, one by one. */
static u32 source(const struct neural_tensor *t, const struct neural_tensor *y, u32 at)
{
	u32 d, n = 0, unit = 1;

	for (d = 0; d < y->rank; d++) {
		const u32 size = y->dim[y->rank - 1 - d], i = at % size;

		at /= size;
		if (d >= t->rank)
			continue;
		n += (t->dim[t->rank - 1 - d] == 1 ? 0 : i) * unit;
		unit *= t->dim[t->rank - 1 - d];
	}
	return n;
}

static void set_numbers(struct op_case *c, struct reference_add *r)
{
	s32 *attr = c->node.attr;
	u32 i;

	for (i = 0; i < 3; i++)
		c->t[i].zero_point = r->zero[i];
	if (c->node.code == NEURAL_OP_MUL) {
		attr[NEURAL_RESCALE_MULTIPLIER] = r->multiplier[2];
		attr[NEURAL_RESCALE_SHIFT] = r->shift[2];
		attr[NEURAL_RESCALE_MIN] = r->low;
		attr[NEURAL_RESCALE_MAX] = r->high;
		return;
	}
	attr[NEURAL_ADD_LEFT_SHIFT] = r->left;
	attr[NEURAL_ADD_MULTIPLIER_A] = r->multiplier[0];
	attr[NEURAL_ADD_SHIFT_A] = r->shift[0];
	attr[NEURAL_ADD_MULTIPLIER_B] = r->multiplier[1];
	attr[NEURAL_ADD_SHIFT_B] = r->shift[1];
	attr[NEURAL_ADD_MULTIPLIER] = r->multiplier[2];
	attr[NEURAL_ADD_SHIFT] = r->shift[2];
	attr[NEURAL_ADD_MIN] = r->low;
	attr[NEURAL_ADD_MAX] = r->high;
}

static s8 expected(const struct op_case *c, const struct reference_add *r, s32 a, s32 b)
{
	if (c->node.code == NEURAL_OP_MUL)
		return reference_mul_s8(r, a, b);
	return reference_add_s8(r, a, b, c->node.code == NEURAL_OP_SUB ? -1 : 1);
}

/*
 * Run @c with fresh operands over @rows rows with gaps between them; an operand may be a
 * constant, with one row for all, and the output in the place of the first one.
 */
static bool check(struct op_case *c, const struct reference_add *r, u32 rows, bool in_place)
{
	const u32 constant = reference_random(&seed) % 3;
	struct op_buffer in[2], out;
	u32 i, k;
	bool ok;

	for (i = 0; i < 2; i++) {
		in[i].stride = constant == i && !in_place ? 0 : c->t[i].bytes + 1 + 2 * i;
		in[i].data = malloc((rows - 1) * in[i].stride + c->t[i].bytes);
		for (k = 0; k < (rows - 1) * in[i].stride + c->t[i].bytes; k++)
			((s8 *)in[i].data)[k] = reference_any_s8(&seed);
	}
	out.stride = in_place ? in[0].stride : c->t[2].bytes + 5;
	out.data = malloc((rows - 1) * out.stride + c->t[2].bytes);
	memcpy(out.data, in[0].data, in_place ? (rows - 1) * out.stride + c->t[2].bytes : 0);
	ok = !op_case_run(c, &out, in_place ? (struct op_buffer[]){ out, in[1] } : in, rows,
			  reference_random(&seed) % 2);
	for (i = 0; i < rows; i++) {
		const s8 *a = (s8 *)in[0].data + i * in[0].stride;
		const s8 *b = (s8 *)in[1].data + i * in[1].stride;
		const s8 *y = (s8 *)out.data + i * out.stride;

		for (k = 0; k < c->t[2].elements; k++)
			ok &= y[k] == expected(c, r, a[source(&c->t[0], &c->t[2], k)],
					       b[source(&c->t[1], &c->t[2], k)]) &&
			      y[k] >= c->t[2].lo && y[k] <= c->t[2].hi;
	}
	free(in[0].data);
	free(in[1].data);
	free(out.data);
	return ok;
}

static void random_numbers(struct op_case *c, struct reference_add *r)
{
	if (c->node.code == NEURAL_OP_MUL)
		reference_mul_random(r, &seed);
	else
		reference_add_random(r, &seed);
	set_numbers(c, r);
}

void ops_binary_random(void)
{
	unsigned int failed = 0;
	u32 turn, in_place = 0, broadcast = 0;

	for (turn = 0; turn < 6000; turn++) {
		const u32 one = 1;
		struct reference_add r;
		struct op_case c;
		const char *rule;
		bool place;

		op_case_init(&c, NEURAL_OP_ADD + turn % 3, 1, &one);
		random_shapes(&c);
		random_numbers(&c, &r);
		place = c.t[0].elements == c.t[2].elements && turn % 2;
		in_place += place;
		broadcast += c.t[0].elements != c.t[1].elements;
		tap_check(&failed, !op_case_verify(&c, &rule) &&
			  check(&c, &r, reference_between(&seed, 1, ROWS), place),
			  "turn %u: %s", turn, rule ? rule : "results differ");
	}
	tap_note("%u in place, %u of different sizes", in_place, broadcast);
	tap_ok(!failed && in_place > 500 && broadcast > 1000,
	       "add, sub and mul of random shapes and numbers");
}

/* Runs longer than a tile, all of one shape, against one element, and channels. */
void ops_binary_shapes(void)
{
	static const u32 dims[][2][3] = {
		{ { 1, 1, 40000 }, { 1, 1, 40000 } }, { { 1, 1, 40000 }, { 1, 1, 1 } },
		{ { 1, 1, 1 }, { 1, 1, 40000 } }, { { 7, 50, 33 }, { 1, 1, 33 } },
		{ { 1, 50, 1 }, { 7, 1, 33 } }, { { 7, 50, 33 }, { 7, 1, 1 } },
	};
	unsigned int failed = 0;
	u32 i, d, code;

	for (i = 0; i < ARRAY_SIZE(dims); i++) {
		for (code = NEURAL_OP_ADD; code <= NEURAL_OP_MUL; code++) {
			struct reference_add r;
			struct op_case c;
			const char *rule;
			u32 dim[3];

			for (d = 0; d < 3; d++)
				dim[d] = max(dims[i][0][d], dims[i][1][d]);
			op_case_init(&c, code, 3, dim);
			op_case_shape(&c.t[0], NEURAL_S8, 3, dims[i][0]);
			op_case_shape(&c.t[1], NEURAL_S8, 3, dims[i][1]);
			random_numbers(&c, &r);
			tap_check(&failed, !op_case_verify(&c, &rule) &&
				  check(&c, &r, 2, false), "shape %u code %u", i, code);
		}
	}
	tap_ok(!failed, "add, sub and mul of large tensors");
}

int main(void)
{
	static void (*const tests[])(void) = {
		ops_binary_random, ops_binary_shapes, ops_unary_random, ops_unary_real,
		ops_lut_long, ops_softmax_random, ops_softmax_long, ops_softmax_equal,
		ops_quantize_random, ops_refused, ops_memory,
	};
	u32 i;

	neural_simd_init();
	tap_plan(ARRAY_SIZE(tests));
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i]();
	return tap_done();
}
