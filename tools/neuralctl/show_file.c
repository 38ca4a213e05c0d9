// SPDX-License-Identifier: GPL-2.0-only
#include "ctl.h"
#include "engine.h"
#include "json.h"
#include "show.h"

static u32 number(const struct engine *engine, const struct neural_tensor *t)
{
	return t - engine->model->tensors;
}

static float scale_of(const struct neural_tensor *t)
{
	float scale;

	memcpy(&scale, &t->scale, sizeof(scale));
	return scale;
}

/* What a tensor is to the model. */
static const char *role(const struct engine *engine, const struct neural_tensor *t)
{
	const struct neural_model *model = engine->model;
	u32 i;

	for (i = 0; i < model->nr_inputs; i++)
		if (model->inputs[i] == t)
			return "input";
	for (i = 0; i < model->nr_outputs; i++)
		if (model->outputs[i] == t)
			return "output";
	return t->data ? "constant" : "between";
}

static void text_line(const char *key, const char *value)
{
	printf("%s: ", key);
	ctl_print_text(stdout, value);
	putchar('\n');
}

static const char *next(const char *label)
{
	return label + strlen(label) + 1;
}

static void print_header(const struct engine *engine)
{
	const struct neural_model *model = engine->model;
	const char *label = model->text.labels;
	u32 i;

	text_line("file", engine->path);
	text_line("name", model->text.name);
	text_line("description", model->text.description);
	text_line("producer", model->text.producer);
	printf("bytes: %zu\nnodes: %u\nmacs: %llu\nweights: %llu\ninput row: %zu\n"
	       "output row: %zu\n",
	       model->file_bytes, model->nr_nodes, (unsigned long long)model->macs,
	       (unsigned long long)engine_weights(engine), model->in_bytes,
	       model->out_bytes);
	for (i = 0; label && i < model->text.nr_labels; i++, label = next(label)) {
		printf("label %u: ", i);
		ctl_print_text(stdout, label);
		putchar('\n');
	}
}

static void print_tensors(const struct engine *engine)
{
	u32 i, d;

	for (i = 0; i < engine->model->nr_tensors; i++) {
		const struct neural_tensor *t = &engine->model->tensors[i];

		printf("tensor %u: %s %s [", i, role(engine, t), ctl_dtype_name(t->dtype));
		for (d = 0; d < t->rank; d++)
			printf("%s%u", d ? "," : "", t->dim[d]);
		printf("] %zu bytes", t->bytes);
		if (t->scale)
			printf(" scale %.9g zero point %d", scale_of(t), t->zero_point);
		if (t->frac)
			printf(" fraction bits %u", t->frac);
		putchar(' ');
		ctl_print_text(stdout, t->name);
		putchar('\n');
	}
}

static void print_nodes(const struct engine *engine)
{
	u32 i, j;

	for (i = 0; i < engine->model->nr_nodes; i++) {
		const struct neural_node *node = &engine->model->nodes[i];

		printf("node %u: %s", i, engine_op_name(node));
		for (j = 0; j < node->nr_in; j++) {
			if (node->in[j])
				printf(" %u", number(engine, node->in[j]));
			else
				printf(" -");
		}
		printf(" -> %u ", number(engine, node->out));
		ctl_print_text(stdout, node->name);
		putchar('\n');
	}
}

static void print_ranges(const struct engine *engine)
{
	u32 i;

	for (i = 0; i < engine->model->nr_ranges; i++) {
		const struct neural_range *r = &engine->model->ranges[i];

		printf("%s: %s %u elements %u..%u: %lld .. %lld\n",
		       r->output ? "bounds" : "range", r->output ? "output" : "input",
		       r->index, r->first, r->first + r->count - 1, (long long)r->lo,
		       (long long)r->hi);
	}
}

static const char *space(const struct neural_operand *o)
{
	static const char *const names[] = {
		[NEURAL_SPACE_INPUT] = "input",
		[NEURAL_SPACE_OUTPUT] = "output",
		[NEURAL_SPACE_ARENA] = "arena",
		[NEURAL_SPACE_CONST] = "constants",
	};

	return names[o->space];
}

static void print_plan(const struct engine *engine)
{
	const struct neural_plan *plan = engine->plan;
	u32 i, j;

	printf("arena: %zu a row, %u rows together, scratch %zu, in all %zu\n",
	       plan->row_bytes, plan->rows, plan->scratch_bytes, plan->arena_bytes);
	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];

		printf("step %u: %s (node %u)", i, step->op->name, step->layer);
		for (j = 0; j < step->nr_src; j++)
			printf(" %s+%u:%u", space(&step->src[j]), step->src[j].offset,
			       step->src[j].bytes);
		printf(" -> %s+%u:%u, %llu macs\n", space(&step->dst), step->dst.offset,
		       step->dst.bytes, (unsigned long long)step->macs);
	}
}

static void json_header(struct json *json, const struct engine *engine)
{
	const struct neural_model *model = engine->model;
	const char *label = model->text.labels;
	u32 i;

	json_string(json, "file", engine->path);
	json_string(json, "name", model->text.name);
	json_string(json, "description", model->text.description);
	json_string(json, "producer", model->text.producer);
	json_unsigned(json, "bytes", model->file_bytes);
	json_unsigned(json, "macs", model->macs);
	json_unsigned(json, "weight_bytes", engine_weights(engine));
	json_unsigned(json, "in_bytes", model->in_bytes);
	json_unsigned(json, "out_bytes", model->out_bytes);
	json_open(json, "labels", '[');
	for (i = 0; label && i < model->text.nr_labels; i++, label = next(label))
		json_string(json, NULL, label);
	json_close(json);
}

static void json_tensors(struct json *json, const struct engine *engine)
{
	u32 i, d;

	json_open(json, "tensors", '[');
	for (i = 0; i < engine->model->nr_tensors; i++) {
		const struct neural_tensor *t = &engine->model->tensors[i];

		json_open(json, NULL, '{');
		json_string(json, "name", t->name);
		json_string(json, "role", role(engine, t));
		json_string(json, "type", ctl_dtype_name(t->dtype));
		json_open(json, "shape", '[');
		for (d = 0; d < t->rank; d++)
			json_unsigned(json, NULL, t->dim[d]);
		json_close(json);
		json_unsigned(json, "bytes", t->bytes);
		json_real(json, "scale", scale_of(t), 9);
		json_signed(json, "zero_point", t->zero_point);
		json_unsigned(json, "fraction_bits", t->frac);
		json_close(json);
	}
	json_close(json);
}

static void json_nodes(struct json *json, const struct engine *engine)
{
	u32 i, j;

	json_open(json, "nodes", '[');
	for (i = 0; i < engine->model->nr_nodes; i++) {
		const struct neural_node *node = &engine->model->nodes[i];

		json_open(json, NULL, '{');
		json_string(json, "op", engine_op_name(node));
		json_string(json, "name", node->name);
		json_open(json, "inputs", '[');
		for (j = 0; j < node->nr_in; j++) {
			if (node->in[j])
				json_unsigned(json, NULL, number(engine, node->in[j]));
			else
				json_string(json, NULL, NULL);
		}
		json_close(json);
		json_unsigned(json, "output", number(engine, node->out));
		json_close(json);
	}
	json_close(json);
}

static void json_ranges(struct json *json, const struct engine *engine)
{
	u32 i;

	json_open(json, "ranges", '[');
	for (i = 0; i < engine->model->nr_ranges; i++) {
		const struct neural_range *r = &engine->model->ranges[i];

		json_open(json, NULL, '{');
		json_string(json, "of", r->output ? "output" : "input");
		json_unsigned(json, "index", r->index);
		json_unsigned(json, "first", r->first);
		json_unsigned(json, "count", r->count);
		json_signed(json, "lo", r->lo);
		json_signed(json, "hi", r->hi);
		json_close(json);
	}
	json_close(json);
}

static void json_operand(struct json *json, const char *key,
			 const struct neural_operand *o)
{
	json_open(json, key, '{');
	json_string(json, "space", space(o));
	json_unsigned(json, "offset", o->offset);
	json_unsigned(json, "bytes", o->bytes);
	json_close(json);
}

static void json_plan(struct json *json, const struct engine *engine)
{
	const struct neural_plan *plan = engine->plan;
	u32 i, j;

	json_open(json, "plan", '{');
	json_unsigned(json, "row_bytes", plan->row_bytes);
	json_unsigned(json, "rows", plan->rows);
	json_unsigned(json, "scratch_bytes", plan->scratch_bytes);
	json_unsigned(json, "arena_bytes", plan->arena_bytes);
	json_open(json, "steps", '[');
	for (i = 0; i < plan->nr_steps; i++) {
		const struct neural_step *step = &plan->steps[i];

		json_open(json, NULL, '{');
		json_string(json, "op", step->op->name);
		json_unsigned(json, "node", step->layer);
		json_unsigned(json, "macs", step->macs);
		json_open(json, "inputs", '[');
		for (j = 0; j < step->nr_src; j++)
			json_operand(json, NULL, &step->src[j]);
		json_close(json);
		json_operand(json, "output", &step->dst);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

int show_file(const char *path, bool as_json)
{
	struct json json = { .to = stdout };
	struct engine engine;
	int ret;

	ret = engine_open(&engine, path);
	if (ret)
		return ret;
	ret = engine_plan(&engine, 0);
	if (!ret && as_json) {
		json_open(&json, NULL, '{');
		json_header(&json, &engine);
		json_tensors(&json, &engine);
		json_nodes(&json, &engine);
		json_ranges(&json, &engine);
		json_plan(&json, &engine);
		json_close(&json);
	} else if (!ret) {
		print_header(&engine);
		print_tensors(&engine);
		print_nodes(&engine);
		print_ranges(&engine);
		print_plan(&engine);
	}
	engine_close(&engine);
	return ret;
}
