/* SPDX-License-Identifier: MIT */
#include "cli/leftover.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/people.h>

#include "base/auto.h"
#include "base/file.h"

#define BEGIN    "note-"
#define END      ".txt"
#define ID_CHARS 16 /* of the id; the number of a note is shorter */

const char *kith_leftover_path(struct kith_buf *out, const char *home, const char *id, int64_t note)
{
	char name[sizeof BEGIN END + 32];

	if (note > 0)
		(void)snprintf(name, sizeof name, BEGIN "%lld" END, (long long)note);
	else
		(void)snprintf(name, sizeof name, BEGIN "%.*s" END, ID_CHARS, id);
	return kith_path_join(out, home, name);
}

void kith_leftover_remove(const char *path)
{
	int fd = kith_file_hold(path);
	struct stat st;

	if (unlink(path) == 0 && fd >= 0 && fstat(fd, &st) == 0)
		kith_file_blank(fd, (size_t)st.st_size);
	if (fd >= 0)
		(void)close(fd);
}

/* What stands between the two ends of a name; n == 0: it is none of these. */
static struct kith_span middle_of(const char *name)
{
	const size_t begin = sizeof BEGIN - 1, end = sizeof END - 1;
	size_t n = strlen(name);

	if (n <= begin + end || memcmp(name, BEGIN, begin) != 0 || strcmp(name + n - end, END) != 0)
		return kith_span("", 0);
	return kith_span(name + begin, n - begin - end);
}

static bool is_there(void *ctx, const struct kith_remark *remark)
{
	(void)remark;
	*(bool *)ctx = true;
	return false;
}

static bool is_known(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	*(bool *)ctx = true;
	return false;
}

/* Whether the store answered, and has neither the person nor the note. */
static bool is_over(struct kith_store *store, struct kith_span of)
{
	bool found = false;
	enum kith_err err;

	if (of.n < ID_CHARS) {
		char *end;
		long long row = strtoll((const char *)of.p, &end, 10);
		if (row <= 0 || end != (const char *)of.p + of.n)
			return false;
		err = kith_store_remark(store, row, is_there, &found);
		return err == KITH_ERR_MISSING && !found;
	}
	err = kith_store_who(store, of, is_known, &found);
	return err == KITH_ERR_NOPERSON && !found;
}

void kith_leftover_sweep(const struct kith_cli *cli, struct kith_store *store)
{
	DIR *home = opendir(cli->home);

	for (const struct dirent *d; home && (d = readdir(home));) {
		KITH_AUTO_BUF struct kith_buf path = {0};
		struct kith_span of = middle_of(d->d_name);
		if (of.n && is_over(store, of) && kith_path_join(&path, cli->home, d->d_name))
			kith_leftover_remove((const char *)path.p);
	}
	if (home)
		(void)closedir(home);
}
