/* SPDX-License-Identifier: GPL-2.0-only */
/* The candidate of a network: what may take the place of its parameters. */
#ifndef _NEURALCTL_CANDIDATE_H
#define _NEURALCTL_CANDIDATE_H

#include <uapi/linux/neural.h>

struct json;

/**
 * struct candidate - that of one network
 * @is_there: it has one
 * @stats: how it fares
 */
struct candidate {
	bool is_there;
	struct neural_ioc_candidate_stats stats;
};

/* Of network @name; an enum ctl_exit, with a word said where not CTL_OK. */
int candidate_get(int fd, const char *name, struct candidate *candidate);

/* All there is to say of it: lines, none without one, or the value of "candidate". */
void candidate_print(const struct candidate *candidate);
void candidate_json(struct json *json, const struct candidate *candidate);

#endif /* _NEURALCTL_CANDIDATE_H */
