/* SPDX-License-Identifier: MIT */
#include "cli/putfile.h"

#include <sys/stat.h>

#include "base/file.h"

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
