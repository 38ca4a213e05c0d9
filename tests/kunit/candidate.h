/* SPDX-License-Identifier: GPL-2.0-only */
/* A network and another set of parameters for it. */
#ifndef _NEURAL_KUNIT_CANDIDATE_H
#define _NEURAL_KUNIT_CANDIDATE_H

#include "model.h"

/**
 * struct candidate_test - a network from the first file, and both files
 * @m: answers; its network is made of layers
 * @nn: the network
 * @file: of each set of parameters
 * @bytes: their sizes
 */
struct candidate_test {
	struct model *m;
	struct neural_network *nn;
	void *file[2];
	size_t bytes[2];
};

struct candidate_test *candidate_begin(struct kunit *test);

/* Set @which as the network's candidate, with so many of a thousand predictions. */
int candidate_set(const struct candidate_test *t, u32 which, u32 share);

#endif /* _NEURAL_KUNIT_CANDIDATE_H */
