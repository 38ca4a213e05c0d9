// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/neural, as <linux/neural.h> has it.  Wants neural_caller with hold=1, and takes
 * the network of that for its model file.
 */
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "../reference/mixed.h"
#include "device.h"

#define ROWS	20001	/* several groups of the kernel's */

static void *file;
static size_t file_bytes;
static __s32 *in, *out, *expect;

/* Memory that ends at @bytes: what follows is not there. */
static __u8 *edge(size_t bytes)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const size_t size = (bytes + page - 1) / page * page;
	__u8 *at;

	at = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		  -1, 0);
	munmap(at + size, page);
	return at + size - bytes;
}

static void test_node(void)
{
	struct stat st;

	fstat(device, &st);
	tap_ok(S_ISCHR(st.st_mode), "a character device");
	tap_ok((st.st_mode & 0777) == 0600 && !st.st_uid, "root's alone");
	tap_is(-ESPIPE, lseek(device, 1, SEEK_SET) < 0 ? -errno : 0, "no place to seek to");
}

static void test_numbers(void)
{
	struct neural_ioc_info arg = { .head = head(sizeof(arg), DEMO) };
	int nr, wrong = 0;

	for (nr = _IOC_NR(NEURAL_IOC_CANDIDATE_STATS) + 1; nr < 256; nr++)
		wrong += call(_IO(NEURAL_IOC_TYPE, nr), &arg) != -ENOTTY;
	tap_is(0, wrong, "numbers that are none");
	for (nr = 0; nr <= (int)_IOC_NR(NEURAL_IOC_CANDIDATE_STATS); nr++) {
		wrong += call(_IO(NEURAL_IOC_TYPE + 1, nr), &arg) != -ENOTTY;
		wrong += call(_IOWR(NEURAL_IOC_TYPE, nr, arg), &arg) != -ENOTTY;
	}
	tap_is(0, wrong, "numbers of another kind");
}

/* Each with a structure that succeeds, so that what fails is the change made to it. */
static const struct {
	const char *name;
	unsigned long cmd;
	size_t size;
	size_t least;	/* of the first version of it */
} shapes[] = {
#define SHAPE(_name, _type, _last)					\
	{ #_name, NEURAL_IOC_##_name, sizeof(struct neural_ioc_##_type),	\
	  offsetof(struct neural_ioc_##_type, _last) +			\
	  sizeof(((struct neural_ioc_##_type *)0)->_last) }
	SHAPE(INFO, info, description),
	SHAPE(TENSOR, tensor, tensor),
	SHAPE(LABELS, copy, bytes),
	SHAPE(PREDICT, predict, done),
	SHAPE(SAVE, copy, bytes),
	SHAPE(STATS, stats, bytes_peak),
#undef SHAPE
};

static int shaped(unsigned int i, __u32 size, __u32 flags, __u32 reserved,
		  size_t tail)
{
	__u64 buf[1024] = { };
	struct neural_ioc_head *h = (void *)buf;

	*h = head(size, DEMO);
	h->flags = flags;
	h->reserved = reserved;
	if (tail)
		((__u8 *)buf)[tail] = 1;
	return call(shapes[i].cmd, buf);
}

static void test_shapes(void)
{
	struct neural_ioc_head *h;
	__u8 *at;
	unsigned int i, size, wrong;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		const size_t full = shapes[i].size;
		char what[64];

		wrong = shaped(i, full, 0, 0, 0) != 0;
		for (size = 0; size < full; size++)
			wrong += shaped(i, size, 0, 0, 0) !=
				 (size < shapes[i].least ? -EINVAL : 0);
		wrong += shaped(i, full + 8, 0, 0, 0) != 0;
		wrong += shaped(i, 4096, 0, 0, 0) != 0;
		wrong += shaped(i, full + 8, 0, 0, full) != -E2BIG;
		wrong += shaped(i, 4096, 0, 0, 4095) != -E2BIG;
		wrong += shaped(i, 4097, 0, 0, 0) != -E2BIG;
		wrong += shaped(i, UINT32_MAX, 0, 0, 0) != -E2BIG;
		snprintf(what, sizeof(what), "%s: structures of every size", shapes[i].name);
		tap_is(0, wrong, what);

		wrong = shaped(i, full, 1U << 31, 0, 0) != -EINVAL;
		wrong += shaped(i, full, 2, 0, 0) != -EINVAL;
		wrong += shaped(i, full, 0, 1, 0) != -EINVAL;
		snprintf(what, sizeof(what), "%s: flags and reserved", shapes[i].name);
		tap_is(0, wrong, what);

		wrong = call(shapes[i].cmd, NULL) != -EFAULT;
		wrong += call(shapes[i].cmd, (void *)-4096L) != -EFAULT;
		at = edge(full);
		h = (void *)at;
		*h = head(full, DEMO);
		wrong += call(shapes[i].cmd, at) != 0;
		h->size = full;
		memmove(at + 8, at, full - 8);
		wrong += call(shapes[i].cmd, at + 8) != -EFAULT;
		*h = head(full, DEMO);
		memset(h->name, 'x', sizeof(h->name));
		wrong += call(shapes[i].cmd, at) != -EINVAL;
		*h = head(full, "nobody");
		wrong += call(shapes[i].cmd, at) != -ENOENT;
		*h = head(full, "");
		h->id = 12345;
		wrong += call(shapes[i].cmd, at) != -ENOENT;
		snprintf(what, sizeof(what), "%s: pointers and names", shapes[i].name);
		tap_is(0, wrong, what);
	}
}

static void test_info(void)
{
	struct neural_ioc_info a, b = { };

	tap_is(0, info(DEMO, &a), "INFO of a driver's network");
	tap_ok(a.in_bytes == DEMO_IN * 4 && a.out_bytes == DEMO_OUT * 4, "its rows");
	tap_is(NEURAL_STATE_READY, a.state, "ready, and not ours");
	tap_ok(a.nr_inputs == 1 && a.nr_outputs == 1 && a.nodes == 3 && a.macs &&
	       !a.file_bytes && a.memory_bytes, "and its size");
	b.head = head(sizeof(b), "");
	b.head.id = a.head.id;
	tap_is(0, call(NEURAL_IOC_INFO, &b), "INFO by number");
	tap_ok(!strcmp(b.head.name, DEMO), "gives the name");
	b.head = head(sizeof(b), "");
	b.head.flags = NEURAL_INFO_NEXT;
	tap_is(0, call(NEURAL_IOC_INFO, &b), "INFO of the next from 0");
	tap_ok(!strcmp(b.head.name, DEMO) && b.head.id == a.head.id, "is the only one");
	b.head.id++;
	tap_is(-EINVAL, call(NEURAL_IOC_INFO, &b), "the next has no name");
	memset(b.head.name, 0, sizeof(b.head.name));
	tap_is(-ENOENT, call(NEURAL_IOC_INFO, &b), "no more of them");
	b.head.id = UINT32_MAX;
	tap_is(-ENOENT, call(NEURAL_IOC_INFO, &b), "nor at the end");
}

static void test_tensor(void)
{
	ARG(tensor, DEMO);

	tap_is(0, call(NEURAL_IOC_TENSOR, &arg), "TENSOR");
	tap_ok(arg.dtype == NEURAL_S32 && arg.rank == 1 && arg.dim[0] == DEMO_IN &&
	       arg.frac == 16 && arg.bytes == DEMO_IN * 4 && !arg.offset, "of the input");
	arg.head.flags = NEURAL_TENSOR_OUTPUT;
	tap_ok(!call(NEURAL_IOC_TENSOR, &arg) && arg.dim[0] == DEMO_OUT, "of the output");
	arg.index = 1;
	tap_is(-ERANGE, call(NEURAL_IOC_TENSOR, &arg), "there is one of each");
	arg.index = UINT32_MAX;
	tap_is(-ERANGE, call(NEURAL_IOC_TENSOR, &arg), "and no last");
}

static void test_save(void)
{
	ARG(copy, DEMO);
	__u8 *at;

	file = save(DEMO, &file_bytes);
	if (!tap_ok(file && file_bytes > 64, "SAVE")) {
		printf("Bail out! nothing to go on with\n");
		exit(1);
	}
	at = edge(file_bytes);
	arg.data = (uintptr_t)at;
	arg.bytes = file_bytes - 1;
	tap_is(-ENOSPC, call(NEURAL_IOC_SAVE, &arg), "SAVE with too little room");
	tap_is(file_bytes, arg.bytes, "says how much it takes");
	tap_ok(!*at, "and writes nothing");
	tap_is(0, call(NEURAL_IOC_SAVE, &arg), "SAVE with just enough");
	tap_ok(!memcmp(at, file, file_bytes), "is the same");
	arg.data++;
	tap_is(-EFAULT, call(NEURAL_IOC_SAVE, &arg), "SAVE over the edge");
}

static void test_load(void)
{
	struct neural_ioc_load a;
	struct neural_ioc_info i;
	struct neural_ioc_copy l = { .head = head(sizeof(l), "loaded") };

	tap_is(0, load("loaded", file, file_bytes, 0, &a), "LOAD");
	tap_ok(a.generation == 1 && !*a.rule && !strcmp(a.head.name, "loaded"), "its first");
	tap_ok(!info("loaded", &i) && i.head.id == a.head.id, "is there");
	tap_is(NEURAL_STATE_READY | NEURAL_STATE_MODEL | NEURAL_STATE_LOADED, i.state,
	       "ready, from a file, and ours");
	tap_is(file_bytes, i.file_bytes, "of that size");
	tap_ok(!call(NEURAL_IOC_LABELS, &l) && !l.bytes, "without labels");
	tap_is(-EEXIST, load("loaded", file, file_bytes, 0, NULL), "LOAD of a name in use");
	tap_is(-EEXIST, load(DEMO, file, file_bytes, 0, NULL), "or of a driver's");
	tap_is(0, load("loaded", file, file_bytes, NEURAL_LOAD_REPLACE, &a), "replace");
	tap_is(2, a.generation, "its second");
	tap_is(-ENOENT, load("other", file, file_bytes, NEURAL_LOAD_REPLACE, NULL),
	       "nothing to replace");
	tap_is(-EOPNOTSUPP, load(DEMO, file, file_bytes, NEURAL_LOAD_REPLACE, NULL),
	       "nothing a file can replace");
}

static void test_load_refused(void)
{
	struct neural_ioc_load a;
	__u8 *copy = malloc(file_bytes), *at = edge(file_bytes);
	size_t i;
	int wrong = 0;

	tap_is(-EINVAL, load("", file, file_bytes, 0, NULL), "LOAD without a name");
	tap_is(-EINVAL, load("a/b", file, file_bytes, 0, NULL), "with a bad one");
	tap_is(-EINVAL, load("other", file, 0, 0, &a), "of nothing");
	tap_ok(*a.rule, "and says so");
	tap_is(-EFAULT, load("other", NULL, file_bytes, 0, NULL), "from nowhere");
	memcpy(at, file, file_bytes);
	tap_is(-EFAULT, load("other", at + 1, file_bytes, 0, &a), "from over the edge");
	tap_ok(!*a.rule, "which is not the file's fault");
	tap_is(-E2BIG, load("other", file, UINT64_MAX, 0, NULL), "of too much");
	tap_is(-EINVAL, load("other", file, file_bytes - 1, 0, &a), "of one byte less");
	tap_ok(*a.rule && a.offset == offsetof(struct neural_model_header, file_bytes),
	       "says where");
	for (i = 0; i < file_bytes; i++) {
		memcpy(copy, file, file_bytes);
		copy[i] ^= 1 << i % 8;
		wrong += !load("loaded", copy, file_bytes, NEURAL_LOAD_REPLACE, &a);
		wrong += !*a.rule || a.generation != 2;
	}
	tap_is(0, wrong, "with any byte wrong");
	free(copy);
}

static void test_predict(void)
{
	ARG(predict, "loaded");
	__u64 seed = 3;
	__u8 *at;
	size_t i;

	in = malloc(ROWS * DEMO_IN * 4);
	out = calloc(ROWS, DEMO_OUT * 4);
	expect = calloc(ROWS, DEMO_OUT * 4);
	for (i = 0; i < ROWS * DEMO_IN; i++)
		in[i] = (__s32)random_word(&seed) >> seed % 20;
	tap_is(0, predict(DEMO, in, expect, ROWS), "PREDICT, many rows");
	tap_is(0, predict("loaded", in, out, ROWS), "of the same network, loaded");
	tap_ok(!memcmp(out, expect, ROWS * DEMO_OUT * 4), "are the same");
	memset(out, 0, DEMO_OUT * 4);
	tap_is(0, predict("loaded", in, out, 1), "PREDICT, one row");
	tap_ok(!memcmp(out, expect, DEMO_OUT * 4), "is the first of them");
	tap_is(0, predict("loaded", NULL, NULL, 0), "PREDICT, no rows");

	arg.in = (uintptr_t)in;
	arg.out = (uintptr_t)out;
	arg.rows = 1;
	arg.in_bytes = DEMO_IN * 4 - 1;
	arg.out_bytes = DEMO_OUT * 4;
	tap_is(-EINVAL, call(NEURAL_IOC_PREDICT, &arg), "PREDICT with a shorter input");
	arg.in_bytes = DEMO_IN * 4;
	arg.out_bytes = DEMO_OUT * 4 + 1;
	tap_is(-EINVAL, call(NEURAL_IOC_PREDICT, &arg), "with a longer output");
	arg.rows = UINT32_MAX;
	tap_is(-EINVAL, call(NEURAL_IOC_PREDICT, &arg), "with rows that are not there");
	tap_is(-EFAULT, predict("loaded", NULL, out, ROWS), "from nowhere");
	tap_is(-EFAULT, predict("loaded", in, NULL, ROWS), "to nowhere");

	/* Everything but the last row has room. */
	at = edge((ROWS - 1) * DEMO_OUT * 4);
	arg.rows = ROWS;
	arg.in_bytes = ROWS * DEMO_IN * 4;
	arg.out = (uintptr_t)at;
	arg.out_bytes = ROWS * DEMO_OUT * 4;
	tap_is(-EFAULT, call(NEURAL_IOC_PREDICT, &arg), "over the edge");
	tap_ok(arg.done && arg.done < ROWS && !memcmp(at, expect, arg.done * DEMO_OUT * 4),
	       "what is done is right");
}

/* Inputs and outputs of several types, and texts. */
static void test_mixed(void)
{
	static const struct {
		__u32 dtype, dim;
		__u64 offset;
	} want[MIXED_TENSORS] = {
		{ NEURAL_S8, 3, 0 }, { NEURAL_S32, 2, 4 }, { NEURAL_S16, 1, 12 },
	};
	struct neural_ioc_tensor t = { .head = head(sizeof(t), "mixed") };
	struct neural_ioc_predict p = { .head = head(sizeof(p), "mixed") };
	struct neural_ioc_copy l = { .head = head(sizeof(l), "mixed") };
	__u8 rows[2][MIXED_BYTES], answers[2][MIXED_BYTES];
	struct mixed_file mixed;
	struct neural_ioc_info i;
	static const __u8 gaps[] = MIXED_GAPS;
	char labels[32] = { };
	unsigned int gap;
	int wrong = 0;

	mixed_fill(&mixed);
	tap_is(0, load("mixed", &mixed, sizeof(mixed), 0, NULL), "LOAD of many types");
	tap_ok(!info("mixed", &i) && !strcmp(i.description, "what it gets") &&
	       i.nr_inputs == 3 && i.nr_outputs == 3 && i.nr_labels == 3 &&
	       i.in_bytes == MIXED_BYTES, "INFO of them");
	for (t.index = 0; t.index < MIXED_TENSORS; t.index++) {
		t.head.flags = 0;
		wrong += call(NEURAL_IOC_TENSOR, &t) || t.dtype != want[t.index].dtype ||
			 t.dim[0] != want[t.index].dim || t.offset != want[t.index].offset;
		t.head.flags = NEURAL_TENSOR_OUTPUT;
		wrong += call(NEURAL_IOC_TENSOR, &t) || t.rank != 2 ||
			 t.dim[1] != want[t.index].dim || t.offset != want[t.index].offset;
	}
	tap_is(0, wrong, "TENSOR of each");
	tap_is(-ERANGE, call(NEURAL_IOC_TENSOR, &t), "and no more");
	l.data = (uintptr_t)labels;
	l.bytes = 18;
	tap_is(-ENOSPC, call(NEURAL_IOC_LABELS, &l), "LABELS with too little room");
	tap_is(19, l.bytes, "say how much they take");
	tap_ok(!call(NEURAL_IOC_LABELS, &l) && !memcmp(labels, "third\0first\0second", 19),
	       "LABELS");
	memset(rows, 0x5a, sizeof(rows));
	memset(answers, 0xa5, sizeof(answers));
	p.in = (uintptr_t)rows;
	p.out = (uintptr_t)answers;
	p.in_bytes = sizeof(rows);
	p.out_bytes = sizeof(rows);
	p.rows = 2;
	tap_is(0, call(NEURAL_IOC_PREDICT, &p), "PREDICT of many types");
	/* Nothing of the kernel's comes along in the gaps. */
	for (gap = 0; gap < sizeof(gaps); gap++)
		rows[0][gaps[gap]] = 0;
	memcpy(rows[1], rows[0], MIXED_BYTES);
	tap_ok(!memcmp(rows, answers, sizeof(rows)), "with zeros in between");
	tap_is(0, unload("mixed"), "and unloaded");
}

static void test_stats(void)
{
	ARG(stats, "loaded");

	tap_is(0, call(NEURAL_IOC_STATS, &arg), "STATS");
	tap_ok(arg.predictions > ROWS && arg.bytes && arg.bytes_peak >= arg.bytes &&
	       arg.min_ns <= arg.p50_ns && arg.p50_ns <= arg.max_ns, "make sense");
	/* Nobody else's stack, and nothing where the structure once ended. */
	memset(&arg.cache_bypassed, 0x5a, sizeof(arg) - offsetof(typeof(arg), cache_bypassed));
	arg.head.size = offsetof(typeof(arg), cache_bypassed);
	tap_is(0, call(NEURAL_IOC_STATS, &arg), "STATS before there was more of it");
	tap_ok(arg.predictions > ROWS && arg.cache_bypassed == 0x5a5a5a5a5a5a5a5aULL,
	       "ends there");
	arg.head.size = offsetof(typeof(arg), over_budget) - 8;
	tap_is(-EINVAL, call(NEURAL_IOC_STATS, &arg), "and not before");
}

static bool put_firmware(const char *path)
{
	FILE *f;
	bool ok;

	mkdir("/lib/firmware", 0755);
	mkdir("/lib/firmware/neural", 0755);
	f = fopen(path, "w");
	ok = f && fwrite(file, file_bytes, 1, f) == 1;
	return f && !fclose(f) && ok;
}

static void test_firmware(void)
{
	ARG(load, "device_test");

	tap_is(-ENOENT, call(NEURAL_IOC_LOAD_FIRMWARE, &arg), "LOAD_FIRMWARE that is missing");
	if (!tap_ok(put_firmware("/lib/firmware/neural/device_test.neural"), "put it there"))
		return;
	arg.bytes = 1;
	tap_is(-EINVAL, call(NEURAL_IOC_LOAD_FIRMWARE, &arg), "it brings its own bytes");
	arg.bytes = 0;
	tap_is(0, call(NEURAL_IOC_LOAD_FIRMWARE, &arg), "LOAD_FIRMWARE");
	tap_ok(!predict("device_test", in, out, 1) && !memcmp(out, expect, DEMO_OUT * 4),
	       "predicts");
	tap_is(-EEXIST, call(NEURAL_IOC_LOAD_FIRMWARE, &arg), "a second time");
	arg.head.flags = NEURAL_LOAD_REPLACE;
	tap_ok(!call(NEURAL_IOC_LOAD_FIRMWARE, &arg) && arg.generation == 2, "replaced");
	arg.head = head(sizeof(arg), "../neural/device_test");
	tap_is(-EINVAL, call(NEURAL_IOC_LOAD_FIRMWARE, &arg), "by a detour");
	unlink("/lib/firmware/neural/device_test.neural");
	tap_is(0, unload("device_test"), "and unloaded");
}

static void test_unload(void)
{
	tap_is(-EBUSY, unload(DEMO), "UNLOAD of a driver's network");
	tap_is(0, predict(DEMO, in, out, 1), "which still predicts");
	tap_is(0, unload("loaded"), "UNLOAD");
	tap_is(-ENOENT, unload("loaded"), "a second time");
	tap_is(-ENOENT, predict("loaded", in, out, 1), "and it is gone");
	tap_is(0, load("loaded", file, file_bytes, 0, NULL), "its name is free");
	tap_is(0, unload("loaded"), "UNLOAD again");
}

/* In a process of its own, as nobody: with the device open, and without. */
static int nobody(void)
{
	struct neural_ioc_info i;
	struct neural_ioc_load l = { .head = head(sizeof(l), "loaded") };

	if (setgid(65534) || setuid(65534))
		return 1;
	if (open(NEURAL_DEVICE, O_RDWR) >= 0 || errno != EACCES)
		return 2;
	if (load("loaded", file, file_bytes, 0, NULL) != -EPERM || unload(DEMO) != -EPERM ||
	    call(NEURAL_IOC_LOAD_FIRMWARE, &l) != -EPERM)
		return 3;
	return info(DEMO, &i) || predict(DEMO, in, out, 1) ? 4 : 0;
}

static void test_nobody(void)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(nobody());
	waitpid(pid, &status, 0);
	tap_is(0, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	       "nobody loads, and with the device predicts");
}

int main(void)
{
	long long before;

	printf("TAP version 13\n");
	device = open(NEURAL_DEVICE, O_RDWR);
	if (!tap_ok(device >= 0, "opens"))
		return 1;
	before = held();
	test_node();
	test_numbers();
	test_shapes();
	test_info();
	test_tensor();
	test_save();
	test_load();
	test_load_refused();
	test_predict();
	test_mixed();
	test_stats();
	test_firmware();
	test_unload();
	test_nobody();
	tap_is(before, held(), "all memory is given back");
	tap_ok(system("rmmod neural_caller 2>/dev/null; rmmod neural 2>/dev/null"),
	       "the module stays while the device is open");
	return tap_done();
}
