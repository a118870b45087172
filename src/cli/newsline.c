/* SPDX-License-Identifier: MIT */
#include "cli/newsline.h"

#include <kith/keys.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/words.h"

/* What follows the name. */
static const char *words(const struct kith_notice *notice)
{
	switch (notice->kind) {
	case KITH_NOTICE_MET:
		return "is known to you now.";
	case KITH_NOTICE_CARD:
		return "has a newer card.";
	case KITH_NOTICE_DELIVERED:
		return "has your card.";
	case KITH_NOTICE_ROTATED:
		return "goes on under another key.";
	case KITH_NOTICE_FROZEN:
		return "is frozen; see kith show."; /* by a reason that a later kith has */
	case KITH_NOTICE_THAWED:
		return "is frozen no more.";
	case KITH_NOTICE_CONFLICT:
		return "has two cards with one number; the first stays.";
	case KITH_NOTICE_RETURNED:
		return "holds a card of yours that was not made here; see kith card returned.  You "
		       "signed it after a backup that was put back, or another copy of your key is in "
		       "use.";
	case KITH_NOTICE_EVIDENCE:
		return "left one key for two others, so somebody else has had it; both statements are "
		       "kept.  The key that they have now was proven, and stays; to be sure of it: "
		       "kith compare.";
	case KITH_NOTICE_REVOKED:
		return "revoked a key that they had left already; nothing is to be done.";
	case KITH_NOTICE_PROPOSED:
		return notice->settled ? "proposed an introduction."
				       : "proposes an introduction; see kith inbox.";
	case KITH_NOTICE_INTRODUCED:
		return "was introduced to you.";
	case KITH_NOTICE_TAKEBACK:
		return notice->settled ? "asked you to let go of a card."
				       : "asks you to let go of a card; see kith inbox.";
	case KITH_NOTICE_RESPONSE:
		return "has answered whether your card is let go; see kith ledger.";
	case KITH_NOTICE_COMPLETED:
		return "has sent what was missing of your swap.";
	case KITH_NOTICE_JUMP:
		return "has sent a card whose number is too far ahead; it was refused.";
	case KITH_NOTICE_BEYOND:
		return "has brought a card with your key whose number is too far ahead; it was "
		       "refused: somebody else may have your key.";
	case KITH_NOTICE_ACQUAINTED:
		return "and the one you introduced to them have each other's cards.";
	}
	return "has news; see kith news.";
}

/* What is about two people says who the other one is. */
static enum kith_err print_two(
	const struct kith_notice *notice, const char *name, struct kith_buf *out)
{
	char other[4 * KITH_SHOWN_NAME + 16];

	kith_quote_in(other, sizeof other, notice->other_name, KITH_SHOWN_NAME);
	return notice->kind == KITH_NOTICE_INTRODUCED
		       ? kith_buf_printf(out, "%s was introduced to you by %s.", name, other)
		       : kith_buf_printf(out,
				 "%s and %s have each other's cards: you introduced them.", name,
				 other);
}

/* The reason, and what is to be done, as kith show says them. */
static enum kith_err print_frozen(
	const struct kith_notice *notice, const char *name, struct kith_buf *out)
{
	const char *why = kith_frozen_words((enum kith_frozen)notice->number);
	enum kith_revoke_reason reason;
	bool given = kith_revoke_reason_named(notice->text, &reason) &&
		     reason != KITH_REVOKE_UNSPECIFIED;

	return kith_buf_printf(out, "%s is frozen: %s.%s%s%s", name, why,
		given ? "  The reason they gave: " : "",
		given ? kith_revoke_reason_name(reason) : "", given ? "." : "");
}

enum kith_err kith_newsline_text(const struct kith_notice *notice, struct kith_buf *out)
{
	char name[4 * KITH_SHOWN_NAME + 16];

	kith_quote_in(name, sizeof name, notice->name, KITH_SHOWN_NAME);
	if (notice->contact && notice->other)
		return print_two(notice, name, out);
	if (notice->contact && notice->kind == KITH_NOTICE_FROZEN &&
		*kith_frozen_words((enum kith_frozen)notice->number))
		return print_frozen(notice, name, out);
	return kith_buf_printf(
		out, "%s %s", notice->contact ? name : "Somebody you forgot", words(notice));
}

static json_t *id_json(bool has_key, const uint8_t ik[static KITH_KEY_BYTES])
{
	char id[KITH_ID_CHARS + 1];

	if (!has_key)
		return json_null();
	kith_id_text(ik, id);
	return json_string(id);
}

/* Who else it is about; NULL: memory ran out. */
static json_t *other_json(const struct kith_notice *notice)
{
	return notice->other ? json_pack("{s:o,s:o}", "id",
				       id_json(notice->other_has_key, notice->other_ik), "name",
				       kith_json_text(notice->other_name))
			     : json_null();
}

json_t *kith_newsline_json(const struct kith_notice *notice)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char at[KITH_DATE_CHARS];

	if (kith_newsline_text(notice, &text))
		return NULL;
	json_t *o = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "event", "news", "kind",
		kith_notice_name(notice->kind), "at", kith_words_iso(notice->at, at), "id",
		id_json(notice->has_key, notice->ik), "name",
		notice->contact ? kith_json_text(notice->name) : json_null(), "text",
		kith_json_text(kith_buf_span(&text)));
	bool two = notice->kind == KITH_NOTICE_INTRODUCED || notice->kind == KITH_NOTICE_ACQUAINTED;
	if (o && two && json_object_set_new(o, "other", other_json(notice))) {
		json_decref(o);
		return NULL;
	}
	return o;
}
