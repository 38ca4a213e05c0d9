// SPDX-License-Identifier: GPL-2.0-only
#include "candidate.h"
#include "ctl.h"
#include "device.h"
#include "json.h"
#include "show.h"

static void print_tensors(const char *what, const struct ctl_tensor *tensors, u32 nr)
{
	u32 i, d;

	for (i = 0; i < nr; i++) {
		const struct ctl_tensor *t = &tensors[i];

		printf("%s %u: ", what, i);
		ctl_print_text(stdout, t->name);
		printf(" %s [", ctl_dtype_name(t->dtype));
		for (d = 0; d < t->rank; d++)
			printf("%s%u", d ? "," : "", t->dim[d]);
		putchar(']');
		if (t->scale != 0)
			printf(" scale %.9g zero point %d", t->scale, t->zero_point);
		else if (t->frac)
			printf(" fraction bits %u", t->frac);
		putchar('\n');
	}
}

static void print(const struct device_net *device, const struct candidate *candidate)
{
	const struct neural_ioc_info *info = &device->info;
	const struct ctl_net *net = &device->net;
	u32 i;

	printf("name: %s\nid: %u\ndescription: ", info->head.name, info->head.id);
	ctl_print_text(stdout, info->description);
	printf("\nstate: %s\ngeneration: %llu\nnodes: %u\nmacs: %llu\n"
	       "input row: %zu\noutput row: %zu\narena: %llu\nfile: %llu\nmemory: %llu\n",
	       device_state(info), (unsigned long long)info->generation, info->nodes,
	       (unsigned long long)info->macs, net->in_bytes, net->out_bytes,
	       (unsigned long long)info->arena_bytes,
	       (unsigned long long)info->file_bytes,
	       (unsigned long long)info->memory_bytes);
	printf("signed: %s\n", info->state & NEURAL_STATE_SIGNED ? "yes" : "no");
	if (info->budget_ns)
		printf("budget: %llu ns, %u strikes, cooldown %u ms\nbreaker: %s\n",
		       (unsigned long long)info->budget_ns, info->budget_strikes,
		       info->budget_cooldown_ms, device_breaker(info->breaker));
	if (info->nr_ranges || info->nr_bounds)
		printf("ranges: %u\nbounds: %u\n", info->nr_ranges, info->nr_bounds);
	print_tensors("input", net->in, net->nr_inputs);
	print_tensors("output", net->out, net->nr_outputs);
	for (i = 0; i < net->nr_labels; i++) {
		printf("label %u: ", i);
		ctl_print_text(stdout, ctl_net_label(net, i) ?: "");
		putchar('\n');
	}
	candidate_print(candidate);
}

static void json_tensors(struct json *json, const char *key,
			 const struct ctl_tensor *tensors, u32 nr)
{
	u32 i, d;

	json_open(json, key, '[');
	for (i = 0; i < nr; i++) {
		const struct ctl_tensor *t = &tensors[i];

		json_open(json, NULL, '{');
		json_string(json, "name", t->name);
		json_string(json, "type", ctl_dtype_name(t->dtype));
		json_open(json, "shape", '[');
		for (d = 0; d < t->rank; d++)
			json_unsigned(json, NULL, t->dim[d]);
		json_close(json);
		json_real(json, "scale", t->scale, 9);
		json_signed(json, "zero_point", t->zero_point);
		json_unsigned(json, "fraction_bits", t->frac);
		json_close(json);
	}
	json_close(json);
}

static void print_json(const struct device_net *device, const struct candidate *candidate)
{
	const struct neural_ioc_info *info = &device->info;
	const struct ctl_net *net = &device->net;
	struct json json = { .to = stdout };
	u32 i;

	json_open(&json, NULL, '{');
	json_string(&json, "name", info->head.name);
	json_unsigned(&json, "id", info->head.id);
	json_string(&json, "description", info->description);
	json_string(&json, "state", device_state(info));
	json_unsigned(&json, "generation", info->generation);
	json_unsigned(&json, "nodes", info->nodes);
	json_unsigned(&json, "macs", info->macs);
	json_unsigned(&json, "in_bytes", info->in_bytes);
	json_unsigned(&json, "out_bytes", info->out_bytes);
	json_unsigned(&json, "arena_bytes", info->arena_bytes);
	json_unsigned(&json, "file_bytes", info->file_bytes);
	json_unsigned(&json, "memory_bytes", info->memory_bytes);
	json_bool(&json, "signed", info->state & NEURAL_STATE_SIGNED);
	json_unsigned(&json, "budget_ns", info->budget_ns);
	json_unsigned(&json, "budget_strikes", info->budget_strikes);
	json_unsigned(&json, "budget_cooldown_ms", info->budget_cooldown_ms);
	json_string(&json, "breaker", device_breaker(info->breaker));
	json_unsigned(&json, "ranges", info->nr_ranges);
	json_unsigned(&json, "bounds", info->nr_bounds);
	json_tensors(&json, "inputs", net->in, net->nr_inputs);
	json_tensors(&json, "outputs", net->out, net->nr_outputs);
	json_open(&json, "labels", '[');
	for (i = 0; i < net->nr_labels; i++)
		json_string(&json, NULL, ctl_net_label(net, i) ?: "");
	json_close(&json);
	candidate_json(&json, candidate);
	json_close(&json);
}

int show_network(const char *name, bool as_json)
{
	struct candidate candidate;
	struct device_net device;
	int ret = device_net_open(&device, name);

	if (ret)
		return ret;
	ret = candidate_get(device.fd, name, &candidate);
	if (!ret && as_json)
		print_json(&device, &candidate);
	else if (!ret)
		print(&device, &candidate);
	device_net_close(&device);
	return ret;
}
