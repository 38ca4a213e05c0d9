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

#endif /* _NEURAL_COMPAT_H */
