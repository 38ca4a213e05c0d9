/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers against a page that is not mapped.
 *
 * vmalloc() leaves such a page behind each area, and so, since the area before has
 * one as well, before it.  A kernel that reads or writes past that end oopses; what
 * it writes past the other one shows in a pattern.
 */
#ifndef _NEURAL_KUNIT_FENCE_H
#define _NEURAL_KUNIT_FENCE_H

#include <kunit/test.h>
#include <linux/types.h>

#define FENCE_PATTERN	((s32)0xa5c3965a)

enum fence_side { FENCE_START, FENCE_END, FENCE_SIDES };

/**
 * struct fence - memory for one buffer at a time
 * @test: whose it is
 * @area: from vmalloc()
 * @size: of @area
 * @slack: bytes kept free before the page at the end
 * @data: the buffer
 * @bytes: its size
 */
struct fence {
	struct kunit *test;
	u8 *area;
	size_t size;
	size_t slack;
	u8 *data;
	size_t bytes;
};

/* Memory for buffers up to @size, until the test ends. */
void fence_init(struct kunit *test, struct fence *fence, size_t size);

/*
 * @bytes of pattern, against the page at @side.  Where @bytes and @align do not let
 * the end reach it, it stays below by less than @align.
 */
void *fence_place(struct fence *fence, enum fence_side side, size_t bytes, size_t align);

/*
 * What has to be kept free behind buffers that vector code reads: nothing.  Only
 * QEMU's TCG, at least up to 7.2, lets masked loads fault at elements they do not
 * load, where a CPU does not.
 */
size_t fence_slack(void);

/* Is the pattern around the buffer as it was? */
bool fence_intact(const struct fence *fence);

#endif /* _NEURAL_KUNIT_FENCE_H */
