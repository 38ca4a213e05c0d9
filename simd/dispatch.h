/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Way from an op to a kernel: neural_run_<family>().
 *
 * The level in force is reached by static call.  A network that was given a
 * level of its own carries a kernel set instead.
 */
#ifndef _NEURAL_SIMD_DISPATCH_H
#define _NEURAL_SIMD_DISPATCH_H

#include "../src/env.h"
#include "kernels.h"
#include "section.h"

#define NEURAL_DISPATCH(family, args)					\
	DECLARE_STATIC_CALL(neural_##family, neural_##family##__generic); \
	static inline void						\
	neural_run_##family(struct neural_section *s, const args *a, u64 macs) \
	{								\
		if (!neural_section_enter(s, macs))			\
			neural_##family##__generic(a);			\
		else if (s->set)					\
			s->set->family(a);				\
		else							\
			static_call(neural_##family)(a);		\
	}
NEURAL_KERNEL_FAMILIES(NEURAL_DISPATCH)
#undef NEURAL_DISPATCH

/* Names as users write them; index is enum neural_simd_level. */
extern const char *const neural_simd_level_names[NEURAL_SIMD_LEVELS];

/* Level called @name, -EINVAL if there is none.  "auto" is the best one. */
int neural_simd_parse_level(const char *name);

/* Probe the CPU, resolve every level.  Once, before anything else here. */
void neural_simd_init(void);

/* Does this CPU run kernels written for @level? */
bool neural_simd_has(enum neural_simd_level level);
enum neural_simd_level neural_simd_best(void);

/* Make @level the one in force.  -EOPNOTSUPP where the CPU lacks it. */
int neural_simd_set_level(enum neural_simd_level level);
enum neural_simd_level neural_simd_get_level(void);

/* What @level resolves to on this CPU. */
const struct neural_kernel_set *neural_simd_set(enum neural_simd_level level);

/* The level whose kernels @s calls, where it is open. */
static inline enum neural_simd_level neural_section_level(const struct neural_section *s)
{
	return s->set ? s->set->level : neural_simd_get_level();
}

/* Is @kernel the one its family uses at @level? */
bool neural_simd_selected(const struct neural_kernel *kernel,
			  enum neural_simd_level level);

/*
 * Call @kernel as its family is called, with an argument block of that.  Whoever measures
 * or checks single kernels has opened the section.
 */
void neural_kernel_call(const struct neural_kernel *kernel, const void *args);

/* In simd/cpu.c: does the CPU and its saved register state have @level? */
bool neural_cpu_has_level(enum neural_simd_level level);

/* In simd/cpu.c: does the clock drop so far that 512 bits are better not used? */
bool neural_cpu_prefers_ymm(void);

#endif /* _NEURAL_SIMD_DISPATCH_H */
