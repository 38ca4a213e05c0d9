// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/neural.h>
#include <linux/nodemask.h>
#include <linux/sysfs.h>
#include "alloc.h"
#include "params.h"
#include "../simd/dispatch.h"

static bool neural_enable_simd = true;
static unsigned int neural_cache_timeout_ms = 1000;
static int neural_numa_policy = NEURAL_NUMA_LOCAL;
static int neural_numa_node = NUMA_NO_NODE;
static bool neural_numa_replicate;
static unsigned long long neural_max_model_bytes = 1ULL << 30;
static unsigned long long neural_max_arena_bytes = 16ULL << 20;
static unsigned long long neural_max_macs = 1ULL << 32;
static unsigned int neural_section_macs = NEURAL_SECTION_MACS;

/* Of all networks together; 0 is no limit. */
static unsigned long long neural_limits[NEURAL_LIMITS] = {
	[NEURAL_LIMIT_NETWORKS] = 1024,
	[NEURAL_LIMIT_BYTES] = 4ULL << 30,
	[NEURAL_LIMIT_MACS] = 1ULL << 36,
};

/* What was asked for before neural_simd_init() could tell what there is. */
static char neural_level_wanted[16] = "auto";
static bool neural_params_ready;

/* Serialises changes of the level, which patch code. */
static DEFINE_MUTEX(neural_level_lock);

bool neural_param_enable_simd(void)
{
	return READ_ONCE(neural_enable_simd);
}

unsigned int neural_param_cache_timeout_ms(void)
{
	return READ_ONCE(neural_cache_timeout_ms);
}

int neural_param_numa_policy(void)
{
	return READ_ONCE(neural_numa_policy);
}

int neural_param_numa_node(void)
{
	return READ_ONCE(neural_numa_node);
}

bool neural_param_numa_replicate(void)
{
	return READ_ONCE(neural_numa_replicate);
}

u64 neural_param_max_model_bytes(void)
{
	return READ_ONCE(neural_max_model_bytes);
}

u64 neural_param_max_arena_bytes(void)
{
	return READ_ONCE(neural_max_arena_bytes);
}

u64 neural_param_max_macs(void)
{
	return READ_ONCE(neural_max_macs);
}

u64 neural_param_limit(enum neural_limit which)
{
	return READ_ONCE(neural_limits[which]);
}

void neural_param_set_limit(enum neural_limit which, u64 most)
{
	WRITE_ONCE(neural_limits[which], most);
}

u32 neural_param_section_macs(void)
{
	return READ_ONCE(neural_section_macs);
}

int neural_param_set_simd(bool on)
{
	WRITE_ONCE(neural_enable_simd, on);
	return 0;
}

int neural_param_set_level(const char *name)
{
	int level = neural_simd_parse_level(name), ret;

	if (level < 0) {
		pr_err("neural: simd level '%s' is unknown\n", name);
		return level;
	}
	mutex_lock(&neural_level_lock);
	ret = neural_simd_set_level(level);
	mutex_unlock(&neural_level_lock);
	if (ret)
		pr_err("neural: this CPU does not run simd level '%s'\n", name);
	return ret;
}

int neural_param_set_cache_timeout(unsigned int ms)
{
	if (ms > NEURAL_CACHE_TIMEOUT_MAX) {
		pr_err("neural: cache timeout %u ms is more than a day\n", ms);
		return -EINVAL;
	}
	WRITE_ONCE(neural_cache_timeout_ms, ms);
	return 0;
}

int neural_param_set_numa(int policy, int node)
{
	if (policy < 0 || policy >= NEURAL_NUMA_POLICIES) {
		pr_err("neural: numa policy %d is none of 0, 1, 2\n", policy);
		return -EINVAL;
	}
	if (node != NUMA_NO_NODE &&
	    (node < 0 || node >= MAX_NUMNODES || !node_state(node, N_MEMORY))) {
		pr_err("neural: numa node %d has no memory\n", node);
		return -EINVAL;
	}
	WRITE_ONCE(neural_numa_node, node);
	WRITE_ONCE(neural_numa_policy, policy);
	return 0;
}

void neural_param_set_numa_replicate(bool on)
{
	WRITE_ONCE(neural_numa_replicate, on);
}

int neural_param_format_levels(char *buf, size_t size)
{
	int level, len = 0;

	for (level = 0; level < NEURAL_SIMD_LEVELS; level++) {
		const bool now = level == neural_simd_get_level();

		if (!neural_simd_has(level))
			continue;
		len += scnprintf(buf + len, size - len, "%s%s%s%s", len ? " " : "",
				 now ? "[" : "", neural_simd_level_names[level],
				 now ? "]" : "");
	}
	return len + scnprintf(buf + len, size - len, "\n");
}

/* Read while they are set, so both are marked; those of the kernel are not. */
static int neural_switch_param_set(const char *val, const struct kernel_param *kp)
{
	bool on;
	int ret = kstrtobool(val ?: "1", &on);

	if (!ret)
		WRITE_ONCE(*(bool *)kp->arg, on);
	return ret;
}

static int neural_switch_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%c\n", READ_ONCE(*(bool *)kp->arg) ? 'Y' : 'N');
}

static const struct kernel_param_ops neural_switch_param_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = neural_switch_param_set,
	.get = neural_switch_param_get,
};

static int neural_level_param_set(const char *val, const struct kernel_param *kp)
{
	char name[sizeof(neural_level_wanted)];

	if (strscpy(name, val, sizeof(name)) < 0)
		return -EINVAL;
	strim(name);
	if (neural_params_ready)
		return neural_param_set_level(name);
	strscpy(neural_level_wanted, name, sizeof(neural_level_wanted));
	return 0;
}

static int neural_level_param_get(char *buf, const struct kernel_param *kp)
{
	return neural_param_format_levels(buf, PAGE_SIZE);
}

static const struct kernel_param_ops neural_level_param_ops = {
	.set = neural_level_param_set,
	.get = neural_level_param_get,
};

static int neural_timeout_param_set(const char *val, const struct kernel_param *kp)
{
	unsigned int ms;
	int ret = kstrtouint(val, 0, &ms);

	return ret ?: neural_param_set_cache_timeout(ms);
}

static int neural_timeout_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", neural_param_cache_timeout_ms());
}

static const struct kernel_param_ops neural_timeout_param_ops = {
	.set = neural_timeout_param_set,
	.get = neural_timeout_param_get,
};

static int neural_policy_param_set(const char *val, const struct kernel_param *kp)
{
	int policy, ret = kstrtoint(val, 0, &policy);

	return ret ?: neural_param_set_numa(policy, neural_param_numa_node());
}

static int neural_policy_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", neural_param_numa_policy());
}

static const struct kernel_param_ops neural_policy_param_ops = {
	.set = neural_policy_param_set,
	.get = neural_policy_param_get,
};

static int neural_node_param_set(const char *val, const struct kernel_param *kp)
{
	int node, ret = kstrtoint(val, 0, &node);

	return ret ?: neural_param_set_numa(neural_param_numa_policy(), node);
}

static int neural_node_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", neural_param_numa_node());
}

static const struct kernel_param_ops neural_node_param_ops = {
	.set = neural_node_param_set,
	.get = neural_node_param_get,
};

static int neural_limit_param_set(const char *val, const struct kernel_param *kp)
{
	unsigned long long limit;
	int ret = kstrtoull(val, 0, &limit);

	if (!ret)
		WRITE_ONCE(*(unsigned long long *)kp->arg, limit);
	return ret;
}

static int neural_limit_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(*(unsigned long long *)kp->arg));
}

static const struct kernel_param_ops neural_limit_param_ops = {
	.set = neural_limit_param_set,
	.get = neural_limit_param_get,
};

static int neural_section_param_set(const char *val, const struct kernel_param *kp)
{
	unsigned int macs;
	int ret = kstrtouint(val, 0, &macs);

	if (ret)
		return ret;
	if (macs < NEURAL_SECTION_LEAST || macs > NEURAL_SECTION_LIMIT) {
		pr_err("neural: sections of %u multiply-adds are not within %u to %u\n", macs,
		       NEURAL_SECTION_LEAST, NEURAL_SECTION_LIMIT);
		return -EINVAL;
	}
	WRITE_ONCE(neural_section_macs, macs);
	return 0;
}

static int neural_section_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(neural_section_macs));
}

static const struct kernel_param_ops neural_section_param_ops = {
	.set = neural_section_param_set,
	.get = neural_section_param_get,
};

module_param_cb(neural_enable_simd, &neural_switch_param_ops, &neural_enable_simd, 0644);
MODULE_PARM_DESC(neural_enable_simd, "Use vector kernels (default: 1)");
module_param_cb(neural_simd_level, &neural_level_param_ops, NULL, 0644);
MODULE_PARM_DESC(neural_simd_level,
		 "auto, generic, sse2, avx2, avxvnni, avx512 or avx512vnni (default: auto)");
module_param_cb(neural_cache_timeout_ms, &neural_timeout_param_ops, NULL, 0644);
MODULE_PARM_DESC(neural_cache_timeout_ms,
		 "Age at which a cached prediction is dropped, for new networks (default: 1000)");
module_param_cb(neural_numa_policy, &neural_policy_param_ops, NULL, 0644);
MODULE_PARM_DESC(neural_numa_policy,
		 "Memory of new networks: 0 local, 1 interleave, 2 neural_numa_node (default: 0)");
module_param_cb(neural_numa_node, &neural_node_param_ops, NULL, 0644);
MODULE_PARM_DESC(neural_numa_node, "Node for neural_numa_policy=2 (default: -1, local)");
module_param_cb(neural_numa_replicate, &neural_switch_param_ops, &neural_numa_replicate,
		0644);
MODULE_PARM_DESC(neural_numa_replicate,
		 "Have the packed parameters of new networks on every node (default: 0)");
module_param_cb(neural_max_model_bytes, &neural_limit_param_ops,
		&neural_max_model_bytes, 0644);
MODULE_PARM_DESC(neural_max_model_bytes,
		 "Largest parameters of one network, in bytes (default: 1 GiB)");
module_param_cb(neural_max_arena_bytes, &neural_limit_param_ops,
		&neural_max_arena_bytes, 0644);
MODULE_PARM_DESC(neural_max_arena_bytes,
		 "Largest scratch memory of one prediction, in bytes (default: 16 MiB)");
module_param_cb(neural_max_macs, &neural_limit_param_ops, &neural_max_macs, 0644);
MODULE_PARM_DESC(neural_max_macs,
		 "Most multiply-adds of one prediction (default: 2^32)");
module_param_cb(neural_max_networks, &neural_limit_param_ops,
		&neural_limits[NEURAL_LIMIT_NETWORKS], 0644);
MODULE_PARM_DESC(neural_max_networks, "Most networks, 0 for no limit (default: 1024)");
module_param_cb(neural_max_total_bytes, &neural_limit_param_ops,
		&neural_limits[NEURAL_LIMIT_BYTES], 0644);
MODULE_PARM_DESC(neural_max_total_bytes,
		 "Most memory of all networks, in bytes, 0 for no limit (default: 4 GiB)");
module_param_cb(neural_max_total_macs, &neural_limit_param_ops,
		&neural_limits[NEURAL_LIMIT_MACS], 0644);
MODULE_PARM_DESC(neural_max_total_macs,
		 "Most multiply-adds of all networks, 0 for no limit (default: 2^36)");

module_param_cb(neural_section_macs, &neural_section_param_ops, &neural_section_macs, 0644);
MODULE_PARM_DESC(neural_section_macs,
		 "Multiply-adds with preemption off, 4096 to 1048576 (default: 131072)");

int neural_params_init(void)
{
	int ret = neural_param_set_level(neural_level_wanted);

	neural_params_ready = !ret;
	return ret;
}

/**
 * neural_simd_available() - does this CPU have any vector level?
 *
 * Context: any.
 */
bool neural_simd_available(void)
{
	return neural_simd_best() != NEURAL_SIMD_generic;
}
EXPORT_SYMBOL_GPL(neural_simd_available);

/**
 * neural_simd_enabled() - are vector kernels in use?
 *
 * Context: any.
 * Return: false where the CPU has none, the level is generic, or the parameter
 * neural_enable_simd is off.
 */
bool neural_simd_enabled(void)
{
	return neural_param_enable_simd() &&
	       neural_simd_get_level() != NEURAL_SIMD_generic;
}
EXPORT_SYMBOL_GPL(neural_simd_enabled);

/**
 * neural_simd_level() - name of the level in force
 *
 * Context: any.
 * Return: "generic", "sse2", "avx2", "avxvnni", "avx512" or "avx512vnni".
 */
const char *neural_simd_level(void)
{
	return neural_simd_level_names[neural_simd_get_level()];
}
EXPORT_SYMBOL_GPL(neural_simd_level);

/**
 * neural_simd_supported() - does this CPU run a level?
 * @level: its name
 *
 * Context: any.
 */
bool neural_simd_supported(const char *level)
{
	int found = level ? neural_simd_parse_level(level) : -EINVAL;

	return found >= 0 && neural_simd_has(found);
}
EXPORT_SYMBOL_GPL(neural_simd_supported);

/**
 * neural_simd_threshold() - work from which on vector kernels are used
 *
 * Context: any.
 * Return: multiply-adds for a dense layer, elements for an activation.
 */
u32 neural_simd_threshold(void)
{
	return NEURAL_SIMD_THRESHOLD;
}
EXPORT_SYMBOL_GPL(neural_simd_threshold);
