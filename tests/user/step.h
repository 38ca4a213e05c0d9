/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One node made by hand: verified, prepared and run as a plan would.
 *
 *	step_begin(&s, NEURAL_OP_PAD);
 *	step_in(&s, NEURAL_S8, 2, 3, 4);
 *	step_out(&s, NEURAL_S8, 2, 5, 4);
 *	s.node.attr[NEURAL_PAD_BEFORE] = 2;
 *	if (!step_verify(&s) && !step_run(&s, 3))
 *		... compare step_dst(&s, r) with what step_src(&s, 0, r) gives ...
 *	step_end(&s);
 */
#ifndef _NEURAL_TEST_STEP_H
#define _NEURAL_TEST_STEP_H

#include "../../simd/dispatch.h"
#include "../../src/ops/op.h"
#include "../reference/arith.h"
#include "tap.h"

#define STEP_IN		5

/**
 * struct step - a node and its buffers
 * @node: the node
 * @in: its operands; those with data are constants
 * @list: what @node.in points to
 * @out: its output
 * @steps: one, or one per operand
 * @nr_steps: how many
 * @why: of the last refusal
 * @rows: of the last run
 * @src: rows of each operand
 * @dst: rows of the output
 * @gap: bytes between rows of the output
 * @scratch: as large as it has to be
 */
struct step {
	struct neural_node node;
	struct neural_tensor in[STEP_IN];
	struct neural_tensor *list[STEP_IN];
	struct neural_tensor out;
	struct neural_step steps[STEP_IN];
	u32 nr_steps;
	struct neural_reason why;
	u32 rows;
	struct neural_rows src[STEP_IN];
	struct neural_rows dst;
	size_t gap;
	void *scratch;
};

extern u64 step_seed;

/* @low .. @high, and one in four of those the ends. */
s64 step_between(s64 low, s64 high);

/* 1 .. @most, small ones more often. */
u32 step_size(u32 most);

void step_begin(struct step *s, u16 code);
void step_end(struct step *s);

/* The next operand, or the output, of these dimensions (u32). */
struct neural_tensor *step_in(struct step *s, u8 dtype, u32 rank, ...);
struct neural_tensor *step_out(struct step *s, u8 dtype, u32 rank, ...);
void step_shape(struct neural_tensor *t, u8 dtype, u32 rank, const u32 *dim);

/* Make @t a constant of values from @low to @high. */
void step_const(struct neural_tensor *t, s64 low, s64 high);

/* What the row of the table and the operation say. */
int step_verify(struct step *s);

/*
 * Prepare and run @rows rows of values between lo and hi of each operand, buffers as
 * large as they have to be and rows apart by any number of elements.  0, or what
 * prepare said.
 */
int step_run(struct step *s, u32 rows);

/* Row @r of operand @i; a constant is the same in all. */
const void *step_src(const struct step *s, u32 i, u32 r);
const void *step_dst(const struct step *s, u32 r);

s64 step_get(const void *at, u8 dtype, size_t i);
void step_set(void *at, u8 dtype, size_t i, s64 v);

/* Nothing between rows was written, and no result is beyond lo and hi. */
bool step_clean(const struct step *s);

/* Does every allocation of prepare that fails leave nothing behind? */
bool step_survives(struct step *s);

/* Is the node refused with @err for @rule? */
bool step_refused(struct step *s, int err, const char *rule);

/*
 * What @_make makes is verified, and after @_change it is refused; counts in failed what
 * is not so.  The step is s in @_change.
 */
#define REFUSE(_make, _change, _err, _rule) do {			\
	struct step s;							\
									\
	_make(&s);							\
	tap_check(&failed, !step_verify(&s), "%s", #_make);		\
	_change;							\
	tap_check(&failed, step_refused(&s, _err, _rule), "%s", #_change); \
	step_end(&s);							\
} while (0)
#define BAD(_make, _change, _rule) REFUSE(_make, _change, -EINVAL, _rule)

#endif /* _NEURAL_TEST_STEP_H */
