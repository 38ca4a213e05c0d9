// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of user space with each of their allocations failing once: the right error, and
 * the model there was still answers.  Wants neural_caller with hold=1; failslab.sh has
 * prepared what may fail.  Where the kernel injects nothing each call is made once.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include "../reference/mixed.h"
#include "device.h"

#define NAME	"failing"
#define OTHER	"failing_too"
#define FIRMWARE "failing_firmware"
#define MOST	500	/* no call has more allocations */

static void *file;
static size_t file_bytes;
static struct mixed_file mixed;
static __s32 in[DEMO_IN], expect[DEMO_OUT];
static char config[128];
static int nth_file = -1;

static bool answers(const char *name)
{
	__s32 out[DEMO_OUT] = { };

	return !predict(name, in, out, 1) && !memcmp(out, expect, sizeof(out));
}

/* The @nth allocation from here on fails; did it?  Zero: none. */
static void arm(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	if (nth_file >= 0 && pwrite(nth_file, text, n, 0) != n)
		exit(100);
}

static bool disarm(void)
{
	char text[16] = { };

	if (nth_file < 0 || pread(nth_file, text, sizeof(text) - 1, 0) <= 0)
		return false;
	arm(0);
	return !atoi(text);
}

static int write_config(const char *word)
{
	int fd = open(config, O_WRONLY);
	int ret = fd < 0 ? -errno : 0;

	if (fd >= 0 && write(fd, word, strlen(word)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* @text into a parameter of the module; the text before it in @old, unless that is NULL. */
static bool parameter(const char *name, const char *text, char old[32])
{
	char path[128];
	int fd, n = 1;

	snprintf(path, sizeof(path), "/sys/module/neural/parameters/%s", name);
	fd = open(path, O_RDWR);
	if (old) {
		n = read(fd, old, 31);
		old[n > 0 ? n : 0] = '\0';
	}
	n = n > 0 && write(fd, text, strlen(text)) == (int)strlen(text);
	close(fd);
	return n;
}

/* A cache there was no room for, though there was memory. */
static bool refuse_entries(void)
{
	char old[32];
	int ret;

	if (!parameter("neural_max_total_bytes", "1", old))
		return false;
	ret = write_config("cache_entries 64");
	return parameter("neural_max_total_bytes", old, NULL) && ret == -EDQUOT;
}

static int case_load(void)
{
	return load(OTHER, file, file_bytes, 0, NULL);
}

static int case_load_mixed(void)
{
	return load(OTHER, &mixed, sizeof(mixed), 0, NULL);
}

static void undo_load(void)
{
	unload(OTHER);
}

static int case_replace(void)
{
	return load(NAME, file, file_bytes, NEURAL_LOAD_REPLACE, NULL);
}

static int case_firmware(void)
{
	ARG(load, FIRMWARE);

	return call(NEURAL_IOC_LOAD_FIRMWARE, &arg);
}

static void undo_firmware(void)
{
	unload(FIRMWARE);
}

static int case_entries(void)
{
	return write_config("cache_entries 64");
}

static void undo_entries(void)
{
	write_config("cache_entries 0");
}

static int case_candidate(void)
{
	ARG(candidate, NAME);

	arg.data = (uintptr_t)file;
	arg.bytes = file_bytes;
	arg.every = 1;
	return call(NEURAL_IOC_CANDIDATE, &arg);
}

static void undo_candidate(void)
{
	ARG(drop, NAME);

	call(NEURAL_IOC_DROP, &arg);
}

static int case_promote(void)
{
	ARG(promote, NAME);
	int ret = case_candidate();

	return ret ? ret : call(NEURAL_IOC_PROMOTE, &arg);
}

static int case_save(void)
{
	ARG(copy, NAME);
	static char room[1 << 16];

	arg.data = (uintptr_t)room;
	arg.bytes = sizeof(room);
	return call(NEURAL_IOC_SAVE, &arg);
}

static int case_predict(void)
{
	__s32 out[DEMO_OUT];

	return predict(NAME, in, out, 1);
}

static int case_labels(void)
{
	ARG(copy, OTHER);
	char room[64];

	arg.data = (uintptr_t)room;
	arg.bytes = sizeof(room);
	return call(NEURAL_IOC_LABELS, &arg);
}

/*
 * With the errors they may have beside ENOMEM, how many allocations they need, and what
 * comes before, of which no error is left.
 */
static const struct failing {
	const char *name;
	int (*call)(void);
	void (*undo)(void);
	int other;
	unsigned int needed;
	bool (*before)(void);
} cases[] = {
	{ "LOAD", case_load, undo_load, 0, 10 },
	{ "LOAD of many types", case_load_mixed, undo_load, 0, 10 },
	{ "LOAD over another", case_replace, NULL, 0, 8 },
	/* The file may be the one that is not read. */
	{ "LOAD_FIRMWARE", case_firmware, undo_firmware, -ENOENT, 10 },
	{ "CANDIDATE", case_candidate, undo_candidate, 0, 10 },
	{ "PROMOTE", case_promote, NULL, 0, 10 },
	{ "SAVE", case_save, NULL, 0, 1 },
	{ "PREDICT", case_predict, NULL, 0, 2 },
	{ "cache_entries", case_entries, undo_entries, 0, 2 },
	{ "LOAD over another after a refusal", case_replace, NULL, 0, 8, refuse_entries },
	{ "cache_entries after a refusal", case_entries, undo_entries, 0, 2, refuse_entries },
};

/* What is wrong with @f, or NULL; @needed: allocations it does not do without. */
static const char *lives(const struct failing *f, unsigned int *needed)
{
	unsigned int nth;
	bool failed = true;
	int ret;

	*needed = 0;
	for (nth = 1; failed && nth < MOST; nth++) {
		if (f->before && !f->before())
			return "it was not refused before";
		arm(nth);
		ret = f->call();
		failed = disarm();
		if (ret && ret != -ENOMEM && ret != f->other) {
			printf("# allocation %u: error %d\n", nth, ret);
			return "another error";
		}
		if (ret && !failed)
			return "an error for nothing";
		*needed += ret != 0;
		if (!answers(NAME))
			return "the model does not answer";
		if (!ret && f->undo)
			f->undo();
	}
	printf("# %s: %u allocations, %u needed\n", f->name, nth - 2, *needed);
	return failed ? "no end" : NULL;
}

static void test(const struct failing *f)
{
	const long long before = held();
	unsigned int needed;
	const char *wrong = lives(f, &needed);
	char what[128];

	snprintf(what, sizeof(what), "%s: every allocation may fail%s%s", f->name,
		 wrong ? ": " : "", wrong ?: "");
	tap_ok(!wrong, what);
	snprintf(what, sizeof(what), "%s: it needs them", f->name);
	tap_ok(nth_file < 0 || needed >= f->needed, what);
	snprintf(what, sizeof(what), "%s: nothing is left", f->name);
	tap_is(before, held(), what);
}

static bool put_firmware(void)
{
	FILE *f;

	mkdir("/lib/firmware", 0755);
	mkdir("/lib/firmware/neural", 0755);
	f = fopen("/lib/firmware/neural/" FIRMWARE ".neural", "w");
	return f && fwrite(file, file_bytes, 1, f) == 1 && !fclose(f);
}

int main(void)
{
	static const struct failing labels = { "LABELS", case_labels, NULL, 0, 1 };
	struct neural_ioc_info i = { };
	unsigned int n;

	printf("TAP version 13\n");
	device = open(NEURAL_DEVICE, O_RDWR);
	nth_file = open("/proc/self/fail-nth", O_RDWR);
	mixed_fill(&mixed);
	for (n = 0; n < DEMO_IN; n++)
		in[n] = n * 5000 - 20000;
	file = device < 0 ? NULL : save(DEMO, &file_bytes);
	if (!tap_ok(file && !predict(DEMO, in, expect, 1) && put_firmware() &&
		    !load(NAME, file, file_bytes, 0, NULL) && !info(NAME, &i), "a model"))
		return 1;
	snprintf(config, sizeof(config), "/sys/kernel/debug/neural_network/network_%u/config",
		 i.head.id);
	for (n = 0; n < sizeof(cases) / sizeof(*cases); n++)
		test(&cases[n]);
	if (tap_is(0, case_load_mixed(), "a model with labels"))
		test(&labels);
	undo_load();
	tap_ok(answers(NAME), "the model answers");
	unload(NAME);
	unlink("/lib/firmware/neural/" FIRMWARE ".neural");
	return tap_done();
}
