// SPDX-License-Identifier: GPL-2.0-only
/* Init ladder of the module. */
#include <linux/module.h>
#include "cache.h"
#include "instance.h"
#include "network.h"
#include "params.h"
#include "../debugfs/debugfs.h"
#include "../simd/dispatch.h"
#include "surface/chardev.h"
#include "surface/sysfs.h"

static int __init neural_init(void)
{
	int ret;

	neural_simd_init();
	ret = neural_params_init();
	if (ret)
		return ret;
	ret = neural_instances_init();
	if (ret)
		return ret;
	ret = neural_caches_init();
	if (ret)
		goto out_instances;
	ret = neural_networks_init();
	if (ret)
		goto out_caches;
	ret = neural_sysfs_init();
	if (ret)
		goto out_networks;
	neural_debugfs_init();
	ret = neural_chardev_init();
	if (ret)
		goto out_surfaces;
	pr_info("neural: simd level %s\n", neural_simd_level());
	return 0;

out_surfaces:
	neural_debugfs_exit();
	neural_sysfs_exit();
out_networks:
	neural_networks_exit();
out_caches:
	neural_caches_exit();
out_instances:
	neural_instances_exit();
	return ret;
}

static void __exit neural_exit(void)
{
	neural_chardev_exit();
	neural_networks_exit();
	neural_debugfs_exit();
	neural_sysfs_exit();
	neural_caches_exit();
	neural_instances_exit();
}

module_init(neural_init);
module_exit(neural_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Fixed-point neural networks in the kernel");
