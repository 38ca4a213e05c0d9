/* SPDX-License-Identifier: GPL-2.0-only */
/* Module parameters: the module-wide defaults every network starts from. */
#ifndef _NEURAL_PARAMS_H
#define _NEURAL_PARAMS_H

#include <linux/types.h>
#include "limits.h"

/* Longest life of a cached prediction, in milliseconds: a day. */
#define NEURAL_CACHE_TIMEOUT_MAX	(24 * 3600 * 1000)

/* Check and apply what was given on the command line. */
int neural_params_init(void);

bool neural_param_enable_simd(void);
unsigned int neural_param_cache_timeout_ms(void);
int neural_param_numa_policy(void);
int neural_param_numa_node(void);
bool neural_param_numa_replicate(void);
u64 neural_param_max_model_bytes(void);
u64 neural_param_max_arena_bytes(void);
u64 neural_param_max_macs(void);

/* Of all networks together, 0 for no limit. */
u64 neural_param_limit(enum neural_limit which);
void neural_param_set_limit(enum neural_limit which, u64 most);
u32 neural_param_section_macs(void);

/* Setters shared with debugfs; 0, or an errno and nothing changed. */
int neural_param_set_simd(bool on);
int neural_param_set_level(const char *name);
int neural_param_set_cache_timeout(unsigned int ms);
int neural_param_set_numa(int policy, int node);
void neural_param_set_numa_replicate(bool on);

/* "generic sse2 [avx2]": levels of this CPU, the one in force in brackets. */
int neural_param_format_levels(char *buf, size_t size);

#endif /* _NEURAL_PARAMS_H */
