/* SPDX-License-Identifier: GPL-2.0-only */
/* The words "config" understands, for one network or for all. */
#ifndef _NEURAL_CONFIG_H
#define _NEURAL_CONFIG_H

#include "network.h"

/*
 * One line, "word value": simd 0|1, simd_level L, cache_timeout MS, cache_entries N,
 * cache_bypass 0|1, numa_policy P, replicate 0|1, profile 0|1, budget NS,
 * budget_strikes N, budget_cooldown MS, ranges 0|1, bounds off|file|LO HI, reset_stats;
 * candidate_share N, shadow_every N, promote, drop.  @nn NULL: the module's defaults and
 * every network there is, which those for a candidate are not for.  -EINVAL for a word or
 * value that is none, -EOPNOTSUPP for a level the CPU lacks, -ENOENT without a candidate,
 * -ENOMEM, -EDQUOT; then nothing has changed (but see neural_replicate()) and the log says why.
 * Process context.
 */
int neural_config_apply(struct neural_network *nn, char *line);

/* The words with their present values, one a line; returns the length. */
int neural_config_format(struct neural_network *nn, char *buf, size_t size);

/* The SIMD level predictions of @nn run at, all switches considered. */
const char *neural_config_level(const struct neural_network *nn);

#endif /* _NEURAL_CONFIG_H */
