/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Storage: the memory of a model's tensors while it runs.
 *
 * Tensors that can be one piece of memory make a storage: the input and the output of
 * a reshape, what an operation reads and what it puts in its place.  A storage that a
 * model output belongs to is that output's place in the caller's row, one that begins
 * with a model input or a constant stays where that is, and all others are in the
 * arena.
 */
#ifndef _NEURAL_PLAN_STORAGE_H
#define _NEURAL_PLAN_STORAGE_H

#include "../model/model.h"
#include "../ops/op.h"
#include "arena.h"

/* A storage with no offset yet. */
#define NEURAL_STORAGE_NOWHERE	U32_MAX

/**
 * struct neural_storage - memory of one tensor
 * @root: the tensor its storage is named after, the first one in it
 * @layer: node that writes this tensor
 * @renamed: no step writes this tensor, it is another under a new shape
 * @used: last node that reads this tensor, the number of nodes for a model output
 * @last: of a root: the same of all tensors in the storage
 * @space: of a root
 * @offset: of a root, or NEURAL_STORAGE_NOWHERE
 */
struct neural_storage {
	u32 root;
	u32 layer;
	bool renamed;
	u32 used;
	u32 last;
	enum neural_space space;
	u32 offset;
};

/**
 * struct neural_storages - memory of all tensors of a model
 * @model: the model
 * @keep: nothing is shared and everything stays to the end
 * @of: by number of the tensor
 * @buffers: storages in the arena
 * @nr_buffers: how many
 * @row_bytes: what they take
 * @const_bytes: what constants take that are read when the plan runs
 */
struct neural_storages {
	const struct neural_model *model;
	bool keep;
	struct neural_storage *of;
	struct neural_buffer *buffers;
	u32 nr_buffers;
	u64 row_bytes;
	u64 const_bytes;
};

static inline u32 neural_storage_number(const struct neural_storages *s,
					const struct neural_tensor *t)
{
	return t - s->model->tensors;
}

/* Operand @i of @node is read when the step runs. */
static inline bool neural_storage_is_read(const struct neural_node *node, u32 i)
{
	return node->in[i] && (i >= 8 || !(neural_ops[node->code].params & BIT(i)));
}

/* Where @t is in a row of model inputs or outputs whose tensors before it end at @at. */
static inline u32 neural_storage_in_row(const struct neural_tensor *t, u32 at)
{
	return ALIGN(at, neural_dtype_bits(t->dtype) / 8);
}

/*
 * Find places for all tensors of @model in a struct zeroed but for model and keep.  0,
 * or a negative errno and @why with nothing allocated.  May sleep.
 */
int neural_storages_make(struct neural_account *account, struct neural_storages *s,
			 struct neural_reason *why);
void neural_storages_free(struct neural_storages *s);

/* Where steps find tensor @t. */
struct neural_operand neural_storage_operand(const struct neural_storages *s,
					     const struct neural_tensor *t);

#endif /* _NEURAL_PLAN_STORAGE_H */
