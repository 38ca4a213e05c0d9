// SPDX-License-Identifier: GPL-2.0-only
/*
 * All new caches are made before the first one is put in place, so running out of
 * memory changes nothing, and one grace period serves all old ones.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "alloc.h"
#include "cache.h"
#include "cache_resize.h"
#include "params.h"

/**
 * struct neural_cache_swap - one network's part
 * @list: of the networks resized together
 * @nn: with a reference
 * @cache: the new cache until it is in place, from then on the old one
 */
struct neural_cache_swap {
	struct list_head list;
	struct neural_network *nn;
	struct neural_cache *cache;
};

static int neural_cache_prepare(struct list_head *swaps, struct neural_network *nn,
				u32 entries)
{
	struct neural_cache_swap *swap = kzalloc(sizeof(*swap), GFP_KERNEL);
	struct neural_reason why = { };
	int ret = 0;

	if (!swap)
		return -ENOMEM;
	swap->nn = neural_network_hold(nn);
	list_add_tail(&swap->list, swaps);
	if (!entries)
		return 0;
	mutex_lock(&nn->lock);
	swap->cache = neural_cache_create(nn, entries);
	if (!swap->cache)
		ret = neural_account_error(&nn->account, -ENOMEM, &why);
	mutex_unlock(&nn->lock);
	return ret;
}

static int neural_cache_prepare_all(struct list_head *swaps, u32 entries)
{
	struct neural_network *nn;
	int ret = 0;
	u32 id = 0;

	for (; !ret && (nn = neural_network_next(&id)); id++) {
		ret = neural_cache_prepare(swaps, nn, entries);
		neural_network_drop(nn);
	}
	return ret;
}

static void neural_cache_put_in_place(struct neural_cache_swap *swap, u32 entries)
{
	struct neural_network *nn = swap->nn;

	mutex_lock(&nn->lock);
	swap->cache = rcu_replace_pointer(nn->cache, swap->cache,
					  lockdep_is_held(&nn->lock));
	nn->cache_entries = entries;
	mutex_unlock(&nn->lock);
}

int neural_cache_resize(struct neural_network *nn, u32 entries)
{
	struct neural_cache_swap *swap, *next;
	LIST_HEAD(swaps);
	int ret;

	if (nn)
		ret = neural_cache_prepare(&swaps, nn, entries);
	else
		ret = neural_cache_prepare_all(&swaps, entries);
	if (!ret && !list_empty(&swaps)) {
		list_for_each_entry(swap, &swaps, list)
			neural_cache_put_in_place(swap, entries);
		synchronize_rcu();
	}
	list_for_each_entry_safe(swap, next, &swaps, list) {
		neural_cache_free(swap->cache);
		neural_network_drop(swap->nn);
		kfree(swap);
	}
	return ret;
}

/**
 * neural_network_set_cache() - give a network a prediction cache
 * @nn: network
 * @setup: which
 *
 * A new one, which begins empty, in the place of the one there was.  Its memory is charged
 * to the network; where the machine gets short of it, a part may go and come back later.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL for a NULL pointer or past the limits, -EDQUOT past
 * neural_max_total_bytes or -ENOMEM, and then the cache is the one there was.
 */
int neural_network_set_cache(struct neural_network *nn,
			     const struct neural_cache_setup *setup)
{
	int ret;

	if (!nn || !setup || setup->entries > NEURAL_CACHE_MAX_ENTRIES ||
	    setup->timeout_ms > NEURAL_CACHE_TIMEOUT_MAX)
		return -EINVAL;
	ret = neural_cache_resize(nn, setup->entries);
	if (ret)
		return ret;
	mutex_lock(&nn->lock);
	WRITE_ONCE(nn->cache_timeout_ms, setup->timeout_ms);
	WRITE_ONCE(nn->cache_bypass, !setup->always);
	mutex_unlock(&nn->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(neural_network_set_cache);
