/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel interfaces that differ between the versions supported, 6.1 and up. */
#ifndef _NEURAL_COMPAT_H
#define _NEURAL_COMPAT_H

#include <linux/version.h>

#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>

static inline bool neural_compat_prefers_ymm(void)
{
#ifdef X86_FEATURE_PREFER_YMM
	return boot_cpu_has(X86_FEATURE_PREFER_YMM);
#else
	return false;
#endif
}
#endif

#include <linux/device/class.h>

/* 6.4 dropped the module from class_create(). */
static inline struct class *neural_compat_class_create(const char *name)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return class_create(name);
#else
	return class_create(THIS_MODULE, name);
#endif
}

/* Symbols the KUnit module needs; elsewhere they stay private. */
#if IS_ENABLED(CONFIG_KUNIT) && LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#include <kunit/visibility.h>
#else
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#endif

/* 6.13 made the name of a namespace a string. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define NEURAL_COMPAT_IMPORT_KUNIT MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING")
#else
#define NEURAL_COMPAT_IMPORT_KUNIT MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING)
#endif

#include <linux/crc32.h>

/* The library's plain one: crc32c() was a module of its own until 6.14. */
static inline u32 neural_compat_crc32c(u32 crc, const void *data, size_t size)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	return crc32c(crc, data, size);
#else
	return __crc32c_le(crc, data, size);
#endif
}

#include <linux/hrtimer.h>

/* 6.13 brought the one, 6.15 took the other away. */
static inline void neural_compat_hrtimer_setup(struct hrtimer *timer,
					       enum hrtimer_restart (*fn)(struct hrtimer *),
					       clockid_t clock, enum hrtimer_mode mode)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(timer, fn, clock, mode);
#else
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
#endif
}

#include <linux/shrinker.h>
#include <linux/slab.h>

/* 6.7 made them allocated and registered by a call each; NULL without memory. */
static inline struct shrinker *
neural_compat_shrinker(unsigned long (*count)(struct shrinker *, struct shrink_control *),
		       unsigned long (*scan)(struct shrinker *, struct shrink_control *),
		       const char *name)
{
	struct shrinker *shrinker;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	shrinker = shrinker_alloc(0, "%s", name);
#else
	shrinker = kzalloc(sizeof(*shrinker), GFP_KERNEL);
#endif
	if (!shrinker)
		return NULL;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->seeks = DEFAULT_SEEKS;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	shrinker_register(shrinker);
#else
	if (register_shrinker(shrinker, "%s", name)) {
		kfree(shrinker);
		return NULL;
	}
#endif
	return shrinker;
}

static inline void neural_compat_shrinker_free(struct shrinker *shrinker)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	shrinker_free(shrinker);
#else
	unregister_shrinker(shrinker);
	kfree(shrinker);
#endif
}

#endif /* _NEURAL_COMPAT_H */
