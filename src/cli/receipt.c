/* SPDX-License-Identifier: MIT */
#include "cli/receipt.h"

#include <kith/cards.h>

#include "base/auto.h"
#include "base/base32.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/receipt.h"
#include "cli/person.h"
#include "cli/putfile.h"
#include "cli/signer.h"
#include "cli/words.h"
#include "crypto/base64.h"

#define FORM   "kith_receipt" /* the key that such a file begins with */
#define HEX(n) (2 * (n) + 1)

static void hex(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = 0;
}

static bool unhex(const char *text, uint8_t *out, size_t n)
{
	unsigned value;

	if (!text || strlen(text) != 2 * n || strspn(text, "0123456789abcdef") != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (sscanf(text + 2 * i, "%2x", &value) != 1)
			return false;
		out[i] = (uint8_t)value;
	}
	return true;
}

/* --- those that are kept ------------------------------------------------------------------------ */

struct shower {
	struct kith_cli *cli;
	struct kith_store *store;
	const struct kith_receipt_wish *wish;
	json_t *array;
	struct kith_buf name; /* of the card in the one to write, inert */
	uint64_t rev;         /* and its number */
	struct kith_buf file; /* the text of the one to write */
	size_t n, broken;
	enum kith_err err;
};

/* The key that has signed it; NULL: none of theirs has, or the card is not the one it is about. */
static const uint8_t *signed_by(const struct kith_receipt_kept *kept)
{
	const struct kith_receipt *r = &kept->receipt;
	uint8_t hash[32];

	kith_card_hash(kept->envelope, hash);
	if (kept->envelope.n == 0 || memcmp(hash, r->envelope_hash, sizeof hash) != 0)
		return NULL;
	for (size_t i = 0; i + KITH_KEY_BYTES <= kept->keys.n; i += KITH_KEY_BYTES)
		if (!kith_receipt_verify(kept->keys.p + i, hash, r->session, r->sig))
			return kept->keys.p + i;
	return NULL;
}

/* What that card of mine is called. */
struct called {
	const uint8_t *card;
	struct kith_buf *out;
	enum kith_err err;
};

static bool call(void *ctx, const struct kith_my_card *card)
{
	struct called *c = ctx;

	if (memcmp(card->card, c->card, sizeof card->card) != 0)
		return true;
	c->err = kith_show(c->out, card->name, KITH_CARD_NAME_MAX);
	if (!c->err && card->gone)
		c->err = kith_buf_add_str(c->out, " (removed since)");
	return false;
}

static enum kith_err card_name(
	struct kith_store *store, const struct kith_receipt_kept *kept, struct kith_buf *out)
{
	struct called c = {.card = kept->receipt.card, .out = out};
	enum kith_err err = kith_store_cards(store, call, &c);

	if (!err && !c.err && out->n == 0)
		return kith_buf_add_str(out, "a card that is not here");
	return err ? err : c.err;
}

static json_t *receipt_json(
	const struct kith_receipt_kept *kept, const uint8_t *key, struct kith_span card)
{
	const struct kith_receipt *r = &kept->receipt;
	char date[KITH_DATE_CHARS], session[HEX(32)], hash[HEX(32)], sig[HEX(KITH_SIG_BYTES)];
	char id[KITH_ID_CHARS + 1] = "";
	json_t *o = json_object();
	int bad;

	hex(r->session, sizeof r->session, session);
	hex(r->envelope_hash, sizeof r->envelope_hash, hash);
	hex(r->sig, sizeof r->sig, sig);
	if (key)
		kith_id_text(key, id);
	bad = json_object_set_new(o, "card", kith_json_text(card));
	bad |= json_object_set_new(o, "revision", json_integer((json_int_t)r->rev));
	bad |= json_object_set_new(o, "at", json_string(kith_words_iso(r->at, date)));
	bad |= json_object_set_new(o, "event", kith_json_text(kept->event));
	bad |= json_object_set_new(o, "network", kith_json_text(kept->network));
	bad |= json_object_set_new(o, "session", json_string(session));
	bad |= json_object_set_new(o, "envelope_hash", json_string(hash));
	bad |= json_object_set_new(o, "signature", json_string(sig));
	bad |= json_object_set_new(o, "holds", json_boolean(key != NULL));
	bad |= json_object_set_new(o, "key", key ? json_string(id) : json_null());
	bad |= json_object_set_new(o, "former_key", json_boolean(key && key != kept->keys.p));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static void print_receipt(
	const struct kith_receipt_kept *kept, const uint8_t *key, struct kith_span card)
{
	char date[KITH_DATE_CHARS], event[4 * KITH_SHOWN_NAME];

	kith_show_in(event, sizeof event, kept->event, KITH_SHOWN_NAME);
	(void)printf("%.*s, revision %llu, %s%s%s: %s\n", (int)card.n, (const char *)card.p,
		(unsigned long long)kept->receipt.rev, kith_words_date(kept->receipt.at, date),
		*event ? ", " : "", event,
		!key                  ? "does NOT hold"
		: key == kept->keys.p ? "signed by their key, holds"
				      : "signed by a key they had before, holds");
}

/* What somebody else needs to verify it, and nothing more. */
static enum kith_err write_file(
	struct kith_buf *out, const struct kith_receipt_kept *kept, const uint8_t *key)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	char session[HEX(32)], sig[HEX(KITH_SIG_BYTES)], id[KITH_ID_CHARS + 1];
	enum kith_err err = kith_base64(&envelope, kept->envelope, 0);

	if (err)
		return err;
	hex(kept->receipt.session, 32, session);
	hex(kept->receipt.sig, KITH_SIG_BYTES, sig);
	kith_id_text(key, id);
	kith_buf_clear(out);
	return kith_buf_printf(out,
		"{\"" FORM
		"\": 1, \"key\": \"%s\", \"session\": \"%s\",\n \"signature\": \"%s\",\n "
		"\"envelope\": \"%.*s\"}\n",
		id, session, sig, (int)envelope.n, (const char *)envelope.p);
}

static bool take(void *ctx, const struct kith_receipt_kept *kept)
{
	KITH_AUTO_BUF struct kith_buf card = {0};
	struct shower *s = ctx;
	const uint8_t *key = signed_by(kept);

	if ((s->err = card_name(s->store, kept, &card)))
		return false;
	if (s->wish->path) {
		if (s->wish->rev && s->wish->rev != kept->receipt.rev)
			return true;
		s->n++;
		s->broken += !key;
		if (key && !(s->err = write_file(&s->file, kept, key))) {
			kith_buf_clear(&s->name);
			s->rev = kept->receipt.rev;
			s->err = kith_buf_add(&s->name, card.p, card.n);
		}
		return !s->err;
	}
	s->n++;
	s->broken += !key;
	if (!s->array)
		print_receipt(kept, key, kith_buf_span(&card));
	else if (json_array_append_new(s->array, receipt_json(kept, key, kith_buf_span(&card))))
		s->err = KITH_ERR_NOMEM;
	return !s->err;
}

static int finish(struct shower *s)
{
	struct kith_diag diag = {0};

	if (s->wish->path && s->file.n == 0)
		return s->n ? kith_cli_error(KITH_ERR_SIG,
				      "no such receipt of theirs holds; nothing was written")
			    : kith_cli_error(KITH_ERR_MISSING,
				      "there is no such receipt; kith ledger WHO --receipts shows "
				      "those there are");
	if (s->wish->path) {
		enum kith_err err = kith_putfile(s->wish->path, kith_buf_span(&s->file), &diag);
		if (err)
			return kith_cli_fail(err, &diag);
		kith_cli_note(s->cli,
			"Written: their receipt for your card %.*s, revision %llu.  The whole card is in it, "
			"every field: whoever gets the file reads that.",
			(int)s->name.n, (const char *)s->name.p, (unsigned long long)s->rev);
		return 0;
	}
	if (s->array)
		kith_json_line(stdout, s->array);
	else if (s->n == 0)
		kith_cli_say(s->cli, "There is no receipt of theirs.");
	return s->broken ? kith_cli_error(KITH_ERR_SIG,
				   "%zu of %zu %s not hold: the store was changed by something "
				   "other than kith, or their key is not known here",
				   s->broken, s->n, s->broken == 1 ? "does" : "do")
			 : 0;
}

int kith_receipts(
	struct kith_cli *cli, struct kith_store *store, const struct kith_receipt_wish *wish)
{
	struct shower s = {.cli = cli, .store = store, .wish = wish};

	if (cli->json && !wish->path && !(s.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_receipts(store, wish->contact, take, &s);
	int status = err     ? kith_cli_fail_store(err, store)
		     : s.err ? kith_cli_fail(s.err, NULL)
			     : finish(&s);
	json_decref(s.array);
	kith_buf_free(&s.file);
	kith_buf_free(&s.name);
	return status;
}

/* --- one in a file ------------------------------------------------------------------------------ */

/* What such a file holds. */
struct written {
	uint8_t key[KITH_KEY_BYTES];
	uint8_t session[32];
	uint8_t sig[KITH_SIG_BYTES];
	struct kith_buf envelope;
	struct kith_card card;
};

static enum kith_err read_written(const json_t *o, struct written *w)
{
	const char *key = json_string_value(json_object_get(o, "key"));
	const char *envelope = json_string_value(json_object_get(o, "envelope"));
	json_int_t form = json_integer_value(json_object_get(o, FORM));

	if (form > 1)
		return KITH_ERR_VERSION;
	if (form != 1 || !envelope ||
		!kith_base32_read(w->key, sizeof w->key, kith_span_str(key)) ||
		!unhex(json_string_value(json_object_get(o, "session")), w->session,
			sizeof w->session) ||
		!unhex(json_string_value(json_object_get(o, "signature")), w->sig, sizeof w->sig))
		return KITH_ERR_SHAPE;
	enum kith_err err = kith_base64_read(&w->envelope, kith_span_str(envelope));
	return err ? err : kith_card_verify(kith_buf_span(&w->envelope), &w->card);
}

static enum kith_err verify_written(const struct written *w)
{
	uint8_t hash[32];

	kith_card_hash(kith_buf_span(&w->envelope), hash);
	return kith_receipt_verify(w->key, hash, w->session, w->sig);
}

static json_t *written_json(const struct written *w, const struct kith_signer *signer)
{
	char id[KITH_ID_CHARS + 1], session[HEX(32)];
	json_t *o = json_object();
	int bad;

	kith_id_text(w->key, id);
	hex(w->session, sizeof w->session, session);
	bad = json_object_set_new(o, "valid", json_true());
	bad |= json_object_set_new(o, "form", json_string("receipt"));
	bad |= json_object_set_new(o, "key", json_string(id));
	bad |= json_object_set_new(o, "session", json_string(session));
	bad |= json_object_set_new(o, "card", kith_card_json(&w->card));
	bad |= !kith_signer_json(signer, NULL, o);
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static enum kith_err print_written(const struct written *w, const struct kith_signer *signer)
{
	const struct kith_field *name = kith_fields_first(&w->card.fields, KITH_FIELD_NAME);
	char shown[KITH_QUOTED_BYTES], id[KITH_ID_CHARS + 1], owner[KITH_ID_CHARS + 1];
	char session[HEX(32)];

	kith_id_text(w->key, id);
	kith_id_text(w->card.ik, owner);
	hex(w->session, sizeof w->session, session);
	(void)printf("a receipt for a card of %s, revision %llu\n",
		kith_held_quoted(name->part[0], shown), (unsigned long long)w->card.rev);
	enum kith_err err = kith_signer_print(signer, true);
	(void)printf("by           %s\nof           %s\nin session   %s\n", id, owner, session);
	return err;
}

static int tell_written(struct kith_cli *cli, const struct written *w)
{
	KITH_AUTO(kith_signer_free) struct kith_signer signer = {0};
	enum kith_err err;

	kith_signer_find(&signer, cli, w->key);
	if (!cli->json) {
		err = print_written(w, &signer);
		return err ? kith_cli_fail(err, NULL) : 0;
	}
	json_t *o = written_json(w, &signer);
	if (!o)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

/* What a file of another kind is, others say. */
static bool looks_like(struct kith_span text)
{
	return text.n > 0 && text.p[0] == '{' &&
	       memmem(text.p, text.n, "\"" FORM "\"", sizeof FORM + 1);
}

bool kith_receipt_text(
	struct kith_cli *cli, const char *name, struct kith_span text, int *ret_status)
{
	struct written w = {0};

	if (!looks_like(text))
		return false;
	json_t *o = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	enum kith_err err = o ? read_written(o, &w) : KITH_ERR_SHAPE;
	if (!err)
		err = verify_written(&w);
	*ret_status = err ? kith_cli_error(err, "%s: this receipt does not hold: %s", name,
				    kith_err_text(err))
			  : tell_written(cli, &w);
	json_decref(o);
	kith_buf_free(&w.envelope);
	return true;
}
