// SPDX-License-Identifier: GPL-2.0-only
/* libFuzzer target: what is a model runs in bounds, and the same in every way. */
#include "target.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static bool ready;
	struct neural_reason why;
	u8 *file = malloc(size ?: 1);

	if (!ready)
		neural_simd_init();
	ready = true;
	memcpy(file, data, size);
	fuzz_seal(file, size);
	model_try(file, size, size, &why);
	free(file);
	return 0;
}
