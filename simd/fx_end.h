/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a sum, one at a time. */
#ifndef _NEURAL_SIMD_FX_END_H
#define _NEURAL_SIMD_FX_END_H

#include "kernels.h"

/* Make a result of @sum and put it at @out[@at]. */
static __always_inline void neural_fx_put(void *out, size_t at, u64 sum,
					  const struct neural_fx_end *end)
{
	const s64 v = clamp_t(s64, (s64)sum >> end->shift, end->lo, end->hi);

	switch (end->bytes) {
	case sizeof(s16):
		((s16 *)out)[at] = v;
		break;
	case sizeof(s32):
		((s32 *)out)[at] = v;
		break;
	default:
		((s64 *)out)[at] = v;
		break;
	}
}

#endif /* _NEURAL_SIMD_FX_END_H */
