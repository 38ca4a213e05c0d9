// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl stats: how a network fares. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "candidate.h"
#include "ctl.h"
#include "device.h"
#include "json.h"

static const struct {
	const char *name;
	size_t at;
} fields[] = {
#define FIELD(name) { #name, offsetof(struct neural_ioc_stats, name) }
	FIELD(predictions),
	FIELD(errors),
	FIELD(cache_hits),
	FIELD(cache_misses),
	FIELD(cache_bypassed),
	FIELD(cache_evictions),
	FIELD(cache_failures),
	FIELD(cache_shrunk),
	FIELD(simd_steps),
	FIELD(fallback_steps),
	FIELD(mean_ns),
	FIELD(min_ns),
	FIELD(p50_ns),
	FIELD(p90_ns),
	FIELD(p95_ns),
	FIELD(p99_ns),
	FIELD(max_ns),
	FIELD(section_max_ns),
	FIELD(preempt_off_max_ns),
	FIELD(bytes),
	FIELD(bytes_peak),
	FIELD(over_budget),
	FIELD(refused),
	FIELD(breaker_opened),
	FIELD(out_of_range),
	FIELD(out_of_range_most),
	FIELD(out_of_bounds),
#undef FIELD
};

static void tell(const struct neural_ioc_stats *stats, const struct candidate *candidate,
		 bool as_json)
{
	struct json json = { .to = stdout };
	u32 i;

	if (as_json) {
		json_open(&json, NULL, '{');
		json_string(&json, "name", stats->head.name);
		json_unsigned(&json, "id", stats->head.id);
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		const u64 value = *(const u64 *)((const u8 *)stats + fields[i].at);

		if (as_json)
			json_unsigned(&json, fields[i].name, value);
		else
			printf("%s: %llu\n", fields[i].name, (unsigned long long)value);
	}
	if (!as_json) {
		printf("breaker: %s\n", device_breaker(stats->breaker));
		candidate_print(candidate);
		return;
	}
	json_string(&json, "breaker", device_breaker(stats->breaker));
	candidate_json(&json, candidate);
	json_close(&json);
}

static int show(int fd, struct neural_ioc_stats *stats, bool as_json)
{
	const char *name = stats->head.name;
	struct candidate candidate;
	int ret;

	if (ioctl(fd, NEURAL_IOC_STATS, stats))
		return device_failed(name);
	ret = candidate_get(fd, name, &candidate);
	if (!ret)
		tell(stats, &candidate, as_json);
	return ret;
}

int cmd_stats(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		CTL_OPTIONS_END
	};
	struct neural_ioc_stats stats = { };
	bool json = false;
	int option, fd, ret;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		if (option != 'j')
			return CTL_USAGE;
		json = true;
	}
	if (argc - optind != 1)
		return ctl_usage("want the name of one network");
	ret = device_head(&stats.head, sizeof(stats), argv[optind]);
	if (!ret)
		ret = device_open(&fd);
	if (ret)
		return ret;
	ret = show(fd, &stats, json);
	close(fd);
	return ret ?: ctl_flush();
}
