/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of the kernel table share. */
#ifndef _NEURAL_KUNIT_KERNELS_H
#define _NEURAL_KUNIT_KERNELS_H

#include "../../simd/kernels.h"

#define KERNELS_LONGEST	300	/* every length up to this one is run */

/* Parameters of a case: the rows of the table that this CPU runs. */
const void *kernels_next(const void *prev, char *desc,
			 bool (*wanted)(enum neural_kernel_family family));

/* The row that says what @kernel has to compute. */
const struct neural_kernel *kernels_generic(const struct neural_kernel *kernel);

/* Call @kernel as its family is called, inside an FPU section. */
void kernels_call(const struct neural_kernel *kernel, const void *args);

#endif /* _NEURAL_KUNIT_KERNELS_H */
