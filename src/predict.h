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

#endif /* _NEURAL_PREDICT_H */
