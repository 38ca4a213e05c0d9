// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parameter "handles": writing "N C B M" has so many handles of the network,
 * contexts, batches and blocks of memory held until others are written.  It reads as it
 * was written.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/numa.h>
#include <linux/sysfs.h>
#include "neural_caller.h"

#define HANDLES_MOST	64

static void *handles_get_network(void)
{
	return neural_network_get(CALLER_NAME) ?: ERR_PTR(-ENOENT);
}

static void handles_put_network(void *handle)
{
	neural_network_put(handle);
}

/* The handle it is made with goes at once: the context has one of its own. */
static void *handles_get_context(void)
{
	struct neural_network *nn = neural_network_get(CALLER_NAME);
	struct neural_context *context = neural_context_create(nn);

	neural_network_put(nn);
	return context;
}

static void handles_put_context(void *handle)
{
	neural_context_destroy(handle);
}

static void *handles_get_batch(void)
{
	return neural_batch_create(4, CALLER_IN, CALLER_OUT);
}

static void handles_put_batch(void *handle)
{
	neural_batch_destroy(handle);
}

static void *handles_get_memory(void)
{
	return neural_alloc_numa(CALLER_IN, NUMA_NO_NODE) ?: ERR_PTR(-ENOMEM);
}

static void handles_put_memory(void *handle)
{
	neural_free_numa(handle);
}

/**
 * struct handles - of one kind
 * @get: one more, or an error pointer
 * @put: one less
 * @nr: how many there are
 * @held: these
 */
struct handles {
	void *(*get)(void);
	void (*put)(void *handle);
	u32 nr;
	void *held[HANDLES_MOST];
};

static struct handles handles[] = {
	{ .get = handles_get_network, .put = handles_put_network },
	{ .get = handles_get_context, .put = handles_put_context },
	{ .get = handles_get_batch, .put = handles_put_batch },
	{ .get = handles_get_memory, .put = handles_put_memory },
};

static DEFINE_MUTEX(handles_lock);

static int handles_hold(struct handles *h, u32 nr)
{
	while (h->nr > nr)
		h->put(h->held[--h->nr]);
	while (h->nr < nr) {
		void *handle = h->get();

		if (IS_ERR(handle))
			return PTR_ERR(handle);
		h->held[h->nr++] = handle;
	}
	return 0;
}

void caller_handles_drop(void)
{
	u32 i;

	mutex_lock(&handles_lock);
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		handles_hold(&handles[i], 0);
	mutex_unlock(&handles_lock);
}

static int handles_set(const char *val, const struct kernel_param *kp)
{
	u32 nr[ARRAY_SIZE(handles)], i;
	int ret = 0;

	if (sscanf(val, "%u %u %u %u", &nr[0], &nr[1], &nr[2], &nr[3]) != 4)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		if (nr[i] > HANDLES_MOST)
			return -EINVAL;
	mutex_lock(&handles_lock);
	for (i = 0; i < ARRAY_SIZE(handles) && !ret; i++)
		ret = handles_hold(&handles[i], nr[i]);
	mutex_unlock(&handles_lock);
	return ret;
}

static int handles_show(char *buf, const struct kernel_param *kp)
{
	int len;

	mutex_lock(&handles_lock);
	len = sysfs_emit(buf, "%u %u %u %u\n", handles[0].nr, handles[1].nr,
			 handles[2].nr, handles[3].nr);
	mutex_unlock(&handles_lock);
	return len;
}

const struct kernel_param_ops caller_handles_ops = {
	.set = handles_set,
	.get = handles_show,
};
