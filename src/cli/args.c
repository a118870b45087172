/* SPDX-License-Identifier: MIT */
#include "cli/args.h"

#include <stdlib.h>

#include "base/text.h"
#include "cli/cli.h"

/* The option that arg names; *ret_value is what stands behind "=", NULL for nothing. */
static const struct kith_option *find(
	const struct kith_option *options, size_t n, const char *arg, const char **ret_value)
{
	const char *name = arg + 2;
	size_t len = strcspn(name, "=");

	*ret_value = NULL;
	for (size_t i = 0; i < n; i++) {
		if (arg[1] != '-') {
			if (options[i].letter && arg[1] == options[i].letter && !arg[2])
				return &options[i];
			continue;
		}
		if (strlen(options[i].name) != len || strncmp(options[i].name, name, len) != 0)
			continue;
		if (name[len] == '=')
			*ret_value = name + len + 1;
		return &options[i];
	}
	return NULL;
}

/* Reads the option at argv[*i]; false when it is wrong, with the status set. */
static bool take(
	const struct kith_option *options, size_t n, int argc, char **argv, int *i, int *ret_status)
{
	char shown[128];
	const char *value;
	const char *arg = argv[*i];
	const struct kith_option *o = find(options, n, arg, &value);

	kith_show_in(shown, sizeof shown, kith_span_str(arg), 40);
	if (!o) {
		*ret_status = kith_cli_usage(argv[0], "there is no option %s", shown);
		return false;
	}
	if (o->flag) {
		if (value) {
			*ret_status = kith_cli_usage(argv[0], "--%s takes no value", o->name);
			return false;
		}
		*o->flag = true;
		return true;
	}
	if (!value && *i + 1 < argc)
		value = argv[++*i];
	if (!value) {
		*ret_status = kith_cli_usage(argv[0], "%s needs a value", shown);
		return false;
	}
	*o->value = value;
	return true;
}

bool kith_args(const struct kith_option *options, size_t n, int *argc, char **argv, int *ret_status)
{
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		const char *arg = argv[i];
		if (ended || arg[0] != '-' || !arg[1])
			argv[kept++] = argv[i];
		else if (strcmp(arg, "--") == 0)
			ended = true;
		else if (!take(options, n, *argc, argv, &i, ret_status))
			return false;
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

bool kith_args_seconds(const char *text, long *ret_seconds)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (end == text || *end || v < 0 || v > 1000000)
		return false;
	*ret_seconds = v;
	return true;
}

bool kith_arg_revision(const char *text, uint64_t *ret_rev)
{
	char *end;
	unsigned long long v = strtoull(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || v > INT64_MAX)
		return false;
	*ret_rev = v;
	return true;
}
