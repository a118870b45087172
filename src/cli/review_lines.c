/* SPDX-License-Identifier: MIT
 *
 * review_lines - plain questions, one a line: for a screen reader, a dumb terminal, a pipe.
 */
#include <strings.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/lines.h"
#include "cli/review.h"

#define HANG 2

/* An answer is any text, so what is none of one begins with a slash; two begin a text with one. */
static bool command(struct kith_walk *w, struct kith_span *line)
{
	static const struct {
		const char *word;
		enum { BACK, SKIP, QUIT } what;
	} words[] = {{"/back", BACK}, {"/b", BACK}, {"/undo", BACK}, {"/skip", SKIP}, {"/s", SKIP},
		{"/quit", QUIT}, {"/q", QUIT}};

	if (line->n < 2 || line->p[0] != '/')
		return false;
	if (line->p[1] == '/') {
		*line = kith_span(line->p + 1, line->n - 1);
		return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (line->n != strlen(words[i].word) ||
			strncasecmp((const char *)line->p, words[i].word, line->n) != 0)
			continue;
		w->left = words[i].what == QUIT;
		if (words[i].what == BACK)
			kith_walk_back(w);
		else if (words[i].what == SKIP)
			kith_walk_skip(w);
		return true;
	}
	(void)snprintf(w->said, sizeof w->said,
		"That is none of /back, /skip, /quit; two slashes begin a text with one.");
	return true;
}

static void put(struct kith_span text)
{
	kith_lines_put(stdout, HANG, text);
}

/* Who it is, once a person. */
static enum kith_err put_person(struct kith_walk *w)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	KITH_AUTO_BUF struct kith_buf card = {0};
	enum kith_err err = kith_walk_name(w, &name);

	if (!err)
		err = kith_walk_card(w, &card);
	if (!err)
		kith_lines_print(HANG, "\n%.*s, %zu left\n", (int)name.n, (const char *)name.p,
			kith_walk_left(w));
	if (!err)
		put(kith_buf_span(&card));
	return err;
}

static enum kith_err put_list(struct kith_walk *w)
{
	KITH_AUTO_BUF struct kith_buf list = {0};
	enum kith_err err = kith_walk_card(w, &list);

	if (!err)
		put(kith_buf_span(&list));
	return err;
}

static enum kith_err put_question(struct kith_walk *w)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_walk_question(w, &text);

	if (err)
		return err;
	put(kith_buf_span(&text));
	if (w->ask == KITH_ASK_DECIDE)
		put(kith_span_str(
			"k keep; s soon: in touch in the next days; l let go: off the lists now, "
			"forgotten later. /back, /skip, /quit\n"));
	else if (w->ask == KITH_ASK_END)
		(void)printf("/back takes the last decision back; anything else ends.\n");
	(void)printf("> ");
	return fflush(stdout) ? KITH_ERR_IO : KITH_OK;
}

static void turn(struct kith_walk *w, int64_t *shown)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	int64_t who = kith_walk_person(w);

	if (w->said[0]) {
		put(kith_span_str(w->said));
		(void)putchar('\n');
	}
	w->said[0] = 0;
	if (who && who != *shown)
		w->err = put_person(w);
	else if (w->full)
		w->err = put_list(w);
	*shown = who;
	if (w->err || (w->err = put_question(w)))
		return;
	if (!kith_cli_line(&line)) {
		w->left = true;
		(void)printf("\n");
		return;
	}
	struct kith_span text = kith_buf_span(&line);
	if (!command(w, &text))
		kith_walk_answer(w, text);
}

int kith_review_lines(struct kith_walk *w)
{
	int64_t shown = 0;

	if (!w->cli->quiet)
		put(kith_span_str(
			"An empty line goes on. /back goes back, /skip leaves somebody for "
			"another day, /quit ends; all that you answered is kept.\n"));
	while (!w->left && !w->err)
		turn(w, &shown);
	return 0;
}
