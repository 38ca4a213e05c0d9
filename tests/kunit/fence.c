// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/resource.h>
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "fence.h"

#define FENCE_MARGIN	128	/* pattern kept at the end without a page */

KUNIT_DEFINE_ACTION_WRAPPER(fence_vfree, vfree, const void *);

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/cpufeature.h>
#include <asm/processor.h>

size_t fence_slack(void)
{
	unsigned int leaf, name[3];

	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR))
		return 0;
	cpuid(0x40000000, &leaf, &name[0], &name[1], &name[2]);
	return memcmp(name, "TCGTCGTCGTCG", sizeof(name)) ? 0 : 32;
}
#else
size_t fence_slack(void)
{
	return 0;
}
#endif

void fence_init(struct kunit *test, struct fence *fence, size_t size)
{
	fence->test = test;
	fence->slack = 0;
	fence->size = PAGE_ALIGN(size + 2 * FENCE_MARGIN);
	fence->area = vmalloc(fence->size);
	KUNIT_ASSERT_NOT_NULL(test, fence->area);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, fence_vfree, fence->area));
}

static u8 *fence_low(const struct fence *fence)
{
	return max(fence->data - FENCE_MARGIN, fence->area);
}

static u8 *fence_high(const struct fence *fence)
{
	return min(fence->data + fence->bytes + FENCE_MARGIN, fence->area + fence->size);
}

/* The pattern is one of words, wherever in a word a buffer starts or ends. */
static u8 fence_byte(const u8 *p)
{
	return (u32)FENCE_PATTERN >> (uintptr_t)p % sizeof(s32) * 8;
}

void *fence_place(struct fence *fence, enum fence_side side, size_t bytes, size_t align)
{
	u8 *p;

	KUNIT_ASSERT_LE(fence->test, bytes + FENCE_MARGIN, fence->size);
	fence->bytes = bytes;
	fence->data = fence->area;
	if (side == FENCE_END)
		fence->data += round_down(fence->size - fence->slack - bytes, align);
	for (p = fence_low(fence); p < fence_high(fence); p++)
		*p = fence_byte(p);
	return fence->data;
}

bool fence_intact(const struct fence *fence)
{
	const u8 *p;

	for (p = fence_low(fence); p < fence->data; p++)
		if (*p != fence_byte(p))
			return false;
	for (p = fence->data + fence->bytes; p < fence_high(fence); p++)
		if (*p != fence_byte(p))
			return false;
	return true;
}
