/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions of one S8 value: whatever they are, a table of 256 results.
 *
 * An operation of this kind has its definition called once for every value there is,
 * when it is prepared, and is one look-up for an element when it runs.
 */
#ifndef _NEURAL_OPS_LUT_H
#define _NEURAL_OPS_LUT_H

#include "op.h"

/* Elements a kernel does at once: they count as a multiply-add each. */
#define NEURAL_MAP_TILE		(1U << 14)

/**
 * struct neural_lut - parameters; one block of memory
 * @table: result of x at (u8)x
 */
struct neural_lut {
	s8 table[256];
};

/* S8 in, S8 out, of one shape. */
int neural_lut_verify(const struct neural_node *node, struct neural_reason *why);

/* Operand 0 less its zero point: what the rescalings of a node may be given. */
static inline s64 neural_node_lo(const struct neural_node *node)
{
	return node->in[0]->lo - node->in[0]->zero_point;
}

static inline s64 neural_node_hi(const struct neural_node *node)
{
	return node->in[0]->hi - node->in[0]->zero_point;
}

/* Set lo and hi of the output to what @value has between those of the input. */
void neural_lut_bound(const struct neural_node *node,
		      s8 (*value)(const struct neural_node *node, s32 x));

/* Make the table of @value. */
int neural_lut_prepare(struct neural_account *account, const struct neural_node *node,
		       s8 (*value)(const struct neural_node *node, s32 x),
		       struct neural_step *step, struct neural_reason *why);

u64 neural_map_macs(const struct neural_node *node);
void neural_lut_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);

/* NEURAL_OP_LUT: the table is an operand. */
int neural_lut_operand_verify(const struct neural_node *node, struct neural_reason *why);
int neural_lut_operand_prepare(struct neural_account *account,
			       const struct neural_node *node, u32 part,
			       struct neural_step *step, struct neural_reason *why);

#endif /* _NEURAL_OPS_LUT_H */
