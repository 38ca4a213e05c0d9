// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl candidate, promote, drop: another model beside the one that serves. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "candidate.h"
#include "ctl.h"
#include "device.h"
#include "input.h"
#include "json.h"
#include "refusal.h"

static const struct {
	const char *name;
	size_t at;
} fields[] = {
#define FIELD(name) { #name, offsetof(struct neural_ioc_candidate_stats, name) }
	FIELD(calls),
	FIELD(rows),
	FIELD(equal),
	FIELD(agree),
	FIELD(errors),
	FIELD(most_difference),
	FIELD(mean_ns),
	FIELD(answered_calls),
	FIELD(answered),
	FIELD(answered_mean_ns),
	FIELD(answered_max_ns),
	FIELD(kept_calls),
	FIELD(kept_mean_ns),
	FIELD(kept_max_ns),
	FIELD(macs),
#undef FIELD
};

static u64 field(const struct candidate *candidate, u32 i)
{
	return *(const u64 *)((const u8 *)&candidate->stats + fields[i].at);
}

int candidate_get(int fd, const char *name, struct candidate *candidate)
{
	int ret;

	*candidate = (struct candidate){ };
	ret = device_head(&candidate->stats.head, sizeof(candidate->stats), name);
	if (ret)
		return ret;
	if (!ioctl(fd, NEURAL_IOC_CANDIDATE_STATS, &candidate->stats)) {
		candidate->is_there = true;
		return CTL_OK;
	}
	/* A module that does not know of candidates has none. */
	return errno == ENODATA || errno == ENOTTY ? CTL_OK : device_failed(name);
}

static const char *mode(const struct candidate *candidate)
{
	return candidate->stats.share ? "share" : "shadow";
}

void candidate_print(const struct candidate *candidate)
{
	u32 i;

	if (!candidate->is_there)
		return;
	printf("candidate: %s\ncandidate share: %u\ncandidate every: %u\n",
	       mode(candidate), candidate->stats.share, candidate->stats.every);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		printf("candidate %s: %llu\n", fields[i].name,
		       (unsigned long long)field(candidate, i));
}

void candidate_json(struct json *json, const struct candidate *candidate)
{
	u32 i;

	if (!candidate->is_there) {
		json_string(json, "candidate", NULL);
		return;
	}
	json_open(json, "candidate", '{');
	json_string(json, "mode", mode(candidate));
	json_unsigned(json, "share", candidate->stats.share);
	json_unsigned(json, "every", candidate->stats.every);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		json_unsigned(json, fields[i].name, field(candidate, i));
	json_close(json);
}

/* What the kernel says of a file it did not take. */
static int set_failed(struct neural_ioc_candidate *set, const char *name, const char *path)
{
	set->rule[sizeof(set->rule) - 1] = '\0';
	if (set->rule[0])
		return ctl_refused(path, (const void *)(uintptr_t)set->data, set->bytes,
				   set->rule, set->layer, set->offset);
	if (errno == EPERM)
		return ctl_fail("%s: a candidate takes CAP_SYS_ADMIN", name);
	if (errno == EOPNOTSUPP)
		return ctl_fail("%s: is not from a model file", name);
	return device_failed(name);
}

static int set(const char *name, const char *path, u32 share, u32 every)
{
	struct neural_ioc_candidate set = { .share = share, .every = every };
	void *data;
	int fd, ret;

	ret = device_head(&set.head, sizeof(set), name);
	if (ret)
		return ret;
	ret = ctl_read_file(path, &data, &set.bytes);
	if (!ret)
		ret = device_open(&fd);
	if (!ret) {
		set.data = (uintptr_t)data;
		if (ioctl(fd, NEURAL_IOC_CANDIDATE, &set))
			ret = set_failed(&set, name, path);
		close(fd);
	}
	free(data);
	return ret;
}

int cmd_candidate(int argc, char **argv)
{
	static const struct option options[] = {
		{ "share", required_argument, NULL, 's' },
		{ "every", required_argument, NULL, 'e' },
		CTL_OPTIONS_END
	};
	u64 share = 0, every = 1;
	int option;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		switch (option) {
		case 's':
			if (!ctl_number(optarg, 0, 1000, &share))
				return ctl_usage("--share '%s': not a number from 0 to 1000",
						 optarg);
			break;
		case 'e':
			if (!ctl_number(optarg, 1, 1000000, &every))
				return ctl_usage("--every '%s': not a number from 1 to 1000000",
						 optarg);
			break;
		default:
			return CTL_USAGE;
		}
	}
	if (argc - optind != 2)
		return ctl_usage("want the name of a network and a model file");
	return set(argv[optind], argv[optind + 1], share, every);
}

/* The command's name is said by @argv[0]; the network is its only word. */
static int command_open(int argc, char **argv, struct neural_ioc_head *head, size_t size,
			int *fd)
{
	static const struct option options[] = { CTL_OPTIONS_END };
	int ret;

	if (ctl_option(argc, argv, options) != -1)
		return CTL_USAGE;
	if (argc - optind != 1)
		return ctl_usage("want the name of one network");
	ret = device_head(head, size, argv[optind]);
	return ret ?: device_open(fd);
}

static int command_failed(const struct neural_ioc_head *head)
{
	if (errno == ENODATA)
		return ctl_fail("%s: has no candidate", head->name);
	return device_failed(head->name);
}

int cmd_promote(int argc, char **argv)
{
	struct neural_ioc_promote promote = { };
	int fd, ret;

	ret = command_open(argc, argv, &promote.head, sizeof(promote), &fd);
	if (ret)
		return ret;
	if (ioctl(fd, NEURAL_IOC_PROMOTE, &promote))
		ret = command_failed(&promote.head);
	else
		printf("%s: generation %llu\n", promote.head.name,
		       (unsigned long long)promote.generation);
	close(fd);
	return ret ?: ctl_flush();
}

int cmd_drop(int argc, char **argv)
{
	struct neural_ioc_drop drop = { };
	int fd, ret;

	ret = command_open(argc, argv, &drop.head, sizeof(drop), &fd);
	if (ret)
		return ret;
	if (ioctl(fd, NEURAL_IOC_DROP, &drop))
		ret = command_failed(&drop.head);
	close(fd);
	return ret;
}
