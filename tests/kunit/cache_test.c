// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/resource.h>
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include "../../src/config.h"
#include "../../src/network.h"
#include "cache_test.h"

static u64 cache_time;
static u64 cache_costs[NEURAL_CACHE_INSERTED + 1];

void cache_config(struct kunit *test, struct model *m, const char *text)
{
	char line[40];

	strscpy(line, text, sizeof(line));
	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(m->nn, line));
}

static u64 cache_clock(enum neural_cache_mark mark)
{
	cache_time += cache_costs[mark];
	return cache_time;
}

static void cache_start_clock(void *unused)
{
	WRITE_ONCE(neural_cache_test_clock, NULL);
}

static void cache_take_clock(struct kunit *test)
{
	if (neural_cache_test_clock)
		return;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, cache_start_clock, NULL));
	WRITE_ONCE(neural_cache_test_clock, cache_clock);
}

void cache_stop_clock(struct kunit *test, u64 ns)
{
	cache_time = ns;
	memset(cache_costs, 0, sizeof(cache_costs));
	cache_take_clock(test);
}

void cache_set_costs(struct kunit *test, u64 look, u64 predict, u64 insert)
{
	cache_time = 1;
	cache_costs[NEURAL_CACHE_LOOKED] = look;
	cache_costs[NEURAL_CACHE_PREDICTED] = predict;
	cache_costs[NEURAL_CACHE_INSERTED] = insert;
	cache_take_clock(test);
}

void cache_stay(struct kunit *test)
{
	/* Each test has a thread of its own. */
	KUNIT_ASSERT_EQ(test, 0, set_cpus_allowed_ptr(current,
						      cpumask_of(raw_smp_processor_id())));
}

void cache_look(struct kunit *test, struct model *m, struct neural_cache_facts *facts)
{
	struct neural_cache *cache;

	mutex_lock(&m->nn->lock);
	cache = rcu_dereference_protected(m->nn->cache, lockdep_is_held(&m->nn->lock));
	if (cache)
		neural_cache_look(cache, facts);
	mutex_unlock(&m->nn->lock);
	KUNIT_ASSERT_NOT_NULL(test, cache);
}
