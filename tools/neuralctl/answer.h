/* SPDX-License-Identifier: GPL-2.0-only */
/* Output rows, in the form that was asked for. */
#ifndef _NEURALCTL_ANSWER_H
#define _NEURALCTL_ANSWER_H

#include "json.h"
#include "net.h"

enum ctl_form {
	CTL_FORM_RAW,
	CTL_FORM_CSV,
	CTL_FORM_TOP,		/* the best few, for people */
	CTL_FORM_JSON,
};

/**
 * struct ctl_answer - see above
 * @net: whose
 * @to: where they go
 * @form: enum ctl_form
 * @top: how many of the best; with JSON, 0 for none
 * @real: numbers are real ones
 * @row: of the next row
 * @json: document being written
 */
struct ctl_answer {
	const struct ctl_net *net;
	FILE *to;
	enum ctl_form form;
	u32 top;
	bool real;
	u64 row;
	struct json json;
};

void ctl_answer_begin(struct ctl_answer *answer);
void ctl_answer_rows(struct ctl_answer *answer, const void *out, u32 rows);
void ctl_answer_end(struct ctl_answer *answer);

#endif /* _NEURALCTL_ANSWER_H */
