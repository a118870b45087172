/* SPDX-License-Identifier: MIT
 *
 * vectors NAME - runs every case of proto/vectors/NAME.txt, which the second implementation wrote,
 * against this one.
 */
#include <stdio.h>
#include <stdlib.h>

#include <kith/identity.h>

#include "base/auto.h"
#include "vectors/vector.h"

static const struct file {
	const char *name;
	void (*run)(struct kith_vector *v);
} files[] = {
	{"strict", kith_vector_strict},
	{"keys", kith_vector_keys},
	{"keyfile", kith_vector_keyfile},
	{"card", kith_vector_card},
	{"uri", kith_vector_uri},
	{"statement", kith_vector_statement},
	{"introduction", kith_vector_introduction},
	{"session", kith_vector_session},
	{"known", kith_vector_known},
	{"backup", kith_vector_backup},
};

/* Runs the case, if one was read, and starts an empty one.  Returns 1 when it failed. */
static size_t finish(const struct file *file, struct kith_vector *v, size_t *cases)
{
	size_t failed = 0;

	if (v->n > 0) {
		++*cases;
		file->run(v);
		failed = v->failed;
	}
	while (v->kept_n > 0)
		free(v->kept[--v->kept_n]);
	*v = (struct kith_vector){0};
	return failed;
}

/* Splits "key: value" in place; false when it is neither that nor room is left. */
static bool add_line(struct kith_vector *v, char *line)
{
	char *colon = strchr(line, ':');

	if (!colon || colon[1] != ' ' || v->n == KITH_VECTOR_LINES)
		return false;
	*colon = 0;
	v->line[v->n++] = (struct kith_vector_line){line, colon + 2};
	return true;
}

/* Runs the cases of a whole file, which is cut into strings. */
static int run(const struct file *file, char *text)
{
	static struct kith_vector v;
	size_t cases = 0;
	size_t failed = 0;

	while (*text) {
		char *line = text;
		char *end = strchr(text, '\n');
		text = end ? end + 1 : text + strlen(text);
		if (end)
			*end = 0;
		if (*line == 0) {
			failed += finish(file, &v, &cases);
		} else if (*line != '#' && !add_line(&v, line)) {
			fprintf(stderr, "%s.txt: not `key: value`: %.60s\n", file->name, line);
			return 1;
		}
	}
	failed += finish(file, &v, &cases);
	printf("%s: %zu cases, %zu failed\n", file->name, cases, failed);
	return failed || cases == 0;
}

static bool read_file(const char *name, struct kith_buf *out)
{
	char path[512];
	char chunk[65536];
	size_t n;

	(void)snprintf(path, sizeof path, KITH_SOURCE_DIR "/proto/vectors/%s.txt", name);
	FILE *f = fopen(path, "r");
	if (!f)
		return perror(path), false;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		if (kith_buf_add(out, chunk, n))
			abort();
	(void)fclose(f);
	return kith_buf_cstr(out) != NULL;
}

int main(int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf text = {0};

	for (size_t i = 0; argc == 2 && i < sizeof files / sizeof files[0]; i++) {
		if (strcmp(argv[1], files[i].name) != 0)
			continue;
		if (kith_crypto_start() || !read_file(argv[1], &text))
			return 1;
		return run(&files[i], (char *)text.p);
	}
	fprintf(stderr,
		"usage: vectors strict|keys|keyfile|card|uri|statement|introduction|session|backup\n");
	return 2;
}
