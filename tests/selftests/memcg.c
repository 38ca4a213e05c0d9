// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcg GROUP ROOM: a process in that memory cgroup, which has room for so many bytes more
 * than it holds, or "max", has a model of a few megabytes saved.  Prints what became of it,
 * "saved", "ENOMEM" or "killed", the bytes the group held before, and those of the file.
 * Without words: the same in no group, and "saved" where it was charged to no network.
 */
#include <signal.h>
#include <sys/wait.h>
#include "../reference/mixed.h"
#include "device.h"

#define NAME	"memcg"
/* What a CPU keeps charged in advance is 64 pages. */
#define MORE	(4 << 20)

static const char *group;
/* Constants nobody uses, behind all there is, where a section may begin. */
#define DATA	((sizeof(struct mixed_file) / NEURAL_MODEL_ALIGN + 1) * NEURAL_MODEL_ALIGN)

static union {
	struct mixed_file mixed;
	__u8 bytes[DATA + MORE];
} file;

static __u8 saved[sizeof(file)];

static bool put(const char *what, const char *text)
{
	char path[256];
	int fd, n;

	snprintf(path, sizeof(path), "%s/%s", group, what);
	fd = open(path, O_WRONLY);
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (int)strlen(text);
}

static long long get(const char *what)
{
	char path[256], text[32] = { };
	int fd;

	snprintf(path, sizeof(path), "%s/%s", group, what);
	fd = open(path, O_RDONLY);
	if (read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	close(fd);
	return atoll(text);
}

/* The table of sections has room for one more. */
static void fill(void)
{
	struct neural_model_section *data = (void *)file.mixed.to_tensors;

	mixed_fill(&file.mixed);
	file_section(data, NEURAL_SECTION_DATA, &file, file.bytes + DATA, 1, MORE);
	file_header(&file.mixed.header, sizeof(file), 6);
	file_seal(&file.mixed.header, sizeof(file));
}

static int ask(void)
{
	ARG(copy, NAME);

	arg.data = (uintptr_t)saved;
	arg.bytes = sizeof(saved);
	return call(NEURAL_IOC_SAVE, &arg);
}

/* Once to have all there is but the room, and when told so again: 0, 1 for no memory. */
static int child(int ready, int go)
{
	char c = 0;
	int ret;

	if (!put("cgroup.procs", "0") || ask() || write(ready, &c, 1) != 1 ||
	    read(go, &c, 1) != 1)
		return 100;
	ret = ask();
	return ret == -ENOMEM ? 1 : ret ? 100 : 0;
}

/* The bytes it held; negative where it was not to be had. */
static long long limit(const char *room)
{
	const long long held = get("memory.current");
	char most[32];

	snprintf(most, sizeof(most), "%lld", held + atoll(room));
	return put("memory.max", strcmp(room, "max") ? most : room) ? held : -1;
}

static int run(const char *room)
{
	int ready[2], go[2], status;
	long long held;
	pid_t pid;
	char c;

	if (pipe(ready) || pipe(go))
		return 2;
	pid = fork();
	if (!pid) {
		/* Or nobody is there to wait for and it waits for ever. */
		close(ready[0]);
		close(go[1]);
		_exit(child(ready[1], go[0]));
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		return 3;
	held = limit(room);
	if (held < 0 || write(go[1], &c, 1) != 1)
		return 4;
	if (waitpid(pid, &status, 0) != pid)
		return 5;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		printf("killed");
	else if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
		printf(WEXITSTATUS(status) ? "ENOMEM" : "saved");
	else
		return 6;
	printf(" %lld %zu\n", held, sizeof(file));
	return 0;
}

/* The most the network has held is the same before and after. */
static int alone(void)
{
	ARG(stats, NAME);
	__u64 before;

	if (call(NEURAL_IOC_STATS, &arg))
		return 7;
	before = arg.bytes_peak;
	if (ask() || memcmp(saved, &file, sizeof(file)) || call(NEURAL_IOC_STATS, &arg))
		return 8;
	printf("%s\n", arg.bytes_peak == before ? "saved" : "charged");
	return 0;
}

int main(int argc, char **argv)
{
	int ret;

	device = open(NEURAL_DEVICE, O_RDWR);
	fill();
	if (device < 0 || load(NAME, &file, sizeof(file), 0, NULL))
		return 1;
	group = argv[1];
	ret = argc == 3 ? run(argv[2]) : alone();
	unload(NAME);
	return ret;
}
