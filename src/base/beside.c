/* SPDX-License-Identifier: MIT */
#include "base/beside.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

/* A group of the same number is taken for the private one of that user, in which nobody else is: a checkout under umask 002 is open
 * to it. */
static bool is_private(const struct stat *st)
{
	return st->st_gid == st->st_uid && (st->st_uid == 0 || st->st_uid == geteuid());
}

/* Whether nobody can write it but root, who runs this, and who owns this program: whom it is up to anyhow. */
static bool is_ours(const char *path)
{
	struct stat st, self;

	return stat(path, &st) == 0 && !(st.st_mode & S_IWOTH) &&
	       (!(st.st_mode & S_IWGRP) || is_private(&st)) &&
	       (st.st_uid == 0 || st.st_uid == geteuid() ||
		       (stat("/proc/self/exe", &self) == 0 && st.st_uid == self.st_uid));
}

/* The folder in which another could take the place of that file, or of a link to it. */
static bool is_folder_ours(char *path)
{
	char *slash = strrchr(path, '/');

	*slash = 0;
	bool ours = is_ours(*path ? path : "/");
	*slash = '/';
	return ours;
}

/* The path without links instead, if that file, its folder and the one of the path as it was are ours. */
static bool resolve(struct kith_buf *path)
{
	KITH_AUTO_FREE char *real = realpath((const char *)path->p, NULL);

	if (!real || !is_folder_ours((char *)path->p) || !is_folder_ours(real) || !is_ours(real))
		return false;
	kith_buf_clear(path);
	return kith_buf_add_str(path, real) == KITH_OK && kith_buf_cstr(path);
}

const char *kith_beside(const char *name, struct kith_buf *out)
{
	static const char *const places[] = {"", "../libexec/kith/"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;

	for (size_t i = 0; slash && i < sizeof places / sizeof places[0]; i++) {
		kith_buf_clear(out);
		if (kith_buf_add(out, self, (size_t)(slash + 1 - self)) ||
			kith_buf_printf(out, "%s%s", places[i], name) || !kith_buf_cstr(out))
			return NULL;
		if (access((const char *)out->p, X_OK) == 0 && resolve(out))
			return (const char *)out->p;
	}
	return NULL;
}
