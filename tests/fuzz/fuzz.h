/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzz targets and the suite that replays their corpus share. */
#ifndef _NEURAL_TEST_FUZZ_H
#define _NEURAL_TEST_FUZZ_H

#include "../user/model_builder.h"
#include "../user/model_run.h"

/*
 * Change something in the @size bytes of a model file at @data: mostly a field, to
 * something near to what makes sense, so that much of what comes out still is a model.
 */
void fuzz_mutate(u8 *data, size_t size, u64 *seed);

/* Put size and checksum right where there is a header to put them in. */
void fuzz_seal(u8 *data, size_t size);

#endif /* _NEURAL_TEST_FUZZ_H */
