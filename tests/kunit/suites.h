/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NEURAL_KUNIT_SUITES_H
#define _NEURAL_KUNIT_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite neural_kernels_dense_suite;
extern struct kunit_suite neural_kernels_fixed_suite;
extern struct kunit_suite neural_kernels_map_suite;
extern struct kunit_suite neural_kernels_s8_map_suite;
extern struct kunit_suite neural_kernels_s8_norm_suite;
extern struct kunit_suite neural_kernels_s8_suite;
extern struct kunit_suite neural_numerics_suite;
extern struct kunit_suite neural_network_suite;
extern struct kunit_suite neural_handles_suite;
extern struct kunit_suite neural_weights_suite;
extern struct kunit_suite neural_batch_suite;
extern struct kunit_suite neural_plan_suite;
extern struct kunit_suite neural_contexts_suite;
extern struct kunit_suite neural_owned_suite;
extern struct kunit_suite neural_swap_suite;
extern struct kunit_suite neural_stats_suite;
extern struct kunit_suite neural_cache_suite;
extern struct kunit_suite neural_cache_bypass_suite;
extern struct kunit_suite neural_cache_parts_suite;
extern struct kunit_suite neural_load_suite;
extern struct kunit_suite neural_damage_suite;
extern struct kunit_suite neural_replace_suite;
extern struct kunit_suite neural_candidate_suite;
extern struct kunit_suite neural_candidate_load_suite;
extern struct kunit_suite neural_signature_suite;
extern struct kunit_suite neural_save_suite;
extern struct kunit_suite neural_mixed_suite;
extern struct kunit_suite neural_guard_suite;
extern struct kunit_suite neural_ranges_suite;
extern struct kunit_suite neural_limits_suite;

#endif /* _NEURAL_KUNIT_SUITES_H */
