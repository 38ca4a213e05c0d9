// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an FPU section costs beside the work in it.
 *
 * kernel_fpu_begin() saves the registers of the task it interrupts, unless they are
 * saved already, and sets the control words; the way back to user space restores
 * them.  Both instructions run in user space too, on the same registers: all of them
 * in use, which is the dearest case.
 */
#include "bench.h"

static struct bench_item *section;

#ifdef __x86_64__
#include <cpuid.h>

static u8 *area;	/* standard format, as large as CPUID says */
static bool compact;	/* XSAVEC, else XSAVE */

static void save_and_restore(const void *arg)
{
	const u32 mxcsr = 0x1f80;

	if (compact)
		asm volatile("xsavec64 %0" : "+m"(*area) : "a"(~0U), "d"(~0U) : "memory");
	else
		asm volatile("xsave64 %0" : "+m"(*area) : "a"(~0U), "d"(~0U) : "memory");
	asm volatile("ldmxcsr %0; fninit" : : "m"(mxcsr));
	asm volatile("xrstor64 %0" : : "m"(*area), "a"(~0U), "d"(~0U) : "memory");
}

void bench_section_add(void)
{
	u32 eax, ebx, ecx, edx;

	__cpuid(1, eax, ebx, ecx, edx);
	if (!(ecx & bit_OSXSAVE))
		return;
	__cpuid_count(0xd, 0, eax, ebx, ecx, edx);
	/* What is switched on, and some more for the compacted form's alignment. */
	area = bench_alloc(ebx + 4096);
	__cpuid_count(0xd, 1, eax, ebx, ecx, edx);
	compact = eax & BIT(1);
	memset(area, 0, 576);
	section = bench_add(save_and_restore, NULL);
}
#else
void bench_section_add(void) { }
#endif

double bench_section_ns(void)
{
	return section ? section->median : 0;
}
