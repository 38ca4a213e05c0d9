// SPDX-License-Identifier: GPL-2.0-only
/*
 * All new caches are made before the first one is put in place, so running out of
 * memory changes nothing, and one grace period serves all old ones.
 */
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "cache.h"
#include "cache_resize.h"

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

	if (!swap)
		return -ENOMEM;
	swap->nn = neural_network_ref(nn);
	list_add_tail(&swap->list, swaps);
	if (!entries)
		return 0;
	mutex_lock(&nn->lock);
	swap->cache = neural_cache_create(&nn->account, entries, nn->in_bytes,
					  nn->out_bytes);
	mutex_unlock(&nn->lock);
	return swap->cache ? 0 : -ENOMEM;
}

static int neural_cache_prepare_all(struct list_head *swaps, u32 entries)
{
	struct neural_network *nn;
	int ret = 0;
	u32 id = 0;

	for (; !ret && (nn = neural_network_next(&id)); id++) {
		ret = neural_cache_prepare(swaps, nn, entries);
		neural_network_put(nn);
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
		neural_network_put(swap->nn);
		kfree(swap);
	}
	return ret;
}
