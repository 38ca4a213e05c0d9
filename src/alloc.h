/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory: NUMA policy, alignment, and an account per network. */
#ifndef _NEURAL_ALLOC_H
#define _NEURAL_ALLOC_H

#include <linux/atomic.h>
#include <linux/numa.h>
#include <linux/types.h>

enum neural_numa_policy {
	NEURAL_NUMA_LOCAL,		/* node of the caller */
	NEURAL_NUMA_INTERLEAVE,		/* pages in turn over all nodes */
	NEURAL_NUMA_NODE,		/* neural_numa_node */
	NEURAL_NUMA_POLICIES,

	/* For the module's own use: on the node or not at all. */
	NEURAL_NUMA_BOUND = NEURAL_NUMA_POLICIES,
};

struct neural_reason;

/**
 * struct neural_account - memory charged to one owner
 * @now: bytes held
 * @peak: most ever held
 * @policy: where new memory goes, an enum neural_numa_policy
 * @node: for NEURAL_NUMA_NODE and NEURAL_NUMA_BOUND
 * @refused: there was none for the limit of all networks
 */
struct neural_account {
	atomic64_t now;
	atomic64_t peak;
	int policy;
	int node;
	bool refused;
};

/* Everything in the module, whoever it is charged to. */
extern struct neural_account neural_account_total;

void neural_account_init(struct neural_account *account, int policy, int node);

/* Has there been no memory for the limit of all networks, since this was asked last? */
bool neural_account_refused(struct neural_account *account);

/*
 * What came of something that allocates for @account: @ret, but -EDQUOT and a rule in
 * *@why where it says -ENOMEM and it was the limit there was no memory for.  All that may
 * fail for want of memory of an account ends here, or its refusal is taken for that of
 * whoever comes next.
 */
int neural_account_error(struct neural_account *account, int ret, struct neural_reason *why);

/* neural_mem_alloc() and neural_mem_free() are declared in env.h. */

/* As neural_alloc_numa(), for the module's own use: to be given to neural_mem_free(). */
void *neural_mem_alloc_numa(size_t size, int node);

/* Usable bytes of @mem, and how many of its pages sit on each node. */
size_t neural_mem_size(const void *mem);
void neural_mem_nodes(const void *mem, u64 pages[MAX_NUMNODES]);

#endif /* _NEURAL_ALLOC_H */
