// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of caches where there is little.
 *
 * The shrinker goes round all parts of all tiers of all caches.  A part that was of use
 * since it came by last time is let go this time; another one is freed.  What is missing
 * is allocated anew some time after the last time anything was freed, so that a cache does
 * not stay away for ever because somebody was short of memory once.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include "cache_body.h"
#include "compat.h"
#include "env.h"
#include "instance.h"
#include "network.h"
#include "stats.h"

/* Without a shortage for so long, memory is there again. */
#define NEURAL_CACHE_RESTORE	(10 * HZ)

/* See cache_body.h. */
DEFINE_MUTEX(neural_caches_lock);
static LIST_HEAD(neural_caches);
static atomic_long_t neural_caches_held;
static struct shrinker *neural_cache_shrinker;

static void neural_caches_restore_work(struct work_struct *work)
{
	neural_caches_restore();
}

static DECLARE_DELAYED_WORK(neural_caches_work, neural_caches_restore_work);

void neural_caches_add(struct neural_cache *cache)
{
	mutex_lock(&neural_caches_lock);
	list_add_tail(&cache->list, &neural_caches);
	mutex_unlock(&neural_caches_lock);
}

void neural_caches_remove(struct neural_cache *cache)
{
	mutex_lock(&neural_caches_lock);
	list_del_init(&cache->list);
	mutex_unlock(&neural_caches_lock);
}

void neural_caches_hold(long entries)
{
	atomic_long_add(entries, &neural_caches_held);
}

/* From where the last round ended; false at the end of the cache. */
static bool neural_cache_next(struct neural_cache *cache)
{
	const struct neural_cache_tier *tier = neural_cache_tier_of(cache, cache->hand);

	if (++cache->part < tier->nr_parts)
		return true;
	cache->part = 0;
	if (cache->hand == nr_cpu_ids) {
		cache->hand = cpumask_first(cpu_possible_mask);
		return false;
	}
	/* The last possible CPU is followed by the shared tier. */
	cache->hand = min_t(unsigned int, cpumask_next(cache->hand, cpu_possible_mask),
			    nr_cpu_ids);
	return true;
}

/* Entries freed; *@scanned grows by those looked at. */
static u32 neural_cache_shrink_part(struct neural_cache *cache, unsigned long *scanned)
{
	struct neural_cache_tier *tier = neural_cache_tier_of(cache, cache->hand);
	struct neural_cache_part *part = tier->nr_parts ? tier->parts[cache->part] : NULL;
	u32 entries;

	if (!part)
		return 0;
	entries = part->entries;
	*scanned += entries;
	if (READ_ONCE(part->recent)) {
		WRITE_ONCE(part->recent, false);
		return 0;
	}
	neural_cache_exchange_part(cache, cache->hand, cache->part, NULL);
	neural_mem_free(part);
	this_cpu_add(cache->counters->cache_shrunk, entries);
	return entries;
}

/* From where the hand is; true once it has been all round. */
static bool neural_cache_shrink(struct neural_cache *cache, unsigned long nr,
				unsigned long *scanned, unsigned long *freed)
{
	do {
		*freed += neural_cache_shrink_part(cache, scanned);
		if (!neural_cache_next(cache))
			return true;
	} while (*scanned < nr);
	return false;
}

static unsigned long neural_caches_shrink_locked(unsigned long nr, unsigned long *scanned)
{
	struct neural_cache *cache, *last;
	unsigned long freed = 0;

	if (list_empty(&neural_caches))
		return 0;
	last = list_last_entry(&neural_caches, struct neural_cache, list);
	do {
		cache = list_first_entry(&neural_caches, struct neural_cache, list);
		if (neural_cache_shrink(cache, nr, scanned, &freed))
			list_move_tail(&cache->list, &neural_caches);
	} while (cache != last && *scanned < nr);
	if (freed)
		mod_delayed_work(neural_wq, &neural_caches_work, NEURAL_CACHE_RESTORE);
	return freed;
}

unsigned long neural_caches_shrink(unsigned long nr, unsigned long *scanned)
{
	unsigned long freed = 0;

	*scanned = 0;
	/* Whoever has it may be waiting for memory elsewhere. */
	if (mutex_trylock(&neural_caches_lock)) {
		freed = neural_caches_shrink_locked(nr, scanned);
		mutex_unlock(&neural_caches_lock);
	}
	return freed;
}

void neural_caches_restore(void)
{
	struct neural_network *nn;
	struct neural_cache *cache;
	u32 id;

	for (id = 0; (nn = neural_network_next(&id)); id++) {
		mutex_lock(&nn->lock);
		cache = rcu_dereference_protected(nn->cache, lockdep_is_held(&nn->lock));
		/* Where there is no memory yet, nobody waits for it. */
		if (cache && neural_cache_restore(nn, cache))
			mod_delayed_work(neural_wq, &neural_caches_work,
					 NEURAL_CACHE_RESTORE);
		mutex_unlock(&nn->lock);
		neural_network_drop(nn);
	}
}

static unsigned long neural_cache_count_objects(struct shrinker *shrinker,
						struct shrink_control *sc)
{
	return atomic_long_read(&neural_caches_held) ?: SHRINK_EMPTY;
}

static unsigned long neural_cache_scan_objects(struct shrinker *shrinker,
					       struct shrink_control *sc)
{
	unsigned long scanned, freed = neural_caches_shrink(sc->nr_to_scan, &scanned);

	sc->nr_scanned = max(scanned, 1UL);
	return scanned ? freed : SHRINK_STOP;
}

int neural_caches_init(void)
{
	neural_cache_shrinker = neural_compat_shrinker(neural_cache_count_objects,
						       neural_cache_scan_objects,
						       "neural-cache");
	return neural_cache_shrinker ? 0 : -ENOMEM;
}

/* All networks are gone. */
void neural_caches_exit(void)
{
	neural_compat_shrinker_free(neural_cache_shrinker);
	cancel_delayed_work_sync(&neural_caches_work);
}
