/* SPDX-License-Identifier: GPL-2.0-only */
/* A network: named, refcounted, owner of layers and of the current instance. */
#ifndef _NEURAL_NETWORK_H
#define _NEURAL_NETWORK_H

#include <linux/cache.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/neural.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>
#include "alloc.h"
#include "env.h"
#include "guard.h"
#include "ops/source.h"
#include "ranges.h"

struct dentry;
struct neural_cache;
struct neural_candidate;
struct neural_counters;
struct neural_instance;
struct neural_model;

/* Bits of a network's state. */
enum neural_network_state {
	NEURAL_NETWORK_LOADED,	/* the module's own, from the device; whoever clears it
				 * destroys the network
				 */
};

/**
 * struct neural_network - see <linux/neural.h>
 * @ref: references, handles among them
 * @pins: what keeps the memory: all references together count one, each instance one
 * @id: stable number, from 0
 * @name: unique
 * @words: every element of its rows is an s32, without gaps
 * @input: elements of an input row
 * @output: elements of an output row
 * @in_bytes: size of an input row
 * @out_bytes: size of an output row
 * @align: what rows have to be aligned to
 * @simd: use vector kernels, if the module does
 * @level: SIMD level of this network, negative to follow the module
 * @profiling: take the time of each layer
 * @watch: what predictions look at besides, see enum neural_watch; 0 for nothing
 * @cache_bypass: pass the cache by where it does not pay
 * @cache_timeout_ms: age at which a cached prediction is dropped
 * @instance: what predictions run on; NULL until all layers have parameters
 * @candidate: what may take its place, or NULL
 * @cache: prediction cache, NULL while it has no entries
 * @counters: per CPU
 * @checks: what is done with ranges and bounds
 * @guard: latency budget and breaker
 * @state: see enum neural_network_state
 * @lock: layers or model, building and replacing the instance, configuration
 * @generation: of the instance in force
 * @cache_entries: as configured
 * @replicate: parameters are to be on every node
 * @nr_layers: layers, or nodes of the model
 * @layers: with parameters as set; NULL where it is from a model file
 * @model: the file and what is in it; NULL where it is made of layers
 * @account: memory
 * @dev: in sysfs
 * @debugfs: directory
 * @free_work: last step of its life
 */
struct neural_network {
	/* Read by every prediction, written by hand: nothing in this line is written else. */
	bool words;
	bool simd;
	bool profiling;
	bool cache_bypass;
	int level;
	unsigned int cache_timeout_ms;
	u32 id;
	unsigned long watch;
	struct neural_instance __rcu *instance;
	struct neural_cache __rcu *cache;
	struct neural_counters __percpu *counters;
	size_t in_bytes;
	size_t out_bytes;

	/* Hardly ever written either. */
	struct neural_candidate __rcu *candidate;
	size_t align;
	u32 input;
	u32 output;
	char name[NEURAL_NAME_LEN];
	unsigned long state;
	struct neural_checks checks;
	struct neural_guard guard;

	/* Written with every one that is taken or dropped, by /dev/neural in each call. */
	struct kref ref ____cacheline_aligned;
	refcount_t pins;

	/* Layers or model, building and replacing the instance, configuration. */
	struct mutex lock;
	u64 generation;
	u32 cache_entries;
	bool replicate;
	u32 nr_layers;
	struct neural_source *layers;
	struct neural_model *model;
	struct neural_account account;
	struct device *dev;
	struct dentry *debugfs;
	struct rcu_work free_work;
};

/**
 * struct neural_surface - a place where networks are shown
 * @list: of surfaces
 * @add: show a new network; a surface that cannot is no reason not to have it
 * @remove: forget it; nobody is inside when this returns
 */
struct neural_surface {
	struct list_head list;
	int (*add)(struct neural_network *nn);
	void (*remove)(struct neural_network *nn);
};

int neural_networks_init(void);
void neural_networks_exit(void);

/* During module init and exit only. */
void neural_surface_register(struct neural_surface *surface);

/*
 * A network without anything in it, that nobody else knows.  @name may be NULL.
 * neural_network_drop() takes it away.  -EINVAL for a bad name, -EDQUOT for one too
 * many, -ENOMEM.
 */
struct neural_network *neural_network_new(const char *name);

/* On all surfaces, once it is in the registry. */
void neural_network_show(struct neural_network *nn);

/*
 * References, as the module has them for itself: handles of other modules are one each and
 * keep the module as well, see handle.h.  Taking one wants one; NULL and error pointers
 * are dropped without harm.  Any context but NMI.
 */
struct neural_network *neural_network_hold(struct neural_network *nn);
void neural_network_drop(struct neural_network *nn);

/* As neural_network_get(), with a reference. */
struct neural_network *neural_network_find(const char *name);

/*
 * The network with the smallest id not below *@id, with a reference, and its id;
 * NULL if there is none.
 */
struct neural_network *neural_network_next(u32 *id);

/* As neural_network_destroy(), of one that nobody has a handle from making it on. */
void neural_network_remove(struct neural_network *nn);

/* The memory of @nn stays while this is held. */
void neural_network_pin(struct neural_network *nn);
void neural_network_unpin(struct neural_network *nn);

#endif /* _NEURAL_NETWORK_H */
