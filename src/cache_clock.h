/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock of prediction caches: of ages, and of what things cost. */
#ifndef _NEURAL_CACHE_CLOCK_H
#define _NEURAL_CACHE_CLOCK_H

#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/ktime.h>
#include <linux/types.h>

/* What has just happened where somebody looks at the clock. */
enum neural_cache_mark {
	NEURAL_CACHE_BEGINS,
	NEURAL_CACHE_LOOKED,
	NEURAL_CACHE_PREDICTED,
	NEURAL_CACHE_INSERTED,
};

#if IS_ENABLED(CONFIG_KUNIT)
/* What tells the time instead, while a test is at it. */
extern u64 (*neural_cache_test_clock)(enum neural_cache_mark mark);
#endif

/* Nanoseconds; any context.  It may step back a little while it is being updated. */
static inline u64 neural_cache_now(enum neural_cache_mark mark)
{
#if IS_ENABLED(CONFIG_KUNIT)
	u64 (*clock)(enum neural_cache_mark mark) = READ_ONCE(neural_cache_test_clock);

	if (unlikely(clock))
		return clock(mark);
#endif
	return ktime_get_mono_fast_ns();
}

#endif /* _NEURAL_CACHE_CLOCK_H */
