// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every elementwise kernel over all 2^32 inputs.
 *
 * The generic kernel is held to the real function, all others to its bits.  What
 * makes this a matter of seconds: outside of [-16, 16) sigmoid and tanh have to
 * be constant, and the real functions are within 0.01 LSB of their limits there,
 * so libm is asked for 2^21 inputs only.
 */
#pragma GCC optimize "O3"	/* what checks should not take longer than what computes */
#include <math.h>
#include <pthread.h>
#include <unistd.h>
#include "tap.h"
#include "../../src/q16.h"
#include "../../simd/dispatch.h"

#define ONE		65536
#define CHUNK		4096
#define CHUNKS		((u32)(0x100000000ULL / CHUNK))
#define CURVED		(16 * ONE)
#define LANES		8
#define SPARSE		61	/* one chunk in so many */
#define MAX_ROWS	NEURAL_SIMD_LEVELS
#define MAX_THREADS	8

/* Whether libm or the double below is off by so much does not matter. */
#define BOUND		0.9999L

typedef void map_fn(const struct neural_q16_map_args *a);
typedef void split_fn(const struct neural_q16_split_args *a);

struct work;

/* One function, the kernels that compute it, and what is true of it. */
struct job {
	void (*row[MAX_ROWS])(const struct neural_q16_map_args *a);	/* generic first */
	void (*split[MAX_ROWS])(const struct neural_q16_split_args *a);
	long double (*real)(long double x);
	long double slope;		/* leaky_relu */
	const char *name;
	u32 step;			/* 1, or SPARSE: not all chunks */
	bool (*check)(const struct job *job, struct work *w, s32 first);
	s32 alpha;
	s32 low, high;			/* values far left and far right */
	int rows;
	char row_names[80];
};

/* What one thread needs. */
struct work {
	long double worst;
	s32 x[CHUNK];
	s32 want[CHUNK];
	s32 y[CHUNK];
	s16 hi[CHUNK], want_hi[CHUNK];
	s16 lo[CHUNK], want_lo[CHUNK];
	const struct job *job;
	long failed;
} __aligned(64);

static s32 scale[CHUNK], shift[CHUNK];

static void run(const struct job *job, int row, s32 *y, const s32 *x, u32 n)
{
	const struct neural_q16_map_args args = {
		.y = y, .x = x, .n = n, .alpha = job->alpha,
		.scale = scale, .shift = shift,
	};

	job->row[row](&args);
}

/* Between neighbours, also with the one before the chunk. */
static bool falls(const struct job *job, struct work *w, s32 first)
{
	u32 bad = 0;
	s32 x, y;
	u32 i;

	if (first != S32_MIN) {
		x = first - 1;
		run(job, 0, &y, &x, 1);
		bad = y > w->want[0];
	}
	for (i = 1; i < CHUNK; i++)
		bad |= w->want[i - 1] > w->want[i];
	return bad;
}

/* f(-x) = low + high - f(x); of constants this is true as it stands. */
static bool asymmetric(const struct job *job, struct work *w)
{
	u32 bad = 0;
	u32 i;

	for (i = 0; i < CHUNK; i++)
		w->y[i] = -w->x[i];
	run(job, 0, w->y, w->y, CHUNK);
	for (i = 0; i < CHUNK; i++)
		bad |= w->y[i] ^ (job->low + job->high - w->want[i]);
	return bad;
}

static bool check_sigmoidal(const struct job *job, struct work *w, s32 first)
{
	const s32 limit = first < 0 ? job->low : job->high;
	u32 bad = 0;
	u32 i;

	if (first >= CURVED || first < -CURVED) {
		for (i = 0; i < CHUNK; i++)
			bad |= w->want[i] ^ limit;
		return !bad;
	}
	for (i = 0; i < CHUNK; i++) {
		const long double real = ONE * job->real((long double)w->x[i] / ONE);
		const long double error = fabsl(w->want[i] - real);

		w->worst = fmaxl(w->worst, error);
		bad |= error >= BOUND;
	}
	return !bad && !falls(job, w, first) && !asymmetric(job, w);
}

static bool check_relu(const struct job *job, struct work *w, s32 first)
{
	u32 bad = 0;
	u32 i;

	for (i = 0; i < CHUNK; i++)
		bad |= w->want[i] ^ (w->x[i] < 0 ? 0 : w->x[i]);
	return !bad;
}

/* A double is off by 2^-21 LSB here, at most. */
static bool check_leaky_relu(const struct job *job, struct work *w, s32 first)
{
	const double slope = (double)job->slope;
	double most[LANES] = { 0 };
	bool ok = !falls(job, w, first);
	u32 i, lane;

	if (first >= 0)
		return ok && check_relu(job, w, first);

	for (i = 0; i < CHUNK; i += LANES) {
		for (lane = 0; lane < LANES; lane++) {
			const double error = fabs(w->want[i + lane] - slope * w->x[i + lane]);

			most[lane] = error > most[lane] ? error : most[lane];
		}
	}
	for (lane = 0; lane < LANES; lane++) {
		w->worst = fmaxl(w->worst, most[lane]);
		if (most[lane] < BOUND)
			continue;
		for (i = lane; i < CHUNK; i += LANES)
			ok = ok && fabsl(w->want[i] - job->slope * w->x[i]) < 1;
	}
	return ok;
}

/*
 * Half up and saturated: 2^16 y is at most 2^15 above the sum, less than that
 * below.  An eighth of the inputs will do: it is the operands that count.
 */
static bool check_scale(const struct job *job, struct work *w, s32 first)
{
	u32 bad = 0;
	u32 i;

	if (first / CHUNK % 8)
		return true;
	for (i = 0; i < CHUNK; i++) {
		const s32 y = w->want[i];
		/* 63 bits: x * scale is at most 2^62. */
		const s64 above = (s64)y * ONE -
				  ((s64)w->x[i] * scale[i] + (s64)shift[i] * ONE);

		bad |= (above > ONE / 2) & (y != S32_MIN);
		bad |= (above <= -ONE / 2) & (y != S32_MAX);
	}
	return !bad;
}

static bool check_split(const struct job *job, struct work *w)
{
	bool ok = true;
	int row;
	u32 i;

	for (i = 0; i < CHUNK; i++) {
		w->want_hi[i] = w->x[i] >> 16;
		w->want_lo[i] = (w->x[i] & 0xffff) - 0x8000;
	}
	for (row = 0; row < job->rows; row++) {
		const struct neural_q16_split_args args = {
			.hi = w->hi, .lo = w->lo, .x = w->x, .n = CHUNK,
		};

		memset(w->hi, 0x55, sizeof(w->hi));
		memset(w->lo, 0x55, sizeof(w->lo));
		job->split[row](&args);
		ok = ok && !memcmp(w->hi, w->want_hi, sizeof(w->hi)) &&
		     !memcmp(w->lo, w->want_lo, sizeof(w->lo));
	}
	return ok;
}

/* All there is to check of inputs @first .. @first + CHUNK - 1. */
static bool check_chunk(const struct job *job, struct work *w, u32 chunk)
{
	const s32 first = (s32)(S32_MIN + (s64)chunk * CHUNK);
	bool ok;
	int row;
	u32 i;

	for (i = 0; i < CHUNK; i++)
		w->x[i] = first + (s32)i;
	if (!job->check)
		return check_split(job, w);

	run(job, 0, w->want, w->x, CHUNK);
	ok = job->check(job, w, first);
	for (row = 1; row < job->rows; row++) {
		/* In place every other time. */
		if (chunk & 1)
			memcpy(w->y, w->x, sizeof(w->y));
		run(job, row, w->y, chunk & 1 ? w->y : w->x, CHUNK);
		ok = ok && !memcmp(w->y, w->want, sizeof(w->y));
	}
	return ok;
}

static u32 next_chunk;

static void *worker(void *arg)
{
	struct work *w = arg;
	u32 chunk;

	while ((chunk = __atomic_fetch_add(&next_chunk, w->job->step, __ATOMIC_RELAXED)) < CHUNKS)
		w->failed += !check_chunk(w->job, w, chunk);
	return NULL;
}

static struct work work[MAX_THREADS];

static void check_all(const struct job *job)
{
	long double worst = 0;
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	const int threads = cpus < 1 ? 1 : cpus > MAX_THREADS ? MAX_THREADS : (int)cpus;
	pthread_t thread[MAX_THREADS];
	char within[40] = "";
	long failed = !job->rows;
	int i;

	next_chunk = 0;
	for (i = 0; i < threads; i++) {
		work[i].job = job;
		work[i].failed = 0;
		work[i].worst = 0;
		/* Without threads, one after the other does as well. */
		if (pthread_create(&thread[i], NULL, worker, &work[i])) {
			worker(&work[i]);
			thread[i] = pthread_self();
		}
	}
	for (i = 0; i < threads; i++) {
		if (!pthread_equal(thread[i], pthread_self()))
			pthread_join(thread[i], NULL);
		failed += work[i].failed;
		worst = fmaxl(worst, work[i].worst);
	}
	if (worst)
		snprintf(within, sizeof(within), " within %.4Lf LSB;", worst);
	tap_ok(!failed, "%s: %s;%s%s", job->name,
	       job->step == 1 ? "all 2^32 inputs" : "one input in 61",
	       within, job->row_names);
}

/* The kernels of a family this CPU can run; the table has generic first. */
static struct job make_job(const char *name, enum neural_kernel_family family,
			   bool (*check)(const struct job *job, struct work *w, s32 first))
{
	struct job job = { .name = name, .check = check, .step = 1 };
	unsigned int i;

	for (i = 0; i < neural_nr_kernels; i++) {
		const struct neural_kernel *k = &neural_kernels[i];
		size_t used = strlen(job.row_names);

		if (k->family != family || !neural_cpu_has_level(k->level))
			continue;
		job.row[job.rows] = (map_fn *)k->fn;
		job.split[job.rows] = (split_fn *)k->fn;
		job.rows++;
		snprintf(job.row_names + used, sizeof(job.row_names) - used, " %s",
			 strstr(k->name, "__") + 2);
	}
	return job;
}

static long double real_sigmoid(long double x)
{
	return 1 / (1 + expl(-x));
}

static struct job sigmoid_job(void)
{
	struct job job = make_job("sigmoid", NEURAL_FAMILY_q16_sigmoid, check_sigmoidal);

	job.real = real_sigmoid;
	job.high = ONE;
	return job;
}

static struct job tanh_job(void)
{
	struct job job = make_job("tanh", NEURAL_FAMILY_q16_tanh, check_sigmoidal);

	job.real = tanhl;
	job.low = -ONE;
	job.high = ONE;
	return job;
}

static struct job leaky_job(const char *name, long double slope, u32 step)
{
	struct job job = make_job(name, NEURAL_FAMILY_q16_leaky_relu, check_leaky_relu);

	job.slope = slope;
	job.step = step;
	job.alpha = (s32)floorl(ldexpl(slope, 31) + 0.5L);
	return job;
}

/* Where the function is no longer computed, it is as good as constant. */
static void check_limits(const struct job *job)
{
	const long double edge = (long double)CURVED / ONE;
	long double error = fabsl(job->high - ONE * job->real(edge));

	error = fmaxl(error, fabsl(job->low - ONE * job->real(-edge)));
	tap_ok(error < 0.01L && job->real(-100) * ONE <= job->low + 0.01L &&
	       job->real(100) * ONE >= job->high - 0.01L,
	       "%s: beyond 16.0 within %.4Lf LSB of its limit", job->name, error);
}

/* Test of the test: kernels that are wrong in one respect. */
#define WRONG_AT	0x12345678

static void one_bit_wrong(const struct neural_q16_map_args *a)
{
	u32 i;

	neural_q16_sigmoid__generic(a);
	for (i = 0; i < a->n; i++)
		a->y[i] ^= a->y[i] == ONE && i == WRONG_AT % CHUNK;
}

static void sigmoid_cut(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_sigmoid(a->x[i]) - 1;
}

static void tanh_uneven(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++) {
		const s32 x = a->x[i];

		a->y[i] = neural_q16_tanh(x) - (x == -30000 || x == -30001);
	}
}

static void leaky_short(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_leaky_relu(a->x[i], a->alpha & ~0xffff);
}

static void scale_off(const struct neural_q16_map_args *a)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		a->y[i] = neural_q16_scale(a->x[i], a->scale[i], a->shift[i]) ^ 1;
}

static u32 chunk_of(s32 x)
{
	return (u32)(((s64)x - S32_MIN) / CHUNK);
}

static void check_flagged(struct job job, int row, map_fn *wrong, s32 at, const char *what)
{
	bool ok = check_chunk(&job, &work[0], chunk_of(at));

	job.row[row] = wrong;
	job.rows = max(job.rows, row + 1);
	ok = ok && !check_chunk(&job, &work[0], chunk_of(at));
	tap_ok(ok, "%s is flagged", what);
}

static void split_wrong(const struct neural_q16_split_args *a)
{
	neural_q16_split__generic(a);
	a->lo[17] ^= 1;
}

static void test_of_test(void)
{
	const struct job sigmoid = sigmoid_job();
	struct job split = make_job("split", NEURAL_FAMILY_q16_split, NULL);

	check_flagged(sigmoid, 0, one_bit_wrong, WRONG_AT, "a definition with one bit wrong");
	check_flagged(sigmoid, 1, one_bit_wrong, WRONG_AT, "a kernel with one bit wrong");
	check_flagged(sigmoid, 0, sigmoid_cut, 54321, "a sigmoid one too low");
	check_flagged(tanh_job(), 0, tanh_uneven, -30000, "a tanh that is not odd");
	check_flagged(leaky_job("leaky_relu", 0.01L, 1), 0, leaky_short, S32_MIN,
		      "a slope of 15 bits");
	check_flagged(make_job("scale", NEURAL_FAMILY_q16_scale, check_scale), 0, scale_off,
		      S32_MIN, "a scale that is off by one");
	split.split[0] = split_wrong;
	tap_ok(!check_chunk(&split, &work[0], 0), "a wrong digit is flagged");
}

static void fill_scale(void)
{
	static const s32 ends[] = { S32_MIN, S32_MAX, -1, 0, 1, ONE, -ONE, ONE / 2 };
	u64 v = 1;
	u32 i;

	for (i = 0; i < CHUNK; i++) {
		v = v * 6364136223846793005 + 1442695040888963407;
		scale[i] = (s32)(v >> 32) >> (v >> 24 & 31);
		v = v * 6364136223846793005 + 1442695040888963407;
		shift[i] = (s32)(v >> 32) >> (v >> 24 & 31);
		if (i % 64 < ARRAY_SIZE(ends))
			scale[i] = ends[i % 64];
		if (i % 61 < ARRAY_SIZE(ends))
			shift[i] = ends[i % 61];
	}
}

int main(void)
{
	/* 0.5 and almost half a step of Q0.31: the most a slope can lose. */
	const struct job leaky[] = {
		leaky_job("leaky_relu 0.01", 0.01L, 1),
		leaky_job("leaky_relu 0.5 + 2^-32", 0.5L + ldexpl(0.999L, -32), 1),
		leaky_job("leaky_relu 0", 0, SPARSE),
		leaky_job("leaky_relu 0.2", 0.2L, SPARSE),
		leaky_job("leaky_relu 1/3", 1 / 3.0L, SPARSE),
		leaky_job("leaky_relu 1 - 2^-31", 1 - ldexpl(1, -31), SPARSE),
	};
	const struct job sigmoid = sigmoid_job(), tanh = tanh_job();
	const struct job relu = make_job("relu", NEURAL_FAMILY_q16_relu, check_relu);
	const struct job by = make_job("scale", NEURAL_FAMILY_q16_scale, check_scale);
	const struct job split = make_job("split", NEURAL_FAMILY_q16_split, NULL);
	u32 i;

	tap_plan(14 + ARRAY_SIZE(leaky));
	fill_scale();
	test_of_test();
	check_limits(&sigmoid);
	check_limits(&tanh);
	check_all(&sigmoid);
	check_all(&tanh);
	check_all(&relu);
	for (i = 0; i < ARRAY_SIZE(leaky); i++)
		check_all(&leaky[i]);
	check_all(&by);
	check_all(&split);
	return tap_done();
}
