/* SPDX-License-Identifier: MIT
 *
 * due - what is ripe, in words, and the command that settles each of it.
 */
#ifndef KITH_CLI_DUE_H
#define KITH_CLI_DUE_H

#include "cli/cli.h"

#define KITH_DUE_ARGS 4 /* words of a command that settles something */

/* One thing that is due. */
struct kith_due_line {
	int kind;    /* enum kith_due_kind */
	int64_t row; /* what kind and row name is always the same thing */
	bool has_key;
	uint8_t ik[KITH_KEY_BYTES];   /* who it is, */
	uint8_t uuid[KITH_UID_BYTES]; /* without a key */
	char who[KITH_ID_CHARS + 1];  /* what commands take for them; "": nothing */
	struct kith_span name, text;  /* as they are */
	int32_t day;                  /* as in struct kith_due, and so on */
	int64_t since;
	uint32_t rhythm;
	size_t people;
	int64_t number; /* by which a command names it; 0: none */
	bool leap, theirs, thing;
	bool ahead; /* not ripe yet */
	char *memory;
};

/* Start with {0}; end with kith_due_lines_free. */
struct kith_due_lines {
	struct kith_due_line *at;
	size_t n, cap;
	int32_t today;
	int64_t now;
	enum kith_err err;
	struct kith_store *store;
};

void kith_due_lines_free(struct kith_due_lines *lines);

/* Reads what is due at the moment, and what comes within so many days more; calendar: for one, as kith_store_due_calendar.  Store
 * errors; KITH_ERR_LIMIT. */
enum kith_err kith_due_read(struct kith_due_lines *lines, struct kith_store *store, uint32_t ahead,
	bool calendar) KITH_MUST_CHECK;

/* How many things are due at the moment.  Store errors. */
enum kith_err kith_due_count(struct kith_store *store, size_t *ret_n) KITH_MUST_CHECK;

/* The words of the command that settles it on that day, borrowed from line and from buf; how many there are. */
size_t kith_due_settle(const struct kith_due_line *line, int32_t on, char buf[static 24],
	const char *ret_words[static KITH_DUE_ARGS]);

/* Append, inert: when it is or was, as seen from today; and what is due, without whom. */
enum kith_err kith_due_when(struct kith_buf *out, const struct kith_due_lines *lines,
	const struct kith_due_line *line) KITH_MUST_CHECK;
enum kith_err kith_due_what(struct kith_buf *out, const struct kith_due_line *line) KITH_MUST_CHECK;

/* Appends the lines as an iCalendar; *ret_n entries.  Errors of base/module.h, with a sentence. */
enum kith_err kith_due_calendar(struct kith_buf *out, const struct kith_due_lines *lines,
	size_t *ret_n, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
