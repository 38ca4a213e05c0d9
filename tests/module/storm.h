/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of neural_storm.ko share. */
#ifndef _NEURAL_STORM_H
#define _NEURAL_STORM_H

#include <linux/hrtimer.h>
#include <linux/neural.h>

#define STORM_INPUTS	32	/* rows with known answers */
#define STORM_ROWS	64	/* most in one call */
#define STORM_SETS	2	/* of parameters */

struct task_struct;

/**
 * struct storm_net - a network that predicts and is replaced
 * @nn: the network
 * @words: its rows are s32, so all ways of predicting are open
 * @slow: not for interrupts
 * @input: elements of an input row
 * @output: elements of an output row
 * @in_bytes: of an input row
 * @out_bytes: of an output row
 * @in: STORM_INPUTS input rows
 * @out: what they give with each set of parameters
 * @set: takes one of the sets
 * @weights: for @set, of networks made of layers: both layers of each set
 * @file: for @set, of networks from files
 * @file_bytes: size of each
 */
struct storm_net {
	struct neural_network *nn;
	bool words;
	bool slow;
	u32 input;
	u32 output;
	size_t in_bytes;
	size_t out_bytes;
	void *in;
	void *out[STORM_SETS];
	int (*set)(struct storm_net *net, u32 which);
	struct neural_layer_weights weights[STORM_SETS][2];
	void *file[STORM_SETS];
	size_t file_bytes[STORM_SETS];
};

enum storm_net_number {
	STORM_LAYERS,	/* two dense layers, given new weights */
	STORM_FILE,	/* the same from a file, replaced by another */
	STORM_S8,	/* of S8, from a file */
	STORM_LONG,	/* more than a section of multiply-adds */
	STORM_NETS
};

/* All of @nets, with answers from tests/reference; 0 or an error, then none. */
int storm_nets_create(struct storm_net nets[STORM_NETS], u64 *seed);
void storm_nets_destroy(struct storm_net nets[STORM_NETS]);

/* The set row @out for input @i is of, or -1. */
int storm_net_answer(const struct storm_net *net, u32 i, const void *out);

enum storm_way { STORM_PREDICT, STORM_CACHED, STORM_BATCH, STORM_MANY, STORM_OWN, STORM_WAYS };

/**
 * struct storm_caller - whoever predicts, in one context
 * @nets: what there is
 * @seed: of all it chooses
 * @irq: in no task: no slow networks
 * @stop: make no more
 * @rows: predicted, by way
 * @seen: rows by set
 * @wrong: rows of neither, or calls with rows of both
 * @refused: calls that met an open breaker
 * @out_of_bounds: calls whose answer was not given
 * @error: the last a call returned
 * @passing: handles taken by name
 * @at: inputs of the rows under way
 * @in: the rows
 * @out: answers
 * @batch: rows of each network of words
 * @own: contexts for each network
 */
struct storm_caller {
	struct storm_net *nets;
	u64 seed;
	bool irq;
	bool stop;
	u64 rows[STORM_WAYS];
	u64 seen[STORM_SETS];
	u64 wrong;
	u64 refused;
	u64 out_of_bounds;
	int error;
	u64 passing;
	u8 at[STORM_ROWS];
	void *in;
	void *out;
	struct neural_batch *batch[STORM_NETS];
	struct neural_context *own[STORM_NETS];
};

/*
 * Somebody sets budgets nobody meets and bounds no answer keeps meanwhile: may @ret be what
 * a call returns for that?
 */
bool storm_guarded(int ret);

int storm_caller_init(struct storm_caller *c, struct storm_net *nets, u64 seed, bool irq);
void storm_caller_free(struct storm_caller *c);

/* One call, some way, of some network. */
void storm_predict(struct storm_caller *c);

/* The network of that name, if it is there: it comes and goes. */
#define STORM_PASSING	"storm_passing"
void storm_predict_passing(struct storm_caller *c);

/**
 * struct storm_timer - one that predicts in an interrupt
 * @caller: who
 * @timer: hard, or soft
 * @mode: which
 * @on: it has been started
 */
struct storm_timer {
	struct storm_caller caller;
	struct hrtimer timer;
	enum hrtimer_mode mode;
	bool on;
};

/* On this @cpu, until it is stopped. */
void storm_timer_start(struct storm_timer *t, int cpu);
void storm_timer_stop(struct storm_timer *t);

/**
 * struct storm_writer - whoever replaces
 * @nets: what there is
 * @swaps: sets taken, by network
 * @tried: candidates, by set: of two one answers, and one is a shadow
 * @promoted: of them
 * @dropped: of them
 * @passed: networks made and destroyed under STORM_PASSING
 * @stale: answers of the set before, from calls made after it went
 * @error: the last a call returned
 */
struct storm_writer {
	struct storm_net *nets;
	u64 swaps[STORM_NETS];
	u64 tried[STORM_SETS];
	u64 promoted;
	u64 dropped;
	u64 passed;
	u64 stale;
	int error;
};

/* Until the thread is stopped. */
int storm_write(void *writer);

#endif /* _NEURAL_STORM_H */
