/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One execution's use of the vector unit.
 *
 * A section is opened by the first step that wants it and stays open over the
 * following ones, so a small network pays for one kernel_fpu_begin() in all.  It
 * is closed after NEURAL_SECTION_MACS multiply-adds, or as many as it is told, which
 * bounds the time with preemption off.  Where the FPU may not be used the caller runs the generic
 * kernel instead and gets the same bits.
 */
#ifndef _NEURAL_SIMD_SECTION_H
#define _NEURAL_SIMD_SECTION_H

#include "../src/env.h"
#include "fpu.h"
#include "kernels.h"
#include "thresholds.h"

/**
 * struct neural_section - state of the bracket in one execution
 * @set: kernels of a level chosen for this network, NULL for the level in force
 * @wanted: vector kernels are enabled and there are any
 * @open: between neural_fpu_begin() and neural_fpu_end()
 * @timed: look how long sections take
 * @bound: multiply-adds after which it is closed, 0 for NEURAL_SECTION_MACS
 * @spent: multiply-adds done since the section was opened
 * @simd_calls: kernel calls served by vector kernels
 * @fallback_calls: kernel calls that were refused the FPU
 * @since: when it was opened, if @timed
 * @longest: nanoseconds the longest one took, if @timed
 */
struct neural_section {
	const struct neural_kernel_set *set;
	bool wanted;
	bool open;
	bool timed;
	u32 bound;
	u32 spent;
	u32 simd_calls;
	u32 fallback_calls;
	u64 since;
	u64 longest;
};

static inline u32 neural_section_bound(const struct neural_section *s)
{
	return s->bound ?: NEURAL_SECTION_MACS;
}

/* With what it takes to get into the section and out of it. */
static inline void neural_section_time(struct neural_section *s)
{
	const u64 now = neural_clock();

	/* The clock may step back a little while it is being updated. */
	if (now > s->since)
		s->longest = max(s->longest, now - s->since);
}

static inline void neural_section_leave(struct neural_section *s)
{
	if (!s->open)
		return;
	neural_fpu_end();
	s->open = false;
	if (s->timed)
		neural_section_time(s);
}

/* Open it, if the FPU is to be had. */
static inline bool neural_section_open(struct neural_section *s)
{
	if (!neural_fpu_usable())
		return false;
	if (s->timed)
		s->since = neural_clock();
	neural_fpu_begin();
	s->open = true;
	s->spent = 0;
	return true;
}

/* True: the section is open and @macs are accounted.  False: run generic. */
static inline bool neural_section_enter(struct neural_section *s, u64 macs)
{
	if (!s->wanted ||
	    macs < (s->open ? NEURAL_SIMD_THRESHOLD_OPEN : NEURAL_SIMD_THRESHOLD))
		return false;
	if (s->open && s->spent + macs > neural_section_bound(s)) {
		neural_section_leave(s);
		neural_fpu_relax();
	}
	if (!s->open && !neural_section_open(s)) {
		s->fallback_calls++;
		return false;
	}
	s->spent += macs;
	s->simd_calls++;
	return true;
}

/*
 * About to do work worth @macs in more than one call, the first of which is not worth a
 * section: open one.
 */
static inline void neural_section_expect(struct neural_section *s, u64 macs)
{
	if (s->wanted && !s->open && macs >= NEURAL_SIMD_THRESHOLD)
		neural_section_open(s);
}

/* About to do scalar work worth @macs: not inside a section for long. */
static inline void neural_section_scalar(struct neural_section *s, u64 macs)
{
	if (!s->open)
		return;
	if (s->spent + macs > neural_section_bound(s))
		neural_section_leave(s);
	else
		s->spent += macs;
}

#endif /* _NEURAL_SIMD_SECTION_H */
