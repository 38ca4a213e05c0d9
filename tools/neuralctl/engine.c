// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../simd/dispatch.h"
#include "ctl.h"
#include "engine.h"
#include "refusal.h"

static int map_file(struct engine *engine)
{
	const int fd = open(engine->path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &is)) {
		err = -errno;
	} else if (!S_ISREG(is.st_mode)) {
		err = S_ISDIR(is.st_mode) ? -EISDIR : -ESPIPE;
	} else if (is.st_size) {
		engine->bytes = is.st_size;
		engine->file = mmap(NULL, engine->bytes, PROT_READ, MAP_PRIVATE, fd, 0);
		if (engine->file == MAP_FAILED) {
			err = -errno;
			engine->file = NULL;
		}
	}
	close(fd);
	return err;
}

static void describe(struct ctl_tensor *to, const struct neural_tensor *from)
{
	*to = (struct ctl_tensor){
		.name = from->name,
		.dtype = from->dtype,
		.rank = from->rank,
		.elements = from->elements,
		.bytes = neural_dtype_bits(from->dtype) / 8,
		.zero_point = from->zero_point,
		.frac = from->frac,
	};
	memcpy(to->dim, from->dim, sizeof(to->dim));
	memcpy(&to->scale, &from->scale, sizeof(to->scale));
}

static int run(struct ctl_net *net, const void *in, void *out, u32 rows)
{
	struct engine *engine = container_of(net, struct engine, net);

	neural_plan_run(engine->plan, &engine->x, in, out, rows);
	return CTL_OK;
}

static void describe_net(struct ctl_net *net, const struct neural_model *model)
{
	u32 i;

	net->nr_inputs = model->nr_inputs;
	net->nr_outputs = model->nr_outputs;
	for (i = 0; i < model->nr_inputs; i++)
		describe(&net->in[i], model->inputs[i]);
	for (i = 0; i < model->nr_outputs; i++)
		describe(&net->out[i], model->outputs[i]);
	ctl_net_place(net->in, net->nr_inputs);
	ctl_net_place(net->out, net->nr_outputs);
	net->in_bytes = model->in_bytes;
	net->out_bytes = model->out_bytes;
	net->labels = model->text.labels;
	net->nr_labels = model->text.nr_labels;
	net->run = run;
}

int engine_check(struct engine *engine, const char *path, struct neural_reason *why)
{
	/* An empty file cannot be mapped, and is refused like any other. */
	static const u8 empty[NEURAL_MODEL_ALIGN] __aligned(NEURAL_MODEL_ALIGN);
	int ret;

	*engine = (struct engine){ .path = path };
	*why = (struct neural_reason){ };
	ret = map_file(engine);
	if (ret) {
		ctl_fail("%s: %s", path,
			 ret == -ESPIPE ? "not a regular file" : strerror(-ret));
		return ret;
	}
	signature_find(engine->file ?: empty, engine->bytes, &engine->signature);
	ret = neural_model_open(NULL, engine->file ?: empty,
				engine->bytes - engine->signature.bytes, &engine->model,
				why);
	if (ret) {
		engine->model = NULL;
		if (!why->rule)
			why->rule = strerror(-ret);
		return ret;
	}
	describe_net(&engine->net, engine->model);
	return 0;
}

int engine_open(struct engine *engine, const char *path)
{
	struct neural_reason why;

	if (!engine_check(engine, path, &why))
		return CTL_OK;
	if (why.rule)
		ctl_refused(path, engine->file, engine->bytes, why.rule, why.layer,
			    why.offset);
	engine_close(engine);
	return CTL_FAILED;
}

int engine_plan(struct engine *engine, unsigned int flags)
{
	struct neural_reason why;
	const int ret = neural_plan_build_model(NULL, engine->model, flags,
						&engine->plan, &why);

	if (!ret)
		return CTL_OK;
	engine->plan = NULL;
	return ctl_fail("%s: no plan: %s (node %u)", engine->path,
			why.rule ?: strerror(-ret), why.layer);
}

int engine_start(struct engine *engine)
{
	engine->x = (struct neural_exec){
		.section.wanted = neural_simd_get_level() != NEURAL_SIMD_generic,
		.arena = neural_mem_alloc(NULL, max_t(size_t, engine->plan->arena_bytes, 1)),
	};
	if (!engine->x.arena)
		return ctl_fail("%s: no memory for an arena of %zu bytes", engine->path,
				engine->plan->arena_bytes);
	return CTL_OK;
}

void engine_close(struct engine *engine)
{
	neural_mem_free(engine->x.arena);
	neural_plan_free(engine->plan);
	if (engine->model)
		neural_model_close(engine->model);
	if (engine->file)
		munmap(engine->file, engine->bytes);
	*engine = (struct engine){ };
}

int engine_level(const char *name)
{
	const int level = neural_simd_parse_level(name);
	int i;

	if (level >= 0) {
		if (!neural_simd_set_level(level))
			return CTL_OK;
		return ctl_fail("this CPU does not have %s", name);
	}
	ctl_usage("unknown level '%s'", name);
	fputs("There are: auto", stderr);
	for (i = 0; i < NEURAL_SIMD_LEVELS; i++)
		if (neural_simd_has(i))
			fprintf(stderr, " %s", neural_simd_level_names[i]);
	fputc('\n', stderr);
	return CTL_USAGE;
}

u64 engine_weights(const struct engine *engine)
{
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < engine->model->nr_tensors; i++)
		if (engine->model->tensors[i].data)
			bytes += engine->model->tensors[i].bytes;
	return bytes;
}

const char *engine_op_name(const struct neural_node *node)
{
	return neural_ops[node->code].name ?: "?";
}
