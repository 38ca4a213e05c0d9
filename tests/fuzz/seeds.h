/* SPDX-License-Identifier: GPL-2.0-only */
/* Models that fuzzing starts from, by what they are made of. */
#ifndef _NEURAL_FUZZ_SEEDS_H
#define _NEURAL_FUZZ_SEEDS_H

#include "fuzz.h"

#define HALF	0x40000000
#define FULL	S8_MIN, S8_MAX

/**
 * struct seed - a model
 * @name: of its file
 * @fill: what makes it
 */
struct seed {
	const char *name;
	void (*fill)(struct model_builder *b);
};

extern const struct seed seeds_fixed[], seeds_window[], seeds_map[], seeds_move[];
extern const u32 nr_seeds_fixed, nr_seeds_window, nr_seeds_map, nr_seeds_move;

extern s8 seed_bytes[8192];	/* values of constants, of any of them */

u32 s8_const(struct model_builder *b, const u32 *dim, u32 rank);

/* @n times @value. */
u32 s32_const(struct model_builder *b, u32 n, s32 value);

/* Tensor @t with so many fraction bits, or that zero point. */
u32 fixed(struct model_builder *b, u32 t, u32 frac);
u32 zero_at(struct model_builder *b, u32 t, s32 zero_point);

#endif /* _NEURAL_FUZZ_SEEDS_H */
