// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates: what they say is counted exactly and never returned, a share is a share.  What
 * becomes of them under load is in candidate_load.c.
 */
#include <kunit/resource.h>
#include <linux/delay.h>
#include "../../src/config.h"
#include "../../src/network.h"
#include "candidate.h"
#include "suites.h"

#define CANDIDATE_ROWS		37

struct candidate_test *candidate_begin(struct kunit *test)
{
	struct candidate_test *t = model_alloc(test, sizeof(*t));
	u32 which;

	t->m = model_small(test, NULL);
	for (which = 0; which < 2; which++) {
		KUNIT_ASSERT_EQ(test, 0, model_set(t->m, which));
		t->file[which] = model_save(test, t->m->nn, &t->bytes[which]);
	}
	t->nn = model_adopt(test, neural_network_load("candidate", t->file[0], t->bytes[0]));
	return t;
}

int candidate_set(const struct candidate_test *t, u32 which, u32 share)
{
	return neural_network_set_candidate(t->nn, t->file[which], t->bytes[which], share);
}

static u32 candidate_top(const s32 *out)
{
	u32 i, top = 0;

	for (i = 1; i < MODEL_OUT; i++)
		if (out[i] > out[top])
			top = i;
	return top;
}

static u64 candidate_apart(const s32 *a, const s32 *b)
{
	u64 most = 0;
	u32 i;

	for (i = 0; i < MODEL_OUT; i++)
		most = max_t(u64, most, abs((s64)a[i] - b[i]));
	return most;
}

static void candidate_word(struct kunit *test, const struct candidate_test *t, const char *text)
{
	char line[40];

	strscpy(line, text, sizeof(line));
	KUNIT_ASSERT_EQ(test, 0, neural_config_apply(t->nn, line));
}

/* Both ways to ask, one row and many. */
static void candidate_ask(struct kunit *test, const struct candidate_test *t, u32 calls,
			  u32 which)
{
	s32 *in = model_alloc(test, CANDIDATE_ROWS * sizeof(t->m->in));
	s32 *out = model_alloc(test, CANDIDATE_ROWS * sizeof(t->m->out[0]));
	u32 i;

	for (i = 0; i < CANDIDATE_ROWS; i++)
		memcpy(in + i * MODEL_IN, t->m->in, sizeof(t->m->in));
	for (i = 0; i < calls; i++)
		KUNIT_EXPECT_TRUE(test, model_answers(t->nn, t->m, which));
	KUNIT_EXPECT_EQ(test, 0, neural_network_predict_rows(t->nn, in,
							     CANDIDATE_ROWS * sizeof(t->m->in),
							     out, CANDIDATE_ROWS *
							     sizeof(t->m->out[0]),
							     CANDIDATE_ROWS));
	for (i = 0; i < CANDIDATE_ROWS; i++)
		KUNIT_EXPECT_MEMEQ(test, out + i * MODEL_OUT, t->m->out[which],
				   sizeof(t->m->out[0]));
}

static void candidate_shadow(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	const u64 rows = 10 + CANDIDATE_ROWS;
	const bool agree = candidate_top(t->m->out[0]) == candidate_top(t->m->out[1]);
	struct neural_candidate_stats s;
	struct neural_stats stats;

	KUNIT_EXPECT_EQ(test, -ENOENT, neural_network_candidate_stats(t->nn, &s));
	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 0));
	candidate_ask(test, t, 10, 0);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, s.share);
	KUNIT_EXPECT_EQ(test, 1, s.every);
	KUNIT_EXPECT_EQ(test, 11, s.calls);
	KUNIT_EXPECT_EQ(test, rows, s.rows);
	KUNIT_EXPECT_EQ(test, 0, s.equal);
	KUNIT_EXPECT_EQ(test, agree ? rows : 0, s.agree);
	KUNIT_EXPECT_EQ(test, candidate_apart(t->m->out[0], t->m->out[1]), s.most_difference);
	KUNIT_EXPECT_EQ(test, 0, s.answered);
	/* What a shadow does is not the network's doing. */
	KUNIT_ASSERT_EQ(test, 0, neural_network_get_stats(t->nn, &stats));
	KUNIT_EXPECT_EQ(test, rows, stats.predictions);

	KUNIT_EXPECT_EQ(test, 0, s.errors);

	candidate_word(test, t, "reset_stats");
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, s.rows);
	/* The same once more is another candidate, and the same as what is in force. */
	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 0, 0));
	candidate_ask(test, t, 10, 0);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, rows, s.rows);
	KUNIT_EXPECT_EQ(test, rows, s.equal);
	KUNIT_EXPECT_EQ(test, rows, s.agree);
	KUNIT_EXPECT_EQ(test, 0, s.most_difference);
}

/* The same rows from a model that has a hundred times as much to do. */
static void *candidate_slow(struct kunit *test, size_t *bytes)
{
	static const struct neural_layer_desc layers[] = {
		{ NEURAL_LAYER_DENSE, NEURAL_RELU, 100 * MODEL_HIDDEN, 0 },
		{ NEURAL_LAYER_DENSE, NEURAL_LINEAR, MODEL_OUT, 0 },
	};
	const size_t nr[] = {
		layers[0].units * MODEL_IN, MODEL_OUT * layers[0].units,
	};
	s32 *zeros = model_alloc(test, nr[0] * sizeof(*zeros));
	struct neural_network *nn;
	u32 i;

	nn = model_adopt(test, neural_network_create_layers(NULL, MODEL_IN, layers, 2));
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(nn, i, zeros, nr[i], NULL,
								    0));
	return model_save(test, nn, bytes);
}

/* What each of both took, told apart; nothing of a shadow's. */
static void candidate_times(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	struct neural_candidate_stats s;
	size_t bytes;
	void *slow = candidate_slow(test, &bytes);
	s32 out[MODEL_OUT];
	u32 i, turn = 0;

	KUNIT_ASSERT_EQ(test, 0, neural_network_set_candidate(t->nn, slow, bytes, 500));
	/* One call that is interrupted for long may be all there is in a mean. */
	do {
		candidate_word(test, t, "reset_stats");
		for (i = 0; i < 200; i++)
			KUNIT_EXPECT_EQ(test, 0, neural_network_predict(t->nn, t->m->in, out));
		KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	} while (s.answered_mean_ns <= s.kept_mean_ns && ++turn < 5);
	KUNIT_EXPECT_GT(test, s.answered_calls, 50);
	KUNIT_EXPECT_EQ(test, 200, s.answered_calls + s.kept_calls);
	KUNIT_EXPECT_GT(test, s.kept_mean_ns, 0);
	KUNIT_EXPECT_GT(test, s.answered_mean_ns, s.kept_mean_ns);
	KUNIT_EXPECT_GE(test, s.kept_max_ns, s.kept_mean_ns);
	KUNIT_EXPECT_GE(test, s.answered_max_ns, s.answered_mean_ns);
	KUNIT_EXPECT_EQ(test, 0, s.mean_ns);
	candidate_word(test, t, "reset_stats");
	candidate_word(test, t, "candidate_share 0");
	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_TRUE(test, model_answers(t->nn, t->m, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 20, s.calls);
	KUNIT_EXPECT_GT(test, s.mean_ns, 0);
	KUNIT_EXPECT_EQ(test, 0, s.kept_calls);
	KUNIT_EXPECT_EQ(test, 0, s.kept_mean_ns + s.kept_max_ns);
	KUNIT_EXPECT_EQ(test, 0, s.answered_mean_ns + s.answered_max_ns);
}

/*
 * Bounds that the answers keep: what a candidate says is held against them as well.  With
 * the second set in force, whose answers are all between those of the first.
 */
static void candidate_bounds(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	s32 lo = t->m->out[1][0], hi = lo;
	struct neural_candidate_stats s;
	char line[40];
	u32 i, out = 0;

	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 0));
	KUNIT_ASSERT_EQ(test, 0, neural_network_promote(t->nn));
	for (i = 1; i < MODEL_OUT; i++) {
		lo = min(lo, t->m->out[1][i]);
		hi = max(hi, t->m->out[1][i]);
	}
	for (i = 0; i < MODEL_OUT; i++)
		out += t->m->out[0][i] < lo || t->m->out[0][i] > hi;
	KUNIT_ASSERT_GT(test, out, 0);
	snprintf(line, sizeof(line), "bounds %d %d", lo, hi);
	candidate_word(test, t, line);
	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 0, 0));
	candidate_ask(test, t, 10, 1);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 10 + CANDIDATE_ROWS, s.rows);
	KUNIT_EXPECT_EQ(test, s.rows, s.errors);
	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 0));
	candidate_ask(test, t, 10, 1);
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, s.errors);
}

/* Turns are taken by each CPU: stay on one. */
static void candidate_turns(struct kunit *test)
{
	static const u32 shares[] = { 1, 250, 333, 999, 1000 };
	struct candidate_test *t = candidate_begin(test);
	struct neural_candidate_stats s;
	u32 i, j, new;

	for (i = 0; i < ARRAY_SIZE(shares); i++) {
		KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, shares[i]));
		new = 0;
		migrate_disable();
		for (j = 0; j < 1000; j++)
			new += model_answers(t->nn, t->m, 1);
		migrate_enable();
		KUNIT_EXPECT_EQ(test, shares[i], new);
		KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
		KUNIT_EXPECT_EQ(test, new, s.answered);
		KUNIT_EXPECT_EQ(test, new, s.answered_calls);
		KUNIT_EXPECT_EQ(test, 0, s.calls);
	}
	candidate_word(test, t, "candidate_share 0");
	candidate_word(test, t, "shadow_every 10");
	migrate_disable();
	for (j = 0; j < 1000; j++)
		KUNIT_EXPECT_TRUE(test, model_answers(t->nn, t->m, 0));
	migrate_enable();
	KUNIT_ASSERT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 100, s.calls);
	KUNIT_EXPECT_EQ(test, 100, s.rows);
}

static bool candidate_cached(const struct candidate_test *t, u32 which)
{
	s32 out[MODEL_OUT] = { };

	return !neural_network_predict_cached(t->nn, t->m->in, out) &&
	       !memcmp(out, t->m->out[which], sizeof(out));
}

/* What is no longer used is freed, of this network. */
static bool candidate_settles(const struct candidate_test *t, s64 bytes)
{
	u32 i;

	for (i = 0; i < 500 && atomic64_read(&t->nn->account.now) != bytes; i++)
		msleep(20);
	return atomic64_read(&t->nn->account.now) == bytes;
}

static void candidate_promote(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	struct neural_candidate_stats s;
	const u64 generation = t->nn->generation;
	const s64 bytes = atomic64_read(&t->nn->account.now);
	u32 i;

	candidate_word(test, t, "cache_entries 64");
	KUNIT_EXPECT_TRUE(test, candidate_cached(t, 0));
	KUNIT_EXPECT_EQ(test, -ENOENT, neural_network_promote(t->nn));
	for (i = 1; i <= 6; i++) {
		KUNIT_ASSERT_EQ(test, 0, candidate_set(t, i % 2, 0));
		KUNIT_EXPECT_TRUE(test, candidate_cached(t, !(i % 2)));
		KUNIT_EXPECT_EQ(test, generation + i - 1, t->nn->generation);
		KUNIT_EXPECT_EQ(test, 0, neural_network_promote(t->nn));
		KUNIT_EXPECT_EQ(test, generation + i, t->nn->generation);
		KUNIT_EXPECT_TRUE(test, candidate_cached(t, i % 2));
		KUNIT_EXPECT_TRUE(test, model_answers(t->nn, t->m, i % 2));
		KUNIT_EXPECT_EQ(test, -ENOENT, neural_network_candidate_stats(t->nn, &s));
	}
	candidate_word(test, t, "cache_entries 0");
	KUNIT_EXPECT_TRUE(test, candidate_settles(t, bytes));
}

/* What was answered by a candidate is not what the cache gives, whatever comes of it. */
static void candidate_share_cached(struct kunit *test)
{
	struct candidate_test *t = candidate_begin(test);
	u32 i;

	candidate_word(test, t, "cache_entries 64");
	KUNIT_ASSERT_EQ(test, 0, candidate_set(t, 1, 1000));
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_TRUE(test, candidate_cached(t, 1));
	KUNIT_EXPECT_EQ(test, 0, neural_network_drop_candidate(t->nn));
	KUNIT_EXPECT_TRUE(test, candidate_cached(t, 0));
	KUNIT_EXPECT_TRUE(test, candidate_cached(t, 0));
}

static void candidate_refused(struct kunit *test)
{
	static const struct neural_layer_desc layer = {
		.kind = NEURAL_LAYER_DENSE, .units = MODEL_OUT - 1,
	};
	struct candidate_test *t = candidate_begin(test);
	s32 *zeros = model_alloc(test, MODEL_IN * MODEL_OUT * sizeof(s32));
	const s64 before = atomic64_read(&t->nn->account.now);
	struct neural_network *odd;
	struct neural_candidate_stats s;
	size_t bytes, at;
	u8 *file;

	odd = model_adopt(test, neural_network_create_layers(NULL, MODEL_IN, &layer, 1));
	KUNIT_ASSERT_EQ(test, 0, neural_network_set_weights(odd, 0, zeros, MODEL_IN *
							    layer.units, NULL, 0));
	file = model_save(test, odd, &bytes);
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_candidate(t->nn, file, bytes, 0));
	model_destroy(test, odd);
	KUNIT_EXPECT_EQ(test, -EINVAL, candidate_set(t, 1, 1001));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_candidate(NULL, file, bytes, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_candidate(t->nn, NULL, bytes, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_set_candidate(t->nn, file, 0, 0));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			neural_network_set_candidate(t->m->nn, t->file[1], t->bytes[1], 0));
	file = t->file[1];
	for (at = 0; at < t->bytes[1]; at += 97) {
		file[at] ^= 0x10;
		KUNIT_EXPECT_NE_MSG(test, 0, candidate_set(t, 1, 0), "byte %zu", at);
		file[at] ^= 0x10;
	}
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_promote(NULL));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_drop_candidate(NULL));
	KUNIT_EXPECT_EQ(test, -ENOENT, neural_network_drop_candidate(t->nn));
	KUNIT_EXPECT_EQ(test, -ENOENT, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, -EINVAL, neural_network_candidate_stats(t->nn, NULL));
	KUNIT_EXPECT_TRUE(test, model_answers(t->nn, t->m, 0));
	KUNIT_EXPECT_TRUE(test, candidate_settles(t, before));
	/* One in place is not disturbed by another that is refused. */
	KUNIT_EXPECT_EQ(test, 0, candidate_set(t, 1, 0));
	file[40] ^= 1;
	KUNIT_EXPECT_NE(test, 0, candidate_set(t, 1, 7));
	file[40] ^= 1;
	KUNIT_EXPECT_EQ(test, 0, neural_network_candidate_stats(t->nn, &s));
	KUNIT_EXPECT_EQ(test, 0, s.share);
}

static struct kunit_case candidate_cases[] = {
	KUNIT_CASE(candidate_shadow),
	KUNIT_CASE(candidate_times),
	KUNIT_CASE(candidate_bounds),
	KUNIT_CASE(candidate_turns),
	KUNIT_CASE(candidate_promote),
	KUNIT_CASE(candidate_share_cached),
	KUNIT_CASE(candidate_refused),
	{ }
};

struct kunit_suite neural_candidate_suite = {
	.name = "neural_candidate",
	.init = model_init,
	.test_cases = candidate_cases,
};
