// SPDX-License-Identifier: GPL-2.0-only
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include "instance.h"
#include "ranges.h"
#include "stats.h"
#include "watch.h"

static bool neural_range_misses(s64 value, s64 lo, s64 hi)
{
	return value < lo || value > hi;
}

/* Elements of @row, those that @r is about, that are not in [@lo, @hi]. */
static u32 neural_range_outside(const struct neural_range *r, const void *row, s64 lo, s64 hi)
{
	const void *at = row + r->at;
	u32 i, n = 0;

	switch (r->width) {
	case sizeof(s8):
		for (i = 0; i < r->count; i++)
			n += neural_range_misses(((const s8 *)at)[i], lo, hi);
		break;
	case sizeof(s16):
		for (i = 0; i < r->count; i++)
			n += neural_range_misses(((const s16 *)at)[i], lo, hi);
		break;
	case sizeof(s32):
		for (i = 0; i < r->count; i++)
			n += neural_range_misses(((const s32 *)at)[i], lo, hi);
		break;
	default:
		for (i = 0; i < r->count; i++)
			n += neural_range_misses(((const s64 *)at)[i], lo, hi);
		break;
	}
	return n;
}

/* All of output @index; where in a row is after what is there already. */
static void neural_range_whole(struct neural_range *r, u32 index, u32 width, u32 elements,
			       size_t *at)
{
	*at = ALIGN(*at, (size_t)width);
	*r = (struct neural_range){
		.output = true,
		.width = width,
		.index = index,
		.count = elements,
		.at = *at,
	};
	*at += (size_t)elements * width;
}

struct neural_ranges *neural_ranges_create(struct neural_network *nn,
					   const struct neural_model *model)
{
	const u32 nr = model ? model->nr_ranges : 0, whole = model ? model->nr_outputs : 1;
	struct neural_ranges *ranges;
	size_t at = 0;
	u32 i;

	ranges = neural_mem_alloc(&nn->account, struct_size(ranges, range, nr + whole));
	if (!ranges)
		return NULL;
	ranges->nr_whole = whole;
	if (!model) {
		neural_range_whole(ranges->range, 0, sizeof(s32), nn->output, &at);
		return ranges;
	}
	ranges->nr_in = model->nr_in_ranges;
	ranges->nr_out = nr - model->nr_in_ranges;
	memcpy(ranges->range, model->ranges, nr * sizeof(*ranges->range));
	for (i = 0; i < whole; i++)
		neural_range_whole(&ranges->range[nr + i], i,
				   neural_dtype_bits(model->outputs[i]->dtype) / 8,
				   model->outputs[i]->elements, &at);
	return ranges;
}

static bool neural_ranges_needed(struct neural_network *nn,
				 const struct neural_instance *instance)
{
	const struct neural_checks *checks = &nn->checks;

	if (rcu_access_pointer(checks->bounds))
		return true;
	if (!instance)
		return false;
	return (checks->count && instance->ranges->nr_in) ||
	       (checks->file && instance->ranges->nr_out);
}

void neural_ranges_prepare(struct neural_network *nn, const struct neural_instance *instance)
{
	if (neural_ranges_needed(nn, instance))
		set_bit(NEURAL_WATCH_RANGES, &nn->watch);
}

void neural_ranges_watch(struct neural_network *nn, const struct neural_instance *instance)
{
	if (neural_ranges_needed(nn, instance))
		set_bit(NEURAL_WATCH_RANGES, &nn->watch);
	else
		clear_bit(NEURAL_WATCH_RANGES, &nn->watch);
}

void neural_ranges_set_count(struct neural_network *nn, bool count)
{
	WRITE_ONCE(nn->checks.count, count);
	neural_ranges_watch(nn, neural_instance_of(nn));
}

void neural_ranges_set_file(struct neural_network *nn, bool file)
{
	WRITE_ONCE(nn->checks.file, file);
	RCU_INIT_POINTER(nn->checks.bounds, NULL);
	neural_ranges_watch(nn, neural_instance_of(nn));
}

void neural_ranges_set_bounds(struct neural_network *nn, s64 lo, s64 hi)
{
	struct neural_checks *checks = &nn->checks;
	struct neural_bounds *next = &checks->slot[0];

	if (rcu_access_pointer(checks->bounds) == next)
		next = &checks->slot[1];
	/* Whoever found it when it was in force last is through with it. */
	synchronize_rcu();
	*next = (struct neural_bounds){ .lo = lo, .hi = hi };
	rcu_assign_pointer(checks->bounds, next);
	WRITE_ONCE(checks->file, false);
	neural_ranges_watch(nn, neural_instance_of(nn));
}

/* The largest so far, of this CPU; an interrupt may have one too. */
static void neural_ranges_most(struct neural_counters __percpu *counters, u32 most)
{
	u32 old = this_cpu_read(counters->out_of_range_most), seen;

	while (most > old) {
		seen = this_cpu_cmpxchg(counters->out_of_range_most, old, most);
		if (seen == old)
			break;
		old = seen;
	}
}

void neural_ranges_count(struct neural_network *nn, const struct neural_instance *instance,
			 const void *in, u32 rows)
{
	const struct neural_ranges *ranges = instance->ranges;
	u32 i, row, n, most = 0, out = 0;

	if (!READ_ONCE(nn->checks.count) || !ranges->nr_in)
		return;
	for (row = 0; row < rows; row++, in += instance->plan->in_bytes) {
		for (i = 0, n = 0; i < ranges->nr_in; i++) {
			const struct neural_range *r = &ranges->range[i];

			n += neural_range_outside(r, in, r->lo, r->hi);
		}
		out += !!n;
		most = max(most, n);
	}
	if (!out)
		return;
	this_cpu_add(nn->counters->out_of_range, out);
	neural_ranges_most(nn->counters, most);
}

/* Is a row within the bounds in force: those set by hand, or its model's? */
static bool neural_ranges_row_ok(const struct neural_ranges *ranges,
				 const struct neural_bounds *bounds, const void *row)
{
	const struct neural_range *r = ranges->range + ranges->nr_in;
	u32 i, nr = ranges->nr_out;

	if (bounds) {
		r += nr;
		nr = ranges->nr_whole;
	}
	for (i = 0; i < nr; i++, r++)
		if (neural_range_outside(r, row, bounds ? bounds->lo : r->lo,
					 bounds ? bounds->hi : r->hi))
			return false;
	return true;
}

int neural_ranges_check(struct neural_network *nn, const struct neural_instance *instance,
			void *out, u32 rows)
{
	const struct neural_bounds *bounds = rcu_dereference(nn->checks.bounds);
	const size_t bytes = instance->plan->out_bytes;
	u32 row;

	if (!bounds && !READ_ONCE(nn->checks.file))
		return 0;
	for (row = 0; row < rows; row++)
		if (!neural_ranges_row_ok(instance->ranges, bounds, out + row * bytes))
			break;
	if (likely(row == rows))
		return 0;
	memset(out, 0, rows * bytes);
	this_cpu_inc(nn->counters->out_of_bounds);
	return -ERANGE;
}

bool neural_ranges_allow(struct neural_network *nn, const struct neural_instance *instance,
			 const void *row)
{
	const struct neural_bounds *bounds = rcu_dereference(nn->checks.bounds);

	return (!bounds && !READ_ONCE(nn->checks.file)) ||
	       neural_ranges_row_ok(instance->ranges, bounds, row);
}

int neural_ranges_check_cached(struct neural_network *nn, void *out)
{
	const struct neural_instance *instance;
	int ret = 0;

	rcu_read_lock();
	instance = rcu_dereference(nn->instance);
	if (instance)
		ret = neural_ranges_check(nn, instance, out, 1);
	rcu_read_unlock();
	return ret;
}
