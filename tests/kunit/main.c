// SPDX-License-Identifier: GPL-2.0-only
/* neural_kunit.ko: every suite. */
#include <linux/module.h>
#include "../../src/compat.h"
#include "suites.h"

kunit_test_suites(&neural_kernels_dense_suite,
		  &neural_kernels_fixed_suite,
		  &neural_kernels_map_suite,
		  &neural_kernels_s8_map_suite,
		  &neural_kernels_s8_norm_suite,
		  &neural_kernels_s8_suite,
		  &neural_numerics_suite,
		  &neural_network_suite,
		  &neural_handles_suite,
		  &neural_weights_suite,
		  &neural_batch_suite,
		  &neural_plan_suite,
		  &neural_contexts_suite,
		  &neural_owned_suite,
		  &neural_swap_suite,
		  &neural_stats_suite,
		  &neural_cache_suite,
		  &neural_cache_parts_suite,
		  &neural_cache_bypass_suite,
		  &neural_save_suite,
		  &neural_load_suite,
		  &neural_damage_suite,
		  &neural_replace_suite,
		  &neural_candidate_suite,
		  &neural_candidate_load_suite,
		  &neural_signature_suite,
		  &neural_mixed_suite,
		  &neural_guard_suite,
		  &neural_ranges_suite,
		  &neural_limits_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of the neural module");
NEURAL_COMPAT_IMPORT_KUNIT;
