// SPDX-License-Identifier: GPL-2.0-only
#include "copy.h"
#include "move.h"

/**
 * struct neural_pad - parameters; one block of memory
 * @copy: the input to its place
 * @value: all around it
 * @bytes: of the output
 */
struct neural_pad {
	struct neural_copy copy;
	s8 value;
	size_t bytes;
};

int neural_pad_verify(const struct neural_node *node, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0];
	const s32 value = node->attr[NEURAL_PAD_VALUE];
	struct neural_tensor *y = node->out;
	int ret = neural_move_verify(x, y, why);
	bool pads = false;
	u32 d;

	if (ret)
		return ret;
	if (x->dtype != NEURAL_S8)
		return neural_node_bad(why, "input is not S8");
	if (x->rank != y->rank)
		return neural_node_bad(why, "padding keeps the rank");
	if (value < S8_MIN || value > S8_MAX)
		return neural_node_bad(why, "value is not S8");
	for (d = 0; d < NEURAL_MODEL_RANK; d++) {
		const s64 before = node->attr[NEURAL_PAD_BEFORE + d];
		const s64 after = node->attr[NEURAL_PAD_AFTER + d];

		if (d >= x->rank && (before || after))
			return neural_node_bad(why, "attribute past the rank");
		if (before < 0 || after < 0)
			return neural_node_bad(why, "padding is negative");
		if (y->dim[d] != before + x->dim[d] + after)
			return neural_node_bad(why, "output has not the padded shape");
		pads |= before || after;
	}
	y->lo = pads ? min_t(s64, x->lo, value) : x->lo;
	y->hi = pads ? max_t(s64, x->hi, value) : x->hi;
	return 0;
}

int neural_pad_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why)
{
	const struct neural_tensor *x = node->in[0], *y = node->out;
	s64 from[NEURAL_MODEL_RANK], to[NEURAL_MODEL_RANK];
	struct neural_pad *pad;
	u32 d;

	pad = neural_mem_alloc(account, sizeof(*pad));
	if (!pad)
		return neural_refuse(why, -ENOMEM, "out of memory", 0);
	pad->copy.size = 1;
	pad->value = node->attr[NEURAL_PAD_VALUE];
	pad->bytes = y->bytes;
	neural_copy_pitches(x, from);
	neural_copy_pitches(y, to);
	for (d = 0; d < x->rank; d++) {
		pad->copy.to += node->attr[NEURAL_PAD_BEFORE + d] * to[d];
		neural_copy_add(&pad->copy, x->dim[d], from[d], to[d]);
	}
	neural_copy_collapse(&pad->copy);
	step->params = pad;
	return 0;
}

/* Writing all of it and then the middle again costs less than finding the rim. */
void neural_pad_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch)
{
	const struct neural_pad *pad = step->params;
	u32 r;

	for (r = 0; r < x->rows; r++) {
		neural_section_scalar(&x->section, step->macs);
		memset(neural_row(dst, r), pad->value, pad->bytes);
		neural_copy(&pad->copy, neural_row(dst, r), neural_row(src, r));
	}
}
