// SPDX-License-Identifier: GPL-2.0-only
/* All networks, by id and by name. */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>
#include "handle.h"
#include "registry.h"

/* By id.  Lookups are RCU readers; the mutex makes names unique. */
static DEFINE_XARRAY_ALLOC(neural_networks);
static DEFINE_MUTEX(neural_networks_lock);

struct neural_network *neural_network_find(const char *name)
{
	struct neural_network *nn;
	unsigned long id;

	if (!name)
		return NULL;
	rcu_read_lock();
	xa_for_each(&neural_networks, id, nn)
		if (!strcmp(nn->name, name) && kref_get_unless_zero(&nn->ref))
			break;
	rcu_read_unlock();
	return nn;
}

/**
 * neural_network_get() - find a network by name
 * @name: the name it was created with
 *
 * Context: any but NMI.  Looks at every network: get once, keep the handle.
 * Return: a handle, to be dropped by neural_network_put(), or NULL, also where the module
 * is going.
 */
struct neural_network *neural_network_get(const char *name)
{
	struct neural_network *nn = neural_network_find(name);

	if (!nn || neural_handle_new())
		return nn;
	neural_network_drop(nn);
	return NULL;
}
EXPORT_SYMBOL_GPL(neural_network_get);

struct neural_network *neural_network_next(u32 *id)
{
	unsigned long index = *id;
	struct neural_network *nn;

	rcu_read_lock();
	xa_for_each_start(&neural_networks, index, nn, index)
		if (kref_get_unless_zero(&nn->ref))
			break;
	rcu_read_unlock();
	*id = index;
	return nn;
}

/* Names become directory names.  "network_" is for those that were given none. */
bool neural_registry_name_ok(const char *name)
{
	const char *c;

	if (!*name || strnlen(name, NEURAL_NAME_LEN) == NEURAL_NAME_LEN ||
	    *name == '.' || !strncmp(name, "network_", 8))
		return false;
	for (c = name; *c; c++)
		if (!isalnum(*c) && !strchr("_-.", *c))
			return false;
	return true;
}

static bool neural_network_name_taken(const char *name)
{
	struct neural_network *nn;
	unsigned long id;

	xa_for_each(&neural_networks, id, nn)
		if (!strcmp(nn->name, name))
			return true;
	return false;
}

int neural_registry_add(struct neural_network *nn)
{
	int ret;

	mutex_lock(&neural_networks_lock);
	if (*nn->name && neural_network_name_taken(nn->name)) {
		ret = -EEXIST;
		goto out_unlock;
	}
	ret = xa_alloc(&neural_networks, &nn->id, NULL, xa_limit_31b, GFP_KERNEL);
	if (ret)
		goto out_unlock;
	if (!*nn->name)
		snprintf(nn->name, sizeof(nn->name), "network_%u", nn->id);
	/* The slot is reserved, so this stores without allocating. */
	xa_store(&neural_networks, nn->id, nn, GFP_KERNEL);
out_unlock:
	mutex_unlock(&neural_networks_lock);
	return ret;
}

void neural_registry_remove(struct neural_network *nn)
{
	mutex_lock(&neural_networks_lock);
	xa_erase(&neural_networks, nn->id);
	mutex_unlock(&neural_networks_lock);
}
