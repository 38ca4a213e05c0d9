/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing: a network of layers as a model file. */
#ifndef _NEURAL_MODEL_WRITE_H
#define _NEURAL_MODEL_WRITE_H

#include "../ops/source.h"

/*
 * A file that computes, bit for bit, what the @nr layers at @layers compute, each with
 * its parameters; @name is that of the model.  It is *@bytes long, in one block of
 * neural_mem_alloc() at *@file.  0, or a negative errno and @why.  May sleep.
 */
int neural_model_write(struct neural_account *account, const struct neural_source *layers,
		       u32 nr, const char *name, void **file, size_t *bytes,
		       struct neural_reason *why);

#endif /* _NEURAL_MODEL_WRITE_H */
