// SPDX-License-Identifier: GPL-2.0-only
/* The table of kernels as data: for selection, tests, benchmark and debugfs. */
#include "kernels.h"

#define NEURAL_KERNEL_ROW(_family, _level, _args)			\
	{								\
		.name = #_family "__" #_level,				\
		.family = NEURAL_FAMILY_##_family,			\
		.level = NEURAL_SIMD_##_level,				\
		.fn = (void (*)(void))neural_##_family##__##_level,	\
	},

const struct neural_kernel neural_kernels[] = {
	NEURAL_KERNELS(NEURAL_KERNEL_ROW)
};

const unsigned int neural_nr_kernels = ARRAY_SIZE(neural_kernels);
