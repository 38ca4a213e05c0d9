// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include "alloc.h"
#include "context.h"
#include "env.h"

static int neural_contexts_init_cpus(struct neural_contexts *c,
				     struct neural_account *account)
{
	/* Scratch belongs beside the CPU that uses it, whatever weights do. */
	const int policy = account->policy, node = account->node;
	unsigned int cpu;
	int ret = 0;

	account->policy = NEURAL_NUMA_NODE;
	for_each_possible_cpu(cpu) {
		account->node = cpu_to_mem(cpu);
		c->cpu[cpu] = neural_mem_alloc(account,
					       NEURAL_CONTEXT_KINDS * c->arena_bytes);
		if (!c->cpu[cpu]) {
			ret = -ENOMEM;
			break;
		}
	}
	account->policy = policy;
	account->node = node;
	return ret;
}

static int neural_contexts_init_spare(struct neural_contexts *c,
				      struct neural_account *account)
{
	c->nr_spare = num_possible_cpus();
	c->claimed = bitmap_zalloc(c->nr_spare, GFP_KERNEL);
	c->spare = neural_mem_alloc(account, array_size(c->nr_spare, c->arena_bytes));
	return c->claimed && c->spare ? 0 : -ENOMEM;
}

int neural_contexts_init(struct neural_contexts *c, struct neural_account *account,
			 size_t arena_bytes, bool spare)
{
	int ret;

	*c = (struct neural_contexts){
		.arena_bytes = ALIGN(max_t(size_t, arena_bytes, 1), SMP_CACHE_BYTES),
	};
	c->cpu = kcalloc(nr_cpu_ids, sizeof(*c->cpu), GFP_KERNEL);
	if (!c->cpu)
		return -ENOMEM;
	ret = neural_contexts_init_cpus(c, account);
	if (!ret && spare)
		ret = neural_contexts_init_spare(c, account);
	if (ret)
		neural_contexts_free(c);
	return ret;
}

void neural_contexts_free(struct neural_contexts *c)
{
	unsigned int cpu;

	if (c->cpu)
		for_each_possible_cpu(cpu)
			neural_mem_free(c->cpu[cpu]);
	kfree(c->cpu);
	neural_mem_free(c->spare);
	bitmap_free(c->claimed);
	*c = (struct neural_contexts){ };
}

void *neural_context_local(struct neural_contexts *c)
{
	enum neural_context_kind kind = NEURAL_CONTEXT_TASK;

	if (in_hardirq())
		kind = NEURAL_CONTEXT_HARDIRQ;
	else if (in_serving_softirq())
		kind = NEURAL_CONTEXT_SOFTIRQ;
	return c->cpu[smp_processor_id()] + kind * c->arena_bytes;
}

int neural_context_claim(struct neural_contexts *c)
{
	const unsigned int first = raw_smp_processor_id();
	unsigned int i, index;

	for (i = 0; i < c->nr_spare; i++) {
		index = (first + i) % c->nr_spare;
		if (!test_bit(index, c->claimed) &&
		    !test_and_set_bit_lock(index, c->claimed))
			return index;
	}
	return -EBUSY;
}

void *neural_context_spare(struct neural_contexts *c, int index)
{
	return c->spare + index * c->arena_bytes;
}

void neural_context_release(struct neural_contexts *c, int index)
{
	clear_bit_unlock(index, c->claimed);
}
