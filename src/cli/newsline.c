/* SPDX-License-Identifier: MIT */
#include "cli/newsline.h"

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
		return "is frozen until you compare again.";
	case KITH_NOTICE_THAWED:
		return "is frozen no more.";
	case KITH_NOTICE_CONFLICT:
		return "has two cards with one number; the first stays.";
	case KITH_NOTICE_RETURNED:
		return "holds a card of yours that was not made here; see kith card returned.  You "
		       "signed it after a backup that was put back, or another copy of your key is in "
		       "use.";
	case KITH_NOTICE_EVIDENCE:
		return "has said two things that contradict; both are kept.";
	case KITH_NOTICE_PROPOSED:
		return "proposes an introduction; see kith inbox.";
	case KITH_NOTICE_INTRODUCED:
		return "was introduced to you.";
	case KITH_NOTICE_TAKEBACK:
		return "asks you to let go of a card; see kith inbox.";
	case KITH_NOTICE_RESPONSE:
		return "has answered whether your card is let go; see kith ledger.";
	case KITH_NOTICE_COMPLETED:
		return "has sent what was missing of your swap.";
	case KITH_NOTICE_JUMP:
		return "has sent a card whose number is too far ahead; it was refused.";
	case KITH_NOTICE_BEYOND:
		return "has brought a card with your key whose number is too far ahead; it was "
		       "refused: somebody else may have your key.";
	}
	return "has news; see kith news.";
}

enum kith_err kith_newsline_text(const struct kith_notice *notice, struct kith_buf *out)
{
	char name[4 * KITH_SHOWN_NAME + 16];

	kith_quote_in(name, sizeof name, notice->name, KITH_SHOWN_NAME);
	return kith_buf_printf(
		out, "%s %s", notice->contact ? name : "Somebody you forgot", words(notice));
}

json_t *kith_newsline_json(const struct kith_notice *notice)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char id[KITH_ID_CHARS + 1] = "", at[KITH_DATE_CHARS];

	if (kith_newsline_text(notice, &text))
		return NULL;
	if (notice->has_key)
		kith_id_text(notice->ik, id);
	return json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "event", "news", "kind",
		kith_notice_name(notice->kind), "at", kith_words_iso(notice->at, at), "id",
		id[0] ? json_string(id) : json_null(), "name",
		notice->contact ? kith_json_text(notice->name) : json_null(), "text",
		kith_json_text(kith_buf_span(&text)));
}
