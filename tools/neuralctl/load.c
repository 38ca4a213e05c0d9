// SPDX-License-Identifier: GPL-2.0-only
/* neuralctl load, unload, save: model files into the kernel and out of it. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl.h"
#include "device.h"
#include "input.h"
#include "json.h"
#include "output.h"
#include "refusal.h"

/* Name of the network in @path: that of the file without ".neural". */
static int name_of(const char *path, char *name, size_t room)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t length = strlen(base);

	if (length > 7 && !strcmp(base + length - 7, ".neural"))
		length -= 7;
	if (!length || length >= room)
		return ctl_usage("'%s' does not make a name: give one with --name", base);
	memcpy(name, base, length);
	name[length] = '\0';
	return CTL_OK;
}

/* What the kernel says of a file it did not take. */
static int load_failed(struct neural_ioc_load *load, const char *what)
{
	const int err = errno;

	load->rule[sizeof(load->rule) - 1] = '\0';
	if (load->rule[0] && load->data)
		return ctl_refused(what, (const void *)(uintptr_t)load->data, load->bytes,
				   load->rule, load->layer, load->offset);
	if (load->rule[0])
		return ctl_fail("%s: refused: %s (byte %llu)", what, load->rule,
				(unsigned long long)load->offset);
	if (err == EEXIST)
		return ctl_fail("there is a network '%s' already; --replace exchanges it",
				load->head.name);
	if (err == EPERM)
		return ctl_fail("%s: loading takes CAP_SYS_ADMIN", what);
	if (err == ENOENT && (load->head.flags & NEURAL_LOAD_REPLACE))
		return ctl_absent("there is no network '%s' to replace", load->head.name);
	return ctl_fail("%s: %s", what, strerror(err));
}

static void tell(const struct neural_ioc_load *load, bool as_json)
{
	struct json json = { .to = stdout };

	if (!as_json) {
		printf("%s: generation %llu\n", load->head.name,
		       (unsigned long long)load->generation);
		return;
	}
	json_open(&json, NULL, '{');
	json_string(&json, "name", load->head.name);
	json_unsigned(&json, "id", load->head.id);
	json_unsigned(&json, "generation", load->generation);
	json_close(&json);
}

static int load(const char *word, const char *name, bool replace, bool firmware,
		bool as_json)
{
	struct neural_ioc_load load = { };
	char base[NEURAL_NAME_LEN];
	void *data = NULL;
	int fd, ret;

	if (firmware) {
		name = word;
	} else if (!name) {
		ret = name_of(word, base, sizeof(base));
		if (ret)
			return ret;
		name = base;
	}
	ret = device_head(&load.head, sizeof(load), name);
	if (ret)
		return ret;
	load.head.flags = replace ? NEURAL_LOAD_REPLACE : 0;
	if (!firmware)
		ret = ctl_read_file(word, &data, &load.bytes);
	if (!ret)
		ret = device_open(&fd);
	if (!ret) {
		load.data = (uintptr_t)data;
		if (ioctl(fd, firmware ? NEURAL_IOC_LOAD_FIRMWARE : NEURAL_IOC_LOAD,
			  &load))
			ret = load_failed(&load, word);
		else
			tell(&load, as_json);
		close(fd);
	}
	free(data);
	return ret ?: ctl_flush();
}

int cmd_load(int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "replace", no_argument, NULL, 'r' },
		{ "firmware", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		CTL_OPTIONS_END
	};
	bool replace = false, firmware = false, json = false;
	const char *name = NULL;
	int option;

	while ((option = ctl_option(argc, argv, options)) != -1) {
		switch (option) {
		case 'n':
			name = optarg;
			break;
		case 'r':
			replace = true;
			break;
		case 'f':
			firmware = true;
			break;
		case 'j':
			json = true;
			break;
		default:
			return CTL_USAGE;
		}
	}
	if (argc - optind != 1)
		return ctl_usage(firmware ? "want the name of one network" :
					    "want one model file");
	if (firmware && name)
		return ctl_usage("firmware is found by the name of the network");
	return load(argv[optind], name, replace, firmware, json);
}

int cmd_unload(int argc, char **argv)
{
	static const struct option options[] = { CTL_OPTIONS_END };
	struct neural_ioc_unload unload = { };
	int fd, ret;

	if (ctl_option(argc, argv, options) != -1)
		return CTL_USAGE;
	if (argc - optind != 1)
		return ctl_usage("want the name of one network");
	ret = device_head(&unload.head, sizeof(unload), argv[optind]);
	if (!ret)
		ret = device_open(&fd);
	if (ret)
		return ret;
	if (ioctl(fd, NEURAL_IOC_UNLOAD, &unload)) {
		if (errno == EBUSY)
			ret = ctl_fail("%s: belongs to a driver", argv[optind]);
		else
			ret = device_failed(argv[optind]);
	}
	close(fd);
	return ret;
}

int cmd_save(int argc, char **argv)
{
	static const struct option options[] = { CTL_OPTIONS_END };
	struct ctl_output output;
	void *data;
	size_t bytes;
	int fd, ret;

	if (ctl_option(argc, argv, options) != -1)
		return CTL_USAGE;
	if (argc - optind != 2)
		return ctl_usage("want the name of a network and a file");
	ret = device_open(&fd);
	if (ret)
		return ret;
	ret = device_copy(fd, NEURAL_IOC_SAVE, argv[optind], &data, &bytes);
	close(fd);
	if (!ret)
		ret = ctl_output_open(&output, argv[optind + 1]);
	if (!ret) {
		fwrite(data, 1, bytes, output.file);
		ret = ctl_output_commit(&output);
	}
	free(data);
	return ret;
}
