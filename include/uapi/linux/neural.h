/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/neural: loading networks from model files, looking at them, predicting.
 *
 * Every ioctl takes a structure that begins with struct neural_ioc_head, whose @size
 * is that of the structure as the caller knows it.  Structures only ever grow at the
 * end.  A kernel that knows less takes a longer one whose additional bytes are zero
 * and refuses others with E2BIG; one that knows more takes the rest as zero.  Unknown
 * flags and reserved fields that are not zero are EINVAL.
 *
 * A field is written by the caller unless it says that it is filled in.  On success
 * and on refusal @head.id and @head.name are filled in where the network was found.
 *
 * Loading, replacing and unloading take CAP_SYS_ADMIN, and so do a candidate, promoting and
 * dropping it.
 */
#ifndef _UAPI_LINUX_NEURAL_H
#define _UAPI_LINUX_NEURAL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define NEURAL_DEVICE		"/dev/neural"
#define NEURAL_NAME_LEN		32	/* name of a network, with its NUL */
#define NEURAL_RULE_LEN		96	/* why a file was refused, with its NUL */
#define NEURAL_TEXT_LEN		128	/* other texts, cut off to fit, with their NUL */
#define NEURAL_IOC_RANK		6	/* dimensions of a tensor */

/**
 * struct neural_ioc_head - which network; begins every structure
 * @size: of the whole structure, in bytes
 * @flags: of the ioctl, see there
 * @id: its number; counts where @name is empty
 * @reserved: zero
 * @name: its name, NUL-terminated
 */
struct neural_ioc_head {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 reserved;
	char name[NEURAL_NAME_LEN];
};

/* There is such a network: it is to be exchanged.  Without: there is none. */
#define NEURAL_LOAD_REPLACE	(1U << 0)

/**
 * struct neural_ioc_load - argument of NEURAL_IOC_LOAD and NEURAL_IOC_LOAD_FIRMWARE
 * @head: @name is what the network is to be called; NEURAL_LOAD_*
 * @data: address of the model file; zero for NEURAL_IOC_LOAD_FIRMWARE, which reads
 *	neural/<name>.neural as firmware
 * @bytes: its size; likewise
 * @generation: filled in: number of the set of parameters now in force
 * @offset: filled in on refusal: where in the file, zero where there is no place
 * @layer: likewise: in which node
 * @unit: likewise: at which output of it
 * @rule: likewise: what was broken; empty where it was not the file
 *
 * EEXIST: the name is taken.  ENOENT: no network to replace, or no such firmware.
 * EINVAL: a bad name, not a model, or for another input or output.  ERANGE: a sum
 * could overflow.  EOPNOTSUPP: a version, feature or operation this module does not
 * know, or a network that is not from a file.  E2BIG: past a limit of the module, or
 * see above.  EDQUOT: past a limit on all networks together.  EBADMSG, EKEYREJECTED,
 * ENOKEY, ENOPKG: its signature, or that it has none.
 */
struct neural_ioc_load {
	struct neural_ioc_head head;
	__u64 data;
	__u64 bytes;
	__u64 generation;
	__u64 offset;
	__u32 layer;
	__u32 unit;
	char rule[NEURAL_RULE_LEN];
};

/**
 * struct neural_ioc_unload - argument of NEURAL_IOC_UNLOAD
 * @head: the network
 *
 * EBUSY: it belongs to a driver.
 */
struct neural_ioc_unload {
	struct neural_ioc_head head;
};

/* The network with the smallest id not below @head.id; @head.name is empty. */
#define NEURAL_INFO_NEXT	(1U << 0)

/* What @state may have */
#define NEURAL_STATE_READY	(1U << 0)	/* it predicts */
#define NEURAL_STATE_MODEL	(1U << 1)	/* it is from a model file */
#define NEURAL_STATE_LOADED	(1U << 2)	/* by way of this device: may be unloaded */
#define NEURAL_STATE_SIGNED	(1U << 3)	/* its file, by a key the kernel trusts */

/**
 * struct neural_ioc_info - argument of NEURAL_IOC_INFO
 * @head: the network; NEURAL_INFO_NEXT
 * @in_bytes: filled in, as all that follow: size of an input row
 * @out_bytes: size of an output row
 * @generation: number of the set of parameters in force
 * @macs: multiply-adds of a row
 * @arena_bytes: scratch memory of one prediction
 * @file_bytes: size of the model file, zero where there is none
 * @memory_bytes: memory held, all of it
 * @state: NEURAL_STATE_*
 * @nodes: layers, or nodes of the model
 * @nr_inputs: tensors in an input row
 * @nr_outputs: tensors in an output row
 * @nr_labels: labels of the outputs
 * @reserved: zero
 * @description: what the model says of itself
 * @budget_ns: latency budget of a call, 0 for none
 * @budget_strikes: calls over budget in a row that open the breaker
 * @budget_cooldown_ms: milliseconds until a probe
 * @breaker: enum neural_breaker_state
 * @nr_ranges: ranges of inputs the model has
 * @nr_bounds: bounds of outputs it has
 * @reserved2: zero
 *
 * ENOENT: there is no such network, or with NEURAL_INFO_NEXT no more of them.
 */
struct neural_ioc_info {
	struct neural_ioc_head head;
	__u64 in_bytes;
	__u64 out_bytes;
	__u64 generation;
	__u64 macs;
	__u64 arena_bytes;
	__u64 file_bytes;
	__u64 memory_bytes;
	__u32 state;
	__u32 nodes;
	__u32 nr_inputs;
	__u32 nr_outputs;
	__u32 nr_labels;
	__u32 reserved;
	char description[NEURAL_TEXT_LEN];
	__u64 budget_ns;
	__u32 budget_strikes;
	__u32 budget_cooldown_ms;
	__u32 breaker;
	__u32 nr_ranges;
	__u32 nr_bounds;
	__u32 reserved2;
};

/* Of the outputs, not of the inputs. */
#define NEURAL_TENSOR_OUTPUT	(1U << 0)

/**
 * struct neural_ioc_tensor - argument of NEURAL_IOC_TENSOR
 * @head: the network; NEURAL_TENSOR_OUTPUT
 * @index: which of its inputs or outputs
 * @dtype: filled in, as all that follow: enum neural_dtype of <linux/neural_model.h>
 * @rank: dimensions
 * @dim: outermost first; zero past @rank
 * @scale: IEEE single, real = scale * (value - zero_point); zero for none
 * @zero_point: the value that stands for 0.0
 * @frac: fraction bits
 * @reserved: zero
 * @offset: bytes from the start of a row
 * @bytes: of the tensor
 * @tensor: its name
 *
 * ENOENT: no such network.  ERANGE: no such tensor.
 */
struct neural_ioc_tensor {
	struct neural_ioc_head head;
	__u32 index;
	__u32 dtype;
	__u32 rank;
	__u32 dim[NEURAL_IOC_RANK];
	__u32 scale;
	__s32 zero_point;
	__u32 frac;
	__u32 reserved[2];
	__u64 offset;
	__u64 bytes;
	char tensor[NEURAL_TEXT_LEN];
};

/**
 * struct neural_ioc_predict - argument of NEURAL_IOC_PREDICT
 * @head: the network; no flags
 * @in: address of @rows input rows, as the network's tensors say
 * @out: address for as many output rows
 * @in_bytes: @rows times the size of an input row
 * @out_bytes: @rows times the size of an output row
 * @rows: how many, may be zero
 * @done: filled in: rows written before the end or an error
 *
 * The rows run in groups.  A group runs wholly on one set of parameters; where a
 * network is replaced meanwhile, later ones run on the new set.
 *
 * EINVAL: sizes that are not @rows times that of a row.  ENODATA: the network has no
 * parameters yet.  EINTR: killed.  EAGAIN: the breaker of its latency budget is open.
 * ERANGE: an answer of the next group was out of bounds, and none of them is written.
 */
struct neural_ioc_predict {
	struct neural_ioc_head head;
	__u64 in;
	__u64 out;
	__u64 in_bytes;
	__u64 out_bytes;
	__u32 rows;
	__u32 done;
};

/**
 * struct neural_ioc_copy - argument of NEURAL_IOC_SAVE and NEURAL_IOC_LABELS
 * @head: the network; no flags
 * @data: address the bytes go to
 * @bytes: room there; filled in: how many there are
 *
 * NEURAL_IOC_SAVE gives a model file that loads to the same network;
 * NEURAL_IOC_LABELS the labels of the outputs, each with its NUL.  With no room at all
 * only @bytes is filled in.  ENOSPC: too little room.  ENODATA: the network has no
 * parameters yet.
 */
struct neural_ioc_copy {
	struct neural_ioc_head head;
	__u64 data;
	__u64 bytes;
};

/* Breaker of the latency budget of a network. */
enum neural_breaker_state {
	NEURAL_BREAKER_CLOSED,		/* predictions run */
	NEURAL_BREAKER_OPEN,		/* they are refused */
	NEURAL_BREAKER_HALF_OPEN,	/* all but one that runs as a probe */
};

/**
 * struct neural_ioc_stats - argument of NEURAL_IOC_STATS
 * @head: the network; no flags
 * @predictions: filled in, as all that follow: rows predicted
 * @errors: calls refused
 * @cache_hits: rows answered from the prediction cache
 * @cache_misses: rows looked up and not found there
 * @simd_steps: kernel calls served by vector kernels
 * @fallback_steps: kernel calls that could not have the FPU
 * @mean_ns: mean latency of a call
 * @min_ns: smallest, as the next five within an eighth
 * @max_ns: largest
 * @p50_ns: median
 * @p90_ns: 90th percentile
 * @p95_ns: 95th percentile
 * @p99_ns: 99th percentile
 * @bytes: memory held now
 * @bytes_peak: most ever held
 * @over_budget: calls that took longer than the latency budget
 * @refused: calls that met an open breaker
 * @breaker_opened: how often it opened
 * @out_of_range: rows with an element out of its range
 * @out_of_range_most: most such elements of a row
 * @out_of_bounds: calls whose answer was out of bounds
 * @breaker: enum neural_breaker_state
 * @reserved: zero
 * @section_max_ns: longest FPU section of the calls timed
 * @preempt_off_max_ns: longest time they kept preemption off
 * @cache_bypassed: rows not looked up, because the cache does not pay
 * @cache_evictions: entries whose answer had to go for another one
 * @cache_failures: answers a tier of the cache could not take
 * @cache_shrunk: entries given up where the machine was short of memory
 */
struct neural_ioc_stats {
	struct neural_ioc_head head;
	__u64 predictions;
	__u64 errors;
	__u64 cache_hits;
	__u64 cache_misses;
	__u64 simd_steps;
	__u64 fallback_steps;
	__u64 mean_ns;
	__u64 min_ns;
	__u64 max_ns;
	__u64 p50_ns;
	__u64 p90_ns;
	__u64 p95_ns;
	__u64 p99_ns;
	__u64 bytes;
	__u64 bytes_peak;
	__u64 over_budget;
	__u64 refused;
	__u64 breaker_opened;
	__u64 out_of_range;
	__u64 out_of_range_most;
	__u64 out_of_bounds;
	__u32 breaker;
	__u32 reserved;
	__u64 section_max_ns;
	__u64 preempt_off_max_ns;
	__u64 cache_bypassed;
	__u64 cache_evictions;
	__u64 cache_failures;
	__u64 cache_shrunk;
};

/**
 * struct neural_ioc_candidate - argument of NEURAL_IOC_CANDIDATE
 * @head: the network, which is from a model file; no flags
 * @data: address of the model file that is to be the candidate
 * @bytes: its size
 * @share: of a thousand calls so many are answered by it; 0 for a shadow
 * @every: as a shadow it sees one of so many calls; 0 for 1, up to 1000000
 * @offset: filled in on refusal: where in the file, zero where there is no place
 * @layer: likewise: in which node
 * @unit: likewise: at which output of it
 * @rule: likewise: what was broken; empty where it was not the file
 *
 * A candidate sees what the network is asked and is compared with what it answers, or
 * answers a share of it.  It takes the place of the candidate there was before.
 *
 * ENOENT: no such network.  Otherwise as NEURAL_IOC_LOAD with NEURAL_LOAD_REPLACE.
 */
struct neural_ioc_candidate {
	struct neural_ioc_head head;
	__u64 data;
	__u64 bytes;
	__u32 share;
	__u32 every;
	__u64 offset;
	__u32 layer;
	__u32 unit;
	char rule[NEURAL_RULE_LEN];
};

/**
 * struct neural_ioc_promote - argument of NEURAL_IOC_PROMOTE
 * @head: the network; no flags
 * @generation: filled in: number of the set of parameters now in force
 *
 * The candidate takes the place of what is in force.  ENOENT: no such network; ENODATA: it
 * has no candidate.
 */
struct neural_ioc_promote {
	struct neural_ioc_head head;
	__u64 generation;
};

/**
 * struct neural_ioc_drop - argument of NEURAL_IOC_DROP
 * @head: the network, whose candidate is to go; no flags
 *
 * ENOENT: no such network; ENODATA: it has no candidate.
 */
struct neural_ioc_drop {
	struct neural_ioc_head head;
};

/**
 * struct neural_ioc_candidate_stats - argument of NEURAL_IOC_CANDIDATE_STATS
 * @head: the network; no flags
 * @share: filled in, as all that follow: of a thousand calls so many are answered by it
 * @every: as a shadow it sees one of so many calls
 * @calls: calls seen as a shadow
 * @rows: rows of them, each compared with the answer
 * @equal: of those, with the same bytes in every output
 * @agree: of those, with the largest element of every output in the same place
 * @most_difference: the largest difference of two elements, as they are stored
 * @mean_ns: time a call seen took longer for that, in the mean
 * @answered_calls: calls answered instead of what is in force
 * @answered: rows of them
 * @macs: multiply-adds of a row
 * @errors: of the rows compared, with an element out of bounds, which would have been
 *	refused
 * @answered_mean_ns: mean latency of the calls it answered
 * @answered_max_ns: largest
 * @kept_calls: calls that were left to what is in force, while it answered a share
 * @kept_mean_ns: mean latency of these
 * @kept_max_ns: largest
 *
 * ENOENT: no such network; ENODATA: it has no candidate.
 */
struct neural_ioc_candidate_stats {
	struct neural_ioc_head head;
	__u32 share;
	__u32 every;
	__u64 calls;
	__u64 rows;
	__u64 equal;
	__u64 agree;
	__u64 most_difference;
	__u64 mean_ns;
	__u64 answered_calls;
	__u64 answered;
	__u64 macs;
	__u64 errors;
	__u64 answered_mean_ns;
	__u64 answered_max_ns;
	__u64 kept_calls;
	__u64 kept_mean_ns;
	__u64 kept_max_ns;
};

/* Without a size in the number, so that it stays as structures grow. */
#define NEURAL_IOC_TYPE		0xbd

#define NEURAL_IOC_LOAD		_IO(NEURAL_IOC_TYPE, 0)	/* struct neural_ioc_load */
#define NEURAL_IOC_LOAD_FIRMWARE _IO(NEURAL_IOC_TYPE, 1)	/* struct neural_ioc_load */
#define NEURAL_IOC_UNLOAD	_IO(NEURAL_IOC_TYPE, 2)	/* struct neural_ioc_unload */
#define NEURAL_IOC_INFO		_IO(NEURAL_IOC_TYPE, 3)	/* struct neural_ioc_info */
#define NEURAL_IOC_TENSOR	_IO(NEURAL_IOC_TYPE, 4)	/* struct neural_ioc_tensor */
#define NEURAL_IOC_LABELS	_IO(NEURAL_IOC_TYPE, 5)	/* struct neural_ioc_copy */
#define NEURAL_IOC_PREDICT	_IO(NEURAL_IOC_TYPE, 6)	/* struct neural_ioc_predict */
#define NEURAL_IOC_SAVE		_IO(NEURAL_IOC_TYPE, 7)	/* struct neural_ioc_copy */
#define NEURAL_IOC_STATS	_IO(NEURAL_IOC_TYPE, 8)	/* struct neural_ioc_stats */
#define NEURAL_IOC_CANDIDATE	_IO(NEURAL_IOC_TYPE, 9)	/* struct neural_ioc_candidate */
#define NEURAL_IOC_PROMOTE	_IO(NEURAL_IOC_TYPE, 10)	/* struct neural_ioc_promote */
#define NEURAL_IOC_DROP		_IO(NEURAL_IOC_TYPE, 11)	/* struct neural_ioc_drop */
/* struct neural_ioc_candidate_stats */
#define NEURAL_IOC_CANDIDATE_STATS _IO(NEURAL_IOC_TYPE, 12)

#endif /* _UAPI_LINUX_NEURAL_H */
