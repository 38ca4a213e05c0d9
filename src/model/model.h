/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model: a file, parsed and verified, as a list of nodes over tensors.
 *
 * Nothing in a file is believed.  neural_model_open() either proves that it can be run
 * in bounds and without an overflow on any input, or refuses it with the rule that was
 * broken, the node and the byte offset.
 */
#ifndef _NEURAL_MODEL_MODEL_H
#define _NEURAL_MODEL_MODEL_H

#include "../ops/node.h"

/**
 * struct neural_model_text - strings of a model, in the file or ""
 * @name: of the model
 * @description: what it is for
 * @producer: what made the file
 * @labels: of the outputs, @nr_labels strings that follow each other; NULL for none
 * @nr_labels: how many
 * @label_bytes: all of them, each with its NUL
 */
struct neural_model_text {
	const char *name;
	const char *description;
	const char *producer;
	const char *labels;
	u32 nr_labels;
	u32 label_bytes;
};

/**
 * struct neural_range - what some elements of a row are to be
 * @output: of an output row, not of an input row
 * @width: bytes of an element
 * @index: which input or output they are in
 * @first: first of them there
 * @count: how many
 * @at: where in the row the first is
 * @lo: smallest value
 * @hi: largest
 */
struct neural_range {
	bool output;
	u8 width;
	u32 index;
	u32 first;
	u32 count;
	size_t at;
	s64 lo;
	s64 hi;
};

/**
 * struct neural_model - see above; immutable
 * @file: the file it was opened from, which has to stay while the model is in use
 * @file_bytes: size of @file, without a signature
 * @is_signed: by somebody who is trusted; for whoever opened it to say
 * @nr_tensors: tensors
 * @nr_nodes: nodes
 * @nr_inputs: model inputs
 * @nr_outputs: model outputs
 * @tensors: by number in the file
 * @nodes: in order of execution
 * @operands: of all nodes, what their @in point into
 * @inputs: a row the caller gives has these, one after the other, each at a multiple
 *	of the size of its elements
 * @outputs: likewise
 * @in_bytes: size of an input row, rounded up to its largest element
 * @out_bytes: likewise
 * @macs: work of one row, in multiply-adds
 * @ranges: of inputs, then of outputs, each in the order of a row
 * @nr_ranges: how many
 * @nr_in_ranges: of inputs
 * @text: for people
 */
struct neural_model {
	const void *file;
	size_t file_bytes;
	bool is_signed;
	u32 nr_tensors;
	u32 nr_nodes;
	u32 nr_inputs;
	u32 nr_outputs;
	struct neural_tensor *tensors;
	struct neural_node *nodes;
	struct neural_tensor **operands;
	struct neural_tensor *inputs[NEURAL_MODEL_MAX_INPUTS];
	struct neural_tensor *outputs[NEURAL_MODEL_MAX_INPUTS];
	size_t in_bytes;
	size_t out_bytes;
	u64 macs;
	struct neural_range *ranges;
	u32 nr_ranges;
	u32 nr_in_ranges;
	struct neural_model_text text;
};

/*
 * Parse and verify @bytes bytes at @file, which is aligned to NEURAL_MODEL_ALIGN and is
 * not copied.  0 and *@model, or a negative errno and @why: -EINVAL for whatever is not
 * a model, -ERANGE where a sum could overflow, -EOPNOTSUPP for a version, flag or
 * operation this reader does not know, -E2BIG past a limit, -ENOMEM.  May sleep.
 */
int neural_model_open(struct neural_account *account, const void *file, size_t bytes,
		      struct neural_model **model, struct neural_reason *why);

/**
 * struct neural_model_limit - how much work a row may be
 * @macs: multiply-adds
 * @rule: what is said of a model that takes more
 */
struct neural_model_limit {
	u64 macs;
	const char *rule;
};

/*
 * The same within @limit.  Verifying a node takes no longer than running it, and stops
 * where it is exceeded: however often a small file uses its weights, that is how long
 * this may take.
 */
int neural_model_open_within(struct neural_account *account, const void *file, size_t bytes,
			     const struct neural_model_limit *limit,
			     struct neural_model **model, struct neural_reason *why);
void neural_model_close(struct neural_model *model);

/*
 * Bytes of @text, a string of a verified model, that are whole characters and @most at
 * most: all of it, or where to cut it.
 */
u32 neural_string_fit(const char *text, u32 most);

#endif /* _NEURAL_MODEL_MODEL_H */
