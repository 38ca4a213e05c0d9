// SPDX-License-Identifier: GPL-2.0-only
#include "answer.h"
#include "ctl.h"
#include "number.h"

static void csv(const struct ctl_answer *answer, const void *row)
{
	const struct ctl_net *net = answer->net;
	const char *separator = "";
	u32 i, j;

	for (i = 0; i < net->nr_outputs; i++) {
		const struct ctl_tensor *t = &net->out[i];

		for (j = 0; j < t->elements; j++) {
			fputs(separator, answer->to);
			if (answer->real)
				fprintf(answer->to, "%.*g", ctl_tensor_digits(t),
					ctl_element_real(t, row, j));
			else
				fprintf(answer->to, "%lld",
					(long long)ctl_element(t, row, j));
			separator = ",";
		}
	}
	fputc('\n', answer->to);
}

/*
 * The largest element of the first output that comes after @last in descending
 * order, equal ones by their index; @last is U32_MAX for the first.
 */
static u32 next_best(const struct ctl_tensor *t, const void *row, u32 last)
{
	const s64 limit = last == U32_MAX ? S64_MAX : ctl_element(t, row, last);
	u32 i, best = U32_MAX;

	for (i = 0; i < t->elements; i++) {
		const s64 value = ctl_element(t, row, i);

		if (last != U32_MAX && (value > limit || (value == limit && i <= last)))
			continue;
		if (best == U32_MAX || value > ctl_element(t, row, best))
			best = i;
	}
	return best;
}

static bool has_real(const struct ctl_tensor *t)
{
	return t->scale != 0 || t->frac;
}

static void top(const struct ctl_answer *answer, const void *row)
{
	const struct ctl_tensor *t = &answer->net->out[0];
	u32 i, n, best = U32_MAX;

	for (n = 0; n < answer->top && n < t->elements; n++) {
		const char *label;

		best = next_best(t, row, best);
		label = ctl_net_label(answer->net, best);
		if (n)
			fputs("  ", answer->to);
		else
			fprintf(answer->to, "%llu: ", (unsigned long long)answer->row);
		if (label)
			ctl_print_text(answer->to, label);
		else
			fprintf(answer->to, "[%u]", best);
		if (has_real(t))
			fprintf(answer->to, " %.4g", ctl_element_real(t, row, best));
		fprintf(answer->to, " (%lld)", (long long)ctl_element(t, row, best));
	}
	fputc('\n', answer->to);
	/* Beside the best of the first there may be outputs that are no scores. */
	for (i = 1; i < answer->net->nr_outputs; i++)
		fprintf(answer->to, "   and %u values of output %u\n",
			answer->net->out[i].elements, i);
}

static void json_top(struct ctl_answer *answer, const void *row)
{
	const struct ctl_tensor *t = &answer->net->out[0];
	struct json *json = &answer->json;
	u32 n, best = U32_MAX;

	json_open(json, "top", '[');
	for (n = 0; n < answer->top && n < t->elements; n++) {
		best = next_best(t, row, best);
		json_open(json, NULL, '{');
		json_unsigned(json, "index", best);
		json_string(json, "label", ctl_net_label(answer->net, best));
		json_signed(json, "value", ctl_element(t, row, best));
		if (has_real(t))
			json_real(json, "score", ctl_element_real(t, row, best),
				  ctl_tensor_digits(t));
		json_close(json);
	}
	json_close(json);
}

static void json_row(struct ctl_answer *answer, const void *row)
{
	const struct ctl_net *net = answer->net;
	struct json *json = &answer->json;
	u32 i, j;

	json_open(json, NULL, '{');
	json_open(json, "outputs", '[');
	for (i = 0; i < net->nr_outputs; i++) {
		const struct ctl_tensor *t = &net->out[i];

		json_open(json, NULL, '[');
		for (j = 0; j < t->elements; j++) {
			if (answer->real)
				json_real(json, NULL, ctl_element_real(t, row, j),
					  ctl_tensor_digits(t));
			else
				json_signed(json, NULL, ctl_element(t, row, j));
		}
		json_close(json);
	}
	json_close(json);
	if (answer->top)
		json_top(answer, row);
	json_close(json);
}

void ctl_answer_begin(struct ctl_answer *answer)
{
	answer->json = (struct json){ .to = answer->to };
	if (answer->form == CTL_FORM_JSON) {
		json_open(&answer->json, NULL, '{');
		json_open(&answer->json, "rows", '[');
	}
}

void ctl_answer_rows(struct ctl_answer *answer, const void *out, u32 rows)
{
	if (answer->form == CTL_FORM_RAW)
		fwrite(out, answer->net->out_bytes, rows, answer->to);
	for (; rows; rows--) {
		if (answer->form == CTL_FORM_CSV)
			csv(answer, out);
		else if (answer->form == CTL_FORM_TOP)
			top(answer, out);
		else if (answer->form == CTL_FORM_JSON)
			json_row(answer, out);
		out += answer->net->out_bytes;
		answer->row++;
	}
}

void ctl_answer_end(struct ctl_answer *answer)
{
	if (answer->form == CTL_FORM_JSON) {
		json_close(&answer->json);
		json_close(&answer->json);
	}
}
