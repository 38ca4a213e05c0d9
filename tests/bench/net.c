// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole models, from the rows of a caller to the rows it gets: what a prediction is
 * without its context.
 */
#include "net.h"

#define LAYER_ROUNDS	7
#define LAYER_NS	4000000		/* of one of them */

void bench_net_run(const void *arg)
{
	const struct bench_net *net = arg;
	struct neural_exec x = {
		.section = { .set = net->set, .wanted = net->wanted },
		.arena = net->arena,
	};

	neural_plan_run(net->plan, &x, net->in, net->out, net->rows);
}

static void fail(const char *name, const char *what, int err,
		 const struct neural_reason *why)
{
	fprintf(stderr, "%s: %s: %s (error %d, layer %u)\n", name, what,
		why->rule ?: "no reason", err, why->layer);
	exit(EXIT_FAILURE);
}

static size_t weights(const struct neural_model *model)
{
	size_t bytes = 0;
	u32 i;

	for (i = 0; i < model->nr_tensors; i++)
		if (model->tensors[i].data)
			bytes += model->tensors[i].bytes;
	return bytes;
}

/* The level is in force while weights are packed, and named again where they are used. */
struct bench_net *bench_net_open(const char *name, const void *file, size_t bytes,
				 enum neural_simd_level level, u32 rows)
{
	const size_t before = neural_shim_live_bytes;
	struct neural_reason why = { };
	struct bench_net *net;
	size_t model_bytes;
	int ret;

	net = calloc(1, sizeof(*net));
	if (!net || neural_simd_set_level(level))
		abort();
	neural_shim_peak_bytes = before;
	ret = neural_model_open(NULL, file, bytes, &net->model, &why);
	if (ret)
		fail(name, "refused", ret, &why);
	model_bytes = neural_shim_live_bytes - before;
	ret = neural_plan_build_model(NULL, net->model, 0, &net->plan, &why);
	if (ret)
		fail(name, "no plan", ret, &why);
	net->arena = bench_alloc(net->plan->arena_bytes ?: 1);
	net->peak = neural_shim_peak_bytes - before + bytes;
	net->mean = neural_shim_live_bytes - before - model_bytes;
	net->weights = weights(net->model);
	net->set = neural_simd_set(level);
	net->wanted = level != NEURAL_SIMD_generic;
	net->rows = rows;
	net->in = bench_alloc(rows * net->plan->in_bytes);
	net->out = bench_alloc(rows * net->plan->out_bytes);
	return net;
}

/* The calmest of some rounds, all layers of one round: they are to add up. */
static void print_layers(const struct bench_entry *entry)
{
	const struct bench_net *net = entry->item->arg;
	const struct neural_model *model = net->model;
	struct neural_profile *now = calloc(model->nr_nodes, sizeof(*now));
	struct neural_profile *least = calloc(model->nr_nodes, sizeof(*least));
	const u32 runs = clamp(LAYER_NS / entry->item->median, 1.0, 1000.0);
	u64 total, best = U64_MAX;
	u32 i, round;

	for (round = 0; round < LAYER_ROUNDS; round++) {
		struct neural_exec x = {
			.section = { .set = net->set, .wanted = net->wanted },
			.arena = net->arena, .profile = now,
		};

		memset(now, 0, model->nr_nodes * sizeof(*now));
		for (i = 0; i < runs; i++)
			neural_plan_run(net->plan, &x, net->in, net->out, net->rows);
		for (i = 0, total = 0; i < model->nr_nodes; i++)
			total += now[i].ns;
		if (total >= best)
			continue;
		best = total;
		memcpy(least, now, model->nr_nodes * sizeof(*now));
	}
	printf(", \"layers\": [");
	for (i = 0; i < model->nr_nodes; i++)
		printf("%s{\"op\": \"%s\", \"outputs\": %u, \"ns\": %.1f}", i ? ", " : "",
		       neural_ops[model->nodes[i].code].name,
		       model->nodes[i].out->elements, (double)least[i].ns / runs);
	printf("]");
	free(least);
	free(now);
}

/* Numbers of the element's type that a network could be given. */
static void fill(const struct bench_net *net)
{
	const u8 dtype = net->model->inputs[0]->dtype;
	const size_t bytes = net->rows * net->plan->in_bytes;
	size_t i;

	if (dtype == NEURAL_S32)
		for (i = 0; i < bytes / sizeof(s32); i++)
			((s32 *)net->in)[i] = bench_normal(1);
	else
		for (i = 0; i < bytes; i++)
			net->in[i] = bench_random();
}

static void enter(const char *name, struct bench_net *net, enum neural_simd_level level,
		  u32 flags)
{
	const bool macs = flags & BENCH_NET_MACS;

	bench_enter(&(struct bench_entry){
		.item = bench_add(bench_net_run, net), .kind = "result", .name = name,
		.level = neural_simd_level_names[level], .rows = net->rows,
		.macs = macs ? (double)net->plan->macs * net->rows : 0,
		.bytes = net->weights, .peak = net->peak, .mean = net->mean,
		.more = flags & BENCH_NET_LAYERS ? print_layers : NULL,
	});
}

void bench_net_add(const char *name, const void *file, size_t bytes, u32 rows, u32 flags)
{
	const bool best_only = flags & BENCH_NET_BEST;
	struct bench_net *net, *generic;
	int level;

	generic = bench_net_open(name, file, bytes, NEURAL_SIMD_generic, rows);
	fill(generic);
	bench_net_run(generic);
	if (!best_only)
		enter(name, generic, NEURAL_SIMD_generic, flags);
	for (level = 1; level < NEURAL_SIMD_LEVELS; level++) {
		if (!neural_simd_has(level) || (best_only && level != neural_simd_best()))
			continue;
		net = bench_net_open(name, file, bytes, level, rows);
		memcpy(net->in, generic->in, rows * net->plan->in_bytes);
		bench_net_run(net);
		/* Speed is worth nothing where the bits are not the same. */
		if (memcmp(net->out, generic->out, rows * net->plan->out_bytes)) {
			fprintf(stderr, "%s: %s is not what generic says\n", name,
				neural_simd_level_names[level]);
			exit(EXIT_FAILURE);
		}
		enter(name, net, level, flags);
	}
}
