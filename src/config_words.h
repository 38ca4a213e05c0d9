/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each word of "config" means.
 *
 * A word is a row of a table: how to read its value, how to apply it to the
 * module, how to apply it to a network.
 */
#ifndef _NEURAL_CONFIG_WORDS_H
#define _NEURAL_CONFIG_WORDS_H

#include "network.h"

/**
 * struct neural_setting - value of a word
 * @number: of words that take one
 * @level: of simd_level, negative to follow the module
 * @node: of numa_policy
 * @ns: of budget
 * @bounded: of bounds: they are @lo and @hi
 * @lo: smallest
 * @hi: largest
 */
struct neural_setting {
	u32 number;
	int level;
	int node;
	u64 ns;
	bool bounded;
	s64 lo;
	s64 hi;
};

/**
 * struct neural_word - one word
 * @name: as written
 * @takes: its values, said for the log; NULL for none
 * @parse: read one; 0, -EINVAL or -EOPNOTSUPP
 * @module: set the default of new networks, cannot fail; NULL if there is none
 * @network: set it for a network, under its lock, cannot fail
 * @resize: instead of both, for one or all networks, without a lock; may fail
 * @candidate: instead of all of them, for the candidate of one network, without a lock; 0,
 *	or -ENOENT where there is none
 */
struct neural_word {
	const char *name;
	const char *takes;
	int (*parse)(const char *value, struct neural_setting *s);
	void (*module)(const struct neural_setting *s);
	void (*network)(struct neural_network *nn, const struct neural_setting *s);
	int (*resize)(struct neural_network *nn, u32 number);
	int (*candidate)(struct neural_network *nn, u32 number);
};

extern const struct neural_word neural_words[];
extern const unsigned int neural_nr_words;

#endif /* _NEURAL_CONFIG_WORDS_H */
