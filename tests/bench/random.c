// SPDX-License-Identifier: GPL-2.0-only
/* Memory, and what it is filled with. */
#include <math.h>

#include "bench.h"

u32 bench_random(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 32;
}

/* Twelve uniform ones make a normal one that is good enough to look like weights. */
s32 bench_normal(double deviation)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += bench_random() / 4294967296.0;
	return lrint(sum * deviation * NEURAL_Q16_ONE);
}

void *bench_alloc(size_t bytes)
{
	void *p = neural_mem_alloc(NULL, bytes);

	if (!p)
		abort();
	return p;
}
