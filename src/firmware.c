// SPDX-License-Identifier: GPL-2.0-only
/* Model files that come as firmware. */
#include <linux/firmware.h>
#include <linux/module.h>
#include "load.h"
#include "registry.h"

int neural_load_firmware(const char *name, struct device *dev, const struct firmware **fw)
{
	char path[NEURAL_NAME_LEN + sizeof("neural/.neural")];
	int ret;

	/* Such a name leads nowhere else. */
	if (!name || !neural_registry_name_ok(name))
		return -EINVAL;
	snprintf(path, sizeof(path), "neural/%s.neural", name);
	ret = firmware_request_nowarn(fw, path, dev);
	if (ret)
		pr_warn_ratelimited("neural: %s: no firmware %s, error %d\n", name, path,
				    -ret);
	return ret;
}

/**
 * neural_network_load_firmware() - make a network from a model file that is firmware
 * @name: of the network, and the file is neural/<name>.neural where firmware is
 * @dev: whom it is for, or NULL
 *
 * Context: process context, may sleep.
 * Return: as neural_network_load(), and what request_firmware() has: -ENOENT where
 * there is no such file.
 */
struct neural_network *neural_network_load_firmware(const char *name, struct device *dev)
{
	const struct firmware *fw;
	struct neural_network *nn;
	int ret = neural_load_firmware(name, dev, &fw);

	if (ret)
		return ERR_PTR(ret);
	nn = neural_network_load(name, fw->data, fw->size);
	release_firmware(fw);
	return nn;
}
EXPORT_SYMBOL_GPL(neural_network_load_firmware);
