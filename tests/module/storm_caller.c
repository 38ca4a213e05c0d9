// SPDX-License-Identifier: GPL-2.0-only
/* Predicting, every way there is, and holding the answers against those there may be. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include "../../src/compat.h"
#include "../reference/arith.h"
#include "storm.h"

#define STORM_TICK	(100 * NSEC_PER_USEC)
#define STORM_MARK	0xa5

int storm_caller_init(struct storm_caller *c, struct storm_net *nets, u64 seed, bool irq)
{
	size_t in = 0, out = 0;
	u32 i;

	*c = (struct storm_caller){ .nets = nets, .seed = seed, .irq = irq };
	for (i = 0; i < STORM_NETS; i++) {
		in = max(in, nets[i].in_bytes);
		out = max(out, nets[i].out_bytes);
		c->own[i] = neural_context_create(nets[i].nn);
		if (IS_ERR(c->own[i]))
			return PTR_ERR(c->own[i]);
		if (!nets[i].words)
			continue;
		c->batch[i] = neural_batch_create(STORM_ROWS, nets[i].input, nets[i].output);
		if (IS_ERR(c->batch[i]))
			return PTR_ERR(c->batch[i]);
	}
	c->in = kvcalloc(STORM_ROWS, in, GFP_KERNEL);
	c->out = kvcalloc(STORM_ROWS, out, GFP_KERNEL);
	return c->in && c->out ? 0 : -ENOMEM;
}

void storm_caller_free(struct storm_caller *c)
{
	u32 i;

	for (i = 0; i < STORM_NETS; i++) {
		neural_batch_destroy(c->batch[i]);
		neural_context_destroy(c->own[i]);
	}
	kvfree(c->in);
	kvfree(c->out);
	c->in = NULL;
	c->out = NULL;
	memset(c->batch, 0, sizeof(c->batch));
	memset(c->own, 0, sizeof(c->own));
}

static void *storm_input(const struct storm_net *net, u32 i)
{
	return net->in + i * net->in_bytes;
}

/* All rows of a call are of one set. */
static void storm_check(struct storm_caller *c, const struct storm_net *net,
			const void *out, u32 rows, enum storm_way way)
{
	int first = storm_net_answer(net, c->at[0], out);
	u32 r;

	for (r = 1; r < rows && first >= 0; r++)
		if (storm_net_answer(net, c->at[r], out + r * net->out_bytes) != first)
			first = -1;
	WRITE_ONCE(c->rows[way], c->rows[way] + rows);
	if (first < 0)
		c->wrong++;
	else
		c->seen[first] += rows;
}

/* What is there before the call, and after it where nothing was written. */
static void storm_mark(const struct storm_net *net, void *out, u32 rows)
{
	memset(out, STORM_MARK, rows * net->out_bytes);
}

/* An answer, or one that was not given: @out, NULL where nobody gets any, says nothing. */
static int storm_ends(struct storm_caller *c, const struct storm_net *net, const void *out,
		      u32 rows, enum storm_way way, int ret)
{
	const size_t bytes = rows * net->out_bytes;

	if (!ret) {
		storm_check(c, net, out, rows, way);
		return 0;
	}
	if (!storm_guarded(ret))
		return ret;
	if (ret == -EAGAIN)
		c->refused++;
	else
		c->out_of_bounds++;
	if (out && memchr_inv(out, ret == -EAGAIN ? STORM_MARK : 0, bytes))
		c->wrong++;
	return 0;
}

static int storm_run_batch(struct storm_caller *c, const struct storm_net *net,
			   struct neural_batch *batch, u32 rows)
{
	u32 r;
	int ret;

	neural_batch_reset(batch);
	for (r = 0; r < rows; r++)
		neural_batch_add_input(batch, storm_input(net, c->at[r]));
	ret = neural_batch_predict(net->nn, batch);
	return storm_ends(c, net, neural_batch_output(batch, 0), rows, STORM_BATCH, ret);
}

static int storm_run_many(struct storm_caller *c, const struct storm_net *net,
			  struct neural_context *own, u32 rows)
{
	const size_t in = rows * net->in_bytes, out = rows * net->out_bytes;
	u32 r;
	int ret;

	for (r = 0; r < rows; r++)
		memcpy(c->in + r * net->in_bytes, storm_input(net, c->at[r]), net->in_bytes);
	storm_mark(net, c->out, rows);
	if (own)
		ret = neural_context_predict_rows(own, c->in, in, c->out, out, rows);
	else
		ret = neural_network_predict_rows(net->nn, c->in, in, c->out, out, rows);
	return storm_ends(c, net, c->out, rows, own ? STORM_OWN : STORM_MANY, ret);
}

static int storm_run_one(struct storm_caller *c, const struct storm_net *net,
			 enum storm_way way)
{
	const s32 *in = storm_input(net, c->at[0]);
	int ret;

	storm_mark(net, c->out, 1);
	if (way == STORM_CACHED)
		ret = neural_network_predict_cached(net->nn, in, c->out);
	else
		ret = neural_network_predict(net->nn, in, c->out);
	return storm_ends(c, net, c->out, 1, way, ret);
}

/* A slow one now and then, where it may be. */
static u32 storm_choose(struct storm_caller *c)
{
	const u32 n = reference_random(&c->seed) % 128;

	if (!n && !c->irq)
		return STORM_LONG;
	return n % STORM_LONG;
}

static u32 storm_choose_rows(struct storm_caller *c, const struct storm_net *net)
{
	const u32 n = reference_random(&c->seed);

	if (net->slow)
		return 1;
	return 1 + n % (c->irq ? STORM_ROWS / 4 : STORM_ROWS);
}

void storm_predict(struct storm_caller *c)
{
	const u32 number = storm_choose(c);
	const struct storm_net *net = &c->nets[number];
	const u32 first = net->words ? STORM_PREDICT : STORM_MANY;
	const enum storm_way way = first + reference_random(&c->seed) % (STORM_WAYS - first);
	const u32 rows = storm_choose_rows(c, net);
	u32 r;
	int ret;

	for (r = 0; r < rows; r++)
		c->at[r] = reference_random(&c->seed) % STORM_INPUTS;
	if (way == STORM_BATCH)
		ret = storm_run_batch(c, net, c->batch[number], rows);
	else if (way == STORM_MANY)
		ret = storm_run_many(c, net, NULL, rows);
	else if (way == STORM_OWN)
		ret = storm_run_many(c, net, c->own[number], rows);
	else
		ret = storm_run_one(c, net, way);
	if (ret)
		c->error = ret;
}

void storm_predict_passing(struct storm_caller *c)
{
	struct neural_network *nn = neural_network_get(STORM_PASSING);
	struct storm_net net = c->nets[STORM_FILE];
	int ret;

	if (!nn)
		return;
	net.nn = nn;
	c->at[0] = reference_random(&c->seed) % STORM_INPUTS;
	ret = storm_run_many(c, &net, NULL, 1);
	if (ret)
		c->error = ret;
	neural_network_put(nn);
	c->passing++;
}

/* A fifth of the time at most, however long a call takes here; there are two on a CPU. */
static enum hrtimer_restart storm_tick(struct hrtimer *timer)
{
	struct storm_timer *t = container_of(timer, struct storm_timer, timer);
	const ktime_t start = ktime_get();
	ktime_t end;

	if (READ_ONCE(t->caller.stop))
		return HRTIMER_NORESTART;
	if (t->mode == HRTIMER_MODE_REL_PINNED_HARD ? in_hardirq() : in_serving_softirq())
		storm_predict(&t->caller);
	else
		t->caller.error = -EXDEV;
	end = ktime_get();
	hrtimer_set_expires(timer, ktime_add_ns(end, max_t(s64, STORM_TICK,
							   4 * ktime_sub(end, start))));
	return HRTIMER_RESTART;
}

static void storm_timer_start_here(void *arg)
{
	struct storm_timer *t = arg;

	hrtimer_start(&t->timer, ns_to_ktime(STORM_TICK), t->mode);
}

void storm_timer_start(struct storm_timer *t, int cpu)
{
	neural_compat_hrtimer_setup(&t->timer, storm_tick, CLOCK_MONOTONIC, t->mode);
	t->on = true;
	smp_call_function_single(cpu, storm_timer_start_here, t, 1);
}

void storm_timer_stop(struct storm_timer *t)
{
	WRITE_ONCE(t->caller.stop, true);
	hrtimer_cancel(&t->timer);
}
