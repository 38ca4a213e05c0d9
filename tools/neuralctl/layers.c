// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>

#include "ctl.h"
#include "layers.h"
#include "output.h"

/**
 * struct layers - being written
 * @engine: whose
 * @in: the input row
 * @out: the output row
 * @data: the tensors
 * @index: which is where
 * @at: bytes of @data so far
 */
struct layers {
	const struct engine *engine;
	const u8 *in;
	u8 *out;
	struct ctl_output data;
	struct ctl_output index;
	u64 at;
};

/* Type of an element as TensorFlow Lite numbers it, for whoever compares with that. */
static unsigned int type_number(u8 dtype)
{
	static const u8 numbers[] = {
		[NEURAL_S8] = 9,
		[NEURAL_S16] = 7,
		[NEURAL_S32] = 2,
		[NEURAL_S64] = 4,
	};

	return numbers[dtype];
}

static void put(struct layers *l, int op, const char *name, const struct neural_tensor *t,
		const void *from)
{
	FILE *index = l->index.file;
	float scale;
	u32 i;

	memcpy(&scale, &t->scale, sizeof(scale));
	fwrite(from, 1, t->bytes, l->data.file);
	fprintf(index, "op %d ", op);
	for (; *name; name++)
		fputc(toupper((unsigned char)*name), index);
	fprintf(index, " tensor %u type %u off %llu bytes %zu scale %.9g zp %d dims",
		(u32)(t - l->engine->model->tensors), type_number(t->dtype),
		(unsigned long long)l->at, t->bytes, scale, t->zero_point);
	for (i = 0; i < t->rank; i++)
		fprintf(index, " %u", t->dim[i]);
	fputc('\n', index);
	l->at += t->bytes;
}

static const void *locate(const struct layers *l, const struct neural_operand *o)
{
	const struct neural_plan *plan = l->engine->plan;

	switch (o->space) {
	case NEURAL_SPACE_INPUT:
		return l->in + o->offset;
	case NEURAL_SPACE_OUTPUT:
		return l->out + o->offset;
	case NEURAL_SPACE_CONST:
		return plan->constants + o->offset;
	default:
		return l->engine->x.arena + (size_t)o->offset * plan->rows;
	}
}

/*
 * Where tensors are after a run: inputs in the row, others where a step wrote.  Every
 * node has a step where tensors are kept.
 */
static void find_tensors(const struct layers *l, const void **where)
{
	const struct neural_model *model = l->engine->model;
	const struct neural_plan *plan = l->engine->plan;
	u32 i;

	for (i = 0; i < model->nr_inputs; i++)
		where[model->inputs[i] - model->tensors] = l->in + l->engine->net.in[i].at;
	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];
		const struct neural_node *node = &model->nodes[step->layer];
		const void **at = &where[node->out - model->tensors];

		/* Those that copy to an output come last, and belong to no node. */
		if (!*at && step->op == &neural_ops[node->code])
			*at = locate(l, &step->dst);
	}
}

static int write_all(struct layers *l)
{
	const struct neural_model *model = l->engine->model;
	const void **where = calloc(model->nr_tensors, sizeof(*where));
	u32 i;
	int ret;

	if (!where)
		return ctl_fail("out of memory");
	find_tensors(l, where);
	for (i = 0; i < model->nr_inputs; i++)
		put(l, -1, "INPUT", model->inputs[i],
		    where[model->inputs[i] - model->tensors]);
	for (i = 0; i < model->nr_nodes; i++) {
		const struct neural_node *node = &model->nodes[i];

		put(l, i, engine_op_name(node), node->out,
		    where[node->out - model->tensors]);
	}
	free(where);
	ret = ctl_output_commit(&l->data);
	return ret ?: ctl_output_commit(&l->index);
}

int ctl_layers(struct engine *engine, const void *row, const char *path)
{
	struct layers l = { .engine = engine, .in = row };
	char *index = NULL;
	int ret;

	l.out = calloc(1, engine->net.out_bytes);
	if (!l.out || asprintf(&index, "%s.txt", path) < 0) {
		free(l.out);
		return ctl_fail("out of memory");
	}
	engine->net.run(&engine->net, row, l.out, 1);
	ret = ctl_output_open(&l.data, path);
	if (!ret)
		ret = ctl_output_open(&l.index, index);
	if (!ret)
		ret = write_all(&l);
	ctl_output_drop(&l.data);
	ctl_output_drop(&l.index);
	free(index);
	free(l.out);
	return ret;
}
