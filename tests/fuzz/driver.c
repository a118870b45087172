/* SPDX-License-Identifier: MIT
 *
 * fuzz_TARGET FOLDER... - runs the target once on every file of the folders, without a fuzzer.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "fuzz/fuzz.h"

#define INPUT_MAX (1u << 20)

static char present[4096]; /* the file that is being run */

/* Names the file under which the target gave up. */
static void on_abort(int signal)
{
	(void)signal;
	(void)!write(STDERR_FILENO, "in ", 3);
	(void)!write(STDERR_FILENO, present, strlen(present));
	(void)!write(STDERR_FILENO, "\n", 1);
}

/* Memory of exactly the file's size, so that a sanitizer sees a read behind it. */
static bool run_file(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (!f || fstat(fileno(f), &st) != 0 || st.st_size > INPUT_MAX) {
		fprintf(stderr, "%s: %s\n", path, f ? "too large" : strerror(errno));
		if (f)
			(void)fclose(f);
		return false;
	}
	size_t n = (size_t)st.st_size;
	KITH_AUTO_FREE uint8_t *bytes = malloc(n ? n : 1);
	bool whole = bytes && fread(bytes, 1, n, f) == n;
	(void)fclose(f);
	if (!whole) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return false;
	}
	(void)LLVMFuzzerTestOneInput(bytes, n);
	return true;
}

/* The number of files, or -1. */
static long run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	long n = 0;

	if (!dir) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -1;
	}
	while (n >= 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(present, sizeof present, "%s/%s", folder, entry->d_name);
		n = run_file(present) ? n + 1 : -1;
	}
	(void)closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	long total = 0;

	(void)signal(SIGABRT, on_abort); /* the process ends nevertheless */
	for (int i = 1; i < argc; i++) {
		long n = run_folder(argv[i]);
		if (n < 0)
			return 1;
		total += n;
	}
	printf("%ld inputs\n", total);
	return total > 0 ? 0 : 1; /* nothing was tested */
}
