// SPDX-License-Identifier: GPL-2.0-only
/*
 * "modprobe neural_test" checks the neural module from outside, by what it exports
 * and nothing else, and then says how long predictions take.  A failure is the
 * error of the modprobe.
 */
#include <linux/module.h>
#include "neural_test.h"

static struct neural_test_sizes sizes = {
	.input = 256,
	.hidden = 256,
	.output = 10,
	.iterations = 1000,
	.batch = 32,
	.seed = 1,
};

static char *network;
static bool cache;

module_param_named(input, sizes.input, uint, 0444);
MODULE_PARM_DESC(input, "Inputs of the network (default: 256)");
module_param_named(hidden, sizes.hidden, uint, 0444);
MODULE_PARM_DESC(hidden, "Hidden units (default: 256)");
module_param_named(output, sizes.output, uint, 0444);
MODULE_PARM_DESC(output, "Outputs (default: 10)");
module_param_named(iterations, sizes.iterations, uint, 0444);
MODULE_PARM_DESC(iterations, "Predictions timed, up to a million (default: 1000)");
module_param_named(batch, sizes.batch, uint, 0444);
MODULE_PARM_DESC(batch, "Rows of a batch (default: 32)");
module_param_named(seed, sizes.seed, ullong, 0444);
MODULE_PARM_DESC(seed, "Of everything that is random (default: 1)");
module_param_named(json, sizes.json, bool, 0444);
MODULE_PARM_DESC(json, "Say times as lines of JSON as well (default: N)");
module_param(cache, bool, 0444);
MODULE_PARM_DESC(cache, "Say as well what the prediction cache costs (default: N)");
module_param(network, charp, 0444);
MODULE_PARM_DESC(network, "Time this network instead of one of the sizes above");

static int __init neural_test_time(void)
{
	struct neural_test_model m = { };
	struct neural_network *nn;
	u64 seed = sizes.seed;
	int ret;

	if (network) {
		nn = neural_network_get(network);
		if (!nn) {
			pr_err("neural_test: no network is called %s\n", network);
			return -ENOENT;
		}
		ret = neural_test_latency(nn, &sizes);
		neural_network_put(nn);
		return ret;
	}
	ret = neural_test_model_init(&m, &sizes);
	if (!ret)
		ret = neural_test_model_set(&m, &seed, NEURAL_FP_ONE / 16);
	if (!ret)
		ret = neural_test_latency(m.nn, &sizes);
	neural_test_model_free(&m);
	return ret;
}

static int __init neural_test_init(void)
{
	int ret;

	if (!sizes.iterations || sizes.iterations > 1000000) {
		pr_err("neural_test: iterations is none of 1 .. 1000000\n");
		return -EINVAL;
	}
	if (!sizes.batch || sizes.batch > NEURAL_MAX_BATCH) {
		pr_err("neural_test: batch is none of 1 .. %u\n", NEURAL_MAX_BATCH);
		return -EINVAL;
	}
	ret = neural_test_run(&sizes);
	if (!ret)
		ret = neural_test_time();
	if (!ret && cache)
		ret = neural_test_cache(&sizes);
	if (ret)
		pr_err("neural_test: FAILED, error %d\n", ret);
	else
		pr_info("neural_test: ALL TESTS PASSED\n");
	return ret;
}

static void __exit neural_test_exit(void)
{
}

module_init(neural_test_init);
module_exit(neural_test_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Self-test and latency run of the neural module");
