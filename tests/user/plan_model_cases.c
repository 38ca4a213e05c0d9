// SPDX-License-Identifier: GPL-2.0-only
/* Plans of models made by hand, each for one thing that could go wrong. */
#include "plan_model.h"

static struct neural_plan *build(struct model_builder *b, unsigned int flags,
				 struct neural_model **m, u8 **file)
{
	struct neural_plan *plan;
	struct neural_reason why;
	size_t bytes;

	*file = model_builder_finish(b, &bytes);
	WARN_ON(model_try(*file, bytes, 1, &why));
	*m = plan_open(*file, bytes);
	WARN_ON(neural_plan_build_model(NULL, *m, flags, &plan, &why));
	return plan;
}

static void drop(struct neural_plan *plan, struct neural_model *m, u8 *file)
{
	neural_plan_free(plan);
	neural_model_close(m);
	free(file);
}

/* A step for each operand, and one for an output that is there twice, are one node. */
void plan_profile(void)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(8));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(24));
	struct neural_profile profile[1] = { };
	struct neural_exec e = { .profile = profile };
	struct neural_plan *plan;
	struct neural_model *m;
	u8 in[8] = { }, out[48];
	u8 *file;

	model_op(b, NEURAL_OP_CONCAT, OPERANDS(x, x, x), y, ATTRS(0));
	model_output(b, y);
	model_output(b, y);
	plan = build(b, 0, &m, &file);
	e.arena = aligned_alloc(64, ALIGN(plan->arena_bytes + 1, 64));
	WARN_ON(!e.arena);
	neural_plan_run(plan, &e, in, out, 1);
	neural_plan_run(plan, &e, in, out, 1);
	tap_ok(plan->nr_steps == 4 && profile->runs == 2,
	       "a node ran once however many steps it has");
	free(e.arena);
	drop(plan, m, file);
}

/* An input, what a constant reshaped is, and a tensor under two names and twice. */
void plan_outputs(void)
{
	static const u8 eight[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(1, 8));
	const u32 c = model_const(b, NEURAL_S8, SHAPE(8), eight);
	const u32 d = model_tensor(b, NEURAL_S8, SHAPE(2, 4));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, 8));
	const u32 z = model_tensor(b, NEURAL_S8, SHAPE(4, 2));
	u8 in[8] = { 9, 8, 7, 6, 5, 4, 3, 2 }, out[48];
	struct neural_plan *plan;
	struct neural_model *m;
	bool ok = true;
	u32 i;
	u8 *file;

	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(c), d, NO_ATTRS);
	model_op(b, OP_MAP, OPERANDS(x), y, NO_ATTRS);
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(y), z, NO_ATTRS);
	model_output(b, x);
	model_output(b, d);
	model_output(b, z);
	model_output(b, y);
	model_output(b, z);
	model_output(b, x);
	plan = build(b, 0, &m, &file);
	model_run(plan, NULL, in, out, 1, 0);
	for (i = 0; i < 8; i++)
		ok = ok && out[i] == in[i] && out[8 + i] == eight[i] &&
		     out[16 + i] == (u8)(in[i] * 7 + i) && out[24 + i] == out[16 + i] &&
		     out[32 + i] == out[16 + i] && out[40 + i] == in[i];
	tap_ok(ok && plan->out_bytes == 48 && plan->nr_steps == 6 && !plan->row_bytes,
	       "outputs that are inputs, constants, each other and themselves");
	drop(plan, m, file);
}

/* x -> map -> a -> reshape -> b -> map -> c; a or b read again, or not. */
static struct neural_plan *chain(bool again, unsigned int flags, struct neural_model **m,
				 u8 **file)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S16, SHAPE(2, 10));
	const u32 p = model_tensor(b, NEURAL_S16, SHAPE(2, 10));
	const u32 q = model_tensor(b, NEURAL_S16, SHAPE(20));
	const u32 r = model_tensor(b, NEURAL_S16, SHAPE(20));
	const u32 y = model_tensor(b, NEURAL_S16, SHAPE(21));

	model_op(b, OP_MAP, OPERANDS(x), p, NO_ATTRS);
	model_op(b, NEURAL_OP_RESHAPE, OPERANDS(p), q, NO_ATTRS);
	model_op(b, OP_MAP, OPERANDS(q), r, NO_ATTRS);
	model_op(b, OP_SUM, OPERANDS(r, again ? p : r), y, NO_ATTRS);
	model_output(b, y);
	return build(b, flags, m, file);
}

void plan_sharing(void)
{
	struct neural_plan *plan;
	struct neural_model *m;
	bool ok;
	u8 *file;

	plan = chain(false, 0, &m, &file);
	ok = plan->nr_steps == 3 && plan->row_bytes == 48 && plan->steps[1].layer == 2;
	drop(plan, m, file);
	plan = chain(true, 0, &m, &file);
	ok = ok && plan->nr_steps == 3 && plan->row_bytes == 96;
	drop(plan, m, file);
	plan = chain(false, NEURAL_PLAN_KEEP, &m, &file);
	ok = ok && plan->nr_steps == 4 && plan->row_bytes == 3 * 48;
	drop(plan, m, file);
	tap_ok(ok, "shared while nobody looks, kept when told to");
}

/* Layers, work, widths and rows of steps. */
void plan_steps(void)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(3, 5));
	const u32 z = model_input(b, NEURAL_S32, SHAPE(3));
	const u32 c = model_tensor(b, NEURAL_S8, SHAPE(42));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(50000));
	const struct neural_step *s;
	struct neural_plan *plan;
	struct neural_model *m;
	u8 *file;
	bool ok;

	model_op(b, NEURAL_OP_CONCAT, OPERANDS(x, z, x), c, NO_ATTRS);
	model_op(b, OP_SUM, OPERANDS(c, x), y, NO_ATTRS);
	model_output(b, y);
	plan = build(b, 0, &m, &file);
	s = plan->steps;
	ok = plan->nr_steps == 4 && plan->in_bytes == 28 && plan->out_bytes == 50000 &&
	     plan->macs == 42 + 50000 && plan->macs == m->macs && plan->rows == 1;
	ok = ok && s[0].layer == 0 && s[1].layer == 0 && s[2].layer == 0 && s[3].layer == 1;
	ok = ok && s[0].in == 15 && s[1].in == 3 && s[2].in == 15 && s[3].in == 42 &&
	     s[0].out == 42 && s[3].out == 50000 && s[3].nr_src == 2;
	ok = ok && s[1].src[0].space == NEURAL_SPACE_INPUT && s[1].src[0].offset == 16 &&
	     s[1].src[0].bytes == 12 && s[3].dst.space == NEURAL_SPACE_OUTPUT;
	tap_ok(ok, "steps say where they come from and what they take");
	drop(plan, m, file);
}

/* Tensors of 2^31 - 8 bytes: one has an offset, two of them end past what one can say. */
static int too_large(u32 nr, unsigned int flags, struct neural_reason *why)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(8));
	struct neural_plan *plan = NULL;
	struct neural_model *m;
	u32 big[2], i, y;
	size_t bytes;
	u8 *file;
	int ret;

	for (i = 0; i < nr; i++) {
		big[i] = model_tensor(b, NEURAL_S64, SHAPE((1U << 28) - 1));
		model_op(b, OP_SUM, OPERANDS(x, x), big[i], NO_ATTRS);
	}
	y = model_tensor(b, NEURAL_S8, SHAPE(8));
	model_op(b, NEURAL_OP_CONCAT, big, nr, y, NO_ATTRS);
	model_output(b, y);
	file = model_builder_finish(b, &bytes);
	m = plan_open(file, bytes);
	ret = neural_plan_build_model(NULL, m, flags, &plan, why);
	drop(plan, m, file);
	return ret;
}

/* Operands of nodes overlap, so that a small file makes many steps. */
static int too_many(u32 nr, struct neural_reason *why)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(8));
	struct neural_plan *plan = NULL;
	struct neural_model *m;
	size_t bytes;
	u8 *file;
	u32 i, y;
	int ret;

	for (i = 0; i < nr; i++) {
		y = model_tensor(b, NEURAL_S8, SHAPE(8));
		model_op(b, NEURAL_OP_CONCAT, OPERANDS(x), y, NO_ATTRS);
		b->ops[i].nr_inputs = 255;
		b->ops[i].operands = cpu_to_le32(i);
	}
	model_output(b, y);
	for (i = 0; i < 255; i++)
		b->operands[i] = cpu_to_le32(x);
	for (i = 0; i < nr; i++)
		b->operands[255 + i] = cpu_to_le32(x + 1 + i);
	b->nr_operands = 255 + nr;
	file = model_builder_finish(b, &bytes);
	m = plan_open(file, bytes);
	ret = neural_plan_build_model(NULL, m, 0, &plan, why);
	drop(plan, m, file);
	return ret;
}

/* Two nodes whose results have @rows rows. */
static int verify(u32 rows, struct neural_reason *why)
{
	struct model_builder *b = model_builder_new();
	const u32 x = model_input(b, NEURAL_S8, SHAPE(rows, 1));
	const u32 y = model_tensor(b, NEURAL_S8, SHAPE(1, rows));
	const u32 z = model_tensor(b, NEURAL_S8, SHAPE(rows, 1));
	struct neural_model *m;
	size_t bytes;
	u8 *file;
	int ret;

	model_op(b, OP_MAP, OPERANDS(x), y, NO_ATTRS);
	model_op(b, OP_MAP, OPERANDS(x), z, NO_ATTRS);
	model_op(b, OP_MAP, OPERANDS(x), model_tensor(b, NEURAL_S8, SHAPE(rows, 1)), NO_ATTRS);
	model_output(b, z);
	file = model_builder_finish(b, &bytes);
	ret = neural_model_open(NULL, file, bytes, &m, why);
	why->offset -= model_entry(file, NEURAL_SECTION_OPS, 0) - file;
	if (!ret)
		neural_model_close(m);
	free(file);
	return ret;
}

/* What operations say of a node is passed on with the place. */
static bool verified(void)
{
	struct neural_reason why;

	if (verify(12, &why) || verify(13, &why) != -ERANGE || strcmp(why.rule, "thirteen") ||
	    why.layer != 1 || why.unit != 13 || why.offset != sizeof(struct neural_model_op))
		return false;
	return verify(17, &why) == -E2BIG && !strcmp(why.rule, "too many multiply-adds") &&
	       why.layer == 2 && why.offset == 2 * sizeof(struct neural_model_op);
}

static bool refused(int ret, const struct neural_reason *why, const char *rule)
{
	if (ret == -E2BIG && !strcmp(why->rule, rule))
		return true;
	tap_note("%d, %s instead of %s", ret, why->rule ?: "nothing", rule);
	return false;
}

void plan_refused(void)
{
	struct neural_reason why;
	bool ok;

	ok = verified() && !too_large(1, 0, &why) && !too_many(1028, &why);
	ok = ok && refused(too_large(2, 0, &why), &why, "tensors are too large together");
	ok = ok && refused(too_large(2, NEURAL_PLAN_KEEP, &why), &why,
			   "tensors are too large together");
	ok = ok && refused(too_many(1029, &why), &why, "too many steps");
	tap_ok(ok && !neural_shim_live_bytes, "too much is refused, and just as much is not");
}

/* Every allocation and every prepare of a plan fails once, and nothing is left. */
void plan_memory(void)
{
	unsigned int failed = 0, refused = 0, i, which;
	u64 seed = 77;

	for (i = 0; i < 30; i++) {
		size_t bytes, live;
		u8 *file = plan_graph(&seed, &bytes);
		struct neural_model *m = plan_open(file, bytes);
		struct neural_plan *plan = NULL;
		struct neural_reason why;
		long nth;

		live = neural_shim_live_bytes;
		for (which = 0; which < 2; which++) {
			long *const after = which ? &plan_fail_after : &neural_shim_fail_after;
			int ret = -ENOMEM;
			bool refused_well;

			for (nth = 0; ret && nth < 300; nth++) {
				*after = nth;
				ret = neural_plan_build_model(NULL, m, 0, &plan, &why);
				*after = -1;
				refused += !!ret;
				if (!ret)
					neural_plan_free(plan);
				refused_well = ret == -ENOMEM &&
					       !strcmp(why.rule, "out of memory");
				tap_check(&failed, (!ret || refused_well) &&
					  neural_shim_live_bytes == live,
					  "model %u, %ld: %d, %zu bytes left", i, nth, ret,
					  neural_shim_live_bytes - live);
				/* A prepare says at which node, and where that is. */
				tap_check(&failed, !ret || !which ||
					  (why.unit == 7 &&
					   why.offset == m->nodes[why.layer].offset),
					  "model %u, %ld: node %u", i, nth, why.layer);
			}
			tap_check(&failed, !ret, "model %u is never built", i);
		}
		neural_model_close(m);
		free(file);
	}
	tap_ok(!failed && refused > 200 && !neural_shim_live_bytes,
	       "out of memory at each of %u places", refused);
}
