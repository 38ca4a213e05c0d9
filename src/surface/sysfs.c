// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/sizes.h>
#include <linux/sysfs.h>
#include "../compat.h"
#include "../config.h"
#include "../instance.h"
#include "sysfs.h"

static struct class *neural_class;

#define NEURAL_SYSFS_ATTR(_name, _format, _value)			\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, \
			    char *buf)					\
{									\
	struct neural_network *nn = dev_get_drvdata(dev);		\
									\
	return sysfs_emit(buf, _format "\n", _value);			\
}									\
static DEVICE_ATTR_RO(_name)

static u64 neural_sysfs_predictions(struct neural_network *nn)
{
	struct neural_stats stats;

	neural_network_get_stats(nn, &stats);
	return stats.predictions;
}

static u64 neural_sysfs_macs(struct neural_network *nn)
{
	struct neural_instance *instance;
	u64 macs;

	mutex_lock(&nn->lock);
	instance = neural_instance_of(nn);
	macs = instance ? instance->plan->macs : 0;
	mutex_unlock(&nn->lock);
	return macs;
}

static size_t neural_sysfs_arena(struct neural_network *nn)
{
	struct neural_instance *instance;
	size_t bytes;

	mutex_lock(&nn->lock);
	instance = neural_instance_of(nn);
	bytes = instance ? instance->plan->arena_bytes : 0;
	mutex_unlock(&nn->lock);
	return bytes;
}

/* Types of the tensors of a row, in order: "s8 s8". */
static ssize_t neural_sysfs_types(struct neural_network *nn, char *buf, bool output)
{
	static const char *const names[] = {
		[NEURAL_S8] = "s8",
		[NEURAL_S16] = "s16",
		[NEURAL_S32] = "s32",
		[NEURAL_S64] = "s64",
	};
	struct neural_tensor **tensors;
	int len = 0;
	u32 i, nr;

	mutex_lock(&nn->lock);
	if (nn->model) {
		tensors = output ? nn->model->outputs : nn->model->inputs;
		nr = output ? nn->model->nr_outputs : nn->model->nr_inputs;
		for (i = 0; i < nr; i++)
			len += sysfs_emit_at(buf, len, "%s%s", i ? " " : "",
					     names[tensors[i]->dtype]);
	} else {
		len += sysfs_emit_at(buf, len, "%s", names[NEURAL_S32]);
	}
	mutex_unlock(&nn->lock);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t input_type_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return neural_sysfs_types(dev_get_drvdata(dev), buf, false);
}
static DEVICE_ATTR_RO(input_type);

static ssize_t output_type_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	return neural_sysfs_types(dev_get_drvdata(dev), buf, true);
}
static DEVICE_ATTR_RO(output_type);

static ssize_t description_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);
	const char *text;
	ssize_t len;

	mutex_lock(&nn->lock);
	text = nn->model ? nn->model->text.description : "";
	len = sysfs_emit(buf, "%.*s\n", neural_string_fit(text, SZ_1K), text);
	mutex_unlock(&nn->lock);
	return len;
}
static DEVICE_ATTR_RO(description);

static bool neural_sysfs_trusted(struct neural_network *nn)
{
	bool is_signed;

	mutex_lock(&nn->lock);
	is_signed = nn->model && nn->model->is_signed;
	mutex_unlock(&nn->lock);
	return is_signed;
}

NEURAL_SYSFS_ATTR(id, "%u", nn->id);
NEURAL_SYSFS_ATTR(input_size, "%u", nn->input);
NEURAL_SYSFS_ATTR(output_size, "%u", nn->output);
NEURAL_SYSFS_ATTR(input_bytes, "%zu", nn->in_bytes);
NEURAL_SYSFS_ATTR(output_bytes, "%zu", nn->out_bytes);
NEURAL_SYSFS_ATTR(layers, "%u", READ_ONCE(nn->nr_layers));
NEURAL_SYSFS_ATTR(macs, "%llu", neural_sysfs_macs(nn));
NEURAL_SYSFS_ATTR(arena, "%zu", neural_sysfs_arena(nn));
NEURAL_SYSFS_ATTR(predictions, "%llu", neural_sysfs_predictions(nn));
NEURAL_SYSFS_ATTR(memory, "%lld", atomic64_read(&nn->account.now));
NEURAL_SYSFS_ATTR(memory_peak, "%lld", atomic64_read(&nn->account.peak));
NEURAL_SYSFS_ATTR(simd_level, "%s", neural_config_level(nn));
NEURAL_SYSFS_ATTR(trusted, "%d", neural_sysfs_trusted(nn));
NEURAL_SYSFS_ATTR(generation, "%llu", READ_ONCE(nn->generation));

static struct attribute *neural_attrs[] = {
	&dev_attr_id.attr,
	&dev_attr_input_size.attr,
	&dev_attr_output_size.attr,
	&dev_attr_input_bytes.attr,
	&dev_attr_output_bytes.attr,
	&dev_attr_input_type.attr,
	&dev_attr_output_type.attr,
	&dev_attr_description.attr,
	&dev_attr_layers.attr,
	&dev_attr_macs.attr,
	&dev_attr_arena.attr,
	&dev_attr_predictions.attr,
	&dev_attr_memory.attr,
	&dev_attr_memory_peak.attr,
	&dev_attr_simd_level.attr,
	&dev_attr_generation.attr,
	&dev_attr_trusted.attr,
	NULL
};

static const struct attribute_group neural_group = {
	.attrs = neural_attrs,
};

static const struct attribute_group *neural_groups[] = {
	&neural_group,
	&neural_sysfs_guard,
	NULL
};

static int neural_sysfs_add(struct neural_network *nn)
{
	struct device *dev = device_create_with_groups(neural_class, NULL, MKDEV(0, 0), nn,
						       neural_groups, "%s", nn->name);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	nn->dev = dev;
	return 0;
}

/* Waits for whoever is inside an attribute. */
static void neural_sysfs_remove(struct neural_network *nn)
{
	if (nn->dev)
		device_unregister(nn->dev);
	nn->dev = NULL;
}

static struct neural_surface neural_sysfs_surface = {
	.add = neural_sysfs_add,
	.remove = neural_sysfs_remove,
};

int neural_sysfs_init(void)
{
	neural_class = neural_compat_class_create("neural");
	if (IS_ERR(neural_class))
		return PTR_ERR(neural_class);
	neural_surface_register(&neural_sysfs_surface);
	return 0;
}

void neural_sysfs_exit(void)
{
	class_destroy(neural_class);
}
