// SPDX-License-Identifier: GPL-2.0-only
/* What the programs that measure other libraries share; C++. */
#ifndef _NEURAL_BENCH_PEER_WORK_H
#define _NEURAL_BENCH_PEER_WORK_H

#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "peer.h"
#include "timer.h"

/* Something that can be run again and again. */
struct work {
	virtual ~work() = default;
	virtual void run() const = 0;
};

static inline void work_run(const void *arg)
{
	static_cast<const work *>(arg)->run();
}

/* Random bytes with some after them: libraries read past the end. */
static inline std::vector<int8_t> work_bytes(size_t n)
{
	std::vector<int8_t> v(n + 64);

	for (auto &x : v)
		x = std::rand() % 255 - 127;
	return v;
}

static inline double work_macs(const bench_shape &s)
{
	const double cells = s.depthwise ? 1.0 : s.in;

	if (s.kind >= BENCH_SOFTMAX)
		return 0;
	if (s.kind == BENCH_PRODUCT)
		return (double)s.hidden * s.in * s.in * s.in;
	if (s.kind == BENCH_CONV)
		return cells * s.out * s.kernel * s.kernel * s.height * s.width;
	if (s.kind == BENCH_GEMM)
		return (double)s.in * s.in * s.in;
	return s.hidden ? ((double)s.in * s.hidden + (double)s.hidden * s.out) * s.rows :
			  (double)s.in * s.out * s.rows;
}

/* Bytes from malloc() in use now. */
static inline double work_memory()
{
	const struct mallinfo2 m = mallinfo2();

	return (double)m.uordblks + (double)m.hblkhd;
}

/* Enter what @make makes of @s; nothing is what the library does not have. */
template <typename make_fn>
static void work_enter(const bench_shape &s, const char *level, make_fn make)
{
	const double before = work_memory();
	const work *w = make(s);
	bench_entry entry = {};

	if (!w)
		return;
	w->run();
	entry.item = bench_add(work_run, w);
	entry.kind = "result";
	entry.name = s.name;
	entry.level = level;
	entry.rows = s.rows;
	entry.macs = work_macs(s);
	entry.mean = work_memory() - before;
	entry.peak = entry.mean;
	bench_enter(&entry);
}

#endif /* _NEURAL_BENCH_PEER_WORK_H */
