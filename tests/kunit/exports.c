// SPDX-License-Identifier: GPL-2.0-only
/* Linked into neural.ko where there is KUnit: what its suites see beyond the API. */
#include <linux/export.h>
#include <linux/module.h>
#include "../../simd/dispatch.h"
#include "../../src/alloc.h"
#include "../../src/cache.h"
#include "../../src/cache_clock.h"
#include "../../src/cache_tier.h"
#include "../../src/compat.h"
#include "../../src/config.h"
#include "../../src/env.h"
#include "../../src/guard.h"
#include "../../src/handle.h"
#include "../../src/params.h"
#include "../../src/q16.h"
#include "../../src/q16_softmax.h"
#include "../../src/stats.h"
#include "handles.h"

/* What is built in is not counted. */
int neural_handles_counted(void)
{
#ifdef MODULE
	return module_refcount(THIS_MODULE);
#else
	return -1;
#endif
}

/* Here and not where they are defined: pure files cannot export. */
#define SHOWN(symbol)	EXPORT_SYMBOL_IF_KUNIT(symbol)

SHOWN(neural_account_refused);
SHOWN(neural_account_total);
SHOWN(neural_cache_look);
SHOWN(neural_cache_part_new);
SHOWN(neural_cache_test_clock);
SHOWN(neural_cache_tier_find);
SHOWN(neural_cache_tier_free);
SHOWN(neural_cache_tier_init);
SHOWN(neural_cache_tier_put);
SHOWN(neural_cache_tier_used);
SHOWN(neural_caches_restore);
SHOWN(neural_caches_shrink);
SHOWN(neural_config_apply);
SHOWN(neural_crc32c);
SHOWN(neural_gauge_aside);
SHOWN(neural_gauge_cost);
SHOWN(neural_gauge_init);
SHOWN(neural_gauge_looked);
SHOWN(neural_guard_enter);
SHOWN(neural_guard_leave);
SHOWN(neural_guard_state);
SHOWN(neural_handle_test_going);
SHOWN(neural_handles_counted);
SHOWN(neural_histogram_bucket);
SHOWN(neural_histogram_low);
SHOWN(neural_kernel_call);
SHOWN(neural_kernels);
SHOWN(neural_limits_charge);
SHOWN(neural_limits_uncharge);
SHOWN(neural_limits_used);
SHOWN(neural_mem_free);
SHOWN(neural_nr_kernels);
SHOWN(neural_param_limit);
SHOWN(neural_param_set_limit);
SHOWN(neural_param_set_level);
SHOWN(neural_param_set_simd);
SHOWN(neural_q16_sigmoid_table);
SHOWN(neural_q16_softmax);
SHOWN(neural_simd_has);
SHOWN(neural_simd_level_names);
SHOWN(neural_stats_count);
SHOWN(neural_stats_held);
SHOWN(neural_stats_reset);
SHOWN(neural_stats_sum);
