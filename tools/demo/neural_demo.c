// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handwritten digits, classified in the kernel: <linux/neural.h> as a driver uses it.
 *
 * Loading this module reads a trained network, and digits that were not trained on,
 * from /lib/firmware/neural_demo.bin (tools/demo/train.py writes it), and classifies
 * every digit.  The answers stay in debugfs, neural_demo/results, until it goes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/neural.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#define DEMO_MAGIC	0x4d45444e	/* "NDEM" */
#define DEMO_VERSION	1
#define DEMO_MAX_UNITS	1024
#define DEMO_MAX_DIGITS	10000
#define DEMO_PIXEL_MAX	16

/**
 * struct demo_header - beginning of the firmware file
 * @magic: DEMO_MAGIC
 * @version: DEMO_VERSION
 * @inputs: pixels of a digit
 * @hidden: units of the hidden layer
 * @outputs: classes
 * @digits: digits to classify
 *
 * What follows has no padding: s32 weights[hidden][inputs], bias[hidden],
 * weights[outputs][hidden], bias[outputs]; u8 labels[digits],
 * pixels[digits][inputs], each 0 .. DEMO_PIXEL_MAX.
 */
struct demo_header {
	__le32 magic;
	__le32 version;
	__le32 inputs;
	__le32 hidden;
	__le32 outputs;
	__le32 digits;
};

/* A firmware file that was found to be sound, taken apart. */
struct demo_model {
	u32 inputs;
	u32 hidden;
	u32 outputs;
	u32 digits;
	const __le32 *words;
	size_t nr_words;
	const u8 *labels;
	const u8 *pixels;
};

static struct {
	struct neural_network *nn;
	struct dentry *dir;
	u32 outputs;
	u32 digits;
	u8 *labels;
	s32 *probabilities;	/* [digits][outputs] */
} demo;

static char *demo_file = "neural_demo.bin";
module_param_named(file, demo_file, charp, 0444);
MODULE_PARM_DESC(file, "Network and digits, a file in /lib/firmware");

static bool demo_in_range(u32 value, u32 max)
{
	return value && value <= max;
}

/*
 * The file is not trusted: every number in it is checked before it is used.  With
 * the dimensions in their limits no size below can overflow.
 */
static int demo_parse(const struct firmware *fw, struct demo_model *model)
{
	const struct demo_header *head = (const void *)fw->data;
	size_t nr_pixels, size, i;

	if (fw->size < sizeof(*head) || le32_to_cpu(head->magic) != DEMO_MAGIC ||
	    le32_to_cpu(head->version) != DEMO_VERSION) {
		pr_err("%s is not a file of this demo\n", demo_file);
		return -EINVAL;
	}
	model->inputs = le32_to_cpu(head->inputs);
	model->hidden = le32_to_cpu(head->hidden);
	model->outputs = le32_to_cpu(head->outputs);
	model->digits = le32_to_cpu(head->digits);
	if (!demo_in_range(model->inputs, DEMO_MAX_UNITS) ||
	    !demo_in_range(model->hidden, DEMO_MAX_UNITS) ||
	    !demo_in_range(model->outputs, DEMO_MAX_UNITS) ||
	    !demo_in_range(model->digits, DEMO_MAX_DIGITS)) {
		pr_err("%s: a dimension is out of range\n", demo_file);
		return -EINVAL;
	}
	model->nr_words = (size_t)model->hidden * (model->inputs + 1) +
			  (size_t)model->outputs * (model->hidden + 1);
	nr_pixels = (size_t)model->digits * model->inputs;
	size = sizeof(*head) + model->nr_words * sizeof(__le32) + model->digits +
	       nr_pixels;
	if (fw->size != size) {
		pr_err("%s: %zu bytes, should be %zu\n", demo_file, fw->size, size);
		return -EINVAL;
	}
	model->words = (const void *)(head + 1);
	model->labels = (const void *)(model->words + model->nr_words);
	model->pixels = model->labels + model->digits;
	for (i = 0; i < model->digits; i++)
		if (model->labels[i] >= model->outputs) {
			pr_err("%s: label %zu is no class\n", demo_file, i);
			return -EINVAL;
		}
	for (i = 0; i < nr_pixels; i++)
		if (model->pixels[i] > DEMO_PIXEL_MAX) {
			pr_err("%s: pixel %zu is too bright\n", demo_file, i);
			return -EINVAL;
		}
	return 0;
}

/* The API copies what it is given, so the words in CPU order live only here. */
static int demo_set_weights(struct neural_network *nn, const struct demo_model *model)
{
	const size_t n1 = (size_t)model->hidden * model->inputs;
	const size_t n2 = (size_t)model->outputs * model->hidden;
	s32 *words, *bias1, *weights2, *bias2;
	size_t i;
	int ret;

	words = kvmalloc_array(model->nr_words, sizeof(*words), GFP_KERNEL);
	if (!words)
		return -ENOMEM;
	for (i = 0; i < model->nr_words; i++)
		words[i] = le32_to_cpu(model->words[i]);
	bias1 = words + n1;
	weights2 = bias1 + model->hidden;
	bias2 = weights2 + n2;

	ret = neural_network_set_weights(nn, 0, words, n1, bias1, model->hidden);
	if (!ret)
		ret = neural_network_set_weights(nn, 1, weights2, n2, bias2,
						 model->outputs);
	kvfree(words);
	return ret;
}

static int demo_make_network(const struct demo_model *model)
{
	const struct neural_layer_desc layers[] = {
		{
			.kind = NEURAL_LAYER_DENSE,
			.activation = NEURAL_RELU,
			.units = model->hidden,
		}, {
			.kind = NEURAL_LAYER_DENSE,
			.activation = NEURAL_LINEAR,
			.units = model->outputs,
		}, {
			.kind = NEURAL_LAYER_SOFTMAX,
		},
	};
	int ret;

	demo.nn = neural_network_create_layers("digits", model->inputs, layers,
					       ARRAY_SIZE(layers));
	if (IS_ERR(demo.nn))
		return PTR_ERR(demo.nn);
	ret = demo_set_weights(demo.nn, model);
	if (ret)
		neural_network_destroy(demo.nn);
	return ret;
}

static u32 demo_best(const s32 *probabilities)
{
	u32 best = 0, i;

	for (i = 1; i < demo.outputs; i++)
		if (probabilities[i] > probabilities[best])
			best = i;
	return best;
}

static const s32 *demo_row(u32 digit)
{
	return demo.probabilities + (size_t)digit * demo.outputs;
}

static int demo_predict_all(const struct demo_model *model, s32 *in)
{
	const u8 *pixels = model->pixels;
	s32 *out = demo.probabilities;
	u32 i, j;
	int ret;

	for (i = 0; i < model->digits; i++) {
		for (j = 0; j < model->inputs; j++)
			in[j] = pixels[j] * (NEURAL_FP_ONE / DEMO_PIXEL_MAX);
		ret = neural_network_predict(demo.nn, in, out);
		if (ret)
			return ret;
		pixels += model->inputs;
		out += model->outputs;
		cond_resched();
	}
	return 0;
}

static void demo_free_results(void)
{
	kvfree(demo.probabilities);
	kvfree(demo.labels);
}

static int demo_classify(const struct demo_model *model)
{
	int ret = -ENOMEM;
	s32 *in;

	demo.outputs = model->outputs;
	demo.digits = model->digits;
	demo.labels = kvmalloc(model->digits, GFP_KERNEL);
	demo.probabilities = kvcalloc(model->digits, array_size(model->outputs, sizeof(s32)),
				      GFP_KERNEL);
	in = kvmalloc_array(model->inputs, sizeof(*in), GFP_KERNEL);
	if (demo.labels && demo.probabilities && in) {
		memcpy(demo.labels, model->labels, model->digits);
		ret = demo_predict_all(model, in);
	}
	kvfree(in);
	if (ret)
		demo_free_results();
	return ret;
}

static int demo_run(void)
{
	const struct firmware *fw;
	struct demo_model model;
	struct device *dev;
	int ret;

	/* Firmware belongs to a device; a driver would have one. */
	dev = root_device_register(KBUILD_MODNAME);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = request_firmware(&fw, demo_file, dev);
	if (ret) {
		pr_err("cannot read %s: %d\n", demo_file, ret);
		goto out_device;
	}
	ret = demo_parse(fw, &model);
	if (ret)
		goto out_firmware;
	ret = demo_make_network(&model);
	if (ret)
		goto out_firmware;
	ret = demo_classify(&model);
	if (ret)
		neural_network_destroy(demo.nn);
out_firmware:
	release_firmware(fw);
out_device:
	root_device_unregister(dev);
	return ret;
}

static void demo_report(void)
{
	struct neural_stats stats;
	u32 right = 0, percent, i;

	for (i = 0; i < demo.digits; i++)
		right += demo_best(demo_row(i)) == demo.labels[i];
	percent = (u64)right * 10000 / demo.digits;
	neural_network_get_stats(demo.nn, &stats);
	pr_info("%u digits, %u classified right: %u.%02u %%\n", demo.digits, right,
		percent / 100, percent % 100);
	pr_info("latency: p50 %llu ns, p99 %llu ns, max %llu ns\n",
		stats.p50_ns, stats.p99_ns, stats.max_ns);
}

static void *demo_results_start(struct seq_file *m, loff_t *pos)
{
	/* Line 0 is the heading.  @pos itself is the cookie, as that is never NULL. */
	return *pos <= demo.digits ? pos : NULL;
}

static void *demo_results_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return demo_results_start(m, pos);
}

static void demo_results_stop(struct seq_file *m, void *v)
{
}

static int demo_results_show(struct seq_file *m, void *v)
{
	const loff_t pos = *(loff_t *)v;
	const s32 *row;
	u32 digit, i;

	if (!pos) {
		seq_printf(m, "# network %u: digit, label, answer, probabilities in Q16.16\n",
			   neural_network_id(demo.nn));
		return 0;
	}
	digit = pos - 1;
	row = demo_row(digit);
	seq_printf(m, "%u %u %u", digit, demo.labels[digit], demo_best(row));
	for (i = 0; i < demo.outputs; i++)
		seq_printf(m, " %d", row[i]);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations demo_results_sops = {
	.start = demo_results_start,
	.next = demo_results_next,
	.stop = demo_results_stop,
	.show = demo_results_show,
};
DEFINE_SEQ_ATTRIBUTE(demo_results);

static int __init neural_demo_init(void)
{
	int ret = demo_run();

	if (ret)
		return ret;
	demo_report();
	demo.dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("results", 0400, demo.dir, NULL, &demo_results_fops);
	return 0;
}

static void __exit neural_demo_exit(void)
{
	debugfs_remove(demo.dir);
	neural_network_destroy(demo.nn);
	demo_free_results();
}

module_init(neural_demo_init);
module_exit(neural_demo_exit);
MODULE_FIRMWARE("neural_demo.bin");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Handwritten digits, classified in the kernel");
