// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for weights, plans and scratch.
 *
 * Every block starts with a header of one cache line, so what the caller sees is
 * aligned to one whatever the allocator below gives, and a block knows its size
 * and whom it was charged to.  Interleaved blocks are pages taken from each node in
 * turn and mapped together; everything else is kvmalloc_node().
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/neural.h>
#include <linux/nodemask.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "alloc.h"
#include "env.h"
#include "handle.h"
#include "limits.h"
#include "ops/node.h"
#include "params.h"

/**
 * struct neural_block - what stands before each block
 * @account: who pays, or NULL
 * @raw: what to give back to the allocator
 * @size: bytes after the header
 */
struct neural_block {
	struct neural_account *account;
	void *raw;
	size_t size;
} NEURAL_ALIGN;

/* From here on it is worth asking first whether the machine has that much. */
#define NEURAL_ALLOC_LARGE	SZ_1M

struct neural_account neural_account_total;

void neural_account_init(struct neural_account *account, int policy, int node)
{
	atomic64_set(&account->now, 0);
	atomic64_set(&account->peak, 0);
	account->policy = policy;
	account->node = node;
}

static void neural_account_add(struct neural_account *account, s64 size)
{
	s64 now = atomic64_add_return(size, &account->now);
	s64 peak = atomic64_read(&account->peak);

	while (now > peak && !atomic64_try_cmpxchg(&account->peak, &peak, now))
		;
}

static bool neural_account_charge(struct neural_account *account, size_t size)
{
	if (!neural_limits_charge(NEURAL_LIMIT_BYTES, size)) {
		if (account)
			WRITE_ONCE(account->refused, true);
		return false;
	}
	if (account)
		neural_account_add(account, size);
	neural_account_add(&neural_account_total, size);
	return true;
}

static void neural_account_uncharge(struct neural_account *account, size_t size)
{
	if (account)
		atomic64_sub(size, &account->now);
	atomic64_sub(size, &neural_account_total.now);
	neural_limits_uncharge(NEURAL_LIMIT_BYTES, size);
}

bool neural_account_refused(struct neural_account *account)
{
	return xchg(&account->refused, false);
}

int neural_account_error(struct neural_account *account, int ret, struct neural_reason *why)
{
	const bool refused = neural_account_refused(account);

	if (ret != -ENOMEM || !refused)
		return ret;
	return neural_refuse(why, -EDQUOT, NEURAL_LIMITS_BYTES, 0);
}

/* One page from each node with memory in turn; vfree() gives all of it back. */
static void *neural_alloc_interleaved(size_t size)
{
	unsigned int i, nr = DIV_ROUND_UP(size, PAGE_SIZE);
	int node = numa_mem_id();
	struct page **pages;
	void *mem;

	pages = kvcalloc(nr, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_pages_node(node, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, 0);
		if (!pages[i])
			goto out_free;
		node = next_node_in(node, node_states[N_MEMORY]);
	}
	mem = vmap(pages, nr, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	if (mem)
		return mem;
out_free:
	while (i--)
		__free_page(pages[i]);
	kvfree(pages);
	return NULL;
}

static void *neural_alloc_raw(size_t size, int policy, int node)
{
	if (policy == NEURAL_NUMA_INTERLEAVE && size > PAGE_SIZE &&
	    num_node_state(N_MEMORY) > 1)
		return neural_alloc_interleaved(size);
	if (policy < NEURAL_NUMA_NODE || node == NUMA_NO_NODE)
		node = numa_mem_id();
	/* kvmalloc() stops at INT_MAX, the widest layer does not. */
	if (size > INT_MAX)
		return vzalloc_node(size, node);
	return kvzalloc_node(size, GFP_KERNEL | __GFP_NOWARN, node);
}

static struct page *neural_page(const void *at)
{
	return is_vmalloc_addr(at) ? vmalloc_to_page(at) : virt_to_page(at);
}

/*
 * A node that is full has others help out.  Looking at every page afterwards is the one
 * way that holds for all allocators there are below.
 */
static bool neural_pages_on(const void *mem, size_t size, int node)
{
	const u8 *at = PTR_ALIGN_DOWN((u8 *)mem, PAGE_SIZE), *end = (u8 *)mem + size;

	for (; at < end; at += PAGE_SIZE)
		if (page_to_nid(neural_page(at)) != node)
			return false;
	return true;
}

static void *neural_block_alloc(struct neural_account *account, size_t size,
				int policy, int node)
{
	const size_t head = sizeof(struct neural_block) + NEURAL_CACHE_LINE_SIZE - 1;
	struct neural_block *block;
	size_t bytes;
	void *raw;

	if (check_add_overflow(size, head, &bytes))
		return NULL;
	/* Rather than have the OOM killer find out. */
	if (bytes >= NEURAL_ALLOC_LARGE && bytes >> PAGE_SHIFT >= si_mem_available())
		return NULL;
	if (!neural_account_charge(account, size))
		return NULL;
	raw = neural_alloc_raw(bytes, policy, node);
	if (raw && policy == NEURAL_NUMA_BOUND && !neural_pages_on(raw, bytes, node)) {
		kvfree(raw);
		raw = NULL;
	}
	if (!raw) {
		neural_account_uncharge(account, size);
		return NULL;
	}
	block = PTR_ALIGN(raw, NEURAL_CACHE_LINE_SIZE);
	block->account = account;
	block->raw = raw;
	block->size = size;
	return block + 1;
}

void *neural_mem_alloc(struct neural_account *account, size_t size)
{
	return neural_block_alloc(account, size, account->policy, account->node);
}

void neural_mem_free(const void *mem)
{
	const struct neural_block *block = mem;

	if (!mem)
		return;
	block--;
	neural_account_uncharge(block->account, block->size);
	kvfree(block->raw);
}

size_t neural_mem_size(const void *mem)
{
	const struct neural_block *block = mem;

	return block[-1].size;
}

void neural_mem_nodes(const void *mem, u64 pages[MAX_NUMNODES])
{
	const u8 *at = PTR_ALIGN_DOWN((u8 *)mem, PAGE_SIZE);
	const u8 *end = (u8 *)mem + neural_mem_size(mem);

	for (; at < end; at += PAGE_SIZE)
		pages[page_to_nid(neural_page(at))]++;
}

void *neural_mem_alloc_numa(size_t size, int node)
{
	if (!size)
		return NULL;
	if (node == NUMA_NO_NODE)
		return neural_block_alloc(NULL, size, neural_param_numa_policy(),
					  neural_param_numa_node());
	if (node < 0 || node >= MAX_NUMNODES || !node_online(node))
		return NULL;
	return neural_block_alloc(NULL, size, NEURAL_NUMA_NODE, node);
}

/**
 * neural_alloc_numa() - memory by the module's NUMA policy
 * @size: bytes, not 0
 * @node: node to prefer, or NUMA_NO_NODE to follow the module parameters
 *	neural_numa_policy and neural_numa_node
 *
 * The memory is zeroed, aligned to a cache line and shows in the module's account.
 * Larger requests than a contiguous allocation can satisfy are mapped.
 *
 * Context: process context, may sleep.
 * Return: the memory, to be given to neural_free_numa(), or NULL, also where the module
 * is going.
 */
void *neural_alloc_numa(size_t size, int node)
{
	void *mem;

	if (!neural_handle_new())
		return NULL;
	mem = neural_mem_alloc_numa(size, node);
	if (!mem)
		neural_handle_end();
	return mem;
}
EXPORT_SYMBOL_GPL(neural_alloc_numa);

/**
 * neural_free_numa() - give back memory from neural_alloc_numa()
 * @mem: the memory, or NULL
 *
 * Context: process context.
 */
void neural_free_numa(const void *mem)
{
	if (!mem)
		return;
	neural_mem_free(mem);
	neural_handle_end();
}
EXPORT_SYMBOL_GPL(neural_free_numa);
