// SPDX-License-Identifier: GPL-2.0-only
/* The latency budget, which may be set by file, and what became of it. */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/sysfs.h>
#include "../network.h"
#include "sysfs.h"

/**
 * struct neural_sysfs_number - a file with one of the numbers of a budget
 * @attr: the file
 * @at: where in struct neural_budget it is
 * @wide: a u64, and not a u32
 */
struct neural_sysfs_number {
	struct device_attribute attr;
	size_t at;
	bool wide;
};

static ssize_t neural_sysfs_number_show(struct device *dev, struct device_attribute *attr,
					char *buf)
{
	const struct neural_sysfs_number *number =
		container_of(attr, struct neural_sysfs_number, attr);
	struct neural_network *nn = dev_get_drvdata(dev);
	const void *at = (const u8 *)&nn->guard.budget + number->at;

	return sysfs_emit(buf, "%llu\n", number->wide ? READ_ONCE(*(const u64 *)at) :
						       READ_ONCE(*(const u32 *)at));
}

/* Set it, if with the others it makes a budget. */
static ssize_t neural_sysfs_number_store(struct device *dev, struct device_attribute *attr,
					 const char *buf, size_t count)
{
	const struct neural_sysfs_number *number =
		container_of(attr, struct neural_sysfs_number, attr);
	struct neural_network *nn = dev_get_drvdata(dev);
	struct neural_budget budget;
	void *at = (u8 *)&budget + number->at;
	u64 value;
	int ret;

	/* Not kstrtou64() alone, which takes a sign. */
	if (!isdigit(*buf) || kstrtou64(buf, 10, &value) ||
	    (!number->wide && value > U32_MAX))
		return -EINVAL;
	mutex_lock(&nn->lock);
	budget = nn->guard.budget;
	if (number->wide)
		*(u64 *)at = value;
	else
		*(u32 *)at = value;
	ret = neural_budget_check(&budget);
	if (!ret)
		neural_guard_set(nn, &budget);
	mutex_unlock(&nn->lock);
	return ret ?: count;
}

#define NEURAL_SYSFS_NUMBER(_name, _member)				\
static struct neural_sysfs_number neural_sysfs_##_name = {		\
	.attr = __ATTR(_name, 0644, neural_sysfs_number_show,		\
		       neural_sysfs_number_store),			\
	.at = offsetof(struct neural_budget, _member),			\
	.wide = sizeof_field(struct neural_budget, _member) == sizeof(u64), \
}

NEURAL_SYSFS_NUMBER(budget_ns, ns);
NEURAL_SYSFS_NUMBER(budget_strikes, strikes);
NEURAL_SYSFS_NUMBER(budget_cooldown_ms, cooldown_ms);

static ssize_t breaker_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct neural_network *nn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  neural_guard_state_name(neural_guard_state(&nn->guard)));
}
static DEVICE_ATTR_RO(breaker);

static struct attribute *neural_guard_attrs[] = {
	&neural_sysfs_budget_ns.attr.attr,
	&neural_sysfs_budget_strikes.attr.attr,
	&neural_sysfs_budget_cooldown_ms.attr.attr,
	&dev_attr_breaker.attr,
	NULL
};

const struct attribute_group neural_sysfs_guard = {
	.attrs = neural_guard_attrs,
};
