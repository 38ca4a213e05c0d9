/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers between pages that may not be touched.
 *
 * A buffer ends right before such a page or begins right after one, so that an
 * access past that end faults.  At the other end, and in gaps, a pattern shows
 * what was written.
 */
#ifndef _NEURAL_TEST_GUARD_H
#define _NEURAL_TEST_GUARD_H

#define GUARD_PATTERN	((s32)0xa5c3965a)

enum guard_side { GUARD_START, GUARD_END, GUARD_SIDES };

struct guard {
	u8 *area;
	size_t size;
	u8 *data;	/* the buffer in use */
	size_t bytes;
};

/*
 * @bytes of pattern in @g, against the page at @side.  An end that @bytes and
 * @align do not let reach the page stays below it by less than @align.
 */
void *guard_place(struct guard *g, enum guard_side side, size_t bytes, size_t align);

/* Is the pattern around the buffer as it was? */
bool guard_intact(const struct guard *g);

/* Is the byte at @p, in a gap of the buffer, as it was? */
bool guard_untouched(const u8 *p);

/* Call @fn(@arg); false if it touched what it may not. */
bool guard_call(void (*fn)(const void *arg), const void *arg);

#endif /* _NEURAL_TEST_GUARD_H */
