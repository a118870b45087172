/* SPDX-License-Identifier: MIT */
#include "cli/keywords.h"

#include "cli/words.h"

const char *kith_keywords_kind(enum kith_statement_kind kind)
{
	return kind == KITH_STATEMENT_ROTATE ? "rotate" : "revoke";
}

const char *kith_keywords_what(enum kith_keys_what what)
{
	switch (what) {
	case KITH_KEYS_NOBODY:
		return "nobody";
	case KITH_KEYS_SAME:
		return "same";
	case KITH_KEYS_ROTATED:
		return "rotated";
	case KITH_KEYS_FROZEN:
		return "frozen";
	case KITH_KEYS_EVIDENCE:
		return "evidence";
	}
	return "";
}

enum kith_err kith_keywords_says(const struct kith_statement *s, struct kith_buf *out)
{
	char date[KITH_DATE_CHARS];

	(void)kith_words_date(s->issued, date);
	if (s->kind == KITH_STATEMENT_ROTATE)
		return kith_buf_printf(out,
			"the key changed on %s, which is signed with the old one and the new one",
			date);
	return kith_buf_printf(out, "the key was revoked by its owner on %s (%s)", date,
		s->reason == KITH_REVOKE_UNSPECIFIED ? "no reason given"
						     : kith_revoke_reason_name(s->reason));
}

static const char *consequence(const struct kith_intake_result *r)
{
	bool rotate = r->statement.kind == KITH_STATEMENT_ROTATE;

	switch (r->keys) {
	case KITH_KEYS_ROTATED:
		return "the same person goes on under the new key";
	case KITH_KEYS_EVIDENCE:
		return rotate ? "it is kept and changes nothing: it is about a key that was left, and "
				"the one they have now was proven"
			      : "it is kept and changes nothing: that key was left already";
	case KITH_KEYS_SAME:
		return "you knew that";
	default:
		return "";
	}
}

enum kith_err kith_keywords_came(const struct kith_intake_result *r, struct kith_buf *out)
{
	enum kith_err err = kith_keywords_says(&r->statement, out);

	if (err)
		return err;
	if (r->keys == KITH_KEYS_FROZEN)
		return kith_buf_printf(out, "; frozen: %s", kith_frozen_words(r->frozen));
	return kith_buf_printf(out, "; %s", consequence(r));
}

/* The id of a key at that name. */
static int set_id(json_t *o, const char *name, const uint8_t ik[static KITH_KEY_BYTES])
{
	char id[KITH_ID_CHARS + 1];

	kith_id_text(ik, id);
	return json_object_set_new(o, name, json_string(id));
}

json_t *kith_keywords_json(const struct kith_statement *s)
{
	char issued[KITH_DATE_CHARS];
	json_t *o = json_object();
	int bad = !o;

	if (!o)
		return NULL;
	bad |= json_object_set_new(o, "kind", json_string(kith_keywords_kind(s->kind)));
	bad |= set_id(o, "id", s->ik);
	if (s->kind == KITH_STATEMENT_ROTATE)
		bad |= set_id(o, "new_id", s->new_ik) |
		       json_object_set_new(o, "seq", json_integer((json_int_t)s->seq));
	else
		bad |= json_object_set_new(
			o, "reason", json_string(kith_revoke_reason_name(s->reason)));
	bad |= json_object_set_new(o, "issued", json_string(kith_words_iso(s->issued, issued)));
	if (bad) {
		json_decref(o);
		return NULL;
	}
	return o;
}
