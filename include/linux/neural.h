/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In-kernel fixed-point neural networks.
 *
 * A network is made of layers, and then all numbers are Q16.16: s32 with 65536 standing
 * for 1.0; or it is loaded from a model file, see <uapi/linux/neural_model.h>, and then
 * its inputs and outputs are of the types the file says.  It is an opaque,
 * reference-counted handle; a prediction runs on an immutable instance of it, so
 * weights and models may be replaced while other CPUs predict.
 *
 * Whatever is handed out here and is to be given back, a network by its maker or by name, a
 * context, a batch, memory, keeps the module until then, one module reference each: rmmod
 * is refused meanwhile, also where whoever had it is gone without giving it back.  A
 * network loaded by way of /dev/neural keeps nothing and goes with the module.
 */
#ifndef _LINUX_NEURAL_H
#define _LINUX_NEURAL_H

#include <linux/math64.h>
#include <linux/types.h>
#include <uapi/linux/neural.h>

/* Limits, checked by every function that takes a size. */
#define NEURAL_MAX_UNITS	65536	/* inputs or outputs of a layer */
#define NEURAL_MAX_LAYERS	1024	/* layers of a network */
#define NEURAL_MAX_BATCH	65536	/* rows of a batch */

#define NEURAL_CACHE_LINE_SIZE	64
#define NEURAL_ALIGN		__aligned(NEURAL_CACHE_LINE_SIZE)

/* Q16.16 */
#define NEURAL_FP_SHIFT		16
#define NEURAL_FP_ONE		(1 << NEURAL_FP_SHIFT)
#define NEURAL_FP_MAX		((s32)0x7fffffff)
#define NEURAL_FP_MIN		((s32)(-0x7fffffff - 1))

/* 0.01 in Q0.31, the slope of leaky_relu where a layer gives none. */
#define NEURAL_LEAKY_SLOPE_DEFAULT	21474836

/**
 * INT_TO_FP() - an integer in Q16.16
 * @i: integer, -32768 .. 32767 (anything else does not fit)
 */
#define INT_TO_FP(i)		((s32)((u32)(i) << NEURAL_FP_SHIFT))

/**
 * FP_TO_INT() - the integer nearest to a Q16.16 value, half away from minus infinity
 * @x: Q16.16 value
 */
#define FP_TO_INT(x)		((s32)(((s64)(x) + NEURAL_FP_ONE / 2) >> NEURAL_FP_SHIFT))

/**
 * neural_fp_mul() - product of two Q16.16 values
 * @a: factor
 * @b: factor
 *
 * Return: the product, rounded half up and saturated.
 */
static inline s32 neural_fp_mul(s32 a, s32 b)
{
	s64 p = ((s64)a * b + NEURAL_FP_ONE / 2) >> NEURAL_FP_SHIFT;

	if (p > NEURAL_FP_MAX)
		return NEURAL_FP_MAX;
	return p < NEURAL_FP_MIN ? NEURAL_FP_MIN : (s32)p;
}

/**
 * neural_fp_div() - quotient of two Q16.16 values
 * @a: dividend
 * @b: divisor; zero gives the largest value of @a's sign
 *
 * Return: the quotient, truncated and saturated.
 */
static inline s32 neural_fp_div(s32 a, s32 b)
{
	s64 q;

	if (!b)
		return a < 0 ? NEURAL_FP_MIN : NEURAL_FP_MAX;
	q = div_s64((s64)a * NEURAL_FP_ONE, b);
	if (q > NEURAL_FP_MAX)
		return NEURAL_FP_MAX;
	return q < NEURAL_FP_MIN ? NEURAL_FP_MIN : (s32)q;
}

/**
 * enum neural_layer_kind - what a layer computes
 * @NEURAL_LAYER_DENSE: activation(weights * x + bias)
 * @NEURAL_LAYER_SOFTMAX: softmax over the whole vector; no weights
 * @NEURAL_LAYER_BATCH_NORM: activation(gamma * (x - mean) / sqrt(variance +
 *	epsilon) + beta); folded into the dense layer before it where that one is
 *	linear, otherwise a layer of its own
 */
enum neural_layer_kind {
	NEURAL_LAYER_DENSE,
	NEURAL_LAYER_SOFTMAX,
	NEURAL_LAYER_BATCH_NORM,
};

/**
 * enum neural_activation - function applied to a dense or batch-norm layer
 * @NEURAL_LINEAR: none
 * @NEURAL_RELU: max(x, 0)
 * @NEURAL_LEAKY_RELU: x, or slope * x below zero
 * @NEURAL_SIGMOID: 1 / (1 + exp(-x))
 * @NEURAL_TANH: tanh(x)
 *
 * Each is within one LSB of the real function for every input.
 */
enum neural_activation {
	NEURAL_LINEAR,
	NEURAL_RELU,
	NEURAL_LEAKY_RELU,
	NEURAL_SIGMOID,
	NEURAL_TANH,
};

/**
 * struct neural_layer_desc - one layer of a network to be created
 * @kind: what it computes
 * @activation: what follows; must be NEURAL_LINEAR for softmax
 * @units: outputs, 1 .. NEURAL_MAX_UNITS; softmax and batch-norm keep the width
 *	of the layer before, and say that width or 0
 * @slope: leaky_relu only: slope below zero, Q0.31, 0 for 0.01; not negative
 */
struct neural_layer_desc {
	enum neural_layer_kind kind;
	enum neural_activation activation;
	u32 units;
	s32 slope;
};

/**
 * struct neural_layer_weights - parameters of a dense layer
 * @weights: row-major, weight of input i to output j at [j * inputs + i], Q16.16
 * @nr_weights: elements in @weights, has to be inputs * units
 * @bias: one per output, Q16.16; may be NULL for none
 * @nr_bias: elements in @bias, has to be units, or 0 with a NULL @bias
 */
struct neural_layer_weights {
	const s32 *weights;
	size_t nr_weights;
	const s32 *bias;
	size_t nr_bias;
};

/**
 * struct neural_batch_norm - parameters of a batch-norm layer
 * @gamma: factor per unit, Q16.16
 * @beta: addend per unit, Q16.16
 * @mean: mean per unit, Q16.16
 * @variance: variance per unit, Q16.16, not negative
 * @units: elements in each of the above
 * @epsilon: added to the variance, Q0.32 (0.001 is 4294967)
 */
struct neural_batch_norm {
	const s32 *gamma;
	const s32 *beta;
	const s32 *mean;
	const s32 *variance;
	size_t units;
	u32 epsilon;
};

/**
 * struct neural_stats - counters of one network since it was made or reset
 * @predictions: rows predicted
 * @errors: calls refused
 * @cache_hits: rows answered from the prediction cache
 * @cache_misses: rows looked up and not found there
 * @cache_bypassed: rows not looked up, because the cache does not pay
 * @cache_evictions: entries whose answer had to go for another one
 * @cache_failures: answers a tier of the cache could not take: somebody else was at it,
 *	or its memory had been given up
 * @cache_shrunk: entries given up where the machine was short of memory
 * @simd_steps: kernel calls served by vector kernels
 * @fallback_steps: kernel calls that were to be, and got the generic kernel because
 *	the FPU could not be used there
 * @mean_ns: mean latency of a call, in nanoseconds; this and the others of the calls
 *	that were timed, which are all but the very short ones, and a sixteenth of those
 * @min_ns: smallest; this and the next five from a log-linear histogram, so
 *	within an eighth
 * @max_ns: largest
 * @p50_ns: median
 * @p90_ns: 90th percentile
 * @p95_ns: 95th percentile
 * @p99_ns: 99th percentile
 * @bytes: memory held now
 * @bytes_peak: most ever held
 * @over_budget: calls that took longer than the latency budget
 * @refused: calls that met an open breaker
 * @breaker_opened: how often it opened, since the network was made
 * @breaker: what it is now, an enum neural_breaker_state
 * @out_of_range: rows with an element out of the range its model has for it, while
 *	these are counted
 * @out_of_range_most: most such elements of a row
 * @out_of_bounds: calls whose answer was out of bounds and not given
 * @section_max_ns: longest FPU section, with getting into it and out of it; this and the
 *	next of the calls that were timed, and exact
 * @preempt_off_max_ns: longest time a prediction kept preemption off, or found it off
 */
struct neural_stats {
	u64 predictions;
	u64 errors;
	u64 cache_hits;
	u64 cache_misses;
	u64 cache_bypassed;
	u64 cache_evictions;
	u64 cache_failures;
	u64 cache_shrunk;
	u64 simd_steps;
	u64 fallback_steps;
	u64 mean_ns;
	u64 min_ns;
	u64 max_ns;
	u64 p50_ns;
	u64 p90_ns;
	u64 p95_ns;
	u64 p99_ns;
	u64 bytes;
	u64 bytes_peak;
	u64 over_budget;
	u64 refused;
	u64 breaker_opened;
	u32 breaker;
	u64 out_of_range;
	u64 out_of_range_most;
	u64 out_of_bounds;
	u64 section_max_ns;
	u64 preempt_off_max_ns;
};

/**
 * struct neural_candidate_stats - what there is to know of a network's candidate
 * @share: of a thousand calls so many are answered by it; 0 for a shadow
 * @every: as a shadow it sees one of so many calls
 * @calls: calls seen as a shadow
 * @rows: rows of them, each compared with the answer
 * @equal: of those, with the same bytes in every output
 * @agree: of those, with the largest element of every output in the same place, the first
 *	of several
 * @errors: of the rows, with an element out of bounds, which would have been refused
 * @most_difference: the largest difference of two elements, as they are stored
 * @mean_ns: time a call seen took longer for that, in the mean
 * @answered_calls: calls answered instead of what is in force
 * @answered: rows of them
 * @macs: multiply-adds of a row
 * @answered_mean_ns: mean latency of the calls it answered
 * @answered_max_ns: largest
 * @kept_calls: calls that were left to what is in force, while it answered a share
 * @kept_mean_ns: mean latency of these
 * @kept_max_ns: largest
 */
struct neural_candidate_stats {
	u32 share;
	u32 every;
	u64 calls;
	u64 rows;
	u64 equal;
	u64 agree;
	u64 errors;
	u64 most_difference;
	u64 mean_ns;
	u64 answered_calls;
	u64 answered;
	u64 macs;
	u64 answered_mean_ns;
	u64 answered_max_ns;
	u64 kept_calls;
	u64 kept_mean_ns;
	u64 kept_max_ns;
};

/**
 * struct neural_cache_setup - prediction cache a network is to have
 * @entries: 0 .. 65536; 0 for none
 * @timeout_ms: age at which an answer is dropped, up to a day; 0 for no hits
 * @always: do not pass it by where it does not pay
 */
struct neural_cache_setup {
	u32 entries;
	u32 timeout_ms;
	bool always;
};

struct device;
struct neural_network;
struct neural_batch;
struct neural_context;

/* Making and finding networks: process context, may sleep. */
struct neural_network *neural_network_create(u32 input, u32 hidden, u32 output);
struct neural_network *
neural_network_create_layers(const char *name, u32 input,
			     const struct neural_layer_desc *layers, u32 nr_layers);
int neural_network_set_weights(struct neural_network *nn, u32 layer,
			       const s32 *weights, size_t nr_weights,
			       const s32 *bias, size_t nr_bias);
int neural_network_set_all_weights(struct neural_network *nn,
				   const struct neural_layer_weights *w, u32 nr_layers);
int neural_network_set_batch_norm(struct neural_network *nn, u32 layer,
				  const struct neural_batch_norm *bn);
struct neural_network *neural_network_get(const char *name);
void neural_network_put(struct neural_network *nn);
struct neural_network *neural_network_ref(struct neural_network *nn);
void neural_network_unref(struct neural_network *nn);
void neural_network_destroy(struct neural_network *nn);

/* Model files: process context, may sleep. */
struct neural_network *neural_network_load(const char *name, const void *data,
					   size_t size);
struct neural_network *neural_network_load_firmware(const char *name,
						    struct device *dev);
int neural_network_replace(struct neural_network *nn, const void *data, size_t size);
int neural_network_set_cache(struct neural_network *nn,
			     const struct neural_cache_setup *setup);
ssize_t neural_network_save(struct neural_network *nn, void *buf, size_t size);

/* Another model beside the one in force: process context, may sleep. */
int neural_network_set_candidate(struct neural_network *nn, const void *data, size_t size,
				 u32 share);
int neural_network_promote(struct neural_network *nn);
int neural_network_drop_candidate(struct neural_network *nn);
int neural_network_candidate_stats(struct neural_network *nn,
				   struct neural_candidate_stats *stats);

/* Facts about a network: any context. */
u32 neural_network_id(const struct neural_network *nn);
const char *neural_network_name(const struct neural_network *nn);
u32 neural_network_input_size(const struct neural_network *nn);
u32 neural_network_output_size(const struct neural_network *nn);
size_t neural_network_input_bytes(const struct neural_network *nn);
size_t neural_network_output_bytes(const struct neural_network *nn);
int neural_network_get_stats(struct neural_network *nn, struct neural_stats *stats);

/* Predicting: task, softirq and hardirq context. */
int neural_network_predict(struct neural_network *nn, const s32 *in, s32 *out);
int neural_network_predict_cached(struct neural_network *nn, const s32 *in, s32 *out);
int neural_network_predict_rows(struct neural_network *nn, const void *in,
				size_t in_bytes, void *out, size_t out_bytes, u32 rows);
int neural_network_predict_row_cached(struct neural_network *nn, const void *in,
				      size_t in_bytes, void *out, size_t out_bytes);

/* A latency budget: process context, may sleep. */
int neural_network_set_budget(struct neural_network *nn, u64 ns, u32 strikes,
			      u32 cooldown_ms);

/* Batches: many rows, one call. */
struct neural_batch *neural_batch_create(u32 batch_size, u32 input, u32 output);
int neural_batch_add_input(struct neural_batch *batch, const s32 *in);
int neural_batch_predict(struct neural_network *nn, struct neural_batch *batch);
const s32 *neural_batch_output(const struct neural_batch *batch, u32 row);
u32 neural_batch_count(const struct neural_batch *batch);
void neural_batch_reset(struct neural_batch *batch);
void neural_batch_destroy(struct neural_batch *batch);

/* Predicting in memory of one's own: creating and refreshing may sleep. */
struct neural_context *neural_context_create(struct neural_network *nn);
int neural_context_refresh(struct neural_context *context);
void neural_context_destroy(struct neural_context *context);
int neural_context_predict(struct neural_context *context, const s32 *in, s32 *out);
int neural_context_predict_rows(struct neural_context *context, const void *in,
				size_t in_bytes, void *out, size_t out_bytes, u32 rows);

/* Memory by the module's NUMA policy. */
void *neural_alloc_numa(size_t size, int node);
void neural_free_numa(const void *mem);

/* What the vector units can do, and do. */
bool neural_simd_available(void);
bool neural_simd_enabled(void);
const char *neural_simd_level(void);
bool neural_simd_supported(const char *level);
u32 neural_simd_threshold(void);

#endif /* _LINUX_NEURAL_H */
