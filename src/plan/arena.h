/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURAL_PLAN_ARENA_H
#define _NEURAL_PLAN_ARENA_H

#include "../env.h"

/* Where a buffer may begin. */
#define NEURAL_ARENA_ALIGN	16

/**
 * struct neural_buffer - memory that is needed for a time
 * @bytes: how much, at least 1
 * @first: from this step on
 * @last: up to and including this one
 * @offset: where it is: a multiple of NEURAL_ARENA_ALIGN
 */
struct neural_buffer {
	u64 bytes;
	u32 first;
	u32 last;
	u64 offset;
};

/*
 * Find a place for each of @nr buffers so that no two share a byte at any time, in as
 * few bytes as it can, *@bytes.  The same buffers get the same places always.  0 or
 * -ENOMEM.  May sleep.
 */
int neural_arena_place(struct neural_account *account, struct neural_buffer *buffers,
		       u32 nr, u64 *bytes);

#endif /* _NEURAL_PLAN_ARENA_H */
