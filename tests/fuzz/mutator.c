// SPDX-License-Identifier: GPL-2.0-only
#include "target.h"

/* One in eight as libFuzzer would: it also changes sizes and takes from other files. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t most, unsigned int seed)
{
	u64 state = seed;

	if (seed % 8 == 0 || size < sizeof(struct neural_model_header))
		size = LLVMFuzzerMutate(data, size, most);
	else
		fuzz_mutate(data, size, &state);
	fuzz_seal(data, size);
	return size;
}
