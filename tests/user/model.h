/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the model suite share. */
#ifndef _NEURAL_TEST_MODEL_H
#define _NEURAL_TEST_MODEL_H

#include "model_builder.h"
#include "model_run.h"
#include "tap.h"

/*
 * A small model with one of everything: a dense layer without a bias, what it gives
 * under another shape and joined with a constant, names, labels, and a constant of 4-bit
 * elements that nobody reads.
 */
enum model_sample_tensor {
	SAMPLE_X, SAMPLE_W, SAMPLE_Y, SAMPLE_R, SAMPLE_C, SAMPLE_OUT, SAMPLE_S4,
};

enum model_sample_operand {
	SAMPLE_DENSE,			/* x, w, NONE -> y */
	SAMPLE_RESHAPE = 4,		/* y -> r */
	SAMPLE_CONCAT = 6,		/* r, c, r -> out */
	SAMPLE_INPUTS = 10,
	SAMPLE_OUTPUTS = 11,
};

u8 *model_sample(size_t *bytes);

/* One line of TAP each. */
void model_rules(void);
void model_lists(void);
void model_many(void);
void model_tables(void);
void model_ranges(void);
void model_ranges_refused(void);

#endif /* _NEURAL_TEST_MODEL_H */
