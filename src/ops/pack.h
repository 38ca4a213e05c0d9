/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of a layer in the order the kernels read them. */
#ifndef _NEURAL_OPS_PACK_H
#define _NEURAL_OPS_PACK_H

#include "dense.h"
#include "scale.h"
#include "source.h"

/*
 * @dense, with batch-norm layer @bn folded in unless that is NULL, whose
 * activation is then the one that counts.  Verifies that no input can overflow the
 * accumulator.  @narrow allows 16-bit weights where they pay.  Negative errno
 * with @why: -ERANGE for parameters, -ENOMEM, -EOVERFLOW.
 */
int neural_pack_dense(struct neural_account *account, const struct neural_source *dense,
		      const struct neural_source *bn, bool narrow,
		      const struct neural_dense **packed, struct neural_reason *why);

/*
 * Weights and bias of output @j as they are packed, to @row and *@bias.  0, or a
 * negative errno with @why.
 */
int neural_pack_folded(const struct neural_source *dense, const struct neural_source *bn,
		       u32 j, s32 *row, s32 *bias, struct neural_reason *why);

/* Batch-norm layer @bn on its own. */
int neural_pack_scale(struct neural_account *account, const struct neural_source *bn,
		      const struct neural_scale **packed, struct neural_reason *why);

#endif /* _NEURAL_OPS_PACK_H */
