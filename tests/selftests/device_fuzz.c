// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/neural under random calls: see fuzz.h.  Wants neural_caller with hold=1, whose
 * network nobody can take away: it has to answer right all the time.
 */
#include <poll.h>
#include <signal.h>
#include "../reference/mixed.h"
#include "fuzz.h"

#define BYTES	4096	/* no structure is longer */
#define FILES	4	/* shared by the threads of a process */

static struct model {
	void *file;
	size_t bytes;
} models[2];

static __s32 in[DEMO_IN], expect[DEMO_OUT];
static int files[FILES] = { -1, -1, -1, -1 };

static const char *name_of(__u64 *seed)
{
	static const char *const names[] = { "fuzz_a", "fuzz_b", "fuzz_c", DEMO, "nobody", "" };

	return names[fuzz_pick(seed, sizeof(names) / sizeof(*names))];
}

/* A file that may be closed under way, and the one that is not. */
static int file_of(__u64 *seed)
{
	return fuzz_one_in(seed, 2) ? device : files[fuzz_pick(seed, FILES)];
}

static int done(int ret)
{
	return ret < 0 ? -errno : 0;
}

static int call_noise(__u64 *seed)
{
	__u64 buf[BYTES / 8 + 1];
	__u8 *at = (__u8 *)buf + fuzz_pick(seed, 8);
	struct neural_ioc_head h = head(fuzz_number(seed), name_of(seed));
	unsigned int i, cmd = _IO(NEURAL_IOC_TYPE, fuzz_pick(seed, 16));
	const bool loud = fuzz_one_in(seed, 2);

	for (i = 0; i < sizeof(buf) / sizeof(*buf); i++)
		buf[i] = loud && fuzz_one_in(seed, 3) ? fuzz_number(seed) : 0;
	if (!fuzz_one_in(seed, 4))
		h.size = sizeof(h) + fuzz_pick(seed, 300) * 4;
	if (fuzz_one_in(seed, 8))
		h.flags = fuzz_number(seed);
	if (fuzz_one_in(seed, 8))
		h.id = fuzz_pick(seed, 20);
	if (fuzz_one_in(seed, 16))
		h.reserved = fuzz_number(seed);
	if (fuzz_one_in(seed, 16))
		memset(h.name, random_word(seed), sizeof(h.name));
	memcpy(at, &h, sizeof(h));
	if (fuzz_one_in(seed, 16))
		cmd = random_word(seed);
	/* What it loads is noise, which is said in the log. */
	if ((cmd == NEURAL_IOC_LOAD || cmd == NEURAL_IOC_LOAD_FIRMWARE ||
	     cmd == NEURAL_IOC_CANDIDATE) && !(fuzz_one_in(seed, 8) && fuzz_line()))
		cmd = NEURAL_IOC_INFO;
	return done(ioctl(file_of(seed), cmd, fuzz_one_in(seed, 8) ? fuzz_address(seed) : at));
}

/* Right but for one field, at the most. */
static int call_nearly(__u64 *seed)
{
	union {
		struct neural_ioc_head head;
		struct neural_ioc_info info;
		struct neural_ioc_tensor tensor;
		struct neural_ioc_copy copy;
		struct neural_ioc_stats stats;
		struct neural_ioc_unload unload;
		struct neural_ioc_promote promote;
		struct neural_ioc_drop drop;
		struct neural_ioc_candidate_stats candidate;
		__u64 words[64];
	} a = { };
	const struct {
		unsigned int cmd;
		size_t size;
	} calls[] = {
		{ NEURAL_IOC_INFO, sizeof(a.info) }, { NEURAL_IOC_TENSOR, sizeof(a.tensor) },
		{ NEURAL_IOC_LABELS, sizeof(a.copy) }, { NEURAL_IOC_SAVE, sizeof(a.copy) },
		{ NEURAL_IOC_STATS, sizeof(a.stats) }, { NEURAL_IOC_UNLOAD, sizeof(a.unload) },
		{ NEURAL_IOC_PROMOTE, sizeof(a.promote) }, { NEURAL_IOC_DROP, sizeof(a.drop) },
		{ NEURAL_IOC_CANDIDATE_STATS, sizeof(a.candidate) },
	};
	const unsigned int i = fuzz_pick(seed, sizeof(calls) / sizeof(*calls));

	a.head = head(calls[i].size, name_of(seed));
	if (calls[i].cmd == NEURAL_IOC_SAVE || calls[i].cmd == NEURAL_IOC_LABELS) {
		a.copy.data = (uintptr_t)fuzz_address(seed);
		a.copy.bytes = fuzz_pick(seed, 3) * 2048;
	}
	if (fuzz_one_in(seed, 2))
		a.words[fuzz_pick(seed, calls[i].size / 8)] = fuzz_number(seed);
	return done(ioctl(file_of(seed), calls[i].cmd, &a));
}

/* Fields rather than bits, and a checksum to match. */
static void change(struct model *m, __u64 *seed)
{
	unsigned int n = fuzz_pick(seed, 4);
	__u8 *at = m->file;

	while (n--) {
		const size_t where = fuzz_pick(seed, m->bytes);
		const __u64 number = fuzz_number(seed);

		if (fuzz_one_in(seed, 2))
			at[where] ^= 1 << fuzz_pick(seed, 8);
		else
			memcpy(at + where / 4 * 4, &number, 4);
	}
	if (!fuzz_one_in(seed, 8))
		file_seal(m->file, m->bytes);
}

/* Rows of whatever it takes, at most as many as there is room for. */
static int predict_with(const char *name, __u64 *seed)
{
	ARG(predict, name);
	static __thread __u64 room[2][8192];
	struct neural_ioc_info i;

	if (info(name, &i))
		return -ENOENT;
	arg.rows = fuzz_one_in(seed, 8) ? fuzz_number(seed) : 1 + fuzz_pick(seed, 40);
	arg.in = (uintptr_t)room[0];
	arg.out = (uintptr_t)room[1];
	arg.in_bytes = arg.rows * i.in_bytes;
	arg.out_bytes = arg.rows * i.out_bytes;
	/* What is too much for the room ends in memory that is not there, or in text. */
	if (arg.in_bytes > sizeof(room[0]) || arg.out_bytes > sizeof(room[0]))
		arg.out = 4096;
	if (fuzz_one_in(seed, 8))
		arg.in = (uintptr_t)fuzz_address(seed);
	if (fuzz_one_in(seed, 8))
		arg.in_bytes = fuzz_number(seed);
	return call(NEURAL_IOC_PREDICT, &arg);
}

static int candidate(const char *name, const struct model *m, __u64 *seed)
{
	ARG(candidate, name);

	arg.data = (uintptr_t)m->file;
	arg.bytes = m->bytes;
	arg.share = fuzz_pick(seed, 2) * 500;
	arg.every = 1 + fuzz_pick(seed, 3);
	return call(NEURAL_IOC_CANDIDATE, &arg);
}

static int call_model(__u64 *seed)
{
	const struct model *from = &models[fuzz_pick(seed, 2)];
	struct model m = { .file = malloc(from->bytes), .bytes = from->bytes };
	const unsigned int flags = fuzz_one_in(seed, 2) ? NEURAL_LOAD_REPLACE : 0;
	const char *name = name_of(seed);
	int ret = -EAGAIN;

	memcpy(m.file, from->file, m.bytes);
	if (!fuzz_one_in(seed, 4))
		change(&m, seed);
	if (fuzz_one_in(seed, 16))
		m.bytes = fuzz_pick(seed, m.bytes);
	if (fuzz_line() && fuzz_one_in(seed, 4))
		ret = fuzz_said(candidate(name, &m, seed));
	else if (fuzz_line())
		ret = fuzz_said(load(name, m.file, m.bytes, flags, NULL));
	if (!ret && fuzz_one_in(seed, 2))
		ret = predict_with(name, seed);
	if (fuzz_one_in(seed, 2))
		unload(name);
	free(m.file);
	return ret;
}

static int call_predict(__u64 *seed)
{
	return predict_with(name_of(seed), seed);
}

/* The one that is always there and always right, if no budget is in the way. */
static int call_known(__u64 *seed)
{
	__s32 out[DEMO_OUT] = { };
	int ret = predict(DEMO, in, out, 1);

	if (ret)
		return ret == -ENOMEM || ret == -EAGAIN ? ret : FUZZ_WRONG;
	return memcmp(out, expect, sizeof(out)) ? FUZZ_WRONG : 0;
}

/* Everything a file may be asked for. */
static int call_file(__u64 *seed)
{
	const unsigned int i = fuzz_pick(seed, FILES);
	struct pollfd p = { .fd = files[i], .events = POLLIN | POLLOUT };
	void *at;
	int fd;

	switch (fuzz_pick(seed, 8)) {
	case 0:
	case 1:
		fd = open(NEURAL_DEVICE, fuzz_pick(seed, 4) | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		fd = __atomic_exchange_n(&files[i], fd, __ATOMIC_SEQ_CST);
		return fd < 0 ? 0 : done(close(fd));
	case 2:
		fd = __atomic_exchange_n(&files[i], -1, __ATOMIC_SEQ_CST);
		return done(close(fd));
	case 3:
		return done(read(files[i], fuzz_address(seed), fuzz_pick(seed, 8192)));
	case 4:
		return done(write(files[i], fuzz_address(seed), fuzz_pick(seed, 8192)));
	case 5:
		return done(lseek(files[i], fuzz_number(seed), fuzz_pick(seed, 5)));
	case 6:
		at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, files[i], 0);
		if (at == MAP_FAILED)
			return -errno;
		return done(munmap(at, 4096));
	default:
		return done(poll(&p, 1, 0));
	}
}

static const struct fuzz_kind kinds[] = {
	{ "noise", call_noise },
	{ "nearly right", call_nearly },
	{ "changed models", call_model },
	{ "predictions", call_predict },
	{ "the known network", call_known },
	{ "files", call_file },
};

int main(int argc, char **argv)
{
	static struct mixed_file mixed;
	unsigned int i;

	if (argc != 4) {
		printf("usage: device_fuzz SECONDS SEED PROCESSES\n");
		return 2;
	}
	device = open(NEURAL_DEVICE, O_RDWR);
	mixed_fill(&mixed);
	models[0].file = save(DEMO, &models[0].bytes);
	models[1] = (struct model){ .file = &mixed, .bytes = sizeof(mixed) };
	for (i = 0; i < DEMO_IN; i++)
		in[i] = i * 5000 - 20000;
	if (!models[0].file || predict(DEMO, in, expect, 1)) {
		printf("# no known network\n");
		return 1;
	}
	if (!fuzz_run(argv, kinds, sizeof(kinds) / sizeof(*kinds)))
		return 1;
	unload_all();
	return 0;
}
