/* SPDX-License-Identifier: GPL-2.0-only */
/* x * relu6(x + 3) / 6 over S8. */
#ifndef _NEURAL_OPS_HARD_SWISH_H
#define _NEURAL_OPS_HARD_SWISH_H

#include "op.h"

int neural_hard_swish_verify(const struct neural_node *node, struct neural_reason *why);
int neural_hard_swish_prepare(struct neural_account *account,
			      const struct neural_node *node, u32 part,
			      struct neural_step *step, struct neural_reason *why);

#endif /* _NEURAL_OPS_HARD_SWISH_H */
