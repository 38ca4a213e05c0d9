/* SPDX-License-Identifier: GPL-2.0-only */
/* Predicting: from a handle to the plan and back. */
#ifndef _NEURAL_PREDICT_H
#define _NEURAL_PREDICT_H

#include "network.h"

/*
 * Predict @rows rows.  *@generation, unless NULL, is that of the parameters used.
 * Returns as neural_network_predict().
 */
int neural_predict_rows(struct neural_network *nn, const void *in, void *out,
			u32 rows, u64 *generation);

/*
 * As many of @rows rows as are best predicted at once for somebody who may be killed
 * meanwhile: what they take together is bounded, but for a single one.  Not 0.
 */
u32 neural_predict_group(struct neural_network *nn, u32 rows);

#endif /* _NEURAL_PREDICT_H */
