/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tensors and nodes: a model as operations see it.
 *
 * src/model makes these from a file.  Once an operation has verified its node,
 * everything the node says may be relied on.
 */
#ifndef _NEURAL_OPS_NODE_H
#define _NEURAL_OPS_NODE_H

#include <uapi/linux/neural_model.h>
#include "../env.h"

/**
 * struct neural_tensor - what is known of a tensor
 * @name: for people, never NULL
 * @dtype: enum neural_dtype
 * @rank: dimensions
 * @dim: outermost first; 1 past @rank
 * @elements: product of @dim, 1 .. NEURAL_MODEL_MAX_ELEMENTS
 * @bytes: of storage
 * @data: contents of a constant, aligned to NEURAL_MODEL_ALIGN, little-endian and
 *	therefore native on every machine the module is for; else NULL
 * @zero_point: of S8 and S16, 0 otherwise
 * @frac: fraction bits, 0 where the type has none
 * @scale: IEEE single, for people
 * @lo: no element is ever smaller: the type's minimum, until the operation that
 *	writes the tensor knows better
 * @hi: nor larger
 * @defined: a model input, a constant, or written by a node already verified
 */
struct neural_tensor {
	const char *name;
	u8 dtype;
	u8 rank;
	bool defined;
	u32 dim[NEURAL_MODEL_RANK];
	u32 elements;
	size_t bytes;
	const void *data;
	s32 zero_point;
	u32 frac;
	u32 scale;
	s64 lo;
	s64 hi;
};

/**
 * struct neural_node - one operation of a model
 * @code: enum neural_model_op_code, known to be in the table
 * @nr_in: operands read; as many as the operation takes
 * @name: for people, never NULL
 * @in: operands read; NULL where a file says NONE, which only operands that an
 *	operation says are optional may be
 * @out: operand written, not constant
 * @attr: integers, see the enums of <uapi/linux/neural_model.h>
 * @offset: of this node in the file, for reasons
 */
struct neural_node {
	u16 code;
	u16 nr_in;
	const char *name;
	struct neural_tensor **in;
	struct neural_tensor *out;
	s32 attr[NEURAL_MODEL_ATTRS];
	u64 offset;
};

/**
 * struct neural_reason - why something was refused
 * @rule: what was broken, NULL if nothing
 * @op: what the node does, NULL where it is not about one
 * @layer: in which layer or node
 * @unit: at which output of it
 * @offset: where in the file, 0 where there is none
 */
struct neural_reason {
	const char *rule;
	const char *op;
	u32 layer;
	u32 unit;
	u64 offset;
};

static inline int neural_refuse(struct neural_reason *why, int err,
				const char *rule, u32 unit)
{
	why->rule = rule;
	why->unit = unit;
	return err;
}

/* For operations' verify: "if (cond) return neural_node_bad(...)". */
static inline int neural_node_bad(struct neural_reason *why, const char *rule)
{
	return neural_refuse(why, -EINVAL, rule, 0);
}

/* Bits of an element. */
static inline u32 neural_dtype_bits(u8 dtype)
{
	switch (dtype) {
	case NEURAL_S4:
		return 4;
	case NEURAL_S16:
		return 16;
	case NEURAL_S32:
		return 32;
	case NEURAL_S64:
		return 64;
	default:
		return 8;
	}
}

static inline s64 neural_dtype_min(u8 dtype)
{
	return -1 - (s64)(U64_MAX >> (65 - neural_dtype_bits(dtype)));
}

static inline s64 neural_dtype_max(u8 dtype)
{
	return U64_MAX >> (65 - neural_dtype_bits(dtype));
}

static inline bool neural_tensor_same_shape(const struct neural_tensor *a,
					    const struct neural_tensor *b)
{
	return a->rank == b->rank && !memcmp(a->dim, b->dim, sizeof(a->dim));
}

/* Same type, zero point and fraction bits. */
static inline bool neural_tensor_same_kind(const struct neural_tensor *a,
					   const struct neural_tensor *b)
{
	return a->dtype == b->dtype && a->zero_point == b->zero_point &&
	       a->frac == b->frac;
}

#endif /* _NEURAL_OPS_NODE_H */
