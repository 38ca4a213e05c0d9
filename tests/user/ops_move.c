// SPDX-License-Identifier: GPL-2.0-only
/* Operations that move elements, against index arithmetic. */
#include "../reference/move.h"
#include "step.h"

#define ROUNDS	1500

static const u8 dtypes[] = { NEURAL_S8, NEURAL_S16, NEURAL_S32, NEURAL_S64 };

static u32 pick(u32 n)
{
	return reference_random(&step_seed) % n;
}

/* An input of any shape and type, and an output of the same kind. */
static struct neural_tensor *any_input(struct step *s, u16 code, u8 dtype)
{
	u32 d, dim[NEURAL_MODEL_RANK];
	struct neural_tensor *x;

	step_begin(s, code);
	for (d = 0; d < NEURAL_MODEL_RANK; d++)
		dim[d] = step_size(7);
	x = step_in(s, dtype, 0);
	step_shape(x, dtype, pick(NEURAL_MODEL_RANK + 1), dim);
	x->zero_point = dtype == NEURAL_S8 ? 5 : 0;
	x->lo >>= pick(4);
	x->hi >>= pick(4);
	return x;
}

static void output_like(struct step *s, const struct neural_tensor *x, u32 rank,
			const u32 *dim)
{
	step_shape(&s->out, x->dtype, rank, dim);
	s->out.zero_point = x->zero_point;
	s->out.frac = x->frac;
}

/* Where element @e of the output comes from: element of the input, or -1. */
static s64 source_of(const struct step *s, u32 e)
{
	const struct neural_tensor *x = &s->in[0], *y = &s->out;
	const s32 *attr = s->node.attr;
	s64 to[REFERENCE_RANK] = { }, from[REFERENCE_RANK] = { };
	u32 d;

	reference_indices(e, y->rank, y->dim, to);
	for (d = 0; d < y->rank; d++) {
		switch (s->node.code) {
		case NEURAL_OP_PAD:
			from[d] = to[d] - attr[NEURAL_PAD_BEFORE + d];
			break;
		case NEURAL_OP_TRANSPOSE:
			from[attr[NEURAL_TRANSPOSE_PERM + d]] = to[d];
			break;
		case NEURAL_OP_SLICE:
			from[d] = attr[NEURAL_SLICE_BEGIN + d] +
				  attr[NEURAL_SLICE_STRIDE + d] * to[d];
			break;
		case NEURAL_OP_RESIZE_NEAREST:
			from[d] = d == 1 || d == 2 ?
				  step_get(s->in[d].data, NEURAL_S32, to[d]) : to[d];
			break;
		default:
			return e;
		}
	}
	return reference_element(x->rank, x->dim, from);
}

static bool answers(const struct step *s)
{
	const u8 dtype = s->out.dtype;
	u32 e, r;

	for (r = 0; r < s->rows; r++) {
		for (e = 0; e < s->out.elements; e++) {
			const s64 from = source_of(s, e);
			const s64 want = from < 0 ? s->node.attr[NEURAL_PAD_VALUE] :
					 step_get(step_src(s, 0, r), dtype, from);

			if (step_get(step_dst(s, r), dtype, e) != want)
				return false;
		}
	}
	return true;
}

static void make_reshape(struct step *s)
{
	const struct neural_tensor *x = any_input(s, NEURAL_OP_RESHAPE, dtypes[pick(4)]);

	output_like(s, x, 1, &x->elements);
}

static void make_pad(struct step *s)
{
	const struct neural_tensor *x = any_input(s, NEURAL_OP_PAD, NEURAL_S8);
	u32 d, dim[NEURAL_MODEL_RANK];

	for (d = 0; d < x->rank; d++) {
		s->node.attr[NEURAL_PAD_BEFORE + d] = pick(2) * pick(4);
		s->node.attr[NEURAL_PAD_AFTER + d] = pick(2) * pick(4);
		dim[d] = s->node.attr[NEURAL_PAD_BEFORE + d] + x->dim[d] +
			 s->node.attr[NEURAL_PAD_AFTER + d];
	}
	s->node.attr[NEURAL_PAD_VALUE] = (s32)pick(256) - 128;
	output_like(s, x, x->rank, dim);
}

static void make_transpose(struct step *s)
{
	const struct neural_tensor *x = any_input(s, NEURAL_OP_TRANSPOSE, dtypes[pick(4)]);
	s32 *perm = s->node.attr + NEURAL_TRANSPOSE_PERM;
	u32 d, dim[NEURAL_MODEL_RANK];

	for (d = 0; d < x->rank; d++)
		perm[d] = d;
	/* Few exchanges, so that some dimensions stay together. */
	for (d = pick(4); d > 0 && x->rank; d--) {
		const u32 a = pick(x->rank), b = pick(x->rank);

		swap(perm[a], perm[b]);
	}
	for (d = 0; d < x->rank; d++)
		dim[d] = x->dim[perm[d]];
	output_like(s, x, x->rank, dim);
}

static void make_slice(struct step *s)
{
	const struct neural_tensor *x = any_input(s, NEURAL_OP_SLICE, dtypes[pick(4)]);
	u32 d, dim[NEURAL_MODEL_RANK];

	for (d = 0; d < x->rank; d++) {
		const s32 begin = pick(2) ? 0 : pick(x->dim[d]);
		s32 stride = pick(2) ? 1 : (s32)pick(7) - 3, room;

		stride = stride ?: -1;
		room = stride > 0 ? x->dim[d] - 1 - begin : begin;
		dim[d] = 1 + room / abs(stride);
		if (!pick(3))
			dim[d] = 1 + pick(dim[d]);
		s->node.attr[NEURAL_SLICE_BEGIN + d] = begin;
		s->node.attr[NEURAL_SLICE_STRIDE + d] = stride;
	}
	output_like(s, x, x->rank, dim);
}

static void make_resize(struct step *s)
{
	const u32 oh = step_size(9), ow = step_size(9);
	struct neural_tensor *x;

	step_begin(s, NEURAL_OP_RESIZE_NEAREST);
	x = step_in(s, NEURAL_S8, 4, step_size(3), step_size(6), step_size(6), step_size(9));
	step_const(step_in(s, NEURAL_S32, 1, oh), 0, x->dim[1] - 1);
	step_const(step_in(s, NEURAL_S32, 1, ow), 0, x->dim[2] - 1);
	step_out(s, NEURAL_S8, 4, x->dim[0], oh, ow, x->dim[3]);
}

static void check(void (*make)(struct step *s), const char *name)
{
	unsigned int failed = 0;
	struct step s;
	u32 i, rows;

	for (i = 0; i < ROUNDS; i++) {
		make(&s);
		rows = step_size(9);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, rows) && answers(&s) &&
			  step_clean(&s), "%s %u: %s, rank %u, dtype %u, rows %u", name, i,
			  s.why.rule ?: "wrong", s.in[0].rank, s.out.dtype, rows);
		step_end(&s);
		make(&s);
		tap_check(&failed, !step_verify(&s) && step_survives(&s), "%s %u: memory",
			  name, i);
		step_end(&s);
	}
	tap_ok(!failed && !neural_shim_live_bytes, "%s: random ones", name);
}

static void make_concat(struct step *s)
{
	const u32 nr = step_size(STEP_IN), rank = step_size(NEURAL_MODEL_RANK);
	const u8 dtype = dtypes[pick(4)];
	u32 axis = pick(rank), dim[NEURAL_MODEL_RANK], d, i, sum = 0;

	step_begin(s, NEURAL_OP_CONCAT);
	for (d = 0; d < rank; d++)
		dim[d] = step_size(4);
	for (i = 0; i < nr; i++) {
		dim[axis] = step_size(5);
		sum += dim[axis];
		step_shape(step_in(s, dtype, 0), dtype, rank, dim);
		s->in[i].lo >>= pick(4);
		s->in[i].hi >>= pick(4);
	}
	dim[axis] = sum;
	step_shape(&s->out, dtype, rank, dim);
	s->node.attr[NEURAL_CONCAT_AXIS] = axis;
}

/* Each element of each operand is looked for in the output. */
static bool concat_answers(const struct step *s)
{
	const u32 axis = s->node.attr[NEURAL_CONCAT_AXIS];
	s64 at[REFERENCE_RANK];
	u32 e, i, r;

	for (r = 0; r < s->rows; r++) {
		u32 before = 0;

		for (i = 0; i < s->node.nr_in; before += s->in[i++].dim[axis]) {
			for (e = 0; e < s->in[i].elements; e++) {
				reference_indices(e, s->in[i].rank, s->in[i].dim, at);
				at[axis] += before;
				if (step_get(step_src(s, i, r), s->out.dtype, e) !=
				    step_get(step_dst(s, r), s->out.dtype,
					     reference_element(s->out.rank, s->out.dim, at)))
					return false;
			}
		}
	}
	return true;
}

static void concat_random(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		make_concat(&s);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, step_size(9)) &&
			  concat_answers(&s) && step_clean(&s), "concat %u: %s", i, s.why.rule);
		step_end(&s);
		make_concat(&s);
		tap_check(&failed, !step_verify(&s) && step_survives(&s), "concat %u: memory", i);
		step_end(&s);
	}
	BAD(make_concat, s.node.attr[0] = s.out.rank, "axis is out of range");
	BAD(make_concat, s.node.attr[0] = -1, "axis is out of range");
	BAD(make_concat, s.in[0].zero_point++, "input and output differ in kind");
	BAD(make_concat, s.in[0].dtype = NEURAL_S4, "elements share their bytes");
	BAD(make_concat, s.in[0].rank++, "inputs differ in rank");
	BAD(make_concat, (s.out.dim[0]++, s.in[0].dim[0] += s.node.attr[0] ? 0 : 2),
	    s.node.attr[0] ? "inputs differ beside the axis" :
	    "inputs do not add up to the output");
	tap_ok(!failed, "concat: random ones, and each rule refuses");
}

static void make_embedding(struct step *s)
{
	const u32 v = step_size(40), d = step_size(20);
	struct neural_tensor *ids;

	step_begin(s, NEURAL_OP_EMBEDDING);
	ids = step_in(s, dtypes[pick(3)], 2, step_size(4), step_size(9));
	step_const(step_in(s, NEURAL_S8, 2, v, d), S8_MIN, S8_MAX);
	step_out(s, NEURAL_S8, 3, ids->dim[0], ids->dim[1], d);
	s->in[1].zero_point = 7;
	s->out.zero_point = 7;
	if (pick(2)) {
		ids->lo = -2;
		ids->hi = v + 2;
	}
}

static bool embedding_answers(const struct step *s)
{
	const u32 v = s->in[1].dim[0], d = s->in[1].dim[1];
	u32 i, j, r;

	for (r = 0; r < s->rows; r++) {
		for (i = 0; i < s->in[0].elements; i++) {
			s64 id = step_get(step_src(s, 0, r), s->in[0].dtype, i);

			id = id < 0 ? 0 : id >= v ? v - 1 : id;
			for (j = 0; j < d; j++)
				if (step_get(step_dst(s, r), NEURAL_S8, i * d + j) !=
				    step_get(s->in[1].data, NEURAL_S8, id * d + j))
					return false;
		}
	}
	return true;
}

static void embedding_random(void)
{
	unsigned int failed = 0;
	struct step s;
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		make_embedding(&s);
		tap_check(&failed, !step_verify(&s) && !step_run(&s, step_size(9)) &&
			  embedding_answers(&s) && step_clean(&s), "embedding %u: %s", i,
			  s.why.rule);
		tap_check(&failed, s.out.lo == S8_MIN && s.out.hi == S8_MAX, "range %u", i);
		step_end(&s);
		make_embedding(&s);
		tap_check(&failed, !step_verify(&s) && step_survives(&s), "memory %u", i);
		step_end(&s);
	}
	BAD(make_embedding, s.in[0].dtype = NEURAL_S64, "numbers are not S8, S16 or S32");
	BAD(make_embedding, s.in[0].zero_point = 1, "numbers are not plain integers");
	BAD(make_embedding, s.in[0].frac = 1, "numbers are not plain integers");
	BAD(make_embedding, s.in[1].rank = 1, "table is not an S8 matrix");
	BAD(make_embedding, s.in[1].dtype = NEURAL_S16, "table is not an S8 matrix");
	BAD(make_embedding, s.out.zero_point = 6, "table and output differ in kind");
	BAD(make_embedding, s.out.dim[2]++, "output is not one row of the table per number");
	BAD(make_embedding, s.out.dim[0]++, "output is not one row of the table per number");
	tap_ok(!failed, "embedding: random ones, and each rule refuses");
}

/* Of rank 3, so that there is something past it. */
static void make_cube(struct step *s, u16 code, u8 dtype)
{
	step_begin(s, code);
	step_in(s, dtype, 3, 2, 3, 4);
	step_out(s, dtype, 3, 2, 3, 4);
}

static void cube_pad(struct step *s)
{
	make_cube(s, NEURAL_OP_PAD, NEURAL_S8);
}

static void cube_transpose(struct step *s)
{
	u32 d;

	make_cube(s, NEURAL_OP_TRANSPOSE, NEURAL_S16);
	for (d = 0; d < 3; d++)
		s->node.attr[NEURAL_TRANSPOSE_PERM + d] = d;
}

static void cube_slice(struct step *s)
{
	u32 d;

	make_cube(s, NEURAL_OP_SLICE, NEURAL_S64);
	for (d = 0; d < 3; d++)
		s->node.attr[NEURAL_SLICE_STRIDE + d] = 1;
}

static void refused(void)
{
	unsigned int failed = 0;

	BAD(make_reshape, s.out.elements++, "another shape has as many elements");
	BAD(cube_pad, s.in[0].dtype = s.out.dtype = NEURAL_S16, "input is not S8");
	BAD(cube_pad, s.out.rank = 4, "padding keeps the rank");
	BAD(cube_pad, s.node.attr[NEURAL_PAD_VALUE] = 128, "value is not S8");
	BAD(cube_pad, s.node.attr[NEURAL_PAD_BEFORE + 3] = 1, "attribute past the rank");
	BAD(cube_pad, s.node.attr[NEURAL_PAD_AFTER + 5] = 1, "attribute past the rank");
	BAD(cube_pad, (s.node.attr[NEURAL_PAD_BEFORE] = -1,
		       s.node.attr[NEURAL_PAD_AFTER] = 1), "padding is negative");
	BAD(cube_pad, s.out.dim[2] = 5, "output has not the padded shape");
	BAD(cube_pad, s.node.attr[NEURAL_PAD_AFTER] = S32_MAX,
	    "output has not the padded shape");
	BAD(cube_transpose, s.out.rank = 2, "a transposed tensor keeps its rank");
	BAD(cube_transpose, s.node.attr[3] = 3, "attribute past the rank");
	BAD(cube_transpose, s.node.attr[1] = 3, "not a permutation of the dimensions");
	BAD(cube_transpose, s.node.attr[1] = -1, "not a permutation of the dimensions");
	BAD(cube_transpose, s.node.attr[1] = 0, "not a permutation of the dimensions");
	BAD(cube_transpose, s.out.dim[1] = 2, "output has not the permuted shape");
	BAD(cube_slice, s.out.rank = 2, "a slice keeps the rank");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_STRIDE + 3] = 1, "attribute past the rank");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_STRIDE + 1] = 0, "stride is zero");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_STRIDE + 1] = 2, "slice leaves the input");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_STRIDE + 1] = S32_MIN,
	    "slice leaves the input");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_STRIDE + 2] = -1, "slice leaves the input");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_BEGIN + 2] = 1, "slice leaves the input");
	BAD(cube_slice, s.node.attr[NEURAL_SLICE_BEGIN + 2] = -1, "slice leaves the input");
	BAD(make_resize, s.in[0].dtype = s.out.dtype = NEURAL_S16, "input is not S8");
	BAD(make_resize, s.out.rank = 3, "not of the shape of images");
	BAD(make_resize, s.out.dim[3]++, "resizing keeps batch and channels");
	BAD(make_resize, s.out.dim[1]++, "indices are not one S32 per line or column");
	BAD(make_resize, s.in[2].dtype = NEURAL_S16,
	    "indices are not one S32 per line or column");
	BAD(make_resize, ((s32 *)s.in[1].data)[0] = -1, "index leaves the input");
	BAD(make_resize, ((s32 *)s.in[2].data)[0] = s.in[0].dim[2], "index leaves the input");
	tap_ok(!failed, "each rule refuses");
}

int main(void)
{
	tap_plan(8);
	neural_simd_init();
	check(make_reshape, "reshape");
	check(make_pad, "pad");
	check(make_transpose, "transpose");
	check(make_slice, "slice");
	check(make_resize, "resize");
	concat_random();
	embedding_random();
	refused();
	return tap_done();
}
