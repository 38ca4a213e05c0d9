// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a prediction: find the instance, take scratch memory, run the plan,
 * count.  Nothing here allocates, sleeps, or writes a cache line that another CPU
 * writes.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <trace/events/neural.h>
#include "instance.h"
#include "params.h"
#include "predict.h"
#include "stats.h"
#include "watch.h"
#include "../simd/dispatch.h"

/*
 * Multiply-adds of a group of rows: those that take long each leave the CPU to others in
 * between, where preemption is to be had; short ones do not.
 */
#define NEURAL_PREDICT_GROUP_LONG	(1U << 27)
#define NEURAL_PREDICT_GROUP_SHORT	(1U << 21)

static void neural_predict_section(const struct neural_network *nn,
				   struct neural_section *section)
{
	int level = READ_ONCE(nn->level);

	*section = (struct neural_section){
		.wanted = neural_param_enable_simd() && READ_ONCE(nn->simd),
		.bound = neural_param_section_macs(),
	};
	if (level >= 0)
		section->set = neural_simd_set(level);
	else
		level = neural_simd_get_level();
	if (level == NEURAL_SIMD_generic)
		section->wanted = false;
}

static void neural_predict_run(struct neural_network *nn,
			       const struct neural_instance *instance, void *arena,
			       const struct neural_call *call)
{
	const struct neural_plan *plan = neural_instance_plan(instance);
	const bool timed = !call->aside &&
			   neural_stats_timed(nn->counters, plan->macs * call->rows);
	struct neural_exec x = { .arena = arena };
	u64 start = timed ? neural_clock() : 0, end;

	neural_predict_section(nn, &x.section);
	x.section.timed = timed;
	if (unlikely(READ_ONCE(nn->profiling)))
		x.profile = instance->profile;
	neural_plan_run(plan, &x, call->in, call->out, call->rows);
	if (unlikely(call->aside))
		return;
	neural_stats_count(nn->counters, call->rows, x.section.simd_calls,
			   x.section.fallback_calls);
	if (unlikely(x.section.fallback_calls))
		trace_neural_fallback(nn->id, nn->name, "fpu", x.section.fallback_calls);
	if (!timed)
		return;
	end = neural_clock();
	/* The clock may step back a little while it is being updated. */
	end = end > start ? end - start : 0;
	neural_stats_time(nn->counters, end);
	neural_stats_held(nn->counters, x.section.longest,
			  preemptible() ? x.section.longest : end);
}

/*
 * Too long to keep preemption off: in memory of its own, and held by the reference count
 * instead of the read side, which lets it be preempted on every kernel.  False where
 * there is none left, or the instance is going.
 */
static bool neural_predict_long(struct neural_network *nn,
				struct neural_instance *instance,
				const struct neural_call *call)
{
	struct neural_contexts *contexts = &instance->contexts;
	int arena = neural_context_claim(contexts);

	if (arena < 0)
		return false;
	if (!percpu_ref_tryget_live(&instance->ref)) {
		neural_context_release(contexts, arena);
		return false;
	}
	rcu_read_unlock();
	neural_predict_run(nn, instance, neural_context_spare(contexts, arena), call);
	neural_context_release(contexts, arena);
	percpu_ref_put(&instance->ref);
	rcu_read_lock();
	return true;
}

static void neural_predict_short(struct neural_network *nn,
				 struct neural_instance *instance,
				 const struct neural_call *call)
{
	preempt_disable();
	neural_predict_run(nn, instance, neural_context_local(&instance->contexts), call);
	preempt_enable();
}

/* In the instance's memory. */
static void neural_predict_theirs(struct neural_network *nn,
				  struct neural_instance *instance, bool is_long,
				  const struct neural_call *call)
{
	if (unlikely(call->own))
		trace_neural_fallback(nn->id, nn->name, "context", 0);
	if (is_long) {
		if (neural_predict_long(nn, instance, call))
			return;
		trace_neural_fallback(nn->id, nn->name, "arena", 0);
	}
	neural_predict_short(nn, instance, call);
}

/* In the caller's memory, which needs no protection from others on this CPU. */
static void neural_predict_own(struct neural_network *nn,
			       struct neural_instance *instance, bool is_long,
			       const struct neural_call *call)
{
	if (!is_long || !percpu_ref_tryget_live(&instance->ref)) {
		neural_predict_run(nn, instance, call->own, call);
		return;
	}
	rcu_read_unlock();
	neural_predict_run(nn, instance, call->own, call);
	percpu_ref_put(&instance->ref);
	rcu_read_lock();
}

void neural_predict_on(struct neural_network *nn, struct neural_instance *instance,
		       const struct neural_call *call)
{
	const struct neural_plan *plan = instance->plan;
	const bool is_long = call->relaxed &&
			     plan->macs * call->rows > neural_param_section_macs();

	if (call->own && plan->arena_bytes <= call->own_bytes)
		neural_predict_own(nn, instance, is_long, call);
	else
		neural_predict_theirs(nn, instance, is_long, call);
}

static int neural_predict_untraced(struct neural_network *nn,
				   const struct neural_call *call, u64 *generation)
{
	struct neural_instance *instance;
	int ret = 0;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	/* A bit that comes with an instance is set before that is to be found. */
	smp_rmb();
	if (unlikely(READ_ONCE(nn->watch))) {
		rcu_read_unlock();
		return neural_predict_watched(nn, call, generation);
	}
	if (unlikely(!instance)) {
		this_cpu_inc(nn->counters->errors);
		ret = -ENODATA;
		goto out_unlock;
	}
	if (generation)
		*generation = instance->generation;
	neural_predict_on(nn, instance, call);
out_unlock:
	rcu_read_unlock();
	return ret;
}

/* Not inlined, for the sake of those that nobody looks at. */
static noinline int neural_predict_traced(struct neural_network *nn,
					  const struct neural_call *call, u64 *generation)
{
	u64 used = 0, start;
	int ret;

	trace_neural_predict_start(nn->id, nn->name, call->rows);
	start = neural_clock();
	ret = neural_predict_untraced(nn, call, &used);
	trace_neural_predict_end(nn->id, nn->name, call->rows, used,
				 neural_clock() - start, ret);
	if (generation)
		*generation = used;
	return ret;
}

int neural_predict_call(struct neural_network *nn, const struct neural_call *call,
			u64 *generation)
{
	if (trace_neural_predict_start_enabled() || trace_neural_predict_end_enabled())
		return neural_predict_traced(nn, call, generation);
	return neural_predict_untraced(nn, call, generation);
}

int neural_predict_rows(struct neural_network *nn, const void *in, void *out,
			u32 rows, u64 *generation)
{
	const struct neural_call call = {
		.in = in,
		.out = out,
		.rows = rows,
		/* Here: rcu_read_lock() hides the answer on some kernels. */
		.relaxed = preemptible(),
	};

	return neural_predict_call(nn, &call, generation);
}

u32 neural_predict_group(struct neural_network *nn, u32 rows)
{
	const struct neural_instance *instance;
	u64 macs = 1, most;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	if (instance)
		macs = max_t(u64, instance->plan->macs, 1);
	rcu_read_unlock();
	most = macs > neural_param_section_macs() ? NEURAL_PREDICT_GROUP_LONG :
					    NEURAL_PREDICT_GROUP_SHORT;
	return clamp_t(u64, div64_u64(most, macs), 1, rows);
}

int neural_predict_check(const struct neural_network *nn, const s32 *in, const s32 *out)
{
	if (unlikely(!nn || !in || !out))
		return -EINVAL;
	if (unlikely(!nn->words))
		return -EPROTOTYPE;
	return unlikely(in_nmi()) ? -EOPNOTSUPP : 0;
}

/**
 * neural_network_predict() - run a network on one input
 * @nn: network
 * @in: neural_network_input_size() elements, Q16.16, any alignment of s32
 * @out: neural_network_output_size() elements, Q16.16; does not overlap @in
 *
 * Never allocates and never sleeps.  Where vector kernels are enabled and the FPU
 * may be used they are, otherwise the generic ones; the result is the same.  A
 * prediction of more than neural_section_macs multiply-adds made in preemptible
 * context stays preemptible between sections; in any other it keeps preemption off
 * throughout.
 *
 * A network from a model file reads and writes s32 of the fraction bits its file
 * says, if they are s32 at all.
 *
 * Context: task, softirq and hardirq context.
 * Return: 0; -EINVAL for a NULL pointer, -EPROTOTYPE where a row of @nn is not made
 * of s32, see neural_network_predict_rows(), -ENODATA before all layers have their
 * parameters, -EOPNOTSUPP in NMI context, -EAGAIN while the breaker of its latency budget
 * is open, see neural_network_set_budget().  On any of these @out is not written.  -ERANGE
 * where the answer is out of bounds, and then @out is zeroed.
 */
int neural_network_predict(struct neural_network *nn, const s32 *in, s32 *out)
{
	int ret = neural_predict_check(nn, in, out);

	return ret ?: neural_predict_rows(nn, in, out, 1, NULL);
}
EXPORT_SYMBOL_GPL(neural_network_predict);

/* @rows rows of @bytes bytes each are @total, and sit where they may. */
static bool neural_predict_fits(const struct neural_network *nn, const void *at,
				size_t total, size_t bytes, u32 rows)
{
	size_t needed;

	return at && !check_mul_overflow(bytes, (size_t)rows, &needed) &&
	       needed == total && IS_ALIGNED((unsigned long)at, nn->align);
}

int neural_predict_check_rows(const struct neural_network *nn, const void *in,
			      size_t in_bytes, const void *out, size_t out_bytes, u32 rows)
{
	if (unlikely(!nn || !rows ||
		     !neural_predict_fits(nn, in, in_bytes, nn->in_bytes, rows) ||
		     !neural_predict_fits(nn, out, out_bytes, nn->out_bytes, rows)))
		return -EINVAL;
	return unlikely(in_nmi()) ? -EOPNOTSUPP : 0;
}

/**
 * neural_network_predict_rows() - run a network on rows of its own types
 * @nn: network
 * @in: @rows rows, one after the other; a row is the network's inputs, one after the
 *	other, as its file says
 * @in_bytes: @rows times neural_network_input_bytes()
 * @out: room for as many rows of its outputs; does not overlap @in
 * @out_bytes: @rows times neural_network_output_bytes()
 * @rows: how many, not 0
 *
 * For networks from model files, whatever their types.  Both buffers are aligned to
 * the largest element in a row, which 8 bytes always are.  Bytes between the tensors
 * of an output row are left alone.  Otherwise as neural_network_predict(), and as
 * neural_batch_predict() where there are many rows.
 *
 * Context: task, softirq and hardirq context.
 * Return: 0; -EINVAL for a NULL pointer, no rows, other sizes than these or a buffer
 * that is not aligned, -ENODATA, -EOPNOTSUPP and -EAGAIN as neural_network_predict().  On
 * any of these @out is not written.  -ERANGE where one row or more are out of bounds, and
 * then all of @out is zeroed.
 */
int neural_network_predict_rows(struct neural_network *nn, const void *in,
				size_t in_bytes, void *out, size_t out_bytes, u32 rows)
{
	int ret = neural_predict_check_rows(nn, in, in_bytes, out, out_bytes, rows);

	return ret ?: neural_predict_rows(nn, in, out, rows, NULL);
}
EXPORT_SYMBOL_GPL(neural_network_predict_rows);
