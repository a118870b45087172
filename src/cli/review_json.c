/* SPDX-License-Identifier: MIT
 *
 * review_json - who waits, one JSON object a line; decisions as JSON objects, one a line, on standard input.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/review.h"
#include "cli/when.h"

/* About whom was decided, and what stood before. */
struct decision {
	int64_t row;
	enum kith_review was;
	int64_t was_at;
};

/* What goes on beside the walk. */
struct talk {
	struct kith_walk *w;
	int status;           /* of the first line that was refused */
	struct kith_buf made; /* struct decision, those that can be taken back */
	char why[KITH_REVIEW_SAID];
};

/* Takes the object; NULL: memory ran out. */
static void print(struct kith_walk *w, json_t *object)
{
	if (object)
		kith_json_line(stdout, object);
	else
		w->err = KITH_ERR_NOMEM;
	json_decref(object);
	if (ferror(stdout))
		w->left = true; /* nobody reads any more */
}

static const char *word_of(enum kith_review what)
{
	return what == KITH_REVIEW_LETGO  ? "let-go"
	       : what == KITH_REVIEW_SOON ? "soon"
	       : what == KITH_REVIEW_KEEP ? "keep"
					  : "waits";
}

static void list(struct kith_walk *w)
{
	for (size_t i = 0; i < w->n && !w->err && !w->left; i++) {
		json_t *person = kith_person_json(w->store, w->people[i]);
		if (person)
			print(w, json_pack("{s:s,s:o}", "event", "waits", "person", person));
		else
			w->err = KITH_ERR_STORE;
	}
	if (!w->err && !w->left)
		print(w, json_pack("{s:s,s:I}", "event", "ready", "waiting", (json_int_t)w->n));
}

static struct kith_span text_of(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return kith_span(json_string_value(value), json_string_length(value));
}

/* --- is it a decision at all? ----------------------------------------------------------------- */

static bool has_kind(const char *key, const json_t *value)
{
	static const char *const texts[] = {"who", "note", "ring", "out", "promise", "decide"};

	if (strcmp(key, "undo") == 0)
		return json_is_true(value);
	if (strcmp(key, "by") == 0) /* "": no day */
		return json_is_string(value);
	if (strcmp(key, "tags") == 0) {
		size_t i;
		const json_t *tag;
		json_array_foreach((json_t *)value, i, tag) if (!json_is_string(tag)) return false;
		return json_is_array(value);
	}
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(key, texts[i]) == 0)
			return json_string_length(value) > 0;
	return false;
}

static enum kith_err check(struct talk *t, json_t *o)
{
	char shown[128];
	const char *key;
	json_t *value;
	bool undo = json_object_get(o, "undo") != NULL;

	json_object_foreach(o, key, value)
	{
		if (has_kind(key, value) && (!undo || strcmp(key, "undo") == 0))
			continue;
		(void)snprintf(t->why, sizeof t->why,
			"%s is none of who, note, tags, ring, out, promise, by, decide, each a "
			"text (tags: an array), or undo: true alone",
			kith_quote_in(shown, sizeof shown, kith_span_str(key), 20));
		return KITH_ERR_VALUE;
	}
	if (undo || json_object_get(o, "who"))
		return KITH_OK;
	(void)snprintf(t->why, sizeof t->why, "a decision is an object that says who");
	return KITH_ERR_VALUE;
}

/* --- what it says ----------------------------------------------------------------------------- */

/* Words that cannot be kept are wrong usage, what is full is a failure: as of the other commands, one by one. */
static enum kith_err words_err(enum kith_err err)
{
	return err == KITH_ERR_VALUE || err == KITH_ERR_LIMIT ? KITH_ERR_USAGE : err;
}

static enum kith_err room_err(enum kith_err err)
{
	return err == KITH_ERR_LIMIT ? KITH_ERR_BUSY : words_err(err);
}

static bool take_row(void *ctx, const struct kith_contact *c)
{
	*(int64_t *)ctx = c->row;
	return true;
}

static enum kith_err find(struct talk *t, const json_t *o, int64_t *ret_row)
{
	char shown[256];
	enum kith_err err = kith_store_who(t->w->store, text_of(o, "who"), take_row, ret_row);

	kith_quote_in(shown, sizeof shown, text_of(o, "who"), 40);
	if (err == KITH_ERR_NOPERSON)
		(void)snprintf(t->why, sizeof t->why, "nobody here is called %s", shown);
	else if (err == KITH_ERR_AMBIGUOUS)
		(void)snprintf(t->why, sizeof t->why, "more than one person matches %s", shown);
	return err;
}

static enum kith_err put_tags(struct talk *t, int64_t row, const json_t *o)
{
	const json_t *tags = json_object_get(o, "tags");
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < json_array_size(tags); i++) {
		const json_t *tag = json_array_get(tags, i);
		err = kith_answer_tags(t->w->store, row,
			kith_span(json_string_value(tag), json_string_length(tag)), t->why);
	}
	return room_err(err);
}

static enum kith_err put_ring(struct talk *t, int64_t row, const json_t *o)
{
	struct kith_span out = text_of(o, "out");
	int64_t full = 0;
	enum kith_err err = kith_answer_ring(t->w->store, row, text_of(o, "ring"), &full, t->why);

	if (err == KITH_ERR_LIMIT && full && out.n)
		err = kith_answer_out(t->w->store, row, full, out, t->why);
	return room_err(err);
}

static enum kith_err put_promise(struct talk *t, int64_t row, const json_t *o)
{
	struct kith_span by = text_of(o, "by"), text = text_of(o, "promise");
	int64_t promise = 0;
	enum kith_err err =
		text.n ? kith_answer_promise(t->w->store, row, text, &promise, t->why) : KITH_OK;

	if (err || !json_object_get(o, "by"))
		return words_err(err);
	if (promise)
		return words_err(kith_answer_by(t->w->store, row, promise, by, t->why));
	(void)snprintf(t->why, sizeof t->why, "by is the day of a promise, and there is none");
	return KITH_ERR_USAGE;
}

static enum kith_err put_decision(struct talk *t, int64_t row, const json_t *o)
{
	struct kith_span text = text_of(o, "decide");
	enum kith_review what;

	if (!text.n)
		return KITH_OK;
	if (kith_answer_decision(text, &what))
		return kith_store_reviewed(t->w->store, row, what, kith_when_now());
	(void)snprintf(t->why, sizeof t->why, "decide is keep, soon or let-go");
	return KITH_ERR_USAGE;
}

/* All of a line, or nothing. */
static enum kith_err put_all(struct talk *t, int64_t row, const json_t *o)
{
	int64_t note = 0;
	enum kith_err err = KITH_OK;

	if (text_of(o, "note").n)
		err = words_err(kith_answer_talk(
			t->w->store, row, t->w->event, text_of(o, "note"), &note, t->why));
	if (!err)
		err = put_tags(t, row, o);
	if (!err && text_of(o, "ring").n)
		err = put_ring(t, row, o);
	if (!err)
		err = put_promise(t, row, o);
	return err ? err : put_decision(t, row, o);
}

static enum kith_err put(struct talk *t, int64_t row, const json_t *o)
{
	enum kith_err err = kith_store_batch(t->w->store);

	if (err)
		return err;
	err = put_all(t, row, o);
	enum kith_err done = kith_store_batch_end(t->w->store, !err);
	return err ? err : done;
}

static enum kith_err decide(struct talk *t, const json_t *o, int64_t *ret_row)
{
	struct kith_memory before;
	size_t n = t->made.n;
	enum kith_err err = find(t, o, ret_row);

	if (!err)
		err = kith_store_memory(t->w->store, *ret_row, kith_when_now(), &before);
	if (err)
		return err;
	const struct decision made = {*ret_row, before.review, before.reviewed_at};
	if (json_object_get(o, "decide") &&
		(err = kith_buf_add(&t->made, (const uint8_t *)&made, sizeof made)))
		return err;
	if ((err = put(t, *ret_row, o)))
		t->made.n = n;
	return err;
}

static enum kith_err undo(struct talk *t, int64_t *ret_row)
{
	struct decision made;

	if (t->made.n == 0) {
		(void)snprintf(t->why, sizeof t->why,
			"nothing more was decided here that could be taken back");
		return KITH_ERR_MISSING;
	}
	t->made.n -= sizeof made;
	memcpy(&made, t->made.p + t->made.n, sizeof made);
	*ret_row = made.row;
	return kith_store_reviewed(t->w->store, made.row, made.was, made.was_at);
}

/* --- a line ----------------------------------------------------------------------------------- */

static void tell(struct talk *t, const char *event, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char id[KITH_ID_CHARS + 1];
	struct kith_memory m;

	if ((t->w->err = kith_store_contact(t->w->store, row, &c)) ||
		(t->w->err = kith_store_memory(t->w->store, row, kith_when_now(), &m)))
		return;
	print(t->w, json_pack("{s:s,s:s,s:o,s:s}", "event", event, "id", kith_person_id(&c, id),
			    "name", kith_json_text(c.name), "review", word_of(m.review)));
}

static void refuse(struct talk *t, enum kith_err err)
{
	int status = kith_cli_error(err, "%s", t->why[0] ? t->why : kith_err_text(err));

	t->status = t->status ? t->status : status;
	print(t->w,
		json_pack("{s:s,s:o}", "event", "refused", "why",
			kith_json_text(kith_span_str(t->why[0] ? t->why : kith_err_text(err)))));
}

static bool is_store(enum kith_err err)
{
	return err && kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE);
}

static void take(struct talk *t, struct kith_span line)
{
	json_error_t error;
	int64_t row = 0;
	json_t *o = line.n <= KITH_REVIEW_LINE ? json_loadb((const char *)line.p, line.n,
							 JSON_REJECT_DUPLICATES, &error)
					       : NULL;
	enum kith_err err = KITH_ERR_VALUE;

	t->why[0] = 0;
	if (!json_is_object(o))
		(void)snprintf(t->why, sizeof t->why,
			"a decision is a JSON object on a line of at most %d bytes",
			KITH_REVIEW_LINE);
	else if (!(err = check(t, o)))
		err = json_object_get(o, "undo") ? undo(t, &row) : decide(t, o, &row);
	bool undone = json_object_get(o, "undo") != NULL;
	json_decref(o);
	if (is_store(err) || err == KITH_ERR_NOMEM)
		t->w->err = err;
	else if (err)
		refuse(t, err);
	else
		tell(t, undone ? "undone" : "written", row);
}

int kith_review_json(struct kith_walk *w)
{
	struct talk t = {.w = w};

	list(w);
	while (!w->err && !w->left) {
		KITH_AUTO_BUF struct kith_buf line = {0};
		if (!kith_cli_line(&line))
			break;
		if (line.n)
			take(&t, kith_buf_span(&line));
	}
	kith_buf_free(&t.made);
	return t.status;
}
