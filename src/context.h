/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts: scratch memory for predictions, made with the instance.
 *
 * A CPU runs at most one non-preemptible task, one softirq and one hardirq at a
 * time, so three arenas per CPU serve every short prediction without a search, a
 * lock or a shared write.  A long one in preemptible context claims a spare arena
 * instead, so that it may be preempted between sections; if all are taken it runs
 * as a short one.
 */
#ifndef _NEURAL_CONTEXT_H
#define _NEURAL_CONTEXT_H

#include <linux/types.h>

struct neural_account;

enum neural_context_kind {
	NEURAL_CONTEXT_TASK,
	NEURAL_CONTEXT_SOFTIRQ,
	NEURAL_CONTEXT_HARDIRQ,
	NEURAL_CONTEXT_KINDS
};

/**
 * struct neural_contexts - all arenas of an instance
 * @arena_bytes: size of one, a multiple of a cache line
 * @cpu: by CPU number: NEURAL_CONTEXT_KINDS arenas
 * @spare: num_possible_cpus() arenas, or NULL where predictions are short
 * @claimed: one bit per spare arena
 * @nr_spare: how many
 */
struct neural_contexts {
	size_t arena_bytes;
	void **cpu;
	void *spare;
	unsigned long *claimed;
	unsigned int nr_spare;
};

int neural_contexts_init(struct neural_contexts *c, struct neural_account *account,
			 size_t arena_bytes, bool spare);
void neural_contexts_free(struct neural_contexts *c);

/* Arena of this CPU and context.  Preemption is off until it is no longer used. */
void *neural_context_local(struct neural_contexts *c);

/* Index of a spare arena, or negative.  Any context. */
int neural_context_claim(struct neural_contexts *c);
void *neural_context_spare(struct neural_contexts *c, int index);
void neural_context_release(struct neural_contexts *c, int index);

#endif /* _NEURAL_CONTEXT_H */
