/* SPDX-License-Identifier: MIT */
#include "cli/introfile.h"

#include "base/auto.h"
#include "base/text.h"
#include "book/mine.h"
#include "card/introduction.h"
#include "cli/person.h"
#include "cli/putfile.h"
#include "cli/words.h"
#include "keep/handover.h"

#define LABEL_WIDTH 20 /* columns before the value, as in person.c */

/* --- writing ---------------------------------------------------------------------------------- */

int kith_introfile_write(struct kith_cli *cli, const struct kith_identity *id,
	const uint8_t to[static KITH_KEY_BYTES], uint64_t kind, struct kith_span message,
	const char *path)
{
	KITH_AUTO_BUF struct kith_buf file = {0};
	KITH_AUTO_BUF struct kith_buf armor = {0};
	struct kith_introfile f = {.kind = kind, .bytes = message};
	struct kith_diag diag = {0};

	(void)cli;
	memcpy(f.to, to, sizeof f.to);
	enum kith_err err = kith_introfile_sign(id, &f, &file);
	if (!err)
		err = kith_introfile_armor(kith_buf_span(&file), &armor);
	if (!err)
		err = kith_putfile(path, kith_buf_span(&armor), &diag);
	return err ? kith_cli_fail(err, &diag) : 0;
}

const char *kith_introfile_part(uint64_t kind)
{
	return kind == KITH_PARCEL_PROPOSE ? "proposal"
	       : kind == KITH_PARCEL_GRANT ? "yes"
					   : "introduction";
}

/* --- taking ----------------------------------------------------------------------------------- */

static enum kith_err told(enum kith_err err, struct kith_store *store, struct kith_diag *diag)
{
	return kith_fail(diag, err, "%s", kith_store_why(store));
}

/* Who it is from: somebody here, under the key they have now. */
static enum kith_err find_sender(struct kith_store *store, const struct kith_introfile *f,
	struct kith_contact *from, struct kith_diag *diag)
{
	enum kith_err err = kith_store_contact_of(store, f->from, from);

	if (err == KITH_ERR_NOPERSON)
		return kith_fail(diag, err,
			"this part of an introduction is from somebody who is not here; introductions "
			"are taken from people you have met");
	if (err)
		return told(err, store, diag);
	if (memcmp(from->ik, f->from, sizeof f->from) != 0)
		return kith_fail(diag, KITH_ERR_STALEKEY,
			"this part of an introduction is signed with a key that its owner has left");
	return KITH_OK;
}

static const char *why_refused(const struct kith_taken *taken, uint64_t kind)
{
	if (taken->err == KITH_ERR_STATE)
		return kind == KITH_PARCEL_GRANT
			       ? "that introduction of yours is over"
			       : "you have not compared with them, or they are blocked or frozen";
	if (taken->err == KITH_ERR_LIMIT && taken->outcome == KITH_OUTCOME_LATER)
		return "as many of theirs have come as may; there is room again once the oldest "
		       "is over (kith inbox)";
	if (taken->err == KITH_ERR_MISSING)
		return kind == KITH_PARCEL_GRANT
			       ? "you have not made that introduction"
			       : "no yes of yours waits for it, or it is about somebody else than the one "
				 "you were asked about";
	if (taken->err == KITH_ERR_STALEKEY)
		return "the person in it has left that key, or is frozen";
	if (taken->err == KITH_ERR_OWNKEY)
		return "it would introduce you to yourself";
	return kith_err_text(taken->err);
}

static enum kith_err say_taken(struct kith_store *store, const struct kith_introfile *f,
	const struct kith_taken *taken, const char *from, struct kith_buf *about)
{
	KITH_AUTO(kith_contact_free) struct kith_contact who = {0};
	char name[KITH_QUOTED_BYTES];
	bool again = taken->came == KITH_CAME_AGAIN;

	if (f->kind == KITH_PARCEL_PROPOSE)
		return kith_buf_printf(about, "%s would introduce you to somebody; %s", from,
			again ? "you were asked before (kith inbox --all)"
			      : "answer with kith inbox");
	if (f->kind == KITH_PARCEL_GRANT)
		return kith_buf_printf(about,
			"%s has said yes to your introduction%s; kith introduce says how it stands",
			from, again ? ", as you know" : "");
	if (!taken->contact)
		return kith_buf_printf(
			about, "%s introduced somebody whom you have forgotten since", from);
	enum kith_err err = kith_store_contact(store, taken->contact, &who);
	return err ? err
		   : kith_buf_printf(about, "%s %s introduced by %s",
			     kith_held_quoted(who.name, name),
			     again                           ? "is here already,"
			     : taken->came == KITH_CAME_HERE ? "was here already, and is now also"
							     : "is here now,",
			     from);
}

enum kith_err kith_introfile_take(struct kith_store *store, struct kith_span file, int64_t now,
	struct kith_buf *about, int64_t *ret_contact, enum kith_came *ret_came,
	struct kith_diag *diag)
{
	KITH_AUTO(kith_contact_free) struct kith_contact from = {0};
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_introfile f;
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_introfile_verify(file, &f);

	if (err)
		return kith_fail(diag, err, "this part of an introduction cannot be read: %s",
			kith_err_text(err));
	if ((err = kith_my_read(store, &my, diag)))
		return err;
	if (!kith_my_is(&my, f.to))
		return kith_fail(diag, KITH_ERR_SUBJECT,
			"this part of an introduction is for somebody else; whoever gave it to you has "
			"mixed up two files");
	if ((err = find_sender(store, &f, &from, diag)))
		return err;
	kith_held_quoted(from.name, name);
	struct kith_taken taken =
		kith_handover_take(store, my.card.ik, from.row, from.ik, f.kind, f.bytes, now);
	*ret_contact = taken.contact ? taken.contact : from.row;
	*ret_came = taken.came;
	if (taken.outcome == KITH_OUTCOME_TAKEN)
		return say_taken(store, &f, &taken, name, about);
	/* whoever signed it, it is bad input here, as long as this machine is not to blame */
	return kith_fail(diag, taken.outcome == KITH_OUTCOME_REFUSED ? KITH_ERR_SUBJECT : taken.err,
		"this part of an introduction by %s is not taken: %s", name,
		why_refused(&taken, f.kind));
}

/* --- telling ---------------------------------------------------------------------------------- */

/* How an introducer says they know somebody. */
static const char *how_words(int how)
{
	return how == KITH_INTRO_SCANNED    ? "they say they have scanned the key"
	       : how == KITH_INTRO_COMPARED ? "they say they have compared"
					    : "they say they have not compared";
}

struct print {
	struct kith_store *store;
	FILE *out;
	size_t n;
	enum kith_err err;
};

/* Somebody else has the same name: whoever introduces can make up anybody. */
static void print_alike(const struct print *p, int64_t alike)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char id[KITH_ID_CHARS + 1];

	if (!alike || kith_store_contact(p->store, alike, &c))
		return;
	(void)fprintf(p->out,
		"%-*s  you knew somebody of that name already, %.8s; this is another person, or "
		"another key\n",
		LABEL_WIDTH, "note by kith", kith_person_id(&c, id));
}

static bool print_one(void *ctx, const struct kith_introduced *i)
{
	struct print *p = ctx;
	KITH_AUTO_BUF struct kith_buf text = {0};
	char date[KITH_DATE_CHARS], name[KITH_QUOTED_BYTES], words[4 * KITH_SHOWN_LINE * 2];

	(void)fprintf(p->out, "%-*s  by %s, %s; %s\n", LABEL_WIDTH, p->n++ ? "" : "introduced",
		i->introducer ? kith_held_quoted(i->name, name) : "somebody you have forgotten",
		kith_words_date(i->at, date), how_words(i->how));
	(void)fprintf(p->out, "%*s%s\n", LABEL_WIDTH + 2, "",
		kith_quote_in(words, sizeof words, i->words, KITH_SHOWN_LINE));
	print_alike(p, i->alike);
	return true;
}

enum kith_err kith_introduced_print(struct kith_store *store, int64_t contact, FILE *out)
{
	struct print p = {.store = store, .out = out};
	enum kith_err err = kith_store_introduced_each(store, contact, print_one, &p);

	return err ? err : p.err;
}

json_t *kith_person_brief(struct kith_store *store, int64_t contact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char id[KITH_ID_CHARS + 1];

	if (kith_store_contact(store, contact, &c))
		return NULL;
	return json_pack("{s:s,s:o}", "id", kith_person_id(&c, id), "name", kith_json_text(c.name));
}

struct list {
	struct kith_store *store;
	json_t *array;
	bool failed;
};

static json_t *brief_or_null(struct kith_store *store, int64_t contact)
{
	return contact ? kith_person_brief(store, contact) : json_null();
}

static bool list_one(void *ctx, const struct kith_introduced *i)
{
	struct list *l = ctx;
	char at[KITH_DATE_CHARS];
	static const char *const how[] = {"compared", "scanned", "otherwise"};

	json_t *o = json_pack("{s:o,s:o,s:s,s:s}", "by", brief_or_null(l->store, i->introducer),
		"words", kith_json_text(i->words), "how",
		how[i->how > 2 || i->how < 0 ? 2 : i->how], "at", kith_words_iso(i->at, at));
	if (o && i->alike)
		l->failed |= json_object_set_new(o, "alike", kith_person_brief(l->store, i->alike));
	l->failed |= json_array_append_new(l->array, o);
	return !l->failed;
}

json_t *kith_introduced_json(struct kith_store *store, int64_t contact)
{
	struct list l = {.store = store, .array = json_array()};

	if (l.array && (kith_store_introduced_each(store, contact, list_one, &l) || l.failed)) {
		json_decref(l.array);
		return NULL;
	}
	return l.array;
}
