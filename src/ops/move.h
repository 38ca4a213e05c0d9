/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations that compute nothing: elements of the input at other places. */
#ifndef _NEURAL_OPS_MOVE_H
#define _NEURAL_OPS_MOVE_H

#include "op.h"

/* One multiply-add an element written. */
u64 neural_move_macs(const struct neural_node *node);

/* May elements of @x become elements of @y as they are? */
int neural_move_verify(const struct neural_tensor *x, const struct neural_tensor *y,
		       struct neural_reason *why);

int neural_concat_verify(const struct neural_node *node, struct neural_reason *why);
int neural_concat_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why);

int neural_reshape_verify(const struct neural_node *node, struct neural_reason *why);
int neural_reshape_prepare(struct neural_account *account, const struct neural_node *node,
			   u32 part, struct neural_step *step, struct neural_reason *why);

int neural_pad_verify(const struct neural_node *node, struct neural_reason *why);
int neural_pad_prepare(struct neural_account *account, const struct neural_node *node,
		       u32 part, struct neural_step *step, struct neural_reason *why);
void neural_pad_run(const struct neural_step *step, struct neural_exec *x,
		    const struct neural_rows *dst, const struct neural_rows *src,
		    void *scratch);

int neural_transpose_verify(const struct neural_node *node, struct neural_reason *why);
int neural_transpose_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why);

int neural_slice_verify(const struct neural_node *node, struct neural_reason *why);
int neural_slice_prepare(struct neural_account *account, const struct neural_node *node,
			 u32 part, struct neural_step *step, struct neural_reason *why);

int neural_resize_verify(const struct neural_node *node, struct neural_reason *why);
int neural_resize_prepare(struct neural_account *account, const struct neural_node *node,
			  u32 part, struct neural_step *step, struct neural_reason *why);
void neural_resize_run(const struct neural_step *step, struct neural_exec *x,
		       const struct neural_rows *dst, const struct neural_rows *src,
		       void *scratch);

int neural_embedding_verify(const struct neural_node *node, struct neural_reason *why);
int neural_embedding_prepare(struct neural_account *account,
			     const struct neural_node *node, u32 part,
			     struct neural_step *step, struct neural_reason *why);
void neural_embedding_run(const struct neural_step *step, struct neural_exec *x,
			  const struct neural_rows *dst, const struct neural_rows *src,
			  void *scratch);

#endif /* _NEURAL_OPS_MOVE_H */
