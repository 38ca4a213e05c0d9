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

/* Buffers are whole words at whole words, and so is the pattern. */
static s32 *fence_low(const struct fence *fence)
{
	return (s32 *)max(fence->data - FENCE_MARGIN, fence->area);
}

static s32 *fence_high(const struct fence *fence)
{
	return (s32 *)min(fence->data + fence->bytes + FENCE_MARGIN,
			  fence->area + fence->size);
}

void *fence_place(struct fence *fence, enum fence_side side, size_t bytes, size_t align)
{
	s32 *p;

	KUNIT_ASSERT_LE(fence->test, bytes + FENCE_MARGIN, fence->size);
	fence->bytes = bytes;
	fence->data = fence->area;
	if (side == FENCE_END)
		fence->data += round_down(fence->size - fence->slack - bytes, align);
	for (p = fence_low(fence); p < fence_high(fence); p++)
		*p = FENCE_PATTERN;
	return fence->data;
}

bool fence_intact(const struct fence *fence)
{
	const s32 *p;

	for (p = fence_low(fence); p < (const s32 *)fence->data; p++)
		if (*p != FENCE_PATTERN)
			return false;
	p = (const s32 *)(fence->data + fence->bytes);
	for (; p < fence_high(fence); p++)
		if (*p != FENCE_PATTERN)
			return false;
	return true;
}
