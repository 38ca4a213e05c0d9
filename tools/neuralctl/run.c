// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl run: a model file, without the module. */
#include "../../simd/dispatch.h"
#include "engine.h"
#include "layers.h"
#include "rows.h"
#include "serve.h"

/**
 * struct run - the command line
 * @serve: rows and answers
 * @model: file
 * @level: of SIMD
 * @layers: file for the tensors of one row, NULL for none
 * @row: which row
 */
struct run {
	struct ctl_serve serve;
	const char *model;
	const char *level;
	const char *layers;
	u64 row;
};

static int parse(struct run *run, int argc, char **argv)
{
	static const struct option options[] = {
		CTL_SERVE_OPTIONS,
		{ "simd-level", required_argument, NULL, 'l' },
		{ "layers", required_argument, NULL, 'L' },
		{ "layers-row", required_argument, NULL, 'R' },
		CTL_OPTIONS_END
	};
	bool row = false;
	int option, ret;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		switch (option) {
		case 'l':
			run->level = optarg;
			break;
		case 'L':
			run->layers = optarg;
			break;
		case 'R':
			row = true;
			if (!ctl_number(optarg, 0, U32_MAX, &run->row))
				return ctl_usage("--layers-row %s: not a number", optarg);
			break;
		default:
			ret = ctl_serve_option(&run->serve, option);
			if (ret)
				return ret;
		}
	}
	if (row && !run->layers)
		return ctl_usage("--layers-row wants --layers");
	if (run->layers && (!strcmp(run->layers, "-") || !*run->layers))
		return ctl_usage("--layers wants a file");
	if (optind == argc)
		return ctl_usage("a model file is missing");
	run->model = argv[optind++];
	ret = ctl_serve_words(&run->serve, argc, argv);
	if (!ret && run->layers && run->serve.from && !strcmp(run->serve.from, "-"))
		return ctl_usage("--layers reads the input twice: it has to be a file");
	return ret;
}

/* A plan of its own, in which tensors stay; and its input read by itself. */
static int layers(const struct run *run)
{
	const struct ctl_serve *serve = &run->serve;
	struct ctl_rows rows = { };
	struct engine engine;
	void *row = NULL;
	u64 skip = run->row + 1;
	u32 got = 1;
	int ret;

	ret = engine_open(&engine, run->model);
	if (ret)
		return ret;
	ret = engine_plan(&engine, NEURAL_PLAN_KEEP);
	if (!ret)
		ret = engine_start(&engine);
	if (!ret && serve->input)
		ret = ctl_rows_from(&rows, &engine.net, serve->input, serve->real);
	else if (!ret)
		ret = ctl_rows_open(&rows, &engine.net, serve->from, serve->csv,
				    serve->real);
	if (!ret) {
		row = malloc(engine.net.in_bytes);
		if (!row)
			ret = ctl_fail("out of memory");
	}
	for (; !ret && skip && got; skip--)
		ret = ctl_rows_read(&rows, row, 1, &got);
	if (!ret && !got)
		ret = ctl_fail("%s: there is no row %llu", rows.path,
			       (unsigned long long)run->row);
	if (!ret)
		ret = ctl_layers(&engine, row, run->layers);
	free(row);
	ctl_rows_close(&rows);
	engine_close(&engine);
	return ret;
}

int cmd_run(int argc, char **argv)
{
	struct run run = { .level = "auto" };
	struct engine engine;
	int ret;

	ret = parse(&run, argc, argv);
	if (ret)
		return ret;
	neural_simd_init();
	ret = engine_level(run.level);
	if (!ret && run.layers)
		ret = layers(&run);
	if (!ret)
		ret = engine_open(&engine, run.model);
	if (ret)
		return ret;
	ret = engine_plan(&engine, 0);
	if (!ret)
		ret = engine_start(&engine);
	if (!ret)
		ret = ctl_serve(&run.serve, &engine.net, engine.plan->rows);
	engine_close(&engine);
	return ret;
}
