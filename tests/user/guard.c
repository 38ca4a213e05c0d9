// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"

#define MARGIN	256	/* pattern kept on the side that has no page */

static sigjmp_buf guard_escape;
static sig_atomic_t guard_armed;

/* The pattern is one of words, wherever in a word a buffer starts or ends. */
static u8 guard_byte(const u8 *p)
{
	return (u32)GUARD_PATTERN >> (uintptr_t)p % sizeof(s32) * 8;
}

bool guard_untouched(const u8 *p)
{
	return *p == guard_byte(p);
}

static void guard_fill(u8 *from, u8 *to)
{
	for (; from < to; from++)
		*from = guard_byte(from);
}

static bool guard_filled(const u8 *from, const u8 *to)
{
	for (; from < to; from++)
		if (*from != guard_byte(from))
			return false;
	return true;
}

static void guard_grow(struct guard *g, size_t bytes)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	u8 *map;

	if (bytes <= g->size)
		return;
	if (g->size)
		munmap(g->area - page, g->size + 2 * page);
	g->size = round_up(bytes, page);
	map = mmap(NULL, g->size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	WARN_ON(map == MAP_FAILED);
	g->area = map + page;
	WARN_ON(mprotect(g->area, g->size, PROT_READ | PROT_WRITE));
}

void *guard_place(struct guard *g, enum guard_side side, size_t bytes, size_t align)
{
	guard_grow(g, bytes + MARGIN + align);
	g->bytes = bytes;
	g->data = g->area;
	if (side == GUARD_END)
		g->data += round_down(g->size - bytes, align);
	guard_fill(max(g->data - MARGIN, g->area),
		   min(g->data + bytes + MARGIN, g->area + g->size));
	return g->data;
}

bool guard_intact(const struct guard *g)
{
	u8 *end = g->data + g->bytes;

	return guard_filled(max(g->data - MARGIN, g->area), g->data) &&
	       guard_filled(end, min(end + MARGIN, g->area + g->size));
}

static void guard_fault(int sig)
{
	if (!READ_ONCE(guard_armed))
		_exit(128 + sig);
	siglongjmp(guard_escape, 1);
}

bool guard_call(void (*fn)(const void *arg), const void *arg)
{
	const struct sigaction on_fault = { .sa_handler = guard_fault };
	bool ok = true;

	if (sigsetjmp(guard_escape, 1)) {
		ok = false;
	} else {
		sigaction(SIGSEGV, &on_fault, NULL);
		sigaction(SIGBUS, &on_fault, NULL);
		WRITE_ONCE(guard_armed, 1);
		fn(arg);
	}
	WRITE_ONCE(guard_armed, 0);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	return ok;
}
