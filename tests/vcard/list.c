/* SPDX-License-Identifier: MIT
 *
 * kith-vcards [--properties] FILE... - what the reader makes of files, for the tests of this folder.
 *
 * Tab-separated lines: "file", its number among the arguments, from 0; "card", the line of its BEGIN,
 * version, number of properties; with --properties "property", line, group, name, parameters, value;
 * "over", a vCard over a limit; "remark", line, sentence.  Line ends and tabs inside are \n, \r, \t.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/auto.h"
#include "vcard/reader.h"

static ptrdiff_t read_file(void *ctx, void *p, size_t n)
{
	return read(*(int *)ctx, p, n);
}

static void print_remark(void *ctx, uint64_t line, const char *sentence)
{
	(void)ctx;
	printf("remark\t%" PRIu64 "\t%s\n", line, sentence);
}

static void print_span(struct kith_span s)
{
	(void)putchar('\t');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t' || s.p[i] == '\\')
			printf("\\%c", s.p[i] == '\n'   ? 'n'
				       : s.p[i] == '\r' ? 'r'
				       : s.p[i] == '\t' ? 't'
							: '\\');
		else
			(void)putchar(s.p[i]);
	}
}

static void print_properties(const struct kith_vcard *v)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	for (size_t i = 0; i < n; i++) {
		printf("property\t%" PRIu32, p[i].line);
		print_span(p[i].group);
		print_span(p[i].name);
		print_span(p[i].params);
		print_span(p[i].value);
		(void)putchar('\n');
	}
}

static void print_card(const struct kith_vcard *v, uint64_t line, bool properties)
{
	static const char *const versions[] = {"2.1", "3.0", "4.0"};
	size_t n;

	(void)kith_vcard_properties(v, &n);
	printf("card\t%" PRIu64 "\t%s\t%zu\n", line, versions[kith_vcard_version(v)], n);
	if (properties)
		print_properties(v);
}

static bool list(const char *path, bool properties)
{
	KITH_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line;
	enum kith_err err;

	if (fd < 0 || kith_vcard_reader_open(read_file, &fd, print_remark, NULL, &r))
		return false;
	while (!(err = kith_vcard_next(r, &v, &line)) || err == KITH_ERR_LIMIT) {
		if (err)
			puts("over");
		else
			print_card(v, line, properties);
	}
	kith_vcard_reader_free(r);
	return err == KITH_ERR_MISSING;
}

int main(int argc, char **argv)
{
	bool properties = argc > 1 && strcmp(argv[1], "--properties") == 0;

	for (int i = 1 + properties; i < argc; i++) {
		printf("file\t%d\n", i - 1 - properties);
		if (!list(argv[i], properties)) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
	}
	return 0;
}
