/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every outside name a pure file may use comes through this header.
 *
 * Pure files (src/model, src/plan, src/ops, simd/generic, simd/x86, simd/dispatch.c) build
 * twice: here against the kernel, and in user space with tests/user/env_shim.h
 * force-included, which defines this header's guard and supplies the same
 * names.  Nothing below may therefore be added without adding it there.
 */
#ifndef _NEURAL_ENV_H
#define _NEURAL_ENV_H

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

struct neural_account;

/*
 * Zeroed, 64-byte aligned memory charged to @account, from src/alloc.c.
 * May sleep.  NULL when there is none or @size is out of reason.
 */
void *neural_mem_alloc(struct neural_account *account, size_t size);
void neural_mem_free(const void *mem);

/*
 * CRC-32C of @size bytes behind those @crc is of, 0 for none; from src/crc.c.
 */
u32 neural_crc32c(u32 crc, const void *data, size_t size);

/* Nanoseconds, for differences; any context. */
static inline u64 neural_clock(void)
{
	return ktime_get_mono_fast_ns();
}

/* In long loops of process context: let others run. */
static inline void neural_pause(void)
{
	cond_resched();
}

#endif /* _NEURAL_ENV_H */
