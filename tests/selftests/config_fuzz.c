// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs, sysfs and the parameters under random reads and writes: see fuzz.h.  Wants
 * neural_caller with hold=1, which makes predictions meanwhile.
 */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include "fuzz.h"

#define DEBUGFS		"/sys/kernel/debug/neural_network"
#define CLASS		"/sys/class/neural"
#define PARAMETERS	"/sys/module/neural/parameters"
#define RUN		"/sys/module/neural_caller/parameters/run"
#define LONG		100000	/* no line is as long */

/* Any entry of a directory, or the same name if there is none. */
static void any_entry(const char *dir, char *path, size_t size, __u64 *seed)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	unsigned int n = 0;

	snprintf(path, size, "%s", dir);
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' && fuzz_one_in(seed, ++n))
			snprintf(path, size, "%s/%s", dir, e->d_name);
	if (d)
		closedir(d);
}

/* Two levels down at most. */
static void any_file(const char *top, char *path, size_t size, __u64 *seed)
{
	char dir[PATH_MAX];
	struct stat st;

	any_entry(top, path, size, seed);
	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		snprintf(dir, sizeof(dir), "%s", path);
		any_entry(dir, path, size, seed);
	}
}

/* Of config: taken, but for levels the CPU lacks. */
static size_t good_line(char *line, size_t size, __u64 *seed)
{
	static const char *const good[] = {
		"simd 0", "simd 1", "simd_level auto", "simd_level generic",
		"cache_timeout 0", "cache_timeout 86400000", "cache_entries 0",
		"cache_entries 64", "cache_entries 65536", "numa_policy 0", "numa_policy 1",
		"numa_policy 2:0", "profile 0", "profile 1", "reset_stats",
		"cache_bypass 0", "cache_bypass 1", "replicate 0", "replicate 1", "budget 1",
		"budget 0", "ranges 0", "ranges 1", "bounds off", "bounds file",
	};

	return snprintf(line, size, "%s",
			good[fuzz_pick(seed, sizeof(good) / sizeof(*good))]);
}

/* Words config has, its values, and what neither is. */
static size_t any_line(char *line, size_t size, __u64 *seed)
{
	static const char *const words[] = {
		"simd", "simd_level", "cache_timeout", "cache_entries", "numa_policy",
		"profile", "reset_stats", "candidate_share", "shadow_every", "promote", "drop",
		"cache_bypass", "replicate", "budget", "budget_strikes", "budget_cooldown",
		"ranges", "nonsense", "", "%s%n", "simd\n", "\t",
	};
	static const char *const values[] = {
		"0", "1", "2", "2:0", "2:1", "2:64", "auto", "generic", "avx2", "sse2", "-1",
		"4", "64", "65536", "65537", "86400000", "4294967296", "", "0x10", "1 1",
		"99999999999999999999999", "\x1b[2J", "1\n1",
	};
	size_t at, used;

	used = snprintf(line, size, "%s%s%s",
			words[fuzz_pick(seed, sizeof(words) / sizeof(*words))],
			fuzz_one_in(seed, 8) ? "\t  " : " ",
			values[fuzz_pick(seed, sizeof(values) / sizeof(*values))]);
	if (fuzz_one_in(seed, 4) && used) {
		at = fuzz_pick(seed, used);
		line[at] = random_word(seed);
	}
	if (fuzz_one_in(seed, 8)) {
		memset(line + used, fuzz_one_in(seed, 2) ? ' ' : random_word(seed), size - used);
		used += fuzz_pick(seed, fuzz_one_in(seed, 2) ? 80 : size - used);
	}
	return used;
}

static int write_whole(const char *path, const char *line, size_t bytes)
{
	int fd = open(path, O_WRONLY), ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, line, bytes) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* At once, in pieces, or from memory that is not all there. */
static int write_to(const char *path, const char *line, size_t bytes, __u64 *seed)
{
	int fd = open(path, O_WRONLY), ret;
	size_t at, piece;

	if (fd < 0)
		return -errno;
	switch (fuzz_pick(seed, 8)) {
	case 0:
		for (at = 0, ret = 0; at < bytes && ret >= 0; at += piece) {
			piece = 1 + fuzz_pick(seed, 8);
			if (piece > bytes - at)
				piece = bytes - at;
			ret = fuzz_line() ? write(fd, line + at, piece) : -1;
		}
		break;
	case 1:
		ret = pwrite(fd, line, bytes, fuzz_pick(seed, 5000));
		break;
	case 2:
		ret = write(fd, fuzz_address(seed), fuzz_pick(seed, 300));
		break;
	default:
		ret = write(fd, line, bytes);
	}
	ret = ret < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static int call_config(__u64 *seed)
{
	static __thread char line[LONG];
	char path[PATH_MAX], file[PATH_MAX + 16];
	size_t bytes;

	if (!fuzz_line())
		return -EAGAIN;
	bytes = fuzz_one_in(seed, 2) ? good_line(line, sizeof(line), seed) :
				       any_line(line, sizeof(line), seed);
	any_entry(DEBUGFS, path, sizeof(path), seed);
	snprintf(file, sizeof(file), "%s/config", strstr(path, "/network_") ? path : DEBUGFS);
	if (fuzz_one_in(seed, 8))
		snprintf(file, sizeof(file), "%s", path);
	return fuzz_said(write_to(file, line, bytes, seed));
}

/* What keeps models out does not stay: there would be nothing left to load. */
static int call_parameter(__u64 *seed)
{
	static __thread char line[LONG];
	static const char *const good[] = { "0", "1", "auto", "generic", "1000000000" };
	static const char enough[] = "4294967296";
	const char *value = line;
	size_t bytes;
	char path[PATH_MAX];
	int ret;

	if (!fuzz_line())
		return -EAGAIN;
	any_entry(PARAMETERS, path, sizeof(path), seed);
	if (fuzz_one_in(seed, 2)) {
		value = good[fuzz_pick(seed, 5)];
		bytes = strlen(value);
	} else {
		bytes = any_line(line, sizeof(line), seed);
	}
	ret = fuzz_said(write_to(path, value, bytes, seed));
	if (strstr(path, "_max_"))
		write_whole(path, enough, strlen(enough));
	if (strstr(path, "_require_"))
		write_whole(path, "0", 1);
	return ret;
}

/* What is there to be read takes nothing; the rest takes what it likes. */
static int call_class(__u64 *seed)
{
	static __thread char line[LONG];
	const size_t bytes = any_line(line, sizeof(line), seed);
	char path[PATH_MAX];
	struct stat st;
	int ret;

	any_file(CLASS, path, sizeof(path), seed);
	if (!fuzz_line() || stat(path, &st))
		return -EAGAIN;
	ret = fuzz_said(write_to(path, line, bytes, seed));
	if (st.st_mode & 0200)
		return ret;
	return ret ? 0 : FUZZ_WRONG;
}

static int call_read(__u64 *seed)
{
	static const char *const tops[] = { DEBUGFS, CLASS, PARAMETERS };
	char path[PATH_MAX];
	int fd, ret;

	any_file(tops[fuzz_pick(seed, 3)], path, sizeof(path), seed);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -errno;
	do {
		ret = fuzz_one_in(seed, 4) ?
		      pread(fd, fuzz_address(seed), fuzz_pick(seed, 9000), fuzz_number(seed)) :
		      read(fd, fuzz_pages(), 1 + fuzz_pick(seed, 4096));
	} while (ret > 0 && !fuzz_one_in(seed, 8));
	ret = ret < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* Whatever is set, neural_caller gets right answers, or none past a budget. */
static int call_run(__u64 *seed)
{
	char text[16];
	int ret;

	snprintf(text, sizeof(text), "%u", fuzz_pick(seed, 50));
	ret = write_whole(RUN, text, strlen(text));
	return ret && ret != -EAGAIN ? FUZZ_WRONG : ret;
}

static const struct fuzz_kind kinds[] = {
	{ "config", call_config },
	{ "parameters", call_parameter },
	{ "the class", call_class },
	{ "reads", call_read },
	{ "predictions", call_run },
};

int main(int argc, char **argv)
{
	if (argc != 4) {
		printf("usage: config_fuzz SECONDS SEED PROCESSES\n");
		return 2;
	}
	return !fuzz_run(argv, kinds, sizeof(kinds) / sizeof(*kinds));
}
