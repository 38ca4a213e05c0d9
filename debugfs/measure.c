// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast kernels are, on request.
 *
 * A sample is some calls between two looks at the clock, in a section of their own that
 * is as long as any prediction's may be, so preemption and softirqs wait no longer than
 * they do for those.  Between two samples whoever waits gets in.  Interrupts and hypervisors
 * only ever add to a sample: the least is what the kernel takes.
 */
#include <linux/align.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "../simd/dispatch.h"
#include "../simd/work.h"
#include "debugfs.h"

/* Of one kernel: so many samples, but past the first few no more after this time. */
#define NEURAL_MEASURE_SAMPLES	64
#define NEURAL_MEASURE_FEW	4
#define NEURAL_MEASURE_NS	(2 * NSEC_PER_MSEC)

static u32 neural_measured[NEURAL_NR_KERNELS];

/* One at a time. */
static DEFINE_MUTEX(neural_measure_lock);

u32 neural_debugfs_measured(unsigned int i)
{
	return READ_ONCE(neural_measured[i]);
}

/* What @calls take, the clock included; generic ones are scalar work, in no section. */
static u64 neural_measure_sample(const struct neural_kernel *kernel, const void *args,
				 u32 calls, u64 macs)
{
	struct neural_section section = { .wanted = kernel->level != NEURAL_SIMD_generic };
	u64 start, ns;
	u32 i;

	if (section.wanted && !neural_section_enter(&section, macs))
		return U64_MAX;
	start = ktime_get_ns();
	for (i = 0; i < calls; i++)
		neural_kernel_call(kernel, args);
	ns = ktime_get_ns() - start;
	neural_section_leave(&section);
	return ns;
}

static u64 neural_measure_clock(void)
{
	u64 least = U64_MAX;
	u32 i;

	for (i = 0; i < NEURAL_MEASURE_SAMPLES; i++) {
		const u64 start = ktime_get_ns();

		least = min_t(u64, least, ktime_get_ns() - start);
	}
	return least;
}

/* Nanoseconds of a call, at least 1; 0 if there was no sample. */
static u32 neural_measure_kernel(const struct neural_kernel *kernel, const void *args,
				 u64 clock)
{
	const u32 units = neural_work[kernel->family].units;
	const u32 calls = NEURAL_SECTION_MACS / units;
	const u64 begin = ktime_get_ns();
	u64 least = U64_MAX;
	u32 i;

	for (i = 0; i < NEURAL_MEASURE_SAMPLES; i++) {
		least = min(least, neural_measure_sample(kernel, args, calls, calls * units));
		if (i >= NEURAL_MEASURE_FEW && ktime_get_ns() - begin > NEURAL_MEASURE_NS)
			break;
		cond_resched();
	}
	if (least == U64_MAX)
		return 0;
	return clamp_t(u64, div_u64(least - min(least, clock) + calls / 2, calls),
		       1, U32_MAX);
}

static int neural_measure_all(void *memory)
{
	const u64 clock = neural_measure_clock();
	unsigned int i;

	for (i = 0; i < NEURAL_NR_KERNELS; i++) {
		const struct neural_kernel *kernel = &neural_kernels[i];
		const void *args;

		if (!neural_simd_has(kernel->level))
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		memset(memory, 0, NEURAL_WORK_BYTES);
		args = neural_work_make(kernel->family, memory);
		WRITE_ONCE(neural_measured[i], neural_measure_kernel(kernel, args, clock));
	}
	return 0;
}

int neural_debugfs_measure(void)
{
	void *memory;
	int ret;

	ret = mutex_lock_interruptible(&neural_measure_lock);
	if (ret)
		return ret;
	memory = kvmalloc(NEURAL_WORK_BYTES + 64, GFP_KERNEL);
	ret = memory ? neural_measure_all(PTR_ALIGN(memory, 64)) : -ENOMEM;
	kvfree(memory);
	mutex_unlock(&neural_measure_lock);
	return ret;
}
