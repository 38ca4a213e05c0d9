// SPDX-License-Identifier: GPL-2.0-only
#include "answer.h"
#include "output.h"
#include "progress.h"
#include "rows.h"
#include "serve.h"

/* Rows read at once take no more than this, unless one does. */
#define SERVE_BYTES	(256 << 10)

int ctl_serve_option(struct ctl_serve *serve, int option)
{
	u64 number;

	switch (option) {
	case 'c':
		serve->csv = true;
		return CTL_OK;
	case 'r':
		serve->real = true;
		return CTL_OK;
	case 'j':
		serve->json = true;
		return CTL_OK;
	case 'i':
		serve->input = optarg;
		return CTL_OK;
	case 't':
		if (!ctl_number(optarg, 1, 1000, &number))
			return ctl_usage("--top %s: not a number from 1 to 1000", optarg);
		serve->top = number;
		return CTL_OK;
	default:
		return CTL_USAGE;
	}
}

static bool in_text(const struct ctl_serve *serve)
{
	return serve->csv || serve->input || serve->top || serve->json;
}

int ctl_serve_words(struct ctl_serve *serve, int argc, char **argv)
{
	if (!serve->input && optind < argc)
		serve->from = argv[optind++];
	if (optind < argc)
		serve->to = argv[optind++];
	else if (in_text(serve))
		serve->to = "-";
	if (!serve->input && !serve->from)
		return ctl_usage("input rows are missing");
	if (!serve->to)
		return ctl_usage("where to write is missing");
	if (optind < argc)
		return ctl_usage("'%s' is one word too many", argv[optind]);
	if (serve->real && !in_text(serve))
		return ctl_usage("--real is for numbers, and here are none");
	return CTL_OK;
}

static int serve_all(struct ctl_rows *rows, struct ctl_answer *answer,
		     struct ctl_net *net, u32 block)
{
	const size_t row = max(net->in_bytes, net->out_bytes);
	u32 most = max_t(size_t, SERVE_BYTES / row, 1), got;
	struct ctl_progress progress;
	void *in, *out;
	int ret;

	if (most > block)
		most -= most % block;
	in = malloc(most * net->in_bytes);
	/* Nobody writes what may be between two outputs. */
	out = calloc(most, net->out_bytes);
	if (!in || !out) {
		ret = ctl_fail("out of memory");
		goto out;
	}
	ctl_answer_begin(answer);
	ctl_progress_start(&progress, "rows", rows->total);
	do {
		ret = ctl_rows_read(rows, in, most, &got);
		if (!ret && got)
			ret = net->run(net, in, out, got);
		if (ret)
			break;
		ctl_answer_rows(answer, out, got);
		ctl_progress_at(&progress, answer->row);
	} while (got == most && !ferror(answer->to));
	ctl_progress_end(&progress);
	if (!ret)
		ctl_answer_end(answer);
out:
	free(in);
	free(out);
	return ret;
}

int ctl_serve(const struct ctl_serve *serve, struct ctl_net *net, u32 block)
{
	struct ctl_answer answer = { .net = net, .top = serve->top, .real = serve->real };
	struct ctl_output output;
	struct ctl_rows rows;
	int ret;

	if (serve->json)
		answer.form = CTL_FORM_JSON;
	else if (serve->top)
		answer.form = CTL_FORM_TOP;
	else if (serve->csv || serve->input)
		answer.form = CTL_FORM_CSV;
	if (serve->input)
		ret = ctl_rows_from(&rows, net, serve->input, serve->real);
	else
		ret = ctl_rows_open(&rows, net, serve->from, serve->csv, serve->real);
	if (ret)
		return ret;
	ret = ctl_output_open(&output, serve->to);
	if (!ret) {
		answer.to = output.file;
		ret = serve_all(&rows, &answer, net, block);
		if (!ret)
			ret = ctl_output_commit(&output);
		else
			ctl_output_drop(&output);
	}
	ctl_rows_close(&rows);
	return ret;
}
