// SPDX-License-Identifier: GPL-2.0-only
/* From the nodes of a model to the steps of a plan. */
#include "plan.h"
#include "storage.h"

/* Whatever the nodes say: those with a step per operand may share their operands. */
#define NEURAL_LOWER_STEPS	NEURAL_MODEL_MAX_OPERANDS

/**
 * struct neural_lowering - a model on its way to a plan
 * @account: who pays
 * @model: the model
 * @places: where its tensors are
 * @plan: what becomes of it
 * @widest: most elements of any operand of a step
 * @why: what it is refused for
 */
struct neural_lowering {
	struct neural_account *account;
	const struct neural_model *model;
	struct neural_storages places;
	struct neural_plan *plan;
	u32 widest;
	struct neural_reason *why;
};

/* At most as many steps as these. */
static u64 neural_lower_count(const struct neural_model *m)
{
	u64 steps = m->nr_outputs;
	u32 i;

	for (i = 0; i < m->nr_nodes; i++)
		steps += neural_ops[m->nodes[i].code].each ? m->nodes[i].nr_in : 1;
	return steps;
}

/* What a step reads: all that is not a parameter, or operand @part of @node alone. */
static int neural_lower_sources(const struct neural_lowering *l,
				const struct neural_node *node, u32 part,
				struct neural_step *step)
{
	const bool each = step->op->each;
	u32 i;

	for (i = each ? part : 0; i < (each ? part + 1 : node->nr_in); i++) {
		if (!neural_storage_is_read(node, i))
			continue;
		if (WARN_ON_ONCE(step->nr_src == NEURAL_STEP_INPUTS))
			return neural_node_bad(l->why, "operation reads too many operands");
		if (!step->nr_src)
			step->in = node->in[i]->elements;
		step->src[step->nr_src++] = neural_storage_operand(&l->places, node->in[i]);
	}
	return 0;
}

/* The next step, of @layer to @dst: @node, or its part that reads operand @part. */
static int neural_lower_step(struct neural_lowering *l, const struct neural_node *node,
			     u32 part, u32 layer, struct neural_operand dst)
{
	struct neural_step *step = &l->plan->steps[l->plan->nr_steps];
	int ret;

	step->op = &neural_ops[node->code];
	step->run = step->op->run;
	step->layer = layer;
	step->out = node->out->elements;
	step->dst = dst;
	ret = neural_lower_sources(l, node, part, step);
	if (ret)
		return ret;
	/* The parts of a node are its work together. */
	if (!part)
		step->macs = step->op->macs(node);
	l->widest = max3(l->widest, step->in, step->out);
	if (step->op->prepare) {
		ret = step->op->prepare(l->account, node, part, step, l->why);
		if (ret)
			return ret;
	}
	l->plan->nr_steps++;
	return 0;
}

static int neural_lower_node(struct neural_lowering *l, const struct neural_node *node)
{
	const u32 out = neural_storage_number(&l->places, node->out);
	const u32 parts = neural_ops[node->code].each ? node->nr_in : 1;
	u32 part;
	int ret;

	if (l->places.of[out].renamed)
		return 0;
	for (part = 0; part < parts; part++) {
		ret = neural_lower_step(l, node, part, node - l->model->nodes,
					neural_storage_operand(&l->places, node->out));
		if (ret)
			return ret;
	}
	return 0;
}

static int neural_lower_nodes(struct neural_lowering *l)
{
	const struct neural_model *m = l->model;
	u32 i;
	int ret;

	for (i = 0; i < m->nr_nodes; i++) {
		l->why->layer = i;
		ret = neural_lower_node(l, &m->nodes[i]);
		if (ret) {
			l->why->op = neural_ops[m->nodes[i].code].name;
			l->why->offset = m->nodes[i].offset;
			return ret;
		}
		neural_pause();
	}
	return 0;
}

/*
 * Outputs that could not be written where they belong: a model input, a constant under
 * another shape, a tensor that is an output elsewhere in the row already.  A reshape to
 * the same shape is a copy.
 */
static int neural_lower_copies(struct neural_lowering *l)
{
	const struct neural_model *m = l->model;
	u32 i, at = 0;
	int ret;

	for (i = 0; i < m->nr_outputs; i++) {
		struct neural_tensor *t = m->outputs[i];
		const struct neural_operand from = neural_storage_operand(&l->places, t);
		const struct neural_node copy = {
			.code = NEURAL_OP_RESHAPE, .nr_in = 1, .name = "", .in = &t, .out = t,
		};

		at = neural_storage_in_row(t, at);
		if (from.space != NEURAL_SPACE_OUTPUT || from.offset != at) {
			const u32 number = neural_storage_number(&l->places, t);
			const struct neural_operand to = {
				NEURAL_SPACE_OUTPUT, at, t->bytes
			};

			l->why->layer = l->places.of[number].layer;
			ret = neural_lower_step(l, &copy, 0, l->why->layer, to);
			if (ret)
				return ret;
		}
		at += t->bytes;
	}
	l->why->layer = 0;
	return 0;
}

/* The plan keeps what its steps read: the file may go. */
static int neural_lower_constants(struct neural_lowering *l)
{
	const struct neural_model *m = l->model;
	u32 i;

	if (!l->places.const_bytes)
		return 0;
	l->plan->constants = neural_mem_alloc(l->account, l->places.const_bytes);
	if (!l->plan->constants)
		return neural_refuse(l->why, -ENOMEM, "out of memory", 0);
	for (i = 0; i < m->nr_tensors; i++) {
		const struct neural_storage *s = &l->places.of[i];

		if (m->tensors[i].data && s->offset != NEURAL_STORAGE_NOWHERE)
			memcpy(l->plan->constants + s->offset, m->tensors[i].data,
			       m->tensors[i].bytes);
		neural_pause();
	}
	return 0;
}

static int neural_lower_all(struct neural_lowering *l)
{
	const u64 steps = neural_lower_count(l->model);
	int ret;

	if (steps > NEURAL_LOWER_STEPS)
		return neural_refuse(l->why, -E2BIG, "too many steps", 0);
	l->plan = neural_mem_alloc(l->account, struct_size(l->plan, steps, steps));
	if (!l->plan)
		return neural_refuse(l->why, -ENOMEM, "out of memory", 0);
	l->plan->in_bytes = l->model->in_bytes;
	l->plan->out_bytes = l->model->out_bytes;
	l->plan->row_bytes = l->places.row_bytes;
	ret = neural_lower_constants(l);
	if (!ret)
		ret = neural_lower_nodes(l);
	if (!ret)
		ret = neural_lower_copies(l);
	if (ret) {
		neural_plan_free(l->plan);
		return ret;
	}
	neural_plan_size(l->plan, l->widest);
	return 0;
}

int neural_plan_model_bytes(struct neural_account *account,
			    const struct neural_model *model, unsigned int flags,
			    size_t *row_bytes, struct neural_reason *why)
{
	struct neural_storages places = { .model = model, .keep = flags & NEURAL_PLAN_KEEP };
	int ret;

	*why = (struct neural_reason){ };
	ret = neural_storages_make(account, &places, why);
	if (ret)
		return ret;
	*row_bytes = places.row_bytes;
	neural_storages_free(&places);
	return 0;
}

int neural_plan_build_model(struct neural_account *account,
			    const struct neural_model *model, unsigned int flags,
			    struct neural_plan **plan, struct neural_reason *why)
{
	struct neural_lowering l = {
		.account = account,
		.model = model,
		.places = { .model = model, .keep = flags & NEURAL_PLAN_KEEP },
		.widest = 1,
		.why = why,
	};
	int ret;

	*why = (struct neural_reason){ };
	ret = neural_storages_make(account, &l.places, why);
	if (ret)
		return ret;
	ret = neural_lower_all(&l);
	neural_storages_free(&l.places);
	if (!ret)
		*plan = l.plan;
	return ret;
}
