/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking the time of calls. */
#ifndef _NEURAL_TEST_LATENCY_H
#define _NEURAL_TEST_LATENCY_H

#include <linux/neural.h>

/* Calls timed together where one is too short for the clock. */
#define LATENCY_BLOCK	64

/**
 * struct latency - a run
 * @nn: the network
 * @in: @rows inputs, the first of which is what one call takes
 * @out: as many outputs
 * @in_bytes: of a row
 * @out_bytes: of a row
 * @rows: in a batch
 * @typed: rows are of a model's own types
 * @batch: a full batch, unless @typed
 * @ns: one time each call; sorted when it is over
 * @calls: how many
 * @json: say it as a line of JSON as well
 * @quiet: and in no other way
 */
struct latency {
	struct neural_network *nn;
	s32 *in;
	s32 *out;
	size_t in_bytes;
	size_t out_bytes;
	u32 rows;
	bool typed;
	struct neural_batch *batch;
	u64 *ns;
	u32 calls;
	bool json;
	bool quiet;
};

/* @calls of @run, each of @rows rows. */
int latency_measure(struct latency *l, const char *name, u32 calls, u32 rows,
		    int (*run)(struct latency *l, u32 call));

#endif /* _NEURAL_TEST_LATENCY_H */
