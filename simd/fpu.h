/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The FPU bracket: taken in simd/section.h alone, never in a kernel.
 *
 * User-space builds replace this header by defining its guard.
 */
#ifndef _NEURAL_SIMD_FPU_H
#define _NEURAL_SIMD_FPU_H

#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#ifdef CONFIG_X86_64
#include <asm/fpu/api.h>

static inline bool neural_fpu_usable(void)
{
	return irq_fpu_usable();
}

static inline void neural_fpu_begin(void)
{
	kernel_fpu_begin();
}

static inline void neural_fpu_end(void)
{
	kernel_fpu_end();
}
#else
static inline bool neural_fpu_usable(void)
{
	return false;
}

static inline void neural_fpu_begin(void) { }
static inline void neural_fpu_end(void) { }
#endif

/*
 * Let whoever waits run.  Where preemption is on, ending the section has done
 * that already; cond_resched() is for kernels that preempt voluntarily, and only
 * where the caller holds nothing that forbids it.
 */
static inline void neural_fpu_relax(void)
{
	if (preemptible() && !rcu_preempt_depth())
		cond_resched();
}

#endif /* _NEURAL_SIMD_FPU_H */
