// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include "../../simd/dispatch.h"
#include "kernels.h"

const void *kernels_next(const void *prev, char *desc,
			 bool (*wanted)(enum neural_kernel_family family))
{
	const struct neural_kernel *kernel = prev;

	kernel = kernel ? kernel + 1 : neural_kernels;
	for (; kernel < neural_kernels + neural_nr_kernels; kernel++) {
		if (!wanted(kernel->family) || !neural_simd_has(kernel->level))
			continue;
		strscpy(desc, kernel->name, KUNIT_PARAM_DESC_SIZE);
		return kernel;
	}
	return NULL;
}

const struct neural_kernel *kernels_generic(const struct neural_kernel *kernel)
{
	const struct neural_kernel *generic = neural_kernels;

	while (generic->family != kernel->family)
		generic++;
	return generic;
}

void kernels_call(const struct neural_kernel *kernel, const void *args)
{
	neural_fpu_begin();
	neural_kernel_call(kernel, args);
	neural_fpu_end();
}
