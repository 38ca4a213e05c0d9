/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Products of matrices that are both computed, S8.
 *
 * matmul.c has what is done once, matmul_run.c the product.
 */
#ifndef _NEURAL_OPS_MATMUL_H
#define _NEURAL_OPS_MATMUL_H

#include "op.h"

/**
 * struct neural_matmul_side - one of the factors
 * @zero: its zero point
 * @outer: elements from one row of a, or column of b, to the next
 * @inner: from one element to the next that is added to the same sum
 * @batch: from one matrix to the next along each leading dimension of the result; 0
 *	where there is one for all
 */
struct neural_matmul_side {
	s32 zero;
	u32 outer;
	u32 inner;
	u32 batch[NEURAL_MODEL_RANK - 2];
};

/**
 * struct neural_matmul - parameters; one block of memory
 * @m: rows of the result
 * @n: its columns
 * @k: products in a sum
 * @nr_batch: leading dimensions
 * @dim: sizes of those
 * @batches: product of @dim
 * @a: first factor
 * @b: second
 * @multiplier: of a sum, Q0.31
 * @shift: with it
 * @zero_point: of the output
 * @min: least result
 * @max: largest
 */
struct neural_matmul {
	u32 m;
	u32 n;
	u32 k;
	u32 nr_batch;
	u32 dim[NEURAL_MODEL_RANK - 2];
	u32 batches;
	struct neural_matmul_side a;
	struct neural_matmul_side b;
	s32 multiplier;
	s32 shift;
	s32 zero_point;
	s32 min;
	s32 max;
};

int neural_matmul_verify(const struct neural_node *node, struct neural_reason *why);
u64 neural_matmul_macs(const struct neural_node *node);
int neural_matmul_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why);
size_t neural_matmul_scratch(const struct neural_step *step, u32 rows);
void neural_matmul_run(const struct neural_step *step, struct neural_exec *x,
		       const struct neural_rows *dst, const struct neural_rows *src,
		       void *scratch);

#endif /* _NEURAL_OPS_MATMUL_H */
