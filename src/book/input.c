/* SPDX-License-Identifier: MIT */
#include "book/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

#define CHUNK                                                                                      \
	(KITH_FILE_READ_MAX +                                                                      \
		KITH_INPUT_LINE) /* bytes of one read; what is no card shows in the first */

static enum kith_err begin(struct kith_input *in)
{
	in->stop = -1;
	in->line = 1;
	in->cap = 2 * CHUNK;
	in->p = malloc(in->cap);
	return in->p ? KITH_OK : KITH_ERR_NOMEM;
}

/* The file's descriptor; what could make us wait or never ends is refused. */
static enum kith_err open_file(struct kith_input *in, const char *path, struct kith_diag *diag)
{
	struct stat st;

	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in->fd < 0)
		return kith_file_fail(diag, "open", in->shown);
	if (fstat(in->fd, &st) < 0)
		return kith_file_fail(diag, "look at", in->shown);
	if (S_ISDIR(st.st_mode))
		return kith_fail(diag, KITH_ERR_IO, "%s is a folder", in->shown);
	if (!S_ISREG(st.st_mode))
		return kith_fail(diag, KITH_ERR_IO,
			"%s is not a regular file; pipe it in with \"-\"", in->shown);
	in->regular = true;
	in->size = (uint64_t)st.st_size;
	return KITH_OK;
}

enum kith_err kith_input_open(struct kith_input *in, const char *path, struct kith_diag *diag)
{
	struct stat st;

	in->fd = -1;
	in->name = in->shown;
	kith_show_in(in->shown, sizeof in->shown, kith_span_str(path), 120);
	if (strcmp(path, "-") != 0) {
		enum kith_err err = open_file(in, path, diag);
		return err ? err : begin(in);
	}
	in->name = "standard input";
	in->fd = STDIN_FILENO;
	if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode)) {
		in->regular = true;
		in->size = (uint64_t)st.st_size;
	}
	return begin(in);
}

enum kith_err kith_input_text(struct kith_input *in, const char *name, struct kith_span text)
{
	in->fd = in->stop = -1;
	in->name = name;
	in->regular = in->over = true;
	in->line = 1;
	in->cap = in->end = text.n;
	in->size = text.n;
	if (!(in->p = malloc(text.n + 1)))
		return KITH_ERR_NOMEM;
	if (text.n)
		memcpy(in->p, text.p, text.n);
	return KITH_OK;
}

void kith_input_close(struct kith_input *in)
{
	if (in->fd > STDERR_FILENO)
		(void)close(in->fd);
	free(in->p);
	in->p = NULL;
	in->fd = -1;
}

/* Room for another chunk behind what is there. */
static bool make_room(struct kith_input *in)
{
	if (in->start > 0) {
		memmove(in->p, in->p + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->cap - in->end >= CHUNK)
		return true;
	size_t cap = in->cap * 2;
	uint8_t *more = realloc(in->p, cap);
	if (!more)
		return false;
	in->p = more;
	in->cap = cap;
	return true;
}

/* Waits until there are bytes; false: told to stop. */
static bool wait_for_bytes(struct kith_input *in)
{
	struct pollfd p[2] = {{.fd = in->fd, .events = POLLIN}, {.fd = in->stop, .events = POLLIN}};

	if (in->regular)
		return true;
	if (poll(p, 2, 0) <= 0 && in->idle)
		in->idle(in->idle_ctx);
	while (poll(p, 2, -1) < 0 && errno == EINTR)
		continue;
	in->stopped = p[1].revents != 0;
	return !in->stopped;
}

static void end(struct kith_input *in, enum kith_err err)
{
	in->over = true;
	in->err = err;
}

/* Reads another piece; false: there is none. */
static bool fill(struct kith_input *in)
{
	ssize_t n;

	if (in->over)
		return false;
	if (!make_room(in))
		end(in, KITH_ERR_NOMEM);
	else if (!wait_for_bytes(in))
		end(in, KITH_OK);
	if (in->over)
		return false;
	do
		n = read(in->fd, in->p + in->end, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		end(in, kith_file_fail(&in->diag, "read", in->name));
	else if (n == 0)
		end(in, KITH_OK);
	else
		in->end += (size_t)n;
	return n > 0;
}

struct kith_span kith_input_peek(struct kith_input *in, size_t n)
{
	while (in->end - in->start < n && fill(in))
		continue;
	return kith_span(in->p + in->start, in->end - in->start);
}

/* Where the first line of s ends; s.n: not in s. */
static size_t line_end(struct kith_span s)
{
	const uint8_t *lf = s.n ? memchr(s.p, '\n', s.n) : NULL;
	size_t n = lf ? (size_t)(lf - s.p) : s.n;
	const uint8_t *cr = n ? memchr(s.p, '\r', n) : NULL;

	return cr ? (size_t)(cr - s.p) : n;
}

bool kith_input_ready(struct kith_input *in)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};

	for (;;) {
		struct kith_span have = kith_span(in->p + in->start, in->end - in->start);
		if (in->regular || in->over || have.n >= KITH_INPUT_LINE || line_end(have) < have.n)
			return true;
		if (poll(&p, 1, 0) <= 0 || (!fill(in) && !in->over))
			return false;
	}
}

bool kith_input_line(struct kith_input *in, struct kith_span *ret_line, size_t *ret_n)
{
	struct kith_span have = kith_input_peek(in, 1);
	size_t looked = 0;

	if (have.n == 0)
		return false;
	for (;;) {
		struct kith_span some = kith_span(have.p + looked,
			(have.n < KITH_INPUT_LINE ? have.n : KITH_INPUT_LINE) - looked);
		size_t n = looked + line_end(some);
		bool found = n < looked + some.n;
		looked += some.n;
		if (found && have.p[n] == '\r' && n + 1 == have.n && in->regular && !in->over) {
			have = kith_input_peek(in, have.n + 1); /* is it CR LF? */
			looked = n;
			continue;
		}
		if (found) {
			bool both = have.p[n] == '\r' && n + 1 < have.n && have.p[n + 1] == '\n';
			*ret_line = kith_span(have.p, n);
			*ret_n = n + 1 + both;
			return true;
		}
		if (looked >= KITH_INPUT_LINE || in->over) {
			*ret_line = kith_span(have.p, looked);
			*ret_n = looked;
			return true;
		}
		have = kith_input_peek(in, have.n + 1);
	}
}

void kith_input_take(struct kith_input *in, size_t n)
{
	if (n == 0)
		return;
	uint8_t last = in->p[in->start + n - 1];
	in->middle = last != '\n' && last != '\r';
	in->line += !in->middle;
	in->start += n;
	in->taken += n;
}

enum kith_err kith_input_rest(struct kith_input *in, size_t max, struct kith_buf *out)
{
	struct kith_span have;

	while ((have = kith_input_peek(in, 1)).n > 0) {
		size_t n = have.n < max ? have.n : max;
		enum kith_err err = n == 0 ? KITH_ERR_LIMIT : kith_buf_add(out, have.p, n);
		if (err)
			return err;
		max -= n;
		in->start += n;
		in->taken += n;
	}
	return in->err;
}
