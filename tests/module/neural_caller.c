// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user of the neural module, as a driver would be one: makes a network, predicts
 * from every context, and takes it away.  With hold=1 the network stays until the
 * module goes, for others to look at; writing N to the parameter "run" then makes
 * N predictions and N cached ones.  With wide=1 there is a larger one besides.  With
 * leak=1 all of that and the "handles" are left behind when the module goes, as by one
 * that has lost them; with adopt=N it only gives back, the handle from making the network
 * among N that were left.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include "neural_caller.h"

static bool hold, wide, leak;
static uint predictions, adopt;

/* Made on load; NULL once it has been destroyed. */
static struct neural_network *caller_nn;
static struct neural_network *caller_wide;
static DEFINE_MUTEX(caller_lock);

static int caller_predict(u32 n)
{
	int ret = 0;
	u32 i;

	mutex_lock(&caller_lock);
	if (!caller_nn)
		ret = -ENODEV;
	for (i = 0; i < n && !ret; i++) {
		ret = caller_demo_predict(caller_nn, i % 16, false);
		if (!ret)
			ret = caller_demo_predict(caller_nn, i % 16, true);
		cond_resched();
	}
	mutex_unlock(&caller_lock);
	return ret;
}

static int caller_run_set(const char *val, const struct kernel_param *kp)
{
	u32 n;
	int ret = kstrtouint(val, 0, &n);

	return ret ?: caller_predict(n);
}

static const struct kernel_param_ops caller_run_ops = {
	.set = caller_run_set,
};

module_param(hold, bool, 0444);
MODULE_PARM_DESC(hold, "Keep the network " CALLER_NAME " until unload (default: 0)");
module_param(wide, bool, 0444);
MODULE_PARM_DESC(wide, "Keep the network " CALLER_WIDE_NAME " as well (default: 0)");
module_param(predictions, uint, 0444);
MODULE_PARM_DESC(predictions, "Predictions to make on load, plain and cached (default: 0)");
module_param(leak, bool, 0644);
MODULE_PARM_DESC(leak, "Leave everything behind on unload (default: 0)");
module_param(adopt, uint, 0444);
MODULE_PARM_DESC(adopt, "Only give back so many handles of " CALLER_NAME " that were left");
module_param_cb(run, &caller_run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "Write N: make N predictions, plain and cached");
module_param_cb(handles, &caller_handles_ops, NULL, 0600);
MODULE_PARM_DESC(handles, "Write N C B M: hold so many handles, contexts, batches, blocks");
module_param_cb(load, &caller_load_ops, NULL, 0600);
MODULE_PARM_DESC(load, "Write N: N threads predict until 0 is written; read: predictions, wrong ones");
module_param_cb(life, &caller_life_ops, NULL, 0600);
MODULE_PARM_DESC(life, "Write P N: two networks' whole lives, with the N-th allocation of phase P failing");

static int caller_task(struct neural_network *nn)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < 100 && !ret; i++)
		ret = caller_demo_predict(nn, i, i % 2);
	return ret;
}

static int caller_batch(struct neural_network *nn)
{
	struct neural_batch *batch = neural_batch_create(20, CALLER_IN, CALLER_OUT);
	s32 in[CALLER_IN];
	int ret;
	u32 i;

	if (IS_ERR(batch))
		return PTR_ERR(batch);
	for (i = 0; i < 20; i++) {
		caller_demo_input(i, in);
		neural_batch_add_input(batch, in);
	}
	ret = neural_batch_predict(nn, batch);
	for (i = 0; i < 20 && !ret; i++)
		if (!caller_demo_right(i, neural_batch_output(batch, i)))
			ret = -EIO;
	neural_batch_destroy(batch);
	return ret;
}

/* By name, and both ways to drop a handle. */
static int caller_handles(struct neural_network *nn)
{
	struct neural_network *found = neural_network_get(CALLER_NAME);

	if (found != nn || strcmp(neural_network_name(nn), CALLER_NAME))
		return -EIO;
	neural_network_unref(neural_network_ref(found));
	neural_network_put(found);
	found = neural_network_get("nobody");
	neural_network_put(found);
	return found ? -EIO : 0;
}

static int caller_stats(struct neural_network *nn)
{
	struct neural_stats before, after;
	int ret;

	ret = neural_network_get_stats(nn, &before);
	if (!ret)
		ret = caller_demo_predict(nn, 0, false);
	if (!ret)
		ret = neural_network_get_stats(nn, &after);
	if (ret)
		return ret;
	return after.predictions == before.predictions + 1 && !after.errors &&
	       after.bytes && after.bytes == before.bytes ? 0 : -EIO;
}

/* Whoever has a handle goes on after the owner has destroyed the network. */
static int caller_destroy(struct neural_network *nn)
{
	struct neural_network *other = caller_demo_create(), *again;
	int ret;

	/* The name is taken until then. */
	if (other != ERR_PTR(-EEXIST))
		return IS_ERR(other) ? PTR_ERR(other) : -EIO;
	neural_network_ref(nn);
	neural_network_destroy(nn);
	again = caller_demo_create();
	ret = PTR_ERR_OR_ZERO(again);
	if (!ret)
		ret = caller_demo_predict(again, 1, false);
	if (!ret)
		ret = caller_demo_predict(nn, 1, false);
	neural_network_unref(nn);
	caller_nn = ret ? NULL : again;
	if (ret)
		neural_network_destroy(again);
	return ret;
}

static const struct {
	const char *name;
	int (*run)(struct neural_network *nn);
} caller_cases[] = {
	{ "handles", caller_handles },
	{ "task", caller_task },
	{ "softirq", caller_softirq },
	{ "hardirq", caller_hardirq },
	{ "batch", caller_batch },
	{ "stats", caller_stats },
	{ "destroy", caller_destroy },
};

static void caller_drop(void)
{
	mutex_lock(&caller_lock);
	neural_network_destroy(caller_nn);
	caller_nn = NULL;
	neural_network_destroy(caller_wide);
	caller_wide = NULL;
	mutex_unlock(&caller_lock);
}

/* The last one is that of its maker. */
static int caller_adopt(void)
{
	struct neural_network *nn = neural_network_get(CALLER_NAME);
	u32 i;

	if (!nn)
		return -ENOENT;
	for (i = 1; i < adopt; i++)
		neural_network_put(nn);
	neural_network_destroy(nn);
	neural_network_put(nn);
	return 0;
}

static int __init caller_init(void)
{
	int ret;
	u32 i;

	if (adopt)
		return caller_adopt();
	caller_nn = caller_demo_create();
	ret = PTR_ERR_OR_ZERO(caller_nn);
	if (ret) {
		pr_err("neural_caller: making a network: error %d\n", ret);
		return ret;
	}
	for (i = 0; i < ARRAY_SIZE(caller_cases) && !ret; i++) {
		ret = caller_cases[i].run(caller_nn);
		if (ret)
			pr_err("neural_caller: not ok - %s: error %d\n",
			       caller_cases[i].name, ret);
		else
			pr_info("neural_caller: ok - %s\n", caller_cases[i].name);
	}
	if (!ret)
		ret = caller_predict(predictions);
	if (!ret && wide) {
		caller_wide = caller_wide_create();
		ret = PTR_ERR_OR_ZERO(caller_wide);
	}
	if (ret || !hold)
		caller_drop();
	if (!ret)
		pr_info("neural_caller: ALL TESTS PASSED\n");
	return ret;
}

static void __exit caller_exit(void)
{
	caller_load_stop();
	if (leak)
		return;
	caller_handles_drop();
	caller_drop();
}

module_init(caller_init);
module_exit(caller_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A user of the neural module");
