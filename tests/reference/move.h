/* SPDX-License-Identifier: GPL-2.0-only */
/* Which element of a tensor is which, by its index along each dimension. */
#ifndef _NEURAL_TEST_REFERENCE_MOVE_H
#define _NEURAL_TEST_REFERENCE_MOVE_H

#include "arith.h"

#define REFERENCE_RANK	6

/* Indices of element @e of a tensor of these dimensions. */
static inline void reference_indices(u32 e, u32 rank, const u32 *dim, s64 *at)
{
	u32 d;

	for (d = rank; d-- > 0; e /= dim[d])
		at[d] = e % dim[d];
}

/* The element at these indices, or -1 where there is none. */
static inline s64 reference_element(u32 rank, const u32 *dim, const s64 *at)
{
	s64 e = 0;
	u32 d;

	for (d = 0; d < rank; d++) {
		if (at[d] < 0 || at[d] >= dim[d])
			return -1;
		e = e * dim[d] + at[d];
	}
	return e;
}

#endif /* _NEURAL_TEST_REFERENCE_MOVE_H */
