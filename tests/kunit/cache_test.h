/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of the prediction cache share. */
#ifndef _NEURAL_KUNIT_CACHE_TEST_H
#define _NEURAL_KUNIT_CACHE_TEST_H

#include "../../src/cache.h"
#include "../../src/cache_clock.h"
#include "model.h"

/* A line of "config" that has to be taken. */
void cache_config(struct kunit *test, struct model *m, const char *text);

/* For the rest of the test it is @ns for caches, and stays that. */
void cache_stop_clock(struct kunit *test, u64 ns);

/* For the rest of the test, what has happened when the clock is looked at took so long. */
void cache_set_costs(struct kunit *test, u64 look, u64 predict, u64 insert);

/* The rest of the test is on one CPU. */
void cache_stay(struct kunit *test);

/* How the cache of @m, which there is, is doing. */
void cache_look(struct kunit *test, struct model *m, struct neural_cache_facts *facts);

#endif /* _NEURAL_KUNIT_CACHE_TEST_H */
