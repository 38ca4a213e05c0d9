/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls. */
#ifndef _NEURAL_TEST_FUZZ_TARGET_H
#define _NEURAL_TEST_FUZZ_TARGET_H

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t most, unsigned int seed);

/* libFuzzer's own, which knows nothing of models. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t most);

#endif /* _NEURAL_TEST_FUZZ_TARGET_H */
