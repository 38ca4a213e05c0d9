// SPDX-License-Identifier: GPL-2.0-only
/* The latency budget, which may be set by file, and what became of it. */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/sysfs.h>
#include "../network.h"
#include "sysfs.h"

/* Set one of the numbers, if with the others it makes a budget. */
static ssize_t neural_sysfs_budget(struct device *dev, const char *buf, size_t count,
				   void (*set)(struct neural_budget *budget, u64 number),
				   u64 most)
{
	struct neural_network *nn = dev_get_drvdata(dev);
	struct neural_budget budget;
	u64 number;
	int ret;

	/* Not kstrtou64() alone, which takes a sign. */
	if (!isdigit(*buf) || kstrtou64(buf, 10, &number) || number > most)
		return -EINVAL;
	mutex_lock(&nn->lock);
	budget = nn->guard.budget;
	set(&budget, number);
	ret = neural_budget_check(&budget);
	if (!ret)
		neural_guard_set(nn, &budget);
	mutex_unlock(&nn->lock);
	return ret ?: count;
}

static void neural_sysfs_set_ns(struct neural_budget *budget, u64 number)
{
	budget->ns = number;
}

static void neural_sysfs_set_strikes(struct neural_budget *budget, u64 number)
{
	budget->strikes = number;
}

static void neural_sysfs_set_cooldown(struct neural_budget *budget, u64 number)
{
	budget->cooldown_ms = number;
}

static ssize_t budget_ns_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%llu\n", READ_ONCE(nn->guard.budget.ns));
}

static ssize_t budget_ns_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	return neural_sysfs_budget(dev, buf, count, neural_sysfs_set_ns, U64_MAX);
}
static DEVICE_ATTR_RW(budget_ns);

static ssize_t budget_strikes_show(struct device *dev, struct device_attribute *attr,
				   char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(nn->guard.budget.strikes));
}

static ssize_t budget_strikes_store(struct device *dev, struct device_attribute *attr,
				    const char *buf, size_t count)
{
	return neural_sysfs_budget(dev, buf, count, neural_sysfs_set_strikes, U32_MAX);
}
static DEVICE_ATTR_RW(budget_strikes);

static ssize_t budget_cooldown_ms_show(struct device *dev, struct device_attribute *attr,
				       char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(nn->guard.budget.cooldown_ms));
}

static ssize_t budget_cooldown_ms_store(struct device *dev, struct device_attribute *attr,
					const char *buf, size_t count)
{
	return neural_sysfs_budget(dev, buf, count, neural_sysfs_set_cooldown, U32_MAX);
}
static DEVICE_ATTR_RW(budget_cooldown_ms);

static ssize_t breaker_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  neural_guard_state_name(neural_guard_state(&nn->guard)));
}
static DEVICE_ATTR_RO(breaker);

static struct attribute *neural_guard_attrs[] = {
	&dev_attr_budget_ns.attr,
	&dev_attr_budget_strikes.attr,
	&dev_attr_budget_cooldown_ms.attr,
	&dev_attr_breaker.attr,
	NULL
};

const struct attribute_group neural_sysfs_guard = {
	.attrs = neural_guard_attrs,
};
