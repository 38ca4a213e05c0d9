/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watching: what predictions of some networks look at besides.
 *
 * A network with a bit set in its @watch has its predictions take the way through
 * src/watch.c; all others pay one test of a word they have in the cache anyway.  A bit
 * is set, with set_bit() and under the lock of the network, after what it stands for is
 * in place, and cleared before that is taken away.  A prediction under way may still
 * find either: what a bit stands for hangs on an RCU pointer that may be NULL.
 */
#ifndef _NEURAL_WATCH_H
#define _NEURAL_WATCH_H

#include <linux/types.h>

struct neural_call;
struct neural_network;

/* Bits of a network's @watch. */
enum neural_watch {
	NEURAL_WATCH_GUARD,	/* a latency budget, and a breaker */
	NEURAL_WATCH_RANGES,	/* ranges of inputs, bounds of outputs */
	NEURAL_WATCH_CANDIDATE,	/* another set of parameters sees the same inputs */
};

/* As neural_predict_call(), of a network with any of these bits. */
int neural_predict_watched(struct neural_network *nn, const struct neural_call *call,
			   u64 *generation);

#endif /* _NEURAL_WATCH_H */
