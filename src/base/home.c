/* SPDX-License-Identifier: MIT */
#include "base/home.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"

static const char *env_or_null(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

enum kith_err kith_home_path(const char *chosen, struct kith_buf *out, struct kith_diag *diag)
{
	const char *home = chosen && *chosen ? chosen : env_or_null("KITH_HOME");
	const char *tail = "";
	enum kith_err err;

	if (!home && (home = env_or_null("XDG_DATA_HOME")))
		tail = "/kith";
	if (!home && (home = env_or_null("HOME")))
		tail = "/.local/share/kith";
	if (!home)
		return kith_fail(diag, KITH_ERR_USAGE,
			"HOME is not set; say where your kith lives with --home DIR");
	if (home[0] != '/') {
		char cwd[PATH_MAX];
		if (!getcwd(cwd, sizeof cwd))
			return kith_fail(
				diag, KITH_ERR_IO, "the current folder is gone; use --home");
		if ((err = kith_buf_printf(out, "%s/", cwd)))
			return err;
	}
	if ((err = kith_buf_printf(out, "%s%s", home, tail)))
		return err;
	while (out->n > 1 && out->p[out->n - 1] == '/')
		out->n--;
	return kith_buf_cstr(out) ? KITH_OK : KITH_ERR_NOMEM;
}

static uint64_t fnv1a(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3u;
	return h;
}

/* The folder for sockets in what a variable names; false when it would be too long for one. */
static bool runtime_folder(struct kith_buf *out, const char *in, bool shared)
{
	size_t room = sizeof((struct sockaddr_un *)0)->sun_path - sizeof "/0123456789abcdef";
	enum kith_err err;

	if (!in)
		return false;
	kith_buf_clear(out);
	err = shared ? kith_buf_printf(out, "%s/kith-%lu", in, (unsigned long)geteuid())
		     : kith_buf_printf(out, "%s/kith", in);
	return !err && out->n <= room && kith_buf_cstr(out);
}

enum kith_err kith_home_socket(const char *home, struct kith_buf *out, struct kith_diag *diag)
{
	KITH_AUTO_FREE char *real = realpath(home, NULL);
	KITH_AUTO_BUF struct kith_buf dir = {0};
	enum kith_err err;

	if (!real)
		return kith_fail(
			diag, KITH_ERR_MISSING, "there is no folder %s; run kith init", home);
	if (!runtime_folder(&dir, env_or_null("XDG_RUNTIME_DIR"), false) &&
		!runtime_folder(&dir, env_or_null("TMPDIR"), true) &&
		!runtime_folder(&dir, "/tmp", true))
		return KITH_ERR_NOMEM;
	if ((err = kith_folder_real((const char *)dir.p, diag)))
		return err == KITH_ERR_MISSING ? KITH_ERR_IO : err;
	if ((err = kith_buf_printf(
		     out, "%s/%016llx", (const char *)dir.p, (unsigned long long)fnv1a(real))))
		return err;
	return kith_buf_cstr(out) ? KITH_OK : KITH_ERR_NOMEM;
}
