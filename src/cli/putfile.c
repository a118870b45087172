/* SPDX-License-Identifier: MIT */
#include "cli/putfile.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/text.h"

static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

enum kith_err kith_putfile(const char *path, struct kith_span bytes, struct kith_diag *diag)
{
	if (strcmp(path, "-") == 0) {
		(void)fwrite(bytes.p, 1, bytes.n, stdout); /* main looks whether it went well */
		return KITH_OK;
	}
	if (!is_special(path))
		return kith_file_write(path, bytes, 0600, KITH_FILE_REPLACE, diag);
	FILE *f = fopen(path, "we");
	bool good = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
	if (f)
		good &= fclose(f) == 0;
	return good ? KITH_OK : kith_file_fail(diag, "write", path);
}

/* A line so that it does nothing to a terminal; what was folded stays indented. */
static enum kith_err add_shown(struct kith_buf *out, struct kith_span line)
{
	enum kith_err err = KITH_OK;

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
		err = kith_buf_add(out, " ", 1);
	if (!err)
		err = kith_show(out, line, SIZE_MAX);
	return err ? err : kith_buf_add(out, "\n", 1);
}

static enum kith_err put_stream(
	const struct kith_cli *cli, struct kith_span bytes, bool inert, FILE *f)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};
	struct kith_span left = bytes;
	enum kith_err err = KITH_OK;
	bool reading = !inert && isatty(fileno(f));

	while (reading && !err && left.n > 0) {
		const uint8_t *end = memchr(left.p, '\n', left.n);
		size_t n = end ? (size_t)(end - left.p) : left.n;
		err = add_shown(&shown, kith_span(left.p, n));
		n += end != NULL;
		left = kith_span(left.p + n, left.n - n);
	}
	if (err)
		return err;
	struct kith_span out = reading ? kith_buf_span(&shown) : bytes;
	if ((out.n && fwrite(out.p, 1, out.n, f) != out.n) || fflush(f) != 0)
		return KITH_ERR_IO;
	if (reading)
		kith_cli_note(cli, "This was made for reading; -o FILE or a pipe gives the bytes.");
	return KITH_OK;
}

enum kith_err kith_putout(const struct kith_cli *cli, const char *path, struct kith_span bytes,
	bool inert, struct kith_diag *diag)
{
	char shown[256];

	if (!path) {
		enum kith_err err = put_stream(cli, bytes, inert, stdout);
		return err == KITH_ERR_IO ? KITH_OK : err;
	}
	if (!is_special(path))
		return kith_file_write(path, bytes, 0600, KITH_FILE_REPLACE, diag);
	FILE *f = fopen(path, "we");
	enum kith_err err = f ? put_stream(cli, bytes, inert, f) : KITH_ERR_IO;
	if (f && fclose(f) != 0 && !err)
		err = KITH_ERR_IO;
	return err == KITH_ERR_IO
		       ? kith_fail(diag, err, "cannot write %s",
				 kith_show_in(shown, sizeof shown, kith_span_str(path), 120))
		       : err;
}
