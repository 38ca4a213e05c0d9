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
	switch (kernel->family) {
	case NEURAL_FAMILY_q16_dense:
		((void (*)(const struct neural_q16_dense_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_q16_dense16:
		((void (*)(const struct neural_q16_dense16_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_q16_dot:
		((void (*)(const struct neural_q16_dot_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_fx_dense16:
		((void (*)(const struct neural_fx_dense16_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_fx_dense64:
		((void (*)(const struct neural_fx_dense64_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_q16_split:
		((void (*)(const struct neural_q16_split_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_lut:
		((void (*)(const struct neural_s8_lut_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_add:
		((void (*)(const struct neural_s8_add_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_mul:
		((void (*)(const struct neural_s8_mul_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_gemm:
		((void (*)(const struct neural_s8_gemm_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_conv:
		((void (*)(const struct neural_s8_conv_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_frame:
		((void (*)(const struct neural_s8_frame_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_depthwise:
		((void (*)(const struct neural_s8_depthwise_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_max_pool:
	case NEURAL_FAMILY_s8_average_pool:
		((void (*)(const struct neural_s8_pool_args *))kernel->fn)(args);
		break;
	case NEURAL_FAMILY_s8_sum:
		((void (*)(const struct neural_s8_sum_args *))kernel->fn)(args);
		break;
	default:
		((void (*)(const struct neural_q16_map_args *))kernel->fn)(args);
		break;
	}
	neural_fpu_end();
}
