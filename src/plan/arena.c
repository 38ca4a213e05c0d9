// SPDX-License-Identifier: GPL-2.0-only
/*
 * Placing buffers in time and memory.
 *
 * To do it in the fewest bytes is a hard problem, and to take one buffer after the
 * other and put each into the first gap among those it lives with is a good answer if
 * the order is right.  Several orders are tried and the best is kept; none is tried
 * after one that needs no more than the step that needs most.
 */
#include "arena.h"

/*
 * An order is improved by moving the buffer that ends the arena to its front, this
 * often, where there are few enough buffers for that to take no time.
 */
#define NEURAL_ARENA_ROUNDS	32
#define NEURAL_ARENA_FEW	1024

/* More than this, and one order has to do: it takes the square of it. */
#define NEURAL_ARENA_MANY	8192

/**
 * struct neural_arena - work in progress
 * @buffers: to be placed
 * @nr: how many
 * @order: in which they are placed
 * @placed: those placed so far, by their offset
 * @key: what @order is sorted by, largest first
 * @best: offsets of the best placement so far
 * @best_bytes: what that needs
 * @least: what no placement can do with less than
 */
struct neural_arena {
	struct neural_buffer *buffers;
	u32 nr;
	u32 *order;
	u32 *placed;
	u64 *key;
	u64 *best;
	u64 best_bytes;
	u64 least;
};

static bool neural_buffer_meets(const struct neural_buffer *a, const struct neural_buffer *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* Into the first gap that @nr placed ones leave. */
static void neural_arena_put(struct neural_arena *a, struct neural_buffer *b, u32 nr)
{
	u64 end = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		const struct neural_buffer *other = &a->buffers[a->placed[i]];

		if (!neural_buffer_meets(b, other))
			continue;
		if (other->offset >= end + b->bytes)
			break;
		end = max(end, ALIGN(other->offset + other->bytes,
				     (u64)NEURAL_ARENA_ALIGN));
	}
	b->offset = end;
	for (i = nr; i && a->buffers[a->placed[i - 1]].offset > end; i--)
		a->placed[i] = a->placed[i - 1];
	a->placed[i] = b - a->buffers;
}

/* Place all in the order there is.  Which buffer ends the arena, by its place in it. */
static u32 neural_arena_try(struct neural_arena *a)
{
	u64 bytes = 0;
	u32 i, top = 0;

	for (i = 0; i < a->nr; i++) {
		struct neural_buffer *b = &a->buffers[a->order[i]];

		neural_arena_put(a, b, i);
		if (b->offset + b->bytes > bytes) {
			bytes = b->offset + b->bytes;
			top = i;
		}
		neural_pause();
	}
	bytes = ALIGN(bytes, (u64)NEURAL_ARENA_ALIGN);
	if (bytes < a->best_bytes) {
		a->best_bytes = bytes;
		for (i = 0; i < a->nr; i++)
			a->best[i] = a->buffers[i].offset;
	}
	return top;
}

static bool neural_arena_before(const struct neural_arena *a, u32 x, u32 y)
{
	return a->key[x] != a->key[y] ? a->key[x] > a->key[y] : x < y;
}

/* By key; those with the same key by number, so that there is one order only. */
static void neural_arena_sort(struct neural_arena *a)
{
	u32 i, k, gap, moved;

	for (i = 0; i < a->nr; i++)
		a->order[i] = i;
	for (gap = a->nr / 2; gap; gap /= 2) {
		for (i = gap; i < a->nr; i++) {
			moved = a->order[i];
			for (k = i; k >= gap && neural_arena_before(a, moved, a->order[k - gap]);
			     k -= gap)
				a->order[k] = a->order[k - gap];
			a->order[k] = moved;
		}
		neural_pause();
	}
}

static bool neural_arena_done(const struct neural_arena *a)
{
	return a->best_bytes == a->least;
}

/* An order, and what becomes of it when those that end up last go first. */
static void neural_arena_improve(struct neural_arena *a)
{
	const u32 rounds = a->nr <= NEURAL_ARENA_FEW ? NEURAL_ARENA_ROUNDS : 0;
	u32 round, top, moved;

	neural_arena_sort(a);
	top = neural_arena_try(a);
	for (round = 0; round < rounds && top && !neural_arena_done(a); round++) {
		moved = a->order[top];
		memmove(a->order + 1, a->order, top * sizeof(*a->order));
		a->order[0] = moved;
		top = neural_arena_try(a);
	}
}

/*
 * The most that is alive at the same time, rounded up buffer by buffer.  It is reached
 * where some buffer begins.
 */
static u64 neural_arena_least(const struct neural_arena *a)
{
	u64 least = 0, alive;
	u32 i, k;

	for (i = 0; i < a->nr; i++) {
		const u32 when = a->buffers[i].first;

		for (k = 0, alive = 0; k < a->nr; k++)
			if (a->buffers[k].first <= when && when <= a->buffers[k].last)
				alive += ALIGN(a->buffers[k].bytes, (u64)NEURAL_ARENA_ALIGN);
		least = max(least, alive);
		neural_pause();
	}
	return least;
}

/* Orders worth a try. */
enum neural_arena_key {
	NEURAL_ARENA_SIZE,	/* the large ones first */
	NEURAL_ARENA_AREA,	/* those that take much for long */
	NEURAL_ARENA_SPAN,	/* those that live long */
	NEURAL_ARENA_TIME,	/* as they come */
	NEURAL_ARENA_KEYS
};

static u64 neural_arena_key(const struct neural_buffer *b, enum neural_arena_key key)
{
	const u64 span = (u64)b->last - b->first + 1;

	switch (key) {
	case NEURAL_ARENA_AREA:
		/* 2^31 bytes in 2^15 steps: far from an overflow. */
		return b->bytes * span;
	case NEURAL_ARENA_SPAN:
		return span;
	case NEURAL_ARENA_TIME:
		return U32_MAX - b->first;
	default:
		return b->bytes;
	}
}

static void neural_arena_search(struct neural_arena *a)
{
	const u32 keys = a->nr <= NEURAL_ARENA_MANY ? NEURAL_ARENA_KEYS : 1;
	u32 key, i;

	a->least = neural_arena_least(a);
	a->best_bytes = U64_MAX;
	for (key = 0; key < keys && !neural_arena_done(a); key++) {
		for (i = 0; i < a->nr; i++)
			a->key[i] = neural_arena_key(&a->buffers[i], key);
		neural_arena_improve(a);
	}
	for (i = 0; i < a->nr; i++)
		a->buffers[i].offset = a->best[i];
}

int neural_arena_place(struct neural_account *account, struct neural_buffer *buffers,
		       u32 nr, u64 *bytes)
{
	struct neural_arena a = { .buffers = buffers, .nr = nr };
	u64 *mem;

	*bytes = 0;
	if (!nr)
		return 0;
	mem = neural_mem_alloc(account, array_size(nr, 2 * sizeof(u64) + 2 * sizeof(u32)));
	if (!mem)
		return -ENOMEM;
	a.key = mem;
	a.best = a.key + nr;
	a.order = (u32 *)(a.best + nr);
	a.placed = a.order + nr;
	neural_arena_search(&a);
	*bytes = a.best_bytes;
	neural_mem_free(mem);
	return 0;
}
