// SPDX-License-Identifier: GPL-2.0-only
/*
 * "modprobe neural_storm" predicts from tasks, softirqs and hardirqs at once, on
 * networks that are replaced all the while, and holds every answer against the two
 * there may be.  Whoever likes changes the settings of those networks meanwhile; with
 * guarded=1 their budgets and bounds as well, and then a call may be refused for these,
 * with nothing or zeros for an answer, which is counted.  The modprobe ends with the storm,
 * and fails as it did; the parameter "report" then has what was done, a number a line.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include "storm.h"

#define STORM_TASKS	8
#define STORM_PATIENCE	600	/* seconds, for the predictions after @seconds */

static uint seconds = 3;
static unsigned long long predictions = 1000000;
static unsigned long long seed = 1;
static bool hold, guarded;

module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "At least so long (default: 3)");
module_param(predictions, ullong, 0444);
MODULE_PARM_DESC(predictions, "At least so many rows (default: 1000000)");
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "Of everything that is random (default: 1)");

module_param(hold, bool, 0644);
MODULE_PARM_DESC(hold, "Until this is N as well (default: N)");

module_param(guarded, bool, 0444);
MODULE_PARM_DESC(guarded, "Somebody opens breakers and sets bounds (default: N)");

enum storm_context { STORM_TASK, STORM_SOFTIRQ, STORM_HARDIRQ, STORM_CONTEXTS };

/**
 * struct storm_task - one that predicts in process context
 * @caller: who
 * @task: the thread
 */
struct storm_task {
	struct storm_caller caller;
	struct task_struct *task;
};

/**
 * struct storm - all of it
 * @nets: networks
 * @tasks: threads
 * @timers: of every CPU, soft and hard
 * @nr_timers: how many there are
 * @writer: what is replaced
 * @task: its thread
 */
struct storm {
	struct storm_net nets[STORM_NETS];
	struct storm_task tasks[STORM_TASKS];
	struct storm_timer *timers;
	u32 nr_timers;
	struct storm_writer writer;
	struct task_struct *task;
};

/**
 * struct storm_report - what was done
 * @rows: predicted, by context
 * @ways: likewise, by way
 * @seen: likewise, by set
 * @passing: predictions of networks that came and went
 * @wrong: answers
 * @refused: calls that met an open breaker
 * @out_of_bounds: calls whose answer was not given
 * @error: the last a call returned
 * @swaps: sets taken, by network
 * @promoted: candidates
 * @dropped: likewise
 * @passed: networks that came and went
 * @stale: answers of a set that was gone
 */
static struct storm_report {
	u64 rows[STORM_CONTEXTS];
	u64 ways[STORM_WAYS];
	u64 seen[STORM_SETS];
	u64 passing;
	u64 wrong;
	u64 refused;
	u64 out_of_bounds;
	int error;
	u64 swaps[STORM_NETS];
	u64 promoted;
	u64 dropped;
	u64 passed;
	u64 stale;
} storm_report;

static const struct {
	const char *name;
	const u64 *value;
} storm_lines[] = {
	{ "task", &storm_report.rows[STORM_TASK] },
	{ "softirq", &storm_report.rows[STORM_SOFTIRQ] },
	{ "hardirq", &storm_report.rows[STORM_HARDIRQ] },
	{ "predict", &storm_report.ways[STORM_PREDICT] },
	{ "cached", &storm_report.ways[STORM_CACHED] },
	{ "rows", &storm_report.ways[STORM_MANY] },
	{ "batch", &storm_report.ways[STORM_BATCH] },
	{ "own_context", &storm_report.ways[STORM_OWN] },
	{ "first_set", &storm_report.seen[0] },
	{ "second_set", &storm_report.seen[1] },
	{ "by_name", &storm_report.passing },
	{ "swap_layers", &storm_report.swaps[STORM_LAYERS] },
	{ "swap_file", &storm_report.swaps[STORM_FILE] },
	{ "swap_s8", &storm_report.swaps[STORM_S8] },
	{ "swap_long", &storm_report.swaps[STORM_LONG] },
	{ "promote", &storm_report.promoted },
	{ "drop", &storm_report.dropped },
	{ "destroy", &storm_report.passed },
};

static int storm_report_get(char *buf, const struct kernel_param *kp)
{
	int len = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(storm_lines); i++)
		len += sysfs_emit_at(buf, len, "%s: %llu\n", storm_lines[i].name,
				     *storm_lines[i].value);
	len += sysfs_emit_at(buf, len, "refused: %llu\nout_of_bounds: %llu\n",
			     storm_report.refused, storm_report.out_of_bounds);
	return len + sysfs_emit_at(buf, len, "wrong: %llu\nstale: %llu\nerror: %d\n",
				   storm_report.wrong, storm_report.stale,
				   storm_report.error);
}

static const struct kernel_param_ops storm_report_ops = {
	.get = storm_report_get,
};

module_param_cb(report, &storm_report_ops, NULL, 0444);
MODULE_PARM_DESC(report, "What was done");

bool storm_guarded(int ret)
{
	return guarded && (ret == -EAGAIN || ret == -ERANGE);
}

static int storm_task_run(void *arg)
{
	struct storm_caller *c = arg;

	while (!kthread_should_stop()) {
		storm_predict(c);
		if (c->rows[STORM_PREDICT] % 16 == 0)
			storm_predict_passing(c);
		cond_resched();
	}
	return 0;
}

static int storm_start_tasks(struct storm *s)
{
	struct storm_task *t;
	int ret;

	for (t = s->tasks; t < s->tasks + STORM_TASKS; t++) {
		ret = storm_caller_init(&t->caller, s->nets, ++seed, false);
		if (ret)
			return ret;
		t->task = kthread_run(storm_task_run, &t->caller, "neural_storm/%d",
				      (int)(t - s->tasks));
		if (IS_ERR(t->task))
			return PTR_ERR(t->task);
	}
	return 0;
}

/* CPUs may come and go meanwhile; whose timer migrated predicts elsewhere. */
static int storm_start_timers(struct storm *s)
{
	struct storm_timer *t;
	int cpu, ret = 0;
	u32 soft;

	s->timers = kvcalloc(num_possible_cpus(), 2 * sizeof(*s->timers), GFP_KERNEL);
	if (!s->timers)
		return -ENOMEM;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		for (soft = 0; soft < 2 && !ret; soft++) {
			t = &s->timers[s->nr_timers];
			t->mode = soft ? HRTIMER_MODE_REL_PINNED_SOFT :
					 HRTIMER_MODE_REL_PINNED_HARD;
			ret = storm_caller_init(&t->caller, s->nets, ++seed, true);
			s->nr_timers++;
			if (!ret)
				storm_timer_start(t, cpu);
		}
	}
	cpus_read_unlock();
	return ret;
}

static int storm_start(struct storm *s)
{
	int ret = storm_nets_create(s->nets, &seed) ?: storm_start_tasks(s) ?:
		  storm_start_timers(s);

	if (ret)
		return ret;
	s->writer.nets = s->nets;
	s->task = kthread_run(storm_write, &s->writer, "neural_storm/w");
	return PTR_ERR_OR_ZERO(s->task);
}

static void storm_collect(const struct storm_caller *c, enum storm_context context)
{
	struct storm_report *r = &storm_report;
	u32 i;

	for (i = 0; i < STORM_WAYS; i++) {
		r->rows[context] += c->rows[i];
		r->ways[i] += c->rows[i];
	}
	for (i = 0; i < STORM_SETS; i++)
		r->seen[i] += c->seen[i];
	r->passing += c->passing;
	r->wrong += c->wrong;
	r->refused += c->refused;
	r->out_of_bounds += c->out_of_bounds;
	r->error = c->error ?: r->error;
}

static void storm_stop(struct storm *s)
{
	struct storm_report *r = &storm_report;
	struct storm_task *t;
	u32 i;

	if (!IS_ERR_OR_NULL(s->task))
		kthread_stop(s->task);
	for (i = 0; i < STORM_NETS; i++)
		r->swaps[i] = s->writer.swaps[i];
	r->promoted = s->writer.promoted;
	r->dropped = s->writer.dropped;
	r->passed = s->writer.passed;
	r->stale = s->writer.stale;
	r->error = s->writer.error;
	for (t = s->tasks; t < s->tasks + STORM_TASKS; t++) {
		if (!IS_ERR_OR_NULL(t->task))
			kthread_stop(t->task);
		storm_collect(&t->caller, STORM_TASK);
		storm_caller_free(&t->caller);
	}
	for (i = 0; i < s->nr_timers; i++) {
		if (s->timers[i].on)
			storm_timer_stop(&s->timers[i]);
		storm_collect(&s->timers[i].caller, i % 2 ? STORM_SOFTIRQ : STORM_HARDIRQ);
		storm_caller_free(&s->timers[i].caller);
	}
	kvfree(s->timers);
	storm_nets_destroy(s->nets);
}

static u64 storm_rows(const struct storm_caller *c)
{
	u64 rows = 0;
	u32 i;

	for (i = 0; i < STORM_WAYS; i++)
		rows += READ_ONCE(c->rows[i]);
	return rows;
}

/* So far, as seen while it goes on. */
static u64 storm_so_far(const struct storm *s)
{
	u64 rows = 0;
	u32 i;

	for (i = 0; i < STORM_TASKS; i++)
		rows += storm_rows(&s->tasks[i].caller);
	for (i = 0; i < s->nr_timers; i++)
		rows += storm_rows(&s->timers[i].caller);
	return rows;
}

/* The writer has been through all it does when networks have come and gone. */
static bool storm_enough(const struct storm *s)
{
	return storm_so_far(s) >= predictions && READ_ONCE(s->writer.passed) > 1 &&
	       !READ_ONCE(hold);
}

static int storm_wait(const struct storm *s)
{
	const u64 least = get_jiffies_64() + seconds * (u64)HZ;

	while (time_before64(get_jiffies_64(), least) || !storm_enough(s)) {
		if (time_after64(get_jiffies_64(), least + STORM_PATIENCE * (u64)HZ))
			return -ETIMEDOUT;
		if (msleep_interruptible(100))
			return -EINTR;
	}
	return 0;
}

/* Whatever was to happen has. */
static int storm_judge(void)
{
	u32 i;

	if (storm_report.wrong || storm_report.stale)
		return -EIO;
	for (i = 0; i < ARRAY_SIZE(storm_lines); i++)
		if (!*storm_lines[i].value)
			return -ENODATA;
	if (guarded && (!storm_report.refused || !storm_report.out_of_bounds))
		return -ENODATA;
	return storm_report.error;
}

static int __init storm_init(void)
{
	struct storm *s = kvzalloc(sizeof(*s), GFP_KERNEL);
	int ret;

	if (!s)
		return -ENOMEM;
	ret = storm_start(s) ?: storm_wait(s);
	storm_stop(s);
	kvfree(s);
	ret = ret ?: storm_judge();
	if (ret)
		pr_err("neural_storm: FAILED, error %d: %llu wrong, %llu stale, error %d\n",
		       ret, storm_report.wrong, storm_report.stale, storm_report.error);
	else
		pr_info("neural_storm: %llu + %llu + %llu rows in task, softirq, hardirq\n",
			storm_report.rows[STORM_TASK], storm_report.rows[STORM_SOFTIRQ],
			storm_report.rows[STORM_HARDIRQ]);
	return ret;
}

static void __exit storm_exit(void)
{
}

module_init(storm_init);
module_exit(storm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Predictions in all contexts while networks are replaced");
