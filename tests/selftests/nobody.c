// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user without privileges may do: nothing, but read sysfs, and with a device that
 * somebody else has opened look and predict.  Wants neural_caller with hold=1.
 */
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <dirent.h>
#include <grp.h>
#include "device.h"

#define DEBUGFS		"/sys/kernel/debug"
#define NETWORKS	DEBUGFS "/neural_network/"
#define CLASS		"/sys/class/neural/"
#define PARAMETERS	"/sys/module/neural/parameters/"

/* Files, how they are opened, and the error that gives where they exist. */
static const struct {
	const char *path;
	int flags;
	int want;
} files[] = {
	{ NEURAL_DEVICE, O_RDONLY, EACCES },
	{ NEURAL_DEVICE, O_WRONLY, EACCES },
	{ NEURAL_DEVICE, O_RDWR, EACCES },
	{ NETWORKS "config", O_RDONLY, EACCES },
	{ NETWORKS "config", O_WRONLY, EACCES },
	{ NETWORKS "%u/config", O_RDONLY, EACCES },
	{ NETWORKS "%u/config", O_WRONLY, EACCES },
	{ CLASS DEMO "/id", O_RDONLY, 0 },
	{ CLASS DEMO "/id", O_WRONLY, EACCES },
	{ CLASS DEMO "/memory", O_RDONLY, 0 },
	{ CLASS DEMO "/memory", O_WRONLY, EACCES },
	{ CLASS DEMO "/uevent", O_WRONLY, EACCES },
	{ PARAMETERS "neural_enable_simd", O_RDONLY, 0 },
	{ PARAMETERS "neural_enable_simd", O_WRONLY, EACCES },
	{ "/sys/module/neural_caller/parameters/run", O_WRONLY, EACCES },
};

/* Numbers that anybody with the device may use; all others are for CAP_SYS_ADMIN. */
static const unsigned int open_to_all[] = {
	_IOC_NR(NEURAL_IOC_INFO), _IOC_NR(NEURAL_IOC_TENSOR), _IOC_NR(NEURAL_IOC_LABELS),
	_IOC_NR(NEURAL_IOC_PREDICT), _IOC_NR(NEURAL_IOC_SAVE), _IOC_NR(NEURAL_IOC_STATS),
	_IOC_NR(NEURAL_IOC_CANDIDATE_STATS),
};

static char written[512];

static void drop(void)
{
	if (setgroups(0, NULL) || setgid(65534) || setuid(65534) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		_exit(100);
}

/* What @test says of a process that is nobody. */
static int as_nobody(int (*test)(unsigned int arg), unsigned int arg)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		drop();
		_exit(test(arg));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static unsigned int demo_id(void)
{
	struct neural_ioc_info i;

	return info(DEMO, &i) ? 0 : i.head.id;
}

static void path_of(unsigned int i, char *path, size_t size, unsigned int id)
{
	char name[32];
	const char *at = strstr(files[i].path, "%u");

	snprintf(name, sizeof(name), "network_%u", id);
	if (at)
		snprintf(path, size, "%.*s%s%s", (int)(at - files[i].path), files[i].path,
			 name, at + 2);
	else
		snprintf(path, size, "%s", files[i].path);
}

/* 0, or the error of opening file @i. */
static int opens(unsigned int i)
{
	static char path[256];
	int fd;

	path_of(i, path, sizeof(path), demo_id());
	fd = open(path, files[i].flags);
	return fd < 0 ? errno : 0;
}

static void test_files(void)
{
	char path[256], what[320];
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		path_of(i, path, sizeof(path), demo_id());
		snprintf(what, sizeof(what), "%s %s%s", path,
			 files[i].flags == O_RDONLY ? "is read" :
			 files[i].flags == O_WRONLY ? "is written" : "is opened for both",
			 files[i].want ? ": refused" : "");
		ret = access(path, F_OK) ? ENOENT : as_nobody(opens, i);
		tap_is(files[i].want, ret, what);
	}
}

static int writes(unsigned int arg)
{
	return access(written, W_OK) ? errno : 0;
}

/* What there is in a directory, all of it: read by whom it likes, written by root. */
static void test_directory(const char *dir)
{
	DIR *d = opendir(dir);
	unsigned int entries = 0, wrong = 0;
	struct dirent *e;
	char what[320];

	while (d && (e = readdir(d))) {
		if (e->d_type != DT_REG)
			continue;
		snprintf(written, sizeof(written), "%s%s", dir, e->d_name);
		entries++;
		if (as_nobody(writes, 0) != EACCES) {
			printf("# %s\n", written);
			wrong++;
		}
	}
	if (d)
		closedir(d);
	snprintf(what, sizeof(what), "nothing in %s is written", dir);
	tap_ok(entries && !wrong, what);
}

/* Where debugfs lets everybody in, its files do not. */
static void test_debugfs_open(void)
{
	static const char *const modes[] = { "mode=755", "mode=700" };
	unsigned int i, wrong = 0;

	if (!tap_is(0, mount(NULL, DEBUGFS, "debugfs", MS_REMOUNT, modes[0]),
		    "debugfs that is open to all"))
		return;
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strstr(files[i].path, "config"))
			wrong += as_nobody(opens, i) != EACCES;
	tap_is(0, wrong, "config still is not");
	mount(NULL, DEBUGFS, "debugfs", MS_REMOUNT, modes[1]);
}

static bool for_all(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < sizeof(open_to_all) / sizeof(*open_to_all); i++)
		if (open_to_all[i] == nr)
			return true;
	return false;
}

/* Nothing of the structure is looked at before. */
static int refused(unsigned int nr)
{
	__u64 arg[128] = { };

	return -call(_IO(NEURAL_IOC_TYPE, nr), arg);
}

static void test_calls(void)
{
	unsigned int nr, privileged = 0, open = 0, wrong = 0;

	for (nr = 0; nr < 256; nr++) {
		int ret = refused(nr);

		if (ret == ENOTTY)
			continue;
		ret = as_nobody(refused, nr);
		if (for_all(nr)) {
			open++;
			wrong += ret != EINVAL;
		} else {
			privileged++;
			wrong += ret != EPERM;
		}
		if (wrong)
			printf("# ioctl %u: %d\n", nr, ret);
	}
	printf("# %u for all, %u privileged\n", open, privileged);
	tap_ok(!wrong && open == sizeof(open_to_all) / sizeof(*open_to_all) &&
	       privileged >= 3, "ioctls that change something are refused, others are not");
}

/* With a file somebody else has opened. */
static int looks(unsigned int arg)
{
	struct neural_ioc_info i;
	__s32 in[DEMO_IN] = { 1, 2, 3 }, out[DEMO_OUT];
	size_t bytes;

	return info(DEMO, &i) || predict(DEMO, in, out, 1) || !save(DEMO, &bytes);
}

/* Modules come and go by root's hand alone. */
static int unloads(unsigned int arg)
{
	return syscall(SYS_delete_module, "neural_caller", O_NONBLOCK) ? errno : 0;
}

static int loads(unsigned int arg)
{
	return syscall(SYS_finit_module, device, "", 0) ? errno : 0;
}

int main(void)
{
	printf("TAP version 13\n");
	device = open(NEURAL_DEVICE, O_RDWR);
	if (!tap_ok(device >= 0 && demo_id() < UINT32_MAX, "root opens the device"))
		return 1;
	test_files();
	test_directory(PARAMETERS);
	test_directory(CLASS DEMO "/");
	test_debugfs_open();
	test_calls();
	tap_is(0, as_nobody(looks, 0), "with the device, nobody looks and predicts");
	tap_is(EPERM, as_nobody(unloads, 0), "nobody unloads a module");
	tap_is(EPERM, as_nobody(loads, 0), "nobody loads one");
	return tap_done();
}
