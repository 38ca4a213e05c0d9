/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of the module; Documentation/tracing.rst says how to use them.
 *
 * Names are kept in arrays of a fixed size, so that a BPF program or a filter finds them
 * where the format says, on every kernel.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM neural

#if !defined(_TRACE_NEURAL_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_NEURAL_H

#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <uapi/linux/neural.h>

#define NEURAL_TRACE_WORD_LEN	20	/* a state, an operation, a reason */

#define neural_trace_context()						\
	(in_hardirq() ? 2 : in_serving_softirq() ? 1 : 0)

#define neural_trace_show_context(context)				\
	__print_symbolic(context, { 0, "task" }, { 1, "softirq" }, { 2, "hardirq" })

/* A prediction begins: @rows rows. */
TRACE_EVENT(neural_predict_start,
	TP_PROTO(u32 id, const char *name, u32 rows),
	TP_ARGS(id, name, rows),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, rows)
		__field(u32, context)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->rows = rows;
		__entry->context = neural_trace_context();
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s rows=%u context=%s", __entry->id, __entry->name,
		  __entry->rows, neural_trace_show_context(__entry->context))
);

/*
 * It has ended: after @ns nanoseconds, on the parameters of @generation, with 0 or a
 * negative errno in @ret, and then the generation is 0.
 */
TRACE_EVENT(neural_predict_end,
	TP_PROTO(u32 id, const char *name, u32 rows, u64 generation, u64 ns, int ret),
	TP_ARGS(id, name, rows, generation, ns, ret),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, rows)
		__field(u64, generation)
		__field(u64, ns)
		__field(int, ret)
		__field(u32, context)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->rows = rows;
		__entry->generation = generation;
		__entry->ns = ns;
		__entry->ret = ret;
		__entry->context = neural_trace_context();
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s rows=%u generation=%llu ns=%llu ret=%d context=%s",
		  __entry->id, __entry->name, __entry->rows, __entry->generation,
		  __entry->ns, __entry->ret, neural_trace_show_context(__entry->context))
);

/* A row was looked up in the prediction cache, for the parameters of @generation. */
DECLARE_EVENT_CLASS(neural_cache,
	TP_PROTO(u32 id, const char *name, u64 generation),
	TP_ARGS(id, name, generation),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, generation)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->generation = generation;
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s generation=%llu", __entry->id, __entry->name,
		  __entry->generation)
);

DEFINE_EVENT(neural_cache, neural_cache_hit,
	TP_PROTO(u32 id, const char *name, u64 generation),
	TP_ARGS(id, name, generation)
);

DEFINE_EVENT(neural_cache, neural_cache_miss,
	TP_PROTO(u32 id, const char *name, u64 generation),
	TP_ARGS(id, name, generation)
);

/* A model file of @bytes bytes became a network. */
TRACE_EVENT(neural_load,
	TP_PROTO(u32 id, const char *name, u64 bytes, u64 macs),
	TP_ARGS(id, name, bytes, macs),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, bytes)
		__field(u64, macs)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->bytes = bytes;
		__entry->macs = macs;
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s bytes=%llu macs=%llu", __entry->id, __entry->name,
		  __entry->bytes, __entry->macs)
);

/*
 * A model file for @name was refused: which @rule it broke, where in the file, and in
 * which node and operation of it; @op is NULL for what is no operation's.
 */
TRACE_EVENT(neural_verify_reject,
	TP_PROTO(const char *name, const char *rule, const char *op, u32 node, u64 offset,
		 int err),
	TP_ARGS(name, rule, op, node, offset, err),
	TP_STRUCT__entry(
		__field(u64, offset)
		__field(u32, node)
		__field(int, err)
		__array(char, op, NEURAL_TRACE_WORD_LEN)
		__array(char, name, NEURAL_NAME_LEN)
		__array(char, rule, NEURAL_RULE_LEN)
	),
	TP_fast_assign(
		__entry->offset = offset;
		__entry->node = node;
		__entry->err = err;
		strscpy_pad(__entry->op, op ? op : "-", NEURAL_TRACE_WORD_LEN);
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
		strscpy_pad(__entry->rule, rule, NEURAL_RULE_LEN);
	),
	TP_printk("name=%s node=%u op=%s offset=%llu err=%d rule=\"%s\"", __entry->name,
		  __entry->node, __entry->op, __entry->offset, __entry->err, __entry->rule)
);

/* Predictions run on other parameters from now on. */
TRACE_EVENT(neural_swap,
	TP_PROTO(u32 id, const char *name, u64 from, u64 to),
	TP_ARGS(id, name, from, to),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, from)
		__field(u64, to)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->from = from;
		__entry->to = to;
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s from=%llu to=%llu", __entry->id, __entry->name,
		  __entry->from, __entry->to)
);

/*
 * A prediction ran otherwise than it would have liked to: "fpu", @calls calls of a kernel
 * got the generic one because the FPU was not to be had; "arena", it kept preemption off
 * because all memory for long ones was taken; "context", the memory its caller owns was
 * too small.
 */
TRACE_EVENT(neural_fallback,
	TP_PROTO(u32 id, const char *name, const char *why, u32 calls),
	TP_ARGS(id, name, why, calls),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, calls)
		__array(char, why, NEURAL_TRACE_WORD_LEN)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->calls = calls;
		strscpy_pad(__entry->why, why, NEURAL_TRACE_WORD_LEN);
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s why=%s calls=%u", __entry->id, __entry->name,
		  __entry->why, __entry->calls)
);

/*
 * The breaker of a latency budget went to @state, "closed", "open" or another word of
 * its own, after a prediction of @ns nanoseconds where @budget_ns were allowed.
 */
TRACE_EVENT(neural_breaker,
	TP_PROTO(u32 id, const char *name, const char *state, u64 ns, u64 budget_ns),
	TP_ARGS(id, name, state, ns, budget_ns),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, ns)
		__field(u64, budget_ns)
		__array(char, state, NEURAL_TRACE_WORD_LEN)
		__array(char, name, NEURAL_NAME_LEN)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->ns = ns;
		__entry->budget_ns = budget_ns;
		strscpy_pad(__entry->state, state, NEURAL_TRACE_WORD_LEN);
		strscpy_pad(__entry->name, name, NEURAL_NAME_LEN);
	),
	TP_printk("id=%u name=%s state=%s ns=%llu budget_ns=%llu", __entry->id,
		  __entry->name, __entry->state, __entry->ns, __entry->budget_ns)
);

#endif /* _TRACE_NEURAL_H */

/* Outside of the guard: it is read once for each thing made from it. */
#include <trace/define_trace.h>
