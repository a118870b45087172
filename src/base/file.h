/* SPDX-License-Identifier: MIT
 *
 * file - reading with a bound, writing all or nothing, and what "private" means.
 */
#ifndef KITH_BASE_FILE_H
#define KITH_BASE_FILE_H

#include <sys/types.h>

#include <kith/bytes.h>

/*
 * Fails with "cannot WHAT PATH: REASON", the reason being errno's: KITH_ERR_MISSING,
 * KITH_ERR_PERMISSION, KITH_ERR_STORE_FULL, KITH_ERR_STORE_READONLY, KITH_ERR_EXISTS, KITH_ERR_IO.
 */
enum kith_err kith_file_fail(struct kith_diag *diag, const char *what, const char *path);

/*
 * Appends the content of a file to out, at most max bytes.
 * path "-" reads standard input.  Only regular files, pipes (for "-") and symbolic links to
 * regular files are read; a FIFO, device or folder by name is refused without blocking.
 * Of what is longer than max, one byte more is read and no further.
 * Errors: KITH_ERR_MISSING, KITH_ERR_PERMISSION, KITH_ERR_IO, KITH_ERR_LIMIT (longer than max),
 * KITH_ERR_NOMEM; out may then hold a part.
 */
enum kith_err kith_file_read(
	const char *path, size_t max, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * The same for a secret: the file must be regular, not a link, owned by the effective user, and
 * closed to group and others (KITH_ERR_PERMISSION otherwise; ssh's rule).
 */
enum kith_err kith_file_read_private(
	const char *path, size_t max, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/* How kith_file_write treats what is there already. */
enum kith_file_how {
	KITH_FILE_NEW,     /* refuse when the name exists: KITH_ERR_EXISTS */
	KITH_FILE_REPLACE, /* take its place by rename; a link of that name is replaced, not followed */
};

/*
 * Writes a whole file or nothing: temporary file in the same folder (O_EXCL, O_NOFOLLOW), write,
 * fsync, link or rename, fsync of the folder.  mode is exact, whatever the umask.
 * Errors: KITH_ERR_EXISTS, KITH_ERR_PERMISSION, KITH_ERR_STORE_FULL, KITH_ERR_STORE_READONLY,
 * KITH_ERR_IO.
 */
enum kith_err kith_file_write(const char *path, struct kith_span bytes, mode_t mode,
	enum kith_file_how how, struct kith_diag *diag) KITH_MUST_CHECK;

/* The same in pieces, for what is too large to be held whole.  Start with kith_file_begin, which always
 * leaves something for kith_file_writer_free; what did not come to its end leaves nothing behind. */
struct kith_file_writer {
	int fd;
	struct kith_buf tmp;  /* the name it has meanwhile */
	struct kith_buf path; /* the name it will have */
};
enum kith_err kith_file_begin(
	struct kith_file_writer *w, const char *path, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_file_put(
	struct kith_file_writer *w, struct kith_span bytes, struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_file_end(struct kith_file_writer *w, mode_t mode, enum kith_file_how how,
	struct kith_diag *diag) KITH_MUST_CHECK;
void kith_file_writer_free(struct kith_file_writer *w);

/*
 * Opens a secret that is about to be replaced or removed (-1 when it cannot be), and afterwards overwrites its
 * n bytes, unless another name for it is left.  For what that is worth: disks and file systems
 * keep copies of their own.  kith_file_blank does not close.
 */
int kith_file_hold(const char *path);
void kith_file_blank(int fd, size_t n);

/*
 * Makes a folder (and missing parents) with mode 0700, or checks the one that is there: a folder,
 * owned by the effective user, closed to group and others.
 * Errors: those of kith_file_fail, KITH_ERR_PERMISSION also for a folder that is not private.
 */
enum kith_err kith_folder_private(const char *path, struct kith_diag *diag) KITH_MUST_CHECK;

/* The same, and the path must not be a symbolic link: for a place where others may write, too. */
enum kith_err kith_folder_real(const char *path, struct kith_diag *diag) KITH_MUST_CHECK;

/* Makes what was put into a folder, or taken out, durable.  False: with the reason in errno. */
bool kith_folder_sync(const char *path);

/* The same for the folder in which path stands. */
bool kith_folder_sync_of(const char *path);

/* Checks such a folder without making it.  Errors: KITH_ERR_MISSING, KITH_ERR_PERMISSION. */
enum kith_err kith_folder_check(const char *path, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Takes an exclusive flock on `folder/name`, which is made when missing (mode 0600), and returns
 * the descriptor in *ret_fd; closing it, or the end of the process, lets go.  While somebody else
 * holds it, waits for at most wait_ms, and meanwhile uses SIGALRM: in a process of one thread only.
 * Errors: KITH_ERR_BUSY (it is held still, without a sentence), KITH_ERR_STORE_READONLY (the folder
 * cannot be written), those of kith_file_fail.
 */
enum kith_err kith_file_lock(const char *folder, const char *name, unsigned wait_ms, int *ret_fd,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends "folder/name" as a C string (see kith_buf_cstr) to an empty buffer; NULL: no memory. */
const char *kith_path_join(struct kith_buf *out, const char *folder, const char *name);

#endif
