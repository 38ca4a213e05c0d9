/* SPDX-License-Identifier: GPL-2.0-only */
/* Cases that make networks of their own: NULL, or what is wrong. */
#ifndef _NEURAL_SELF_TEST_H
#define _NEURAL_SELF_TEST_H

#include "neural_test.h"

const char *neural_test_activations(struct neural_test_model *m, u64 *seed);
const char *neural_test_softmax(struct neural_test_model *m, u64 *seed);
const char *neural_test_batch_norm(struct neural_test_model *m, u64 *seed);

#endif /* _NEURAL_SELF_TEST_H */
