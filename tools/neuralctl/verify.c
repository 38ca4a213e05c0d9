// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl verify: would the kernel take this file? */
#include "ctl.h"
#include "engine.h"
#include "json.h"
#include "refusal.h"

/* Nothing is said of one that is not there: most are not. */
static void tell_signature(const struct signature *signature)
{
	if (!signature->bytes)
		return;
	printf("signature: %zu\nsigned by: ", signature->bytes);
	ctl_print_text(stdout, *signature->signer ? signature->signer : "unknown");
	puts(" (whether it may be trusted the kernel will say)");
}

static void tell_accepted(const struct engine *engine, size_t arena, bool as_json)
{
	const struct neural_model *model = engine->model;
	struct json json = { .to = stdout };

	if (!as_json) {
		ctl_print_text(stdout, engine->path);
		printf(": accepted\n"
		       "nodes: %u\nmacs: %llu\narena: %zu\nweights: %llu\n"
		       "input row: %zu\noutput row: %zu\n",
		       model->nr_nodes, (unsigned long long)model->macs, arena,
		       (unsigned long long)engine_weights(engine), model->in_bytes,
		       model->out_bytes);
		tell_signature(&engine->signature);
		if (model->nr_ranges)
			printf("ranges: %u\nbounds: %u\n", model->nr_in_ranges,
			       model->nr_ranges - model->nr_in_ranges);
		return;
	}
	json_open(&json, NULL, '{');
	json_string(&json, "file", engine->path);
	json_string(&json, "verdict", "accepted");
	json_unsigned(&json, "nodes", model->nr_nodes);
	json_unsigned(&json, "macs", model->macs);
	json_unsigned(&json, "arena_bytes", arena);
	json_unsigned(&json, "weight_bytes", engine_weights(engine));
	json_unsigned(&json, "in_bytes", model->in_bytes);
	json_unsigned(&json, "out_bytes", model->out_bytes);
	json_unsigned(&json, "signature_bytes", engine->signature.bytes);
	json_string(&json, "signer", *engine->signature.signer ?
		    engine->signature.signer : NULL);
	json_unsigned(&json, "ranges", model->nr_in_ranges);
	json_unsigned(&json, "bounds", model->nr_ranges - model->nr_in_ranges);
	json_close(&json);
}

static void tell_refused(const struct engine *engine, int err,
			 const struct neural_reason *why, bool as_json)
{
	const bool node = engine->file &&
			  ctl_in_nodes(engine->file, engine->bytes, why->offset);
	struct json json = { .to = stdout };

	if (!as_json) {
		ctl_print_text(stdout, engine->path);
		printf(": refused\nrule: %s\n", why->rule);
		if (node)
			printf("node: %u\n", why->layer);
		printf("unit: %u\nbyte: %llu\nerror: %s\n", why->unit,
		       (unsigned long long)why->offset, strerror(-err));
		return;
	}
	json_open(&json, NULL, '{');
	json_string(&json, "file", engine->path);
	json_string(&json, "verdict", "refused");
	json_string(&json, "rule", why->rule);
	if (node)
		json_unsigned(&json, "node", why->layer);
	json_unsigned(&json, "unit", why->unit);
	json_unsigned(&json, "byte", why->offset);
	json_string(&json, "error", strerror(-err));
	json_close(&json);
}

static int verify(const char *path, bool as_json)
{
	struct neural_reason why;
	struct engine engine;
	size_t arena;
	int err;

	err = engine_check(&engine, path, &why);
	if (err && !why.rule) {
		engine_close(&engine);
		return CTL_FAILED;
	}
	if (!err)
		err = neural_plan_model_bytes(NULL, engine.model, 0, &arena, &why);
	if (err && !why.rule)
		why.rule = strerror(-err);
	if (err)
		tell_refused(&engine, err, &why, as_json);
	else
		tell_accepted(&engine, arena, as_json);
	engine_close(&engine);
	return err ? CTL_FAILED : ctl_flush();
}

int cmd_verify(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		CTL_OPTIONS_END
	};
	bool json = false;
	int option;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		if (option != 'j')
			return CTL_USAGE;
		json = true;
	}
	if (argc - optind != 1)
		return ctl_usage("want one model file");
	return verify(argv[optind], json);
}
