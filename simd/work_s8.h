/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURAL_SIMD_WORK_S8_H
#define _NEURAL_SIMD_WORK_S8_H

#include "kernels.h"
#include "work_pool.h"

/* Arguments of an S8 family, as neural_work_make(); NULL for another. */
const void *neural_work_make_s8(enum neural_kernel_family family,
				struct neural_work_pool *pool);

#endif /* _NEURAL_SIMD_WORK_S8_H */
