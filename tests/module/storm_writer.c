// SPDX-License-Identifier: GPL-2.0-only
/* Replacing what others predict with, and looking whether it was. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>
#include "storm.h"

/* Slow ones are also slow to replace. */
#define STORM_SLOWLY	32

/* From here on there is only the new set. */
static void storm_fresh(struct storm_writer *w, const struct storm_net *net, u32 which)
{
	const u32 i = w->swaps[0] % STORM_INPUTS;
	const void *in = net->in + i * net->in_bytes;
	void *out = kvzalloc(net->out_bytes, GFP_KERNEL);
	int ret;

	if (!out) {
		w->error = -ENOMEM;
		return;
	}
	ret = neural_network_predict_rows(net->nn, in, net->in_bytes, out, net->out_bytes, 1);
	if (!ret && storm_net_answer(net, i, out) != which)
		w->stale++;
	if (!ret && net->words) {
		ret = neural_network_predict_cached(net->nn, in, out);
		if (!ret && storm_net_answer(net, i, out) != which)
			w->stale++;
	}
	if (ret && !storm_guarded(ret))
		w->error = ret;
	kvfree(out);
}

static void storm_swap(struct storm_writer *w, u32 number)
{
	struct storm_net *net = &w->nets[number];
	const u32 which = ++w->swaps[number] % STORM_SETS;
	int ret = net->set(net, which);

	if (ret)
		w->error = ret;
	else
		storm_fresh(w, net, which);
}

/* The other set beside the one in force: answers some, or only sees them; then it is taken. */
static int storm_candidate(struct storm_writer *w, struct storm_net *net, u32 which)
{
	const bool shadow = w->tried[which] % 2;
	int ret = neural_network_set_candidate(net->nn, net->file[which],
					       net->file_bytes[which], shadow ? 0 : 300);

	if (ret)
		return ret;
	usleep_range(500, 2000);
	w->tried[which]++;
	return 0;
}

static void storm_promote(struct storm_writer *w, u32 number)
{
	struct storm_net *net = &w->nets[number];
	const u32 which = (w->swaps[number] + 1) % STORM_SETS;
	int ret = storm_candidate(w, net, which);

	if (!ret)
		ret = neural_network_promote(net->nn);
	if (ret) {
		w->error = ret;
		return;
	}
	w->swaps[number]++;
	w->promoted++;
	storm_fresh(w, net, which);
}

static void storm_drop(struct storm_writer *w, u32 number)
{
	struct storm_net *net = &w->nets[number];
	const u32 which = w->swaps[number] % STORM_SETS;
	int ret = storm_candidate(w, net, !which);

	if (!ret)
		ret = neural_network_drop_candidate(net->nn);
	if (ret) {
		w->error = ret;
		return;
	}
	w->dropped++;
	storm_fresh(w, net, which);
}

/* There half of the time. */
static void storm_pass(struct storm_writer *w, struct neural_network **passing)
{
	const struct storm_net *net = &w->nets[STORM_FILE];
	struct neural_network *nn;

	if (*passing) {
		neural_network_destroy(*passing);
		*passing = NULL;
		WRITE_ONCE(w->passed, w->passed + 1);
		return;
	}
	nn = neural_network_load(STORM_PASSING, net->file[0], net->file_bytes[0]);
	if (IS_ERR(nn))
		w->error = PTR_ERR(nn);
	else
		*passing = nn;
}

int storm_write(void *arg)
{
	struct neural_network *passing = NULL;
	struct storm_writer *w = arg;
	u32 round, i;

	/* Not behind those it is to disturb. */
	set_user_nice(current, MIN_NICE / 2);
	for (round = 0; !kthread_should_stop(); round++) {
		for (i = 0; i < STORM_NETS; i++)
			if (!w->nets[i].slow || round % STORM_SLOWLY == 0)
				storm_swap(w, i);
		if (round % 4 == 0)
			storm_pass(w, &passing);
		if (round % 4 == 1)
			storm_promote(w, round % 8 == 1 ? STORM_FILE : STORM_S8);
		if (round % 4 == 3)
			storm_drop(w, round % 8 == 3 ? STORM_FILE : STORM_S8);
		usleep_range(500, 2000);
	}
	neural_network_destroy(passing);
	return 0;
}
