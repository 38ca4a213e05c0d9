// SPDX-License-Identifier: GPL-2.0-only
#include "work_pool.h"

void *neural_work_take(struct neural_work_pool *pool, size_t bytes)
{
	void *taken = pool->at;

	pool->at += ALIGN(bytes, 64);
	return taken;
}

/* The upper bits of a linear congruence are random enough for sums that mean nothing. */
static s32 neural_work_number(struct neural_work_pool *pool, u32 bits)
{
	pool->seed = pool->seed * 1664525 + 1013904223;
	return (s32)pool->seed >> (32 - bits);
}

s8 *neural_work_s8(struct neural_work_pool *pool, u32 n)
{
	s8 *p = neural_work_take(pool, n);
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = neural_work_number(pool, 8);
	return p;
}

s16 *neural_work_s16(struct neural_work_pool *pool, u32 n, u32 bits)
{
	s16 *p = neural_work_take(pool, n * sizeof(*p));
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = neural_work_number(pool, bits);
	return p;
}

s32 *neural_work_s32(struct neural_work_pool *pool, u32 n, u32 bits)
{
	s32 *p = neural_work_take(pool, n * sizeof(*p));
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = neural_work_number(pool, bits);
	return p;
}

s64 *neural_work_s64(struct neural_work_pool *pool, u32 n, u32 bits)
{
	s64 *p = neural_work_take(pool, n * sizeof(*p));
	u32 i;

	for (i = 0; i < n; i++)
		p[i] = neural_work_number(pool, bits);
	return p;
}
